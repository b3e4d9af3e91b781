"""Pages of long lists by where the last one ended, so that the thousandth costs what the first does."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from flask import abort, request

Row = TypeVar("Row")
AFTER = "after"


@dataclass(frozen=True, slots=True)
class PageOf(Generic[Row]):
    """The rows of one page and the mark behind its last one, None where nothing follows."""

    rows: Sequence[Row]
    after: str | None
    is_first: bool


def cut(rows: Sequence[Row], size: int, mark: Callable[[Row], Sequence[str]]) -> PageOf[Row]:
    """Cut `size + 1` rows that were asked for down to a page of `size`; `mark` gives the sort key of a row."""
    kept = rows[:size]
    more = len(rows) > size
    return PageOf(kept, encode(mark(kept[-1])) if more else None, AFTER not in request.args)


def encode(parts: Sequence[str]) -> str:
    """Write a sort key so that it can stand in an address."""
    return base64.urlsafe_b64encode(json.dumps(list(parts)).encode()).decode().rstrip("=")


def asked_after(parts: int) -> tuple[str, ...] | None:
    """The sort key after which the page begins, None for the first; one that we did not write is 404."""
    given = request.args.get(AFTER)
    if given is None:
        return None
    try:
        read = json.loads(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)))
    except (binascii.Error, ValueError):
        abort(404)
    if not isinstance(read, list) or len(read) != parts or not all(isinstance(part, str) for part in read):
        abort(404)
    return tuple(read)


def asked_after_moment() -> tuple[datetime, str] | None:
    """The moment (aware, written by `isoformat`) and id after which the page begins, None for the first."""
    given = asked_after(2)
    if given is None:
        return None
    try:
        at = datetime.fromisoformat(given[0])
    except ValueError:
        abort(404)
    if at.tzinfo is None:
        abort(404)
    return at, given[1]
