"""Matching an opening against the one agent who is expected, since likeness cannot tell who spoke: 김민수 and 김민주
differ by one sound, as a badly heard name does. What another name of the line fits as well is left to a person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from ivr.listening.phrases import FURTHER_QUESTIONS, THANKS, Phrases
from ivr.listening.sounds import joined, letters_of, places_of, sounds_of, words_of

GREETING, INSTITUTION, DEPARTMENT, NAME, TITLE = "greeting", "institution", "department", "name", "title"
# Likeness from 0 to 1 from which a part counts as heard: one wrong sound in a name of three syllables gives 0.857
# to 0.889, in an organisation's name 0.917 to 0.955; unrelated speech stays below 0.58.
SURE = 0.90
SURE_NAME = 0.85
# Below this nothing of the part was said at all.
LIKE = 0.60
WORDS_OF_A_TITLE = 4
# What fills up a text that is shorter than what is looked for; it is like no sound.
NOTHING = "\0"


class Standing(StrEnum):
    """How a part stands; only the first two count as heard."""

    HEARD = "heard"
    ALIAS = "alias"
    AMBIGUOUS = "ambiguous"
    OTHER = "other"
    DOUBTFUL = "doubtful"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Expected:
    """Who should be announced: an empty part is not looked for. `institutions` are the full names, each as good.

    `aliases` are its short names, `colleagues` the names of everybody else on the line.
    """

    institutions: tuple[str, ...]
    department: str
    name: str
    title: str
    aliases: tuple[str, ...] = ()
    colleagues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartHeard:
    """One part: its likeness from 0 to 1, where it begins (counted in sounds; None if nowhere), how it stands."""

    part: str
    score: float
    place: int | None
    standing: Standing

    @property
    def is_heard(self) -> bool:
        """Whether it counts as said; a short name of the institution does, with a warning."""
        return self.standing in {Standing.HEARD, Standing.ALIAS}


@dataclass(frozen=True, slots=True)
class _Said:
    """What was said, as words and as sounds."""

    words: list[str]
    sounds: str


def match_opening(text: str, expected: Expected, phrases: Phrases) -> tuple[PartHeard, ...]:
    """Look for greeting, institution, department, name and title in what was said; parts without words are left out."""
    said = _Said(words_of(text), sounds_of(text))
    parts = [_phrase(GREETING, phrases.greeting, said), _institution(expected, said)]
    if letters_of(expected.department):
        parts.append(_phrase(DEPARTMENT, [expected.department], said))
    if letters_of(expected.name):
        parts.append(_name(expected, said))
    if letters_of(expected.title):
        parts.append(_title(expected, said, phrases))
    return tuple(parts)


def order_of(parts: Iterable[PartHeard]) -> tuple[str, ...]:
    """The names of the parts that were heard, in the order in which they were said."""
    heard = [part for part in parts if part.is_heard and part.place is not None]
    return tuple(part.part for part in sorted(heard, key=lambda part: part.place or 0))


def closing_parts(text: str, phrases: Phrases) -> frozenset[str]:
    """The parts of a closing that are in what was said."""
    said = _Said(words_of(text), sounds_of(text))
    wanted = {FURTHER_QUESTIONS: phrases.closing.further_questions, THANKS: phrases.closing.thanks}
    return frozenset(part for part, words in wanted.items() if _phrase(part, words, said).is_heard)


def likeness(wanted: str, sounds: str) -> tuple[float, int | None]:
    """How like the best place in `sounds` is to the words wanted, from 0 to 1, and where that place is."""
    needle = sounds_of(wanted)
    if not needle or not sounds:
        return 0.0, None
    # A text shorter than the needle would be looked for in the needle, and fit it wholly.
    found = fuzz.partial_ratio_alignment(needle, sounds.ljust(len(needle), NOTHING))
    return (0.0, None) if found is None or not found.score else (found.score / 100, found.dest_start)


def _best(wanted: Iterable[str], said: _Said) -> tuple[float, int | None]:
    return max((likeness(words, said.sounds) for words in wanted), key=lambda found: found[0], default=(0.0, None))


def _phrase(part: str, wanted: Sequence[str], said: _Said) -> PartHeard:
    score, place = _best(wanted, said)
    return _part(part, score, place, SURE)


def _part(part: str, score: float, place: int | None, sure: float) -> PartHeard:
    standing = Standing.HEARD if score >= sure else Standing.DOUBTFUL if score >= LIKE else Standing.ABSENT
    return PartHeard(part, round(score, 3), place, standing)


def _institution(expected: Expected, said: _Said) -> PartHeard:
    found = _phrase(INSTITUTION, expected.institutions, said)
    if found.is_heard:
        return found
    # Short names are too short for likeness: they must begin a word.
    for word, place in zip(said.words, places_of(said.words), strict=True):
        if any(alias and word.startswith(alias) for alias in map(letters_of, expected.aliases)):
            return PartHeard(INSTITUTION, 1.0, place, Standing.ALIAS)
    return found


def _name(expected: Expected, said: _Said) -> PartHeard:
    found = _part(NAME, *likeness(expected.name, said.sounds), SURE_NAME)
    own = sounds_of(expected.name)
    rivals = [likeness(other, said.sounds)[0] for other in expected.colleagues if sounds_of(other) != own]
    rival = max(rivals, default=0.0)
    if rival < SURE_NAME or round(rival, 3) < found.score:
        return found
    return PartHeard(NAME, found.score, found.place, Standing.AMBIGUOUS if found.is_heard else Standing.OTHER)


def _title(expected: Expected, said: _Said, phrases: Phrases) -> PartHeard:
    place = _place_of_title(expected.title, expected, said, phrases)
    if place is not None:
        return PartHeard(TITLE, 1.0, place, Standing.HEARD)
    others = [title for title in phrases.titles if letters_of(title) != letters_of(expected.title)]
    for other in others:
        place = _place_of_title(other, expected, said, phrases)
        if place is not None:
            return PartHeard(TITLE, 0.0, place, Standing.OTHER)
    return PartHeard(TITLE, 0.0, None, Standing.ABSENT)


def _place_of_title(title: str, expected: Expected, said: _Said, phrases: Phrases) -> int | None:
    """Where the title stands as a word of its own, with an ending, or right behind the name or the department."""
    forms = {form for ending in phrases.endings if (form := joined(letters_of(title), ending))}
    places = places_of(said.words)
    for first in range(len(said.words)):
        for last in range(first + 1, min(first + WORDS_OF_A_TITLE, len(said.words)) + 1):
            run = "".join(said.words[first:last])
            for form in forms:
                before = run.removesuffix(form)
                if run.endswith(form) and (not before or (last == first + 1 and _is_known(before, expected))):
                    return places[first] + len(sounds_of(before))
    return None


def _is_known(before: str, expected: Expected) -> bool:
    """Whether what stands before a title in one word is the agent's name or department."""
    sounds = sounds_of(before)
    for words in (expected.name, expected.department):
        whole = sounds_of(words)
        if whole and fuzz.ratio(whole, sounds[-len(whole) :]) >= 100 * SURE_NAME:
            return True
    return False
