"""From the form files to `Forms`, with every fault of every file found at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ivr.charters.model import Version
from ivr.courtesy.check import faults_of_form
from ivr.courtesy.form import FormFile, Forms, Heading, Item
from ivr.faults import Fault, refuse_errors
from ivr.lines.shapes import Shape
from ivr.lines.wording import in_words

Document = Mapping[str, object]
LISTS = ("versions", "items")
STAND_INS: Document = {
    "form": "unread",
    "title": "-",
    "formula": "-",
    "stages": {"opening": "-", "handling": "-", "closing": "-"},
    "second_share": 0,
    "limit": 1,
    "appeal_days": 1,
    "decision_days": 1,
}
"""What stands for a part of the heading that is missing or wrong while the rest of its file is checked."""

SEEMING: Mapping[str, frozenset[str]] = {
    "form": frozenset({"form"}),
    "stages": frozenset({"stages"}),
    "items": frozenset({"items"}),
    "versions": frozenset({"from_version", "to_version", "versions", "effective_to"}),
}
"""What may only seem wrong, because the part of the file that it refers to could not be read."""

REASONS: Mapping[str, str] = {
    "literal_error": "is {input!r}, which is not known: use {expected}",
    "greater_than": "is {input}: write more than {gt}",
    "greater_than_equal": "is {input}: write {ge} or more",
    "less_than_equal": "is {input}: write {le} or less",
    "string_pattern_mismatch": "is {input!r}, which does not fit the pattern {pattern}",
}

S = TypeVar("S", bound=Shape)


@dataclass(frozen=True, slots=True)
class _Draft:
    """What could be read of a file, and the faults of what could not."""

    file: FormFile
    faults: tuple[Fault, ...]


def load_forms(documents: Mapping[str, Document]) -> Forms:
    """Build the forms from their files (by file name); raises `BadData` with all faults of all files."""
    drafts = {name: _draft(document, name) for name, document in documents.items()}
    refuse_errors(_faults(drafts))
    return Forms({name: draft.file for name, draft in drafts.items()})


def check_forms(documents: Mapping[str, Document]) -> list[Fault]:
    """Every fault of every form file, in the order of the files."""
    return _faults({name: _draft(document, name) for name, document in documents.items()})


def _faults(drafts: Mapping[str, _Draft]) -> list[Fault]:
    faults: list[Fault] = []
    for name, draft in drafts.items():
        broken = {fault.key.split(".")[0] for fault in draft.faults}
        seeming = frozenset().union(*(SEEMING.get(part, frozenset()) for part in broken))
        faults += draft.faults
        faults += [fault for fault in faults_of_form(draft.file, name) if fault.key.split(".")[-1] not in seeming]
    return faults


def _draft(document: Document, name: str) -> _Draft:
    faults: list[Fault] = []
    heading = _heading({key: document[key] for key in document if key not in LISTS}, name, faults)
    versions = tuple(_each(Version, document.get("versions"), name, faults))
    items = tuple(_each(Item, document.get("items"), name, faults))
    return _Draft(FormFile(heading, versions, items), tuple(faults))


def _heading(table: Document, name: str, faults: list[Fault]) -> Heading:
    read = _read(Heading, table, name)
    if isinstance(read, Heading):
        return read
    faults += read
    wrong = {fault.key.split(".")[0] for fault in read}
    kept = {key: part for key, part in table.items() if key not in wrong}
    return Heading.model_validate({**STAND_INS, **kept})


def _each(kind: type[S], tables: object, name: str, faults: list[Fault]) -> Iterator[S]:
    """Read one of the lists, so that a fault in one table does not hide those of the others."""
    key = f"{kind.__name__.lower()}s"
    if not isinstance(tables, list) or not tables:
        faults.append(Fault(name, key, f"is missing: write at least one [[{key}]] table"))
        return
    for index, table in enumerate(tables):
        if not isinstance(table, Mapping):
            faults.append(Fault(name, f"{key}.{index}", f"must be a table: begin it with [[{key}]]"))
            continue
        read = _read(kind, table, name, above=f"{key}.{table.get('id', index)}")
        if isinstance(read, kind):
            yield read
        elif isinstance(read, list):
            faults += read


def _read(kind: type[S], table: Document, name: str, above: str = "") -> S | list[Fault]:
    try:
        return kind.model_validate(table)
    except ValidationError as error:
        return [_said(item, name, above) for item in error.errors(include_url=False)]


def _said(error: ErrorDetails, name: str, above: str) -> Fault:
    fault = in_words(error, name, above=above)
    reason = REASONS.get(error["type"])
    if reason is None:
        return fault
    return Fault(name, fault.key, reason.format(**{**error.get("ctx", {}), "input": error["input"]}))
