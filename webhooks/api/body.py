"""The body of a request to the REST API: JSON in UTF-8, one object, of a bounded size; anything else is refused."""

import json
import re
from typing import Any, TypeAlias

from flask import Request
from werkzeug.exceptions import HTTPException

from webhooks.api.problems import Problem, of_http

# What was sent, after its shape was checked: values of many types by field.
Given: TypeAlias = dict[str, Any]
MOST_LEVELS = 20
# One that is not closed is taken to its end: to begin again at each quotation mark would take quadratic time.
STRING = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)


def read_json(asked: Request) -> Given:
    """The object that was sent; raises `Problem` (400, 413, 415)."""
    if asked.mimetype != "application/json" or asked.mimetype_params.get("charset", "utf-8").lower() != "utf-8":
        detail = "Send JSON in UTF-8, with the header Content-Type: application/json."
        raise Problem(415, "Unsupported media type", detail)
    try:
        text = asked.get_data(cache=True).decode("utf-8")
    except HTTPException as error:
        raise of_http(error) from None
    except UnicodeDecodeError:
        detail = "The body is not UTF-8 (EUC-KR or CP949, perhaps): convert it to UTF-8 before sending."
        raise Problem(400, "Wrong encoding", detail) from None
    return _object(text)


def _object(text: str) -> Given:
    # Before anything is parsed: the parser itself fails on a body of nothing but brackets.
    if _deepest(STRING.sub("", text)) > MOST_LEVELS:
        raise Problem(400, "Malformed JSON", f"The body is nested deeper than {MOST_LEVELS} levels: send it flatter.")
    try:
        value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once)
    except ValueError as error:
        where = f" at line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise Problem(400, "Malformed JSON", f"The body is no valid JSON{where}.") from None
    if not isinstance(value, dict):
        raise Problem(400, "Malformed JSON", "The body must be one JSON object, in braces.")
    return value


def _deepest(text: str) -> int:
    level = deepest = 0
    for sign in text:
        if sign in "[{":
            level += 1
            deepest = max(deepest, level)
        elif sign in "]}":
            level -= 1
    return deepest


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Members of an object; a name that comes twice is refused, since readers differ in which one they take."""
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name comes twice")
    return dict(pairs)
