"""Decodes a form or query into typed values by the trimmed schema, so that jsonschema can judge them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any  # a decoded value is str, int, float, bool or a list of them, by the schema's word


def decode(form: Mapping[str, Sequence[str]], properties: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Typed values by name, and the faults of repetition; unknown names stay strings for the schema."""
    values: dict[str, Any] = {}
    faults = []
    for name, given in form.items():
        schema = properties.get(name, {})
        if schema.get("type") == "array":
            # Array properties are form-encoded and exploded: one parameter per value.
            values[name] = list(given)
        elif len(given) != 1:
            faults.append(f"{name}: given {len(given)} times; give it once")
        else:
            values[name] = _typed(given[0], schema.get("type"))
    return values, faults


def _typed(text: str, kind: object) -> object:
    if kind == "integer" and re.fullmatch(r"-?\d+", text):
        return int(text)
    if kind == "number" and re.fullmatch(r"-?\d+(\.\d+)?", text):
        return float(text)
    if kind == "boolean" and text in {"true", "false"}:
        return text == "true"
    return text
