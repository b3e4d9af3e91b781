"""The generated v2010 table: finds the operation of a request and compiles its validators once."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any  # JSON Schema is free-form; jsonschema itself takes Any
from urllib.parse import unquote

from jsonschema import Draft202012Validator

from .formats import ANSWER, FORM, QUERY

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """One method of one path template, with the values found in the path."""

    method: str
    template: str
    values: Mapping[str, str]

    @property
    def label(self) -> str:
        """The operation as the v2010 document names it, without the common prefix."""
        short = self.template.removeprefix("/2010-04-01/Accounts/{AccountSid}")
        return f"{self.method} {short.removeprefix('/2010-04-01')}"

    @property
    def schema(self) -> Schema:
        """What the generated table says of this operation: path, query, form, encoding, responses."""
        operation: Schema = rest_table()["paths"][self.template][self.method]
        return operation


@cache
def rest_table() -> Schema:
    """`tables/rest.json` as generated."""
    path = Path(__file__).parent / "tables" / "rest.json"
    table: Schema = json.loads(path.read_text(encoding="utf-8"))
    return table


@cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    return [
        (re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+?)", re.escape(template)) + "$"), template)
        for template in rest_table()["paths"]
    ]


def find_operation(method: str, path: str) -> Operation | None:
    """The operation of `path` (no host, no query), or None when the table has none."""
    for pattern, template in _templates():
        if (found := pattern.match(path)) and method.upper() in rest_table()["paths"][template]:
            values = {name: unquote(value) for name, value in found.groupdict().items()}
            return Operation(method.upper(), template, values)
    return None


@cache
def validator(template: str, method: str, part: str) -> Draft202012Validator | None:
    """Compiled validator of `path`, `query`, `form` or an answer's status; None when the part has no body."""
    operation = rest_table()["paths"][template][method]
    if part in {"path", "query"}:
        schema = {"properties": operation[part], "additionalProperties": False, "type": "object"}
    else:
        schema = operation["form"] if part == "form" else operation["responses"][part]
    if schema is None:
        return None
    checker = {"path": QUERY, "query": QUERY, "form": FORM}.get(part, ANSWER)
    return Draft202012Validator({**schema, "schemas": rest_table()["schemas"]}, format_checker=checker)
