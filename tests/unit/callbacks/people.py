"""Wishes, officers and absences, written straight into a store, and short words for asking."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from ivr.base import ROW_LOCK
from ivr.callbacks.asking import Wish, ask_callback
from ivr.callbacks.moves import CallbackEvent, move_callback
from ivr.callbacks.rows import Callback, Origin
from ivr.calls.facts import Told, facts_of
from ivr.calls.rows import Call
from ivr.deadlines import WorkingTime
from ivr.directory.rows import Absence, AbsenceReason, Officer, OfficerRole
from ivr.identifiers import callback_id
from ivr.numbers import PhoneNumber
from ivr.promises import PromiseRow
from ivr.store import Store
from tests.http.board import words

CUSTOMER, ANOTHER = "+821010000001", "+821010000002"
_, LINES, CALENDAR = words()
KIBO = LINES.by_id("kibo")
WORKING = WorkingTime(KIBO, CALENDAR)
TEAM = "guarantee"


def seoul(hour: int, minute: int = 0, *, day: int = 23) -> datetime:
    """A time of November 2026 in Korea; the 23rd is a Monday."""
    return datetime.fromisoformat(f"2026-11-{day:02}T{hour:02}:{minute:02}:00+09:00")


def wish(source: str = "w1", number: str = CUSTOMER, *, origin: Origin = Origin.API, **more: object) -> Wish:
    """A wish of the KIBO line."""
    phone = PhoneNumber.parse(number)
    return Wish(callback_id(source), KIBO, TEAM, origin, phone, **more)  # type: ignore[arg-type]  # fields of a wish


def ask(store: Store, at: datetime, given: Wish | None = None) -> Callback:
    """Ask to be called back at a moment."""
    with store.transaction() as session:
        return ask_callback(session, given or wish(), calendar=CALENDAR, at=at)


def dialled(store: Store, callback: Callback) -> None:
    """An agent takes it on."""
    with store.transaction() as session:
        move_callback(session.get_one(Callback, callback.id, with_for_update=ROW_LOCK), CallbackEvent.DIAL)


def callback_of(store: Store, given: Callback | Wish) -> Callback:
    """A callback as it stands."""
    with store.reading() as session:
        return session.get_one(Callback, given.id)


def told(store: Store, callback: Callback, kind: str = "") -> list[Told]:
    """The facts of a callback, of one kind where it is given."""
    with store.reading() as session:
        return [fact for fact in facts_of(session, callback.id) if fact.kind == kind or not kind]


def promises(store: Store, *kinds: str) -> list[PromiseRow]:
    """The promises of these kinds, by the time they fall due."""
    query = select(PromiseRow).where(PromiseRow.kind.in_(kinds)).order_by(PromiseRow.due_at, PromiseRow.id)
    with store.reading() as session:
        return list(session.scalars(query))


def officers(store: Store) -> None:
    """An officer of the team, a deputy and a supervisor, all with numbers for reminders."""
    with store.transaction() as session:
        for number, (id, role) in enumerate(
            (("deputy", OfficerRole.OFFICER), ("lead", OfficerRole.SUPERVISOR), ("officer", OfficerRole.OFFICER)), 1
        ):
            duties = TEAM if id == "officer" else ""
            session.add(
                Officer(
                    id=id,
                    line="kibo",
                    name="김민수",
                    department="보증사업부" if id == "officer" else "총무부",
                    title="대리",
                    duties=duties,
                    role=role,
                    reminder_number=PhoneNumber.parse(f"+82105000000{number}"),
                )
            )
        session.flush()
        session.get_one(Officer, "officer").deputy_id = "deputy"


def absent(store: Store, officer: str, starts_at: datetime, *, hours: float = 4) -> None:
    """An officer is on a trip."""
    ends_at = starts_at + timedelta(hours=hours)
    with store.transaction() as session:
        session.add(Absence(officer_id=officer, starts_at=starts_at, ends_at=ends_at, reason=AbsenceReason.TRIP))


def call_of(store: Store, name: str, arrived_at: datetime, *, number: str = CUSTOMER) -> Call:
    """A short call of a customer to the KIBO line."""
    caller = PhoneNumber.parse(number)
    with store.transaction() as session:
        call = Call(
            id=name,
            line="kibo",
            carrier_sid=f"CA-{name}",
            caller=caller,
            caller_index=store.keyring.index(caller),
            dialled="+827010000001",
            receipt_number=f"1123-{name}"[:16],
            arrived_at=arrived_at,
            ended_at=arrived_at,
        )
        session.add(call)
    return call


def minutes_before(due_at: datetime, rows: Sequence[PromiseRow]) -> list[float]:
    """How many minutes before a time these promises fall due."""
    return [(due_at - row.due_at) / timedelta(minutes=1) for row in rows]
