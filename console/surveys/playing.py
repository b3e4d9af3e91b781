"""A questionnaire played on the telephone of the page: from the keys pressed so far, what is heard now."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from console.office import office
from console.visitor import visitor
from ivr.base import Refused
from ivr.surveys.kinds import UnknownKind
from ivr.surveys.model import QuestionKind, Questionnaire
from ivr.surveys.walking import Stage, Walked, walk
from ivr.surveys.written import Hello

MOST_KEYS: Final = 400
SIGNS: Final = frozenset("0123456789*#")
SILENCE: Final = "_"
BETWEEN: Final = "."


class _NothingPressed(Exception):
    """The keys pressed so far are used up: somebody is waited for."""


@dataclass(frozen=True, slots=True)
class Played:
    """What happened so far, what is heard since the last key, which question waits for what, and the end."""

    keys: str
    before: Sequence[Walked]
    now: Sequence[Walked]
    takes_number: bool
    end: str | None

    def then(self, key: str) -> str:
        """The keys with one more; the empty one is silence."""
        return f"{self.keys}{BETWEEN if self.keys else ''}{key or SILENCE}"


def play(one: Questionnaire, keys: str) -> Played:
    """Play a questionnaire up to where a key is waited for. `keys` are parted by dots, `_` is silence."""
    pressed = _read(keys)
    waiting = iter(pressed)

    def ask() -> str:
        key = next(waiting, None)
        if key is None:
            raise _NothingPressed
        return key

    heard: list[Walked] = []
    here, line = office(), visitor().line
    try:
        kind = here.surveys.kind_of(one)
    except UnknownKind as error:
        raise Refused(str(error)) from None
    stage = Stage(one, kind, here.texts.of(line.id), Hello(line, one.source), ask)
    with suppress(_NothingPressed):
        for step in walk(stage):
            heard.append(step)
    return _played(one, keys, heard)


def _played(one: Questionnaire, keys: str, heard: Sequence[Walked]) -> Played:
    last = max((place for place, step in enumerate(heard) if step.pressed is not None), default=-1)
    end = heard[-1].end if heard else None
    now = heard[last + 1 :]
    asked = next((step.question for step in reversed(now) if step.question), None)
    takes_number = bool(asked) and one.question(asked or "").kind is QuestionKind.NUMBER
    return Played(keys, heard[: last + 1], now, takes_number and end is None, end)


def _read(keys: str) -> list[str]:
    parts = [part for part in keys.split(BETWEEN) if part][:MOST_KEYS]
    return ["" if part == SILENCE else part for part in parts if part == SILENCE or set(part) <= SIGNS]
