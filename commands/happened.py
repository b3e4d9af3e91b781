"""What happened in the calls of a simulated day, counted: what agents did, and what was found about it."""

from collections.abc import Mapping
from typing import Any, TypeAlias, TypedDict

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ivr.callbacks.rows import Callback
from ivr.calls.holding import HELD
from ivr.calls.rows import Fact
from ivr.charters.rows import Verdict
from ivr.conduct.reading import ENDED_FOR, WARNING_HEARD
from ivr.conduct.ticks import TICKED
from ivr.dialling.rows import Attempt
from ivr.figures.rows import CallFigure
from ivr.listening.rows import Opening
from ivr.store import Store
from ivr.transfers.rows import Manner, Transfer

Counts: TypeAlias = Mapping[str, int]
# What has not ended on this day.
OPEN = "open"

Counted: TypeAlias = ColumnElement[Any] | InstrumentedAttribute[Any]  # Any: words of every kind, and none


class Happened(TypedDict):
    """Counts: talks by what agents did in them, transfers by manner and end, openings and verdicts by finding."""

    talks: Counts
    transfers: Mapping[str, Counts]
    callbacks: Counts
    attempts: Counts
    openings: Counts
    verdicts: Counts
    firms: Counts


def what_happened(store: Store) -> Happened:
    """Count it in the database of a day."""
    with store.reading() as session:
        return {
            "talks": _talks(session),
            "transfers": {manner.value: _transfers(session, manner) for manner in Manner},
            "callbacks": _counts(session, Callback.outcome),
            "attempts": _counts(session, Attempt.outcome),
            "openings": _counts(session, Opening.finding),
            "verdicts": _counts(session, Verdict.verdict),
            "firms": _counts(session, CallFigure.firm, CallFigure.firm != ""),
        }


def _talks(session: Session) -> Counts:
    names = {"held": HELD, "ticked": TICKED, "warned": WARNING_HEARD, "ended_for_cause": ENDED_FOR}
    facts = _counts(session, Fact.kind, Fact.kind.in_(names.values()))
    return {name: facts.get(kind, 0) for name, kind in names.items()}


def _transfers(session: Session, manner: Manner) -> Counts:
    return _counts(session, func.coalesce(Transfer.outcome, OPEN), Transfer.manner == manner)


def _counts(session: Session, column: Counted, *conditions: ColumnElement[bool]) -> Counts:
    rows = session.execute(select(column, func.count()).where(*conditions).group_by(column).order_by(column))
    return {str(value or OPEN): number for value, number in rows}
