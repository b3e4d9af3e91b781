"""Lists in pages as Twilio writes them, with a token so that new items do not shift the following pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from flask import request

from carrier.rest.errors import RestError

Item = TypeVar("Item")
DEFAULT_SIZE, LARGEST = 50, 1000


def page(
    name: str, items: Sequence[Item], *, shape: Callable[[Item], dict[str, object]], sid: Callable[[Item], str]
) -> dict[str, object]:
    """Return one page of `items` under `name`, by Page, PageSize and PageToken of the request."""
    size = min(max(_whole("PageSize", DEFAULT_SIZE), 1), LARGEST)
    number = _whole("Page", 0)
    start = number * size
    token = request.args.get("PageToken", "").removeprefix("PA")
    for position, item in enumerate(items):
        if token and sid(item) == token:
            start = position + 1
    shown = list(items[start : start + size])
    more = start + size < len(items)
    last = sid(shown[-1]) if shown else ""
    return {
        name: [shape(item) for item in shown],
        "page": number,
        "page_size": size,
        "start": start,
        "end": max(start + len(shown) - 1, start),
        "uri": _uri(number, size, token),
        "first_page_uri": _uri(0, size, ""),
        "next_page_uri": _uri(number + 1, size, last) if more else None,
        "previous_page_uri": _uri(number - 1, size, "") if number else None,
    }


def _uri(number: int, size: int, token: str) -> str:
    kept = [(k, v) for k, v in request.args.items(multi=True) if k not in ("Page", "PageSize", "PageToken")]
    kept += [("PageSize", str(size)), ("Page", str(number))]
    if token:
        kept.append(("PageToken", f"PA{token}"))
    return f"{request.path}?{urlencode(kept)}"


def _whole(name: str, default: int) -> int:
    value = request.args.get(name, "")
    if value and not (value.isascii() and value.isdigit()):
        raise RestError(20001, detail=f"{name} must be a whole number")
    return int(value) if value else default
