"""From the charter files to `Charters`, with every fault of every file found at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError

from ivr.charters.check import faults_between, faults_of_charter
from ivr.charters.model import Charter, Charters, Heading, Standard, Version, place_of
from ivr.charters.wording import said
from ivr.faults import Fault, refuse_errors
from ivr.lines.shapes import Shape

Document = Mapping[str, object]
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

S = TypeVar("S", bound=Shape)


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
    heading, faults = _heading({key: document[key] for key in document if key not in LISTS}, file)
    versions = tuple(_each(Version, document.get("versions"), file, faults))
    owned = _owned(document.get("standards"), heading.institution)
    standards = tuple(_each(Standard, owned, file, faults))
    return Draft(Charter(heading, versions, standards), tuple(faults))


def _heading(table: Document, file: str) -> tuple[Heading, list[Fault]]:
    read = _read(Heading, table, file)
    if isinstance(read, Heading):
        return read, []
    wrong = {fault.key.split(".")[0] for fault in read}
    kept = {key: part for key, part in table.items() if key not in wrong}
    return Heading.model_validate({**STAND_INS, **kept}), read


def _owned(tables: object, institution: str) -> object:
    """Give every standard the institution of its file."""
    if not isinstance(tables, list):
        return tables
    return [{"institution": institution, **table} if isinstance(table, Mapping) else table for table in tables]


def _each(kind: type[S], tables: object, file: str, faults: list[Fault]) -> Iterator[S]:
    """Read one of the lists, so that a fault in one table does not hide those of the others."""
    name = f"{kind.__name__.lower()}s"
    if not isinstance(tables, list) or not tables:
        faults.append(Fault(file, name, f"is missing: write at least one [[{name}]] table"))
        return
    for index, table in enumerate(tables):
        if not isinstance(table, Mapping):
            faults.append(Fault(file, f"{name}.{index}", f"must be a table: begin it with [[{name}]]"))
            continue
        read = _read(kind, table, file, above=f"{name}.{place_of(table) or index}")
        if isinstance(read, kind):
            yield read
        elif isinstance(read, list):
            faults += read


def _read(kind: type[S], table: Document, file: str, above: str = "") -> S | list[Fault]:
    try:
        return kind.model_validate(table)
    except ValidationError as error:
        return [said(item, file, above) for item in error.errors(include_url=False)]
