"""Spans of a day in local minutes, as they are written in the files: "09:00-18:00"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

from pydantic import BeforeValidator

WRITTEN = re.compile(r"([0-2]\d):([0-5]\d)-([0-2]\d):([0-5]\d)")
DAY = 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `opens` up to, not including, `closes`: minutes after local midnight, 0 to 1440."""

    opens: int
    closes: int


def read_span(text: object) -> object:
    """Read `09:00-18:00`; `24:00` is the end of the day. Raises ValueError in plain words."""
    if isinstance(text, Span):
        return text
    found = WRITTEN.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError('must be written like "09:00-18:00"')
    from_hour, from_minute, to_hour, to_minute = (int(part) for part in found.groups())
    span = Span(from_hour * 60 + from_minute, to_hour * 60 + to_minute)
    if not span.opens < span.closes <= DAY:
        raise ValueError("must end after it begins and not after 24:00")
    return span


def _in_order(spans: object) -> object:
    """Sort the spans of one day and refuse overlaps."""
    if not isinstance(spans, Iterable) or isinstance(spans, str):
        raise ValueError('must be a list like ["09:00-12:00", "13:00-18:00"], [] for closed')
    read = sorted(span for span in map(read_span, spans) if isinstance(span, Span))
    if any(later.opens < earlier.closes for earlier, later in pairwise(read)):
        raise ValueError("has spans that overlap: join them")
    return tuple(read)


Spans = Annotated[tuple[Span, ...], BeforeValidator(_in_order)]


def both(ones: Iterable[Span], others: Iterable[Span]) -> tuple[Span, ...]:
    """The spans that are in both of two days' spans, in their order."""
    pairs = ((max(one.opens, other.opens), min(one.closes, other.closes)) for one in ones for other in others)
    return tuple(sorted(Span(opens, closes) for opens, closes in pairs if opens < closes))


def written(span: Span) -> str:
    """The span as the files write it, `09:00-18:00`."""
    return f"{span.opens // 60:02}:{span.opens % 60:02}-{span.closes // 60:02}:{span.closes % 60:02}"
