"""The parts of a line's file: telephone keys and numbers, filled texts, tables without strangers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from ivr.lines.actions import Entry, ToSay, e164, read_entry
from ivr.messages.fields import BadText, fields_of, fill
from ivr.messages.register import ANNOUNCEMENT_FIELDS, FIRM_ANNOUNCEMENT_FIELDS
from ivr.messages.size import clean

TELEPHONE_KEYS = frozenset("0123456789*#")


def _is_key(key: str) -> str:
    if key not in TELEPHONE_KEYS:
        raise ValueError("is not a key of a telephone: use one of 0 to 9, * and #")
    return key


def _filled(text: str, info: ValidationInfo) -> str:
    """Fill in the line's own institution and number, the only fields that its texts may have."""
    if not text.strip():
        raise ValueError("must not be empty")
    try:
        return fill(clean(text), info.context or {})
    except BadText as error:
        raise ValueError(str(error)) from None


def _filled_entry(entry: Entry, info: ValidationInfo) -> Entry:
    if isinstance(entry.action, ToSay):
        return replace(entry, action=replace(entry.action, text=_filled(entry.action.text, info)))
    return entry


def announces(text: str) -> str:
    return _announces(text, ANNOUNCEMENT_FIELDS)


def announces_for_firm(text: str) -> str:
    return _announces(text, FIRM_ANNOUNCEMENT_FIELDS)


def _announces(text: str, known: frozenset[str]) -> str:
    try:
        strange = sorted(fields_of(text) - known)
    except BadText as error:
        raise ValueError(str(error)) from None
    if strange:
        raise ValueError(f"{', '.join(strange)} is not known here: use {', '.join(sorted(known))}")
    return text


def with_ids(tables: object) -> object:
    """Give every table of a mapping its own name as `id`."""
    if not isinstance(tables, Mapping):
        return tables
    return {id: {**table, "id": id} if isinstance(table, Mapping) else table for id, table in tables.items()}


E164 = Annotated[str, BeforeValidator(e164)]
Key = Annotated[str, AfterValidator(_is_key)]
Text = Annotated[str, AfterValidator(_filled)]
KeyEntry = Annotated[Entry, BeforeValidator(read_entry), AfterValidator(_filled_entry)]
Whole = Annotated[int, Field(gt=0)]


class Shape(BaseModel):
    """A frozen table of a file; keys that are not known are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid")
