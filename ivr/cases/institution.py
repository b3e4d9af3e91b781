"""What a case needs to know of its institution, and who does something about it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ivr.base import ROW_LOCK
from ivr.cases.rows import Case
from ivr.charters.model import Charters, Standard, UnknownCharter
from ivr.deadlines import WorkingTime
from ivr.lines.calendar import Calendar
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line, Team
from ivr.sealing import Keyring

SYSTEM = "system"


class UnknownCase(LookupError):
    """No case has that id or receipt number."""


@dataclass(frozen=True, slots=True)
class Institution:
    """The line of an institution, when it works, what it promised, and the keys of its registers."""

    line: Line
    calendar: Calendar
    charters: Charters
    keyring: Keyring

    @property
    def working(self) -> WorkingTime:
        """When the institution works, to count limits in."""
        return WorkingTime(self.line, self.calendar)

    @property
    def owner(self) -> Team:
        """The team that takes cases in and watches them (S2)."""
        return self.line.teams[self.line.cases.owner or self.line.team]

    def answering(self, topic: str | None) -> Team:
        """The team that answers cases of a topic."""
        team = self.line.cases.topics[topic].team if topic else ""
        return self.line.teams[team] if team else self.owner

    def standards(self, at: datetime) -> tuple[Standard, ...]:
        """What the charter in force on that local day promises about cases; nothing where there is none."""
        try:
            charter = self.charters.of(self.line.id)
            return charter.standards(charter.at(at.astimezone(SEOUL).date()))
        except UnknownCharter:
            return ()


@dataclass(frozen=True, slots=True)
class Work:
    """Somebody's work on cases: in which transaction, for which institution, when, and who (SYSTEM: nobody)."""

    session: Session
    institution: Institution
    at: datetime
    by: str = SYSTEM


def locked_case(session: Session, id: str) -> Case:
    """The case, so that whoever else changes it waits; raises `UnknownCase`."""
    case = session.get(Case, id, with_for_update=ROW_LOCK, populate_existing=True)
    if case is None:
        raise UnknownCase(f"there is no case {id}: `charterline cases list` shows them")
    return case
