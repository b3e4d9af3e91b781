"""A centre with firms under contract, and things that they use, written straight into a store."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from ivr.billing.drawing import Bill
from ivr.billing.noting import note_answer, note_calls
from ivr.billing.opening import counted_by, every_row
from ivr.billing.rows import Statement, Usage
from ivr.billing.statements import Closed, close_month, closed_bills, preview
from ivr.calls.record import Outcome
from ivr.campaigns.rows import Charge, ChargeState, Dial, DialState
from ivr.figures.keeping import TABLES
from ivr.figures.rows import CallFigure, OfferFigure
from ivr.firms.rows import Contract, ContractState, FirmEntry
from ivr.lines.hours import SEOUL, moment_of
from ivr.lines.model import Line
from ivr.store import Store
from tests.http.board import words
from tests.unit.figures import rows_by_hand

_, LINES, _CALENDAR = words()
LINE: Line = LINES.by_id("ascentre")
HANBIT, NURI = "hanbit", "nuri"
OCTOBER, NOVEMBER = "2026-10", "2026-11"
AFTER_OCTOBER = datetime(2026, 11, 1, 4, tzinfo=SEOUL)
AFTER_NOVEMBER = datetime(2026, 12, 1, 4, tzinfo=SEOUL)
LONG_AGO = datetime(2025, 12, 1, tzinfo=UTC)


@dataclass
class Stage:
    """A store, and short ways to fill it; `at` is noon of the day where nothing else is said."""

    store: Store

    def contract(
        self,
        firm: str = HANBIT,
        first: date = date(2026, 1, 1),
        last: date = date(2026, 12, 31),
        *,
        signed_at: datetime = LONG_AGO,
        ended_on: date | None = None,
    ) -> None:
        with self.store.transaction() as session:
            if session.get(FirmEntry, (LINE.id, firm)) is None:
                session.add(entry(firm))
                session.flush()
            session.add(
                Contract(
                    id=f"o-{firm}-{first:%y%m%d}",
                    line=LINE.id,
                    firm=firm,
                    first_day=first,
                    last_day=last,
                    monthly_calls=200,
                    state=ContractState.ENDED if ended_on else ContractState.SIGNED,
                    ended_on=ended_on,
                    made_at=signed_at,
                    made_by="test",
                    signed_at=signed_at,
                    signed_by="test",
                )
            )

    def called(
        self, id: str, day: date, *, firm: str = HANBIT, seconds: int | None = 61, is_answered: bool = True
    ) -> None:
        """Let a call have ended so; told again it is as told last."""
        outcome = Outcome.ANSWERED if is_answered else Outcome.ABANDONED
        row = rows_by_hand.call(0, call_id=id, line=LINE.id, day=day, hour=12, firm=firm, outcome=outcome)
        talk = None if seconds is None else seconds * 1000
        with self.store.transaction() as session:
            session.execute(delete(CallFigure).where(CallFigure.call_id == id))
            session.execute(delete(OfferFigure).where(OfferFigure.call_id == id))
            session.execute(insert(TABLES["call_id"]), [dict(row)])
            if is_answered:
                session.execute(insert(TABLES["offer_id"]), [dict(rows_by_hand.offer(row, talk_ms=talk))])

    def note(self, *ids: str, at: datetime) -> int:
        with self.store.transaction() as session:
            return note_calls(session, ids, line=LINE, at=at)

    def calls(self, count: int, day: date, *, firm: str = HANBIT, name: str = "c") -> None:
        """So many answered calls of a day, of a minute and a second each, noted at its end."""
        ids = [f"{name}-{firm}-{day:%m%d}-{number}" for number in range(count)]
        for id in ids:
            self.called(id, day, firm=firm)
        self.note(*ids, at=noon(day) + timedelta(hours=6))

    def dial(self, id: str, day: date, state: ChargeState, *, firm: str = HANBIT, is_free: bool = False) -> None:
        """A dial of a firm's campaign with its place on the bill."""
        with self.store.transaction() as session:
            session.merge(
                Dial(
                    id=id,
                    campaign_id=1,
                    person_id=int(id.rpartition("-")[2]),
                    ordinal=1,
                    line=LINE.id,
                    number_index=id,
                    state=DialState.OVER,
                    dialled_at=noon(day),
                    ended_at=noon(day),
                )
            )
            session.merge(
                Charge(
                    dial_id=id,
                    campaign_id=1,
                    line=LINE.id,
                    firm=firm,
                    month=f"{day:%Y-%m}",
                    state=state,
                    price=1500,
                    is_free=is_free,
                )
            )

    def note_dial(self, id: str, *, at: datetime) -> int:
        with self.store.transaction() as session:
            return note_answer(session, id, at=at)

    def close(self, month: str, at: datetime) -> Closed:
        with self.store.transaction() as session:
            return close_month(session, LINE, month, by="test", at=at)

    def bill(self, month: str, *, firm: str = HANBIT, at: datetime = AFTER_NOVEMBER) -> Bill:
        with self.reading() as session:
            return preview(session, LINE, firm, month=month, at=at)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.store.reading() as session:
            yield session


def entry(firm: str) -> FirmEntry:
    """A firm in the register."""
    ordinal = list(LINE.firms).index(firm)
    return FirmEntry(
        line=LINE.id,
        id=firm,
        name=LINE.firms[firm].name,
        registration=f"12345678{ordinal:02}",
        products=list(LINE.firms[firm].products),
        is_manufacturer=True,
        is_made_here=True,
        is_of_group=False,
        is_regulated=False,
        selected_on=date(2026, 1, 1),
        made_at=LONG_AGO,
        made_by="test",
    )


def noon(day: date) -> datetime:
    return moment_of(day, 12 * 60)


def shape(bill: Bill) -> Sequence[tuple[str, int, int, int]]:
    """Kind, quantity, gross and owed of each line."""
    return [(line.kind.value, line.amount.quantity, line.amount.gross, line.amount.owed) for line in bill.lines]


def rows_behind(session: Session, statement_id: str, ordinal: int) -> list[Usage]:
    """The usage rows behind a line of a statement, which is there."""
    statement = session.get_one(Statement, statement_id)
    bill = closed_bills(session, statement.line, {statement.firm}, month=statement.month)[statement.firm]
    counted = counted_by(bill, bill.lines[ordinal - 1])
    return [] if counted is None else [one.usage for one in every_row(session, counted)]
