"""From a validation error in a charter file to a fault that says what is wrong and what to write."""

from collections.abc import Mapping
from typing import get_args

from pydantic_core import ErrorDetails

from ivr.charters.measures import MEASURES
from ivr.faults import Fault
from ivr.lines.wording import in_words

NAMES = tuple(name for measure in MEASURES for name in get_args(measure.model_fields["name"].annotation))
REASONS: Mapping[str, str] = {
    "union_tag_invalid": f"has the unknown name {{tag!r}}: known measures are {', '.join(sorted(NAMES))}",
    "union_tag_not_found": 'must be a table with a name, like {{ name = "ring_to_answer", rings = 3 }}',
    "model_attributes_type": 'must be a table with a name, like {{ name = "ring_to_answer", rings = 3 }}',
    "literal_error": "is {input!r}, which is not known: use {expected}",
    "greater_than": "is {input}: no promise can be kept with that, write more than {gt}",
    "less_than_equal": "is {input}: no share is more than {le:g} %",
    "too_short": "is empty: write at least one",
    "string_pattern_mismatch": "is {input!r}, which does not fit the pattern {pattern}",
}


def said(error: ErrorDetails, file: str, above: str) -> Fault:
    """Say one validation error in plain words, with the dotted key under `above`."""
    loc = tuple(part for part in error["loc"] if part not in NAMES)
    fault = in_words({**error, "loc": loc}, file, above=above)
    reason = REASONS.get(error["type"])
    if reason is None:
        return fault
    return Fault(file, fault.key, reason.format(**{**error.get("ctx", {}), "input": error["input"]}))
