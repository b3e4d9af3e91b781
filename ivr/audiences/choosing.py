"""Everybody whom a line has served within some days, as a list: from calls, callbacks, cases or papers.

Nobody's consent follows from having been served: people come onto the list, and their consents stay what they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

from sqlalchemy import ColumnElement, Select, null, select
from sqlalchemy.orm import InstrumentedAttribute

from ivr.audiences.judging import Entry, Reason
from ivr.audiences.making import Listing, Watch, make
from ivr.audiences.rows import Origin
from ivr.audiences.tally import Tally
from ivr.callbacks.rows import Callback, CallbackOutcome
from ivr.calls.record import Outcome
from ivr.calls.rows import Call
from ivr.cases.rows import Case, CaseState
from ivr.documents.rows import Document, DocumentState
from ivr.lines.hours import moment_of
from ivr.numbers import PhoneNumber
from ivr.sealing import ErasedNumber, Keyring
from ivr.store import Store

PAST: Final = (Origin.CALLS, Origin.CALLBACKS, Origin.CASES, Origin.DOCUMENTS)
_READ_AT_ONCE: Final = 2_000
_NO_NAME: Final = null()
Moments: TypeAlias = "InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]"


@dataclass(frozen=True, slots=True)
class Days:
    """Local days from `first` to `last`, both included; raises ValueError where they are the wrong way round."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"the days end on {self.last}, before they begin on {self.first}: give the earlier first")

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom a list is made of: those whom `line` served in the way of `origin` on these days."""

    line: str
    origin: Origin
    days: Days


def choose_served(store: Store, choice: Choice, *, name: str, by: str, watch: Watch) -> tuple[int, Tally]:
    """Make a list of everybody served, and return its id and count; raises `NothingToTake` where there is nobody."""
    tally, listing = Tally(), listing_of(choice, name, by)
    return make(store, listing, _served(store, choice, tally), tally=tally, watch=watch), tally


def listing_of(choice: Choice, name: str, by: str) -> Listing:
    """The list that is made of a choice."""
    return Listing(choice.line, name, choice.origin, f"{choice.origin.value} of {choice.days}", by)


def _served(store: Store, choice: Choice, tally: Tally) -> Iterator[Entry]:
    query = _query(choice).execution_options(yield_per=_READ_AT_ONCE)
    with store.reading() as session:
        for row, (index, number, name) in enumerate(session.execute(query), start=1):
            if index is None or number is None or isinstance(number, ErasedNumber):
                tally.refuse(Reason.NO_NUMBER)
                continue
            tally.take(())
            yield _entry(row, index, number=number, name=name, keyring=store.keyring)


def _entry(row: int, index: str, *, number: PhoneNumber, name: str | None, keyring: Keyring) -> Entry:
    return Entry(
        *(row, 0, index, keyring.seal(number, place="person.number")),
        keyring.seal(name, place="person.name") if name else None,
        number.may_be_called,
        number.takes_texts,
        "",
        *(None,) * 11,
    )


def _query(choice: Choice) -> Select[str | None, PhoneNumber | None, str | None]:
    first, end = moment_of(choice.days.first, 0), moment_of(choice.days.last + timedelta(days=1), 0)

    def within(column: Moments) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return column >= first, column < end

    match choice.origin:
        case Origin.CALLS:
            answered = (Call.line == choice.line, Call.outcome == Outcome.ANSWERED.value)
            return select(Call.caller_index, Call.caller, _NO_NAME).where(*answered, *within(Call.arrived_at))
        case Origin.CALLBACKS:
            kept = Callback.outcome.in_((CallbackOutcome.REACHED, CallbackOutcome.CALLED_IN))
            query = select(Callback.number_index, Callback.number, Callback.customer)
            return query.where(Callback.line == choice.line, kept, *within(Callback.closed_at))
        case Origin.CASES:
            real = (Case.line == choice.line, Case.is_test.is_(False), Case.state != CaseState.WITHDRAWN)
            return select(Case.number_index, Case.number, Case.customer).where(*real, *within(Case.answered_at))
        case Origin.DOCUMENTS:
            query = select(Document.number_index, Document.number, Document.sender)
            papers = (Document.line == choice.line, Document.is_test.is_(False))
            return query.where(*papers, Document.state != DocumentState.WITHDRAWN, *within(Document.received_at))
        case Origin.IMPORT:
            raise ValueError("a file is imported, not chosen from the past")
