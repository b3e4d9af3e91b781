"""Texts with fields in braces, `{name:은/는}` or `{number:digits}`: what the colon asks for, and filling."""

import string
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache

from ivr import english, korean

Reading = Callable[[object], str]
Value = str | int | tuple[datetime, datetime]


class BadText(ValueError):
    """A text cannot be filled in: a value is missing, not asked for, or cannot be read as wished."""


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise BadText(f"{value!r} is not a whole number: give an int for this field")
    return value


def _moment(value: object, say: Callable[[datetime, date], str] = korean.moment) -> str:
    if not isinstance(value, tuple):
        raise BadText("a moment needs two local times: the moment itself and the present one")
    at, now = value
    return say(at, now.date())


READINGS: Mapping[str, Reading] = {
    "digits": lambda value: korean.digits(str(value)),
    "sino": lambda value: korean.sino(_whole(value)),
    "native": lambda value: korean.native(_whole(value)),
    "ordinal": lambda value: korean.ordinal(_whole(value)),
    "moment": _moment,
    "clock": lambda value: _moment(value, english.moment),
}


def fields_of(text: str) -> frozenset[str]:
    """The names of a text's fields; raises `BadText` for braces or readings that are not understood."""
    return frozenset(name for _, name, _ in _pieces(text) if name)


def fill(text: str, values: Mapping[str, Value]) -> str:
    """Put the values in; a text may leave a value unused, but raises `BadText` when one is missing."""
    missing = fields_of(text) - frozenset(values)
    if missing:
        raise BadText(f"{text!r} needs a value for {', '.join(sorted(missing))}")
    return "".join(before + (_read(values[name], readings) if name else "") for before, name, readings in _pieces(text))


def require(id: str, *, wanted: frozenset[str], given: Mapping[str, Value]) -> None:
    """Raise `BadText` unless exactly the registered values are given for the text or template `id`."""
    missing, strange = sorted(wanted - given.keys()), sorted(given.keys() - wanted)
    if missing or strange:
        raise BadText(f"{id!r} takes {sorted(wanted)}: missing {missing}, not asked for {strange}")


@lru_cache(maxsize=1024)
def _pieces(text: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Split into (text before the field, name of the field, its readings); kept, as texts never change."""
    try:
        pieces = list(string.Formatter().parse(text))
    except ValueError as error:
        raise BadText(f"{text!r} has braces that do not match ({error}): write {{name}}") from None
    found: list[tuple[str, str, tuple[str, ...]]] = []
    for before, name, specification, conversion in pieces:
        readings = tuple(specification.split("|")) if specification else ()
        unknown = [reading for reading in readings if reading not in READINGS.keys() | korean.PARTICLES.keys()]
        if unknown or conversion or (name is not None and not name.isidentifier()):
            raise BadText(f"{text!r}: the field {name!r} is written wrongly: write {{name}} or {{name:reading}}")
        found.append((before, name or "", readings))
    return tuple(found)


def _read(value: Value, readings: tuple[str, ...]) -> str:
    read: object = value
    for reading in readings:
        read = READINGS[reading](read) if reading in READINGS else korean.with_particle(str(read), reading)
    return str(read)
