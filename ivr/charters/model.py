"""A service charter as data: its versions, and the standards that each version holds."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from ivr.charters.measures import NamedMeasure
from ivr.charters.terms import Basis, Channel, Count, Direction, Exemption, Kind, Scope, Words
from ivr.lines.shapes import Shape

PromiseId = Annotated[str, Field(pattern=r"^[A-Z][1-9]\d?$")]
PartName = Annotated[str, Field(pattern=r"^([a-z]+(_[a-z]+)*)?$")]
TopicId = Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$")]


class UnknownCharter(LookupError):
    """No charter, version or standard has that name; the message says which there are."""


class Version(Shape):
    """From the first to the last day, both included; `effective_to` is None while it is in force.

    `note` tells the public what there is to know of the dates, where the document has none.
    """

    version: Count
    effective_from: date
    effective_to: date | None = None
    note: str = ""

    def covers(self, day: date) -> bool:
        """Is the version in force on a local day?"""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


class Applies(Shape):
    """To which calls, cases or papers a standard applies; what is left empty does not narrow."""

    directions: tuple[Direction, ...] = ()
    kinds: tuple[Kind, ...] = ()
    channels: tuple[Channel, ...] = ()
    topics: tuple[TopicId, ...] = ()


class Standard(Shape):
    """One promise of a charter, or a part of one, and how it is judged.

    `target` is the percentage of judged subjects that must be met. `reading` tells the public how an unclear
    clause is read. Without a `measure` it cannot be measured, and `why_not` says why.
    """

    institution: str
    promise: PromiseId
    part: PartName = ""
    title: Words
    clause: Words
    quote: Words
    scope: Scope | None = None
    measure: NamedMeasure | None = None
    target: Annotated[float, Field(gt=0, le=100)] = 100.0
    basis: Basis | None = None
    applies: Applies = Applies()
    exemptions: tuple[Exemption, ...] = ()
    reading: str = ""
    measurable: bool = True
    why_not: str = ""
    from_version: Count = 1
    to_version: Count | None = None

    @property
    def place(self) -> str:
        """Where it stands in its file, for faults: the key, and the version that brought it when not the first."""
        return place_of(self.model_dump(include={"promise", "part", "from_version"}))

    @property
    def key(self) -> str:
        """The promise and its part, "D6" or "D6.memo"; stands once in each version."""
        return f"{self.promise}.{self.part}" if self.part else self.promise

    @property
    def id(self) -> str:
        """`kibo/K4/1`: the last number is the version that brought this wording, so it stays while nothing changes."""
        return f"{self.institution}/{self.key}/{self.from_version}"

    def belongs_to(self, version: int) -> bool:
        """Is the standard part of this version of the charter?"""
        return self.from_version <= version and (self.to_version is None or version <= self.to_version)


def place_of(table: Mapping[str, object]) -> str:
    """`K4`, `D6.memo` or `D6/2`, from a standard as a file has it; empty where there is no promise id."""
    promise, part, version = table.get("promise"), table.get("part"), table.get("from_version", 1)
    if not isinstance(promise, str) or not promise:
        return ""
    return f"{promise}{f'.{part}' if part else ''}{f'/{version}' if version != 1 else ''}"


class Heading(Shape):
    """Whose charter a file holds: `letter` begins its promise ids, `exemptions` has the reasons told to the public."""

    institution: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    name: Words
    document: Words
    letter: Annotated[str, Field(pattern=r"^[A-Z]$")]
    language: Annotated[str, Field(pattern=r"^(ko|en)$")] = "ko"
    exemptions: Mapping[Exemption, Words] = {}


@dataclass(frozen=True, slots=True)
class Charter:
    """One institution's charter with all its versions; `all` has every standard of any version, in file order."""

    heading: Heading
    versions: tuple[Version, ...]
    all: tuple[Standard, ...]

    @property
    def institution(self) -> str:
        """The id of the institution, which is also its line's."""
        return self.heading.institution

    def at(self, day: date) -> int:
        """The version in force on a local day; raises `UnknownCharter`."""
        for version in self.versions:
            if version.covers(day):
                return version.version
        raise UnknownCharter(f"{self.institution} had no charter in force on {day}: {self._known()}")

    def version(self, number: int) -> Version:
        """The version with this number; raises `UnknownCharter`."""
        for version in self.versions:
            if version.version == number:
                return version
        raise UnknownCharter(f"{self.institution} has no version {number}: {self._known()}")

    def standards(self, version: int) -> tuple[Standard, ...]:
        """All standards of a version, measurable or not, in the order of the document; raises `UnknownCharter`."""
        number = self.version(version).version
        return tuple(standard for standard in self.all if standard.belongs_to(number))

    def _known(self) -> str:
        spans = (f"{known.version} ({known.effective_from} to {known.effective_to or '-'})" for known in self.versions)
        return f"known are {', '.join(spans)}"


class Charters:
    """The charters of all institutions."""

    def __init__(self, charters: Iterable[Charter]) -> None:
        self._by_institution = {charter.institution: charter for charter in charters}
        self._by_id = {standard.id: standard for charter in self for standard in charter.all}

    def __iter__(self) -> Iterator[Charter]:
        return iter(self._by_institution.values())

    def __len__(self) -> int:
        return len(self._by_institution)

    def of(self, institution: str) -> Charter:
        """The charter of an institution; raises `UnknownCharter`."""
        if institution not in self._by_institution:
            known = ", ".join(self._by_institution)
            raise UnknownCharter(f"no charter is of {institution!r}: known are {known}")
        return self._by_institution[institution]

    def standard(self, id: str) -> Standard:
        """The standard that a verdict names, of whatever version; raises `UnknownCharter`."""
        if id not in self._by_id:
            raise UnknownCharter(f"no charter has the standard {id!r}: it may have been taken out of its file")
        return self._by_id[id]
