"""The rows that judging brings, and bringing what is stored into line with them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self, cast

from sqlalchemy import Column, Table, delete, insert, select
from sqlalchemy.orm import Session

from ivr.charters.judging import Judged
from ivr.charters.model import Charter, UnknownCharter
from ivr.charters.reasons import Reasons
from ivr.charters.rows import Verdict
from ivr.charters.sums import note_changes

Row = dict[str, object]
Place = tuple[str, str]
TABLE = cast(Table, Verdict.__table__)


@dataclass(frozen=True, slots=True)
class Docket:
    """The rows that one matter should have under the version it was judged by (None: no charter held)."""

    version: int | None
    rows: dict[Place, Row]

    def stale(self, stored: Mapping[Place, Row]) -> set[Place]:
        """The stored rows that came out otherwise, or that this version does not bring any more."""
        return {
            place
            for place, row in stored.items()
            if row != self.rows.get(place) and (place in self.rows or row["version"] == self.version)
        }


@dataclass(frozen=True, slots=True)
class Judging:
    """By what a matter is judged: a version of a charter, but for the standards that `known` holds already."""

    charter: Charter
    version: int
    known: frozenset[str]
    reasons: Reasons

    @classmethod
    def of(cls, charter: Charter, day: date, reasons: Reasons, version: int | None) -> Self | None:
        """By `version`, or by the one in force on the day; None where none was.

        What another version does not word anew keeps the verdict of the one in force.
        """
        in_force = _in_force(charter, day)
        judged_by = version or in_force
        if judged_by is None:
            return None
        known = set() if in_force in {None, judged_by} else {one.id for one in charter.standards(in_force)}
        return cls(charter, judged_by, frozenset(known), reasons)

    def docket(self, judged: Iterable[Judged], *, day: date, call_id: str | None = None) -> Docket:
        """The rows of what was judged, worded."""
        rows = [self._row(one, day, call_id) for one in judged if one.standard.id not in self.known]
        return Docket(self.version, {_place(row): row for row in rows})

    def _row(self, judged: Judged, day: date, call_id: str | None) -> Row:
        return {
            "standard_id": judged.standard.id,
            "subject": judged.subject,
            "call_id": call_id,
            "institution": judged.standard.institution,
            "scope": judged.standard.scope,
            "verdict": judged.judgement.finding,
            "reason": self.reasons.say(judged.judgement.reason, self.charter.heading.exemptions),
            "evidence": list(judged.judgement.evidence),
            "version": self.version,
            "day": day,
            "measured": judged.judgement.measured,
        }


def replace_rows(session: Session, dockets: Mapping[str, Docket], *, of: Column[str]) -> int:
    """Bring the rows of each matter into line; returns how many were added, altered or taken away.

    `of` is the column that holds the ids of the matters: their call, or their own subject.
    """
    stored: defaultdict[str, dict[Place, Row]] = defaultdict(dict)
    for row in session.execute(select(*TABLE.columns).where(of.in_(dockets))).mappings():
        kept: Row = {str(name): value for name, value in row.items()}
        stored[row[of.name]][_place(kept)] = kept
    stale: set[Place] = set()
    fresh: dict[Place, Row] = {}
    gone_rows: list[Row] = []
    for matter, docket in dockets.items():
        gone = docket.stale(stored[matter])
        stale |= gone
        gone_rows += [stored[matter][place] for place in gone]
        fresh |= {place: row for place, row in docket.rows.items() if place in gone or place not in stored[matter]}
    for standard_id, subject in sorted(stale):
        session.execute(delete(TABLE).where(TABLE.c.standard_id == standard_id, TABLE.c.subject == subject))
    if fresh:
        session.execute(insert(TABLE), list(fresh.values()))
    note_changes(session, gone=gone_rows, come=fresh.values())
    return len(stale | fresh.keys())


def _place(row: Mapping[str, object]) -> Place:
    return str(row["standard_id"]), str(row["subject"])


def _in_force(charter: Charter, day: date) -> int | None:
    try:
        return charter.at(day)
    except UnknownCharter:
        return None
