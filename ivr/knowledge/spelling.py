"""How texts are compared when something is looked up in them: in small letters, without spaces, by pieces of two."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

MOST_PIECES: Final = 24
_NOT_SOUGHT: Final = re.compile(r"[\W_]+")
# Pieces that are in the question count most, in the question or its answer less; the rest is likeness by letters.
_QUESTION, _EITHER, _LIKENESS = 50, 20, 30


def compact(text: str) -> str:
    """Letters and digits alone, small, Korean as one sign a syllable: how a question was spaced tells nothing."""
    return _NOT_SOUGHT.sub("", unicodedata.normalize("NFKC", text)).lower()


def pieces(words: str) -> tuple[str, ...]:
    """Every two neighbouring signs of the compact words, each once; a single sign is its own piece."""
    plain = compact(words)
    if len(plain) < 2:
        return (plain,) if plain else ()
    return tuple(dict.fromkeys(plain[place : place + 2] for place in range(len(plain) - 1)))[:MOST_PIECES]


@lru_cache(maxsize=20_000)
def letters(text: str) -> str:
    """The compact text with Korean taken apart into its letters: a mistake in one is no other syllable."""
    return unicodedata.normalize("NFD", compact(text))


def likeness(words: str, text: str) -> float:
    """How much of the words is in the text, letter by letter, 0 to 1, each word wherever it stands there."""
    wanted, told = [letters(word) for word in words.split()], letters(text)
    whole = sum(map(len, wanted))
    return sum(len(word) * fuzz.partial_ratio(word, told) for word in wanted) / (100 * whole) if whole else 0.0


def points(words: str, question: str, sought: str) -> float:
    """How well a question fits the words, 0 to 100; `sought` is the question and its answer, compact."""
    wanted = pieces(words)
    if not wanted:
        return 0.0
    asked = compact(question)
    in_question = sum(piece in asked for piece in wanted) / len(wanted)
    in_either = sum(piece in sought for piece in wanted) / len(wanted)
    return _QUESTION * in_question + _EITHER * in_either + _LIKENESS * likeness(words, question)
