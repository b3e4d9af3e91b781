"""How a campaign went minute by minute: dialled, answered, completed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, SQLColumnExpression, case, func, select
from sqlalchemy.orm import Session

from ivr.campaigns.rows import Dial, DialOutcome
from ivr.surveys.rows import Disposition, Interview

SHOWN = timedelta(minutes=60)
ONE = timedelta(minutes=1)
_WRITTEN = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True)
class Minute:
    """One minute, by the moment at which people were dialled."""

    at: datetime
    dialled: int
    answered: int
    completed: int


def minutes_of(session: Session, campaign_id: int, *, at: datetime) -> Sequence[Minute]:
    """The hour up to the last minute in which anybody was dialled, minutes in which nobody was among them."""
    last = session.scalar(select(func.max(Dial.dialled_at)).where(Dial.campaign_id == campaign_id))
    if last is None:
        return []
    end = min(last, at).replace(second=0, microsecond=0)
    counted = _counted(session, campaign_id, end - SHOWN + ONE)
    first = min(counted, default=end)
    length = int((end - first) / ONE) + 1
    moments = [first + ONE * step for step in range(length)]
    return [Minute(moment, *counted.get(moment, (0, 0, 0))) for moment in moments]


def _counted(session: Session, campaign_id: int, since: datetime) -> Mapping[datetime, tuple[int, int, int]]:
    minute = _minute(session, Dial.dialled_at).label("minute")
    answered = func.sum(case((Dial.outcome == DialOutcome.ANSWERED, 1), else_=0))
    completed = func.sum(case((Interview.disposition == Disposition.COMPLETED, 1), else_=0))
    query = (
        select(minute, func.count(), answered, completed)
        .outerjoin(Interview, Interview.id == Dial.id)
        .where(Dial.campaign_id == campaign_id, Dial.dialled_at >= since)
        .group_by(minute)
    )
    return {
        datetime.strptime(written, _WRITTEN).replace(tzinfo=UTC): (dialled, answers, whole)
        for written, dialled, answers, whole in session.execute(query)
    }


def _minute(session: Session, column: SQLColumnExpression[datetime]) -> ColumnElement[str]:
    """The minute in UTC, written; each database has its own way."""
    if session.get_bind().dialect.name == "sqlite":
        return func.strftime(_WRITTEN, column)
    return func.to_char(func.timezone("UTC", column), "YYYY-MM-DD HH24:MI")
