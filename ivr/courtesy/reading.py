"""From the form files to `Forms`, with every fault of every file found at once."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic_core import ErrorDetails

from ivr.charters.model import Version
from ivr.courtesy.check import faults_of_form
from ivr.courtesy.form import FormFile, Forms, Heading, Item
from ivr.faults import Fault, refuse_errors
from ivr.lines.each import Document, Reader
from ivr.lines.wording import in_words

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
    reader = Reader(name, _said)
    given = {key: document[key] for key in document if key not in LISTS}
    heading = reader.with_stand_ins(Heading, given, stand_ins=STAND_INS)
    versions = tuple(reader.each(Version, document.get("versions"), place=_id))
    items = tuple(reader.each(Item, document.get("items"), place=_id))
    return _Draft(FormFile(heading, versions, items), tuple(reader.faults))


def _id(table: Document, index: int) -> object:
    return table.get("id", index)


def _said(error: ErrorDetails, name: str, above: str) -> Fault:
    fault = in_words(error, name, above=above)
    reason = REASONS.get(error["type"])
    if reason is None:
        return fault
    return Fault(name, fault.key, reason.format(**{**error.get("ctx", {}), "input": error["input"]}))
