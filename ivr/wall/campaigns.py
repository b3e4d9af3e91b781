"""The campaigns that run now, as far as they can be counted while people look on."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.campaigns.quotas import WHOLE
from ivr.campaigns.rows import Campaign, CampaignState, Dial, Quota, Target, TargetState
from ivr.wall.picture import Running

# Counting more people than that would take longer than a glance.
MOST_COUNTED = 10_000
MOST_SHOWN = 6


def running_campaigns(session: Session, line: str) -> tuple[Running, ...]:
    """The campaigns of a line that dial, the youngest first."""
    query = select(Campaign.id, Campaign.name).where(Campaign.line == line, Campaign.state == CampaignState.RUNNING)
    found = session.execute(query.order_by(Campaign.id.desc()).limit(MOST_SHOWN)).all()
    return tuple(_running(session, id, name) for id, name in found)


def _running(session: Session, id: int, name: str) -> Running:
    done, targets = _through(session, id)
    quota = session.get(Quota, (id, WHOLE))
    ringing = session.scalar(
        select(func.count()).select_from(Dial).where(Dial.campaign_id == id, Dial.ended_at.is_(None))
    )
    return Running(
        id=id,
        name=name,
        done=done,
        targets=targets,
        answers=quota.taken if quota else None,
        wanted=quota.wanted if quota else None,
        ringing=ringing or 0,
    )


def _through(session: Session, id: int) -> tuple[int | None, int | None]:
    some = select(Target.state).where(Target.campaign_id == id).limit(MOST_COUNTED + 1).subquery()
    done = func.count().filter(some.c.state == TargetState.DONE)
    through, targets = session.execute(select(done, func.count()).select_from(some)).one()
    return (None, None) if targets > MOST_COUNTED else (through, targets)
