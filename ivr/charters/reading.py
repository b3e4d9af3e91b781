"""From the charter files to `Charters`, with every fault of every file found at once."""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.charters.check import faults_between, faults_of_charter
from ivr.charters.model import Charter, Charters, Heading, Standard, Version, place_of
from ivr.charters.wording import said
from ivr.faults import Fault, refuse_errors
from ivr.lines.each import Document, Reader

LISTS = ("versions", "standards")
STAND_INS: Document = {"institution": "unread", "name": "-", "document": "-", "letter": "X"}
"""What stands for a part of the heading that is missing or wrong while the rest of its file is checked."""

FOLLOWING: Mapping[str, frozenset[str]] = {
    "letter": frozenset({"promise"}),
    "institution": frozenset({"institution"}),
    "exemptions": frozenset({"exemptions"}),
    "language": frozenset({"title", "clause", "quote", "reading", "why_not"}),
    "versions": frozenset({"from_version", "to_version"}),
}
"""What may only seem wrong, because the part of the file that it refers to could not be read."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What could be read of a file, and the faults of what could not."""

    charter: Charter
    faults: tuple[Fault, ...]

    @property
    def broken(self) -> frozenset[str]:
        """The top parts of the file that have faults."""
        return frozenset(fault.key.split(".")[0] for fault in self.faults)


def load_charters(documents: Mapping[str, Document]) -> Charters:
    """Build the charters from their files (by file name); raises `BadData` with all faults of all files."""
    drafts = {file: _draft(document, file) for file, document in documents.items()}
    refuse_errors(_faults(drafts))
    return Charters(draft.charter for draft in drafts.values())


def check_charters(documents: Mapping[str, Document]) -> list[Fault]:
    """Every fault of every charter file, in the order of the files."""
    return _faults({file: _draft(document, file) for file, document in documents.items()})


def _faults(drafts: Mapping[str, Draft]) -> list[Fault]:
    faults: list[Fault] = []
    for file, draft in drafts.items():
        found = faults_of_charter(draft.charter, file)
        faults += [*draft.faults, *(fault for fault in found if not _follows(fault, draft.broken))]
    headed = {file: draft.charter for file, draft in drafts.items() if not draft.broken & {"institution", "letter"}}
    return [*faults, *faults_between(headed)]


def _follows(fault: Fault, broken: frozenset[str]) -> bool:
    place = fault.key.split(".")
    if "versions" in broken and place[0] == "versions":
        return True
    if "standards" in broken and place[0] == "exemptions":
        return True
    return any(place[-1] in FOLLOWING.get(part, ()) for part in broken)


def _draft(document: Document, file: str) -> Draft:
    reader = Reader(file, said)
    given = {key: document[key] for key in document if key not in LISTS}
    heading = reader.with_stand_ins(Heading, given, stand_ins=STAND_INS)
    versions = tuple(reader.each(Version, document.get("versions"), place=_place))
    owned = _owned(document.get("standards"), heading.institution)
    standards = tuple(reader.each(Standard, owned, place=_place))
    return Draft(Charter(heading, versions, standards), tuple(reader.faults))


def _place(table: Document, index: int) -> object:
    return place_of(table) or index


def _owned(tables: object, institution: str) -> object:
    """Give every standard the institution of its file."""
    if not isinstance(tables, list):
        return tables
    return [{"institution": institution, **table} if isinstance(table, Mapping) else table for table in tables]
