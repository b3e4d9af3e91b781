"""From a validation error to a fault in plain words."""

from collections.abc import Mapping

from pydantic_core import ErrorDetails

from ivr.faults import Fault

PLAIN: Mapping[str, str] = {
    "missing": "is missing: add it",
    "extra_forbidden": "is not known here: remove it or check the spelling",
    "string_type": "must be a text in quotation marks",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "float_type": "must be a number",
    "tuple_type": "must be a list in square brackets",
    "mapping_type": "must be a table",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "date_type": "must be a date like 2026-05-01",
    "string_too_short": "must not be empty",
}
KEY_MARK = "[key]"


def in_words(error: ErrorDetails, file: str, *, above: str = "") -> Fault:
    """Say one validation error in plain words, with the dotted key under `above`."""
    parts = [str(part) for part in error["loc"] if part != KEY_MARK]
    message = PLAIN.get(error["type"]) or error["msg"].removeprefix("Value error, ")
    return Fault(file, ".".join([above, *parts] if above else parts), message)
