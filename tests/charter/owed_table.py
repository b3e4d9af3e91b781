"""The table of what is owed: callbacks, papers, cases and outgoing calls by hand, with the finding of each promise."""

# A fact is written as "TIME KIND name=value ...", TIME being a local one of the day on which the matter came in, or a
# day and a time; `due`, `until` and `before` are times too. `message=sent` puts a text of that state beside the fact.

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from ivr.calls.facts import Told, tell
from ivr.charters.owing import OwedScope
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.messages.rows import Message
from ivr.messages.states import RANK, MessageState
from ivr.numbers import PhoneNumber
from tests.charter.owed_rows import WRITERS
from tests.http.board import words

FOLDER = Path(__file__).parent / "owed"
TIMES = ("due", "until", "before")
ID = "m1"


@dataclass(frozen=True)
class OwedCase:
    """One case of the table; `row` is what stands in its row, as written in the file."""

    id: str
    says: str
    scope: OwedScope
    line: str
    came: str
    verdicts: Mapping[str, str]
    facts: tuple[str, ...] = ()
    row: Mapping[str, Any] = field(default_factory=dict)  # Any: as the file has it

    @property
    def came_at(self) -> datetime:
        """When the matter came in."""
        return datetime.strptime(self.came, "%Y-%m-%d %H:%M").replace(tzinfo=SEOUL).astimezone(UTC)

    def moment(self, written: str) -> datetime:
        """10:30 or 10:30:05 of the day on which it came in, or 11-24T10:30."""
        day, _, clock = written.rpartition("T")
        hour, minute, second = ([int(part) for part in clock.split(":")] + [0])[:3]
        local = self.came_at.astimezone(SEOUL)
        if day:
            month, number = map(int, day.split("-"))
            local = local.replace(year=local.year + (month < local.month), month=month, day=number)
        return local.replace(hour=hour, minute=minute, second=second, microsecond=0).astimezone(UTC)

    @property
    def own_line(self) -> Line:
        """The line to whose institution it came."""
        return words()[1].by_id(self.line)


@cache
def owed_cases() -> tuple[OwedCase, ...]:
    """The whole table, file by file."""
    return tuple(_read(path.stem, written) for path in sorted(FOLDER.glob("*.toml")) for written in _cases_of(path))


def _cases_of(path: Path) -> list[dict[str, Any]]:
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    usual = document.get("usual", {})
    return [{**usual, **case, "row": {**usual.get("row", {}), **case.get("row", {})}} for case in document["cases"]]


def _read(file: str, written: dict[str, Any]) -> OwedCase:
    return OwedCase(**{**written, "facts": tuple(written.get("facts", ())), "id": f"{file}/{written['id']}"})


def write(session: Session, case: OwedCase) -> str:
    """Put a case into the database; returns the id to be judged."""
    id = WRITERS[case.scope](session, case, ID)
    session.flush()
    for number, written in enumerate(case.facts, start=1):
        _write_fact(session, case, id, number, written)
    session.flush()
    return id


def _write_fact(session: Session, case: OwedCase, id: str, number: int, written: str) -> None:
    time, kind, *given = written.split()
    at = case.moment(time)
    detail: dict[str, Any] = dict(pair.split("=", 1) for pair in given)
    for name in TIMES:
        if name in detail:
            detail[name] = case.moment(detail[name]).isoformat()
    key = f"{kind}:{detail.pop('key', number)}"
    state = detail.pop("message", None)
    if state is not None:
        detail["message"] = detail.pop("id", f"{id}-{number}")
        _write_text(session, case, id, message=detail["message"], state=MessageState(state), at=at)
    for name in ("first", "round"):
        if name in detail:
            detail[name] = {"yes": True, "no": False}.get(detail[name]) if name == "first" else int(detail[name])
    if case.scope == "attempt" and "parts" in detail:
        detail["parts"] = detail["parts"].replace(",", " ")
    leg = detail.pop("leg", case.scope)
    tell(session.connection(), Told(id, key, kind, leg, at, detail=detail))


def _write_text(session: Session, case: OwedCase, id: str, *, message: str, state: MessageState, at: datetime) -> None:
    session.add(
        Message(
            id=message,
            subject=f"{case.scope}:{id}",
            line=case.line,
            template="receipt/1",
            recipient=PhoneNumber.parse("+821010000001"),
            recipient_index="0" * 64,
            body="-",
            state=state,
            rank=RANK[state],
            written_at=at,
            worth_until=at + timedelta(hours=1),
            delivered_at=at if state is MessageState.DELIVERED else None,
        )
    )
