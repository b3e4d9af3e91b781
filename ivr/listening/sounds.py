"""Text as sounds: letters alone, Hangul taken apart into its letters, so that one wrong sound is one wrong letter."""

import unicodedata
from itertools import accumulate

FIRSTS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
LASTS: tuple[str, ...] = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
FIRST_SYLLABLE, LAST_SYLLABLE = ord("가"), ord("힣")


def letters_of(text: str) -> str:
    """Keep the letters only, composed and in lower case: spaces, points and digits make no difference."""
    return "".join(sign for sign in unicodedata.normalize("NFC", text).lower() if sign.isalpha())


def words_of(text: str) -> list[str]:
    """The words of a text, each as its letters only; what has no letters is no word."""
    return [letters for word in text.split() if (letters := letters_of(word))]


def sounds_of(text: str) -> str:
    """Take the letters of a text apart into sounds: 김 is ㄱㅣㅁ."""
    return "".join(_taken_apart(sign) for sign in letters_of(text))


def places_of(words: list[str]) -> list[int]:
    """Where each word begins, counted in sounds."""
    return [0, *accumulate(len(sounds_of(word)) for word in words)][: len(words)]


def joined(word: str, ending: str) -> str | None:
    """A word with an ending; one that begins with a final consonant closes an open syllable (대리, ㅂ니다: 대립니다).

    None where the word cannot take that ending.
    """
    if not ending or ending[0] not in LASTS:
        return word + ending
    last = ord(word[-1]) if word else 0
    if not FIRST_SYLLABLE <= last <= LAST_SYLLABLE or (last - FIRST_SYLLABLE) % 28:
        return None
    return word[:-1] + chr(last + LASTS.index(ending[0])) + ending[1:]


def _taken_apart(sign: str) -> str:
    place = ord(sign) - FIRST_SYLLABLE
    if not 0 <= place <= LAST_SYLLABLE - FIRST_SYLLABLE:
        return sign
    return FIRSTS[place // 588] + VOWELS[place % 588 // 28] + LASTS[place % 28]
