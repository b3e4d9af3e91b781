"""Figures of callbacks: how many were kept, and how many within the time told, by the first ring and by the talk.

Korean call centres call them the share of callbacks handled and of those within the hour (facts, korea.md 7).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.callbacks.rows import Callback
from ivr.charters.reading_callbacks import callback_views
from ivr.charters.view_callback import CallbackView
from ivr.charters.view_owed import moment
from ivr.deadlines import WorkingTime
from ivr.figures.asking import Period
from ivr.lines.hours import SEOUL

READ_AT_A_TIME = 200


class CallbackPart(StrEnum):
    """What may be counted of callbacks; all but `requested` are some of those."""

    REQUESTED = "requested"
    COMPLETED = "completed"
    FIRST_IN_TIME = "first_in_time"
    REACHED_IN_TIME = "reached_in_time"
    WITHDRAWN = "withdrawn"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class CallbackDay:
    """The callbacks that were asked for on one local day: by part, their ids."""

    day: date
    ids: dict[CallbackPart, tuple[str, ...]]

    def count(self, part: CallbackPart) -> int:
        """How many there are of a part."""
        return len(self.ids[part])


def callbacks_by_day(session: Session, working: WorkingTime, period: Period) -> list[CallbackDay]:
    """Count the callbacks of a line on every day of a period that has any."""
    found: dict[date, list[CallbackView]] = {}
    for view in _views(session, working, period):
        found.setdefault(view.day, []).append(view)
    return [_of_day(day, found[day]) for day in sorted(found)]


def parts_of(view: CallbackView) -> frozenset[CallbackPart]:
    """What a callback counts as; in time is before the time that the customer was told first."""
    answered = next(iter(view.answered), None)
    holds = {
        CallbackPart.REQUESTED: True,
        CallbackPart.COMPLETED: answered is not None,
        CallbackPart.FIRST_IN_TIME: view.first_rang is not None and moment(view.first_rang) < view.promised_at,
        CallbackPart.REACHED_IN_TIME: answered is not None and answered.at < view.promised_at,
        CallbackPart.WITHDRAWN: view.withdrawn is not None,
        CallbackPart.OPEN: not view.is_over,
    }
    return frozenset(part for part, is_so in holds.items() if is_so)


def _of_day(day: date, views: Sequence[CallbackView]) -> CallbackDay:
    parts = {view.id: parts_of(view) for view in views}
    return CallbackDay(day, {part: tuple(id for id, own in parts.items() if part in own) for part in CallbackPart})


def _views(session: Session, working: WorkingTime, period: Period) -> Iterator[CallbackView]:
    """The callbacks of a period in the order in which they were asked for, a few at a time."""
    ids = session.scalars(
        select(Callback.id)
        .where(Callback.line == working.line.id, Callback.asked_at >= _midnight(period.first))
        .where(Callback.asked_at < _midnight(period.last + timedelta(days=1)))
        .order_by(Callback.asked_at, Callback.id)
    ).all()
    for start in range(0, len(ids), READ_AT_A_TIME):
        batch = ids[start : start + READ_AT_A_TIME]
        views = {view.id: view for view in callback_views(session, batch, working)}
        yield from (views[id] for id in batch)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SEOUL)
