"""Claiming: a dialler takes targets that are due, under a lease, and a place in the pace for each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import CTE, Select, Table, Update, bindparam, exists, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from ivr.base import Moment
from ivr.campaigns import pacing
from ivr.campaigns.hours import may_dial_now
from ivr.campaigns.plan import Plan, stored_plan
from ivr.campaigns.rows import Campaign, CampaignState, Dial, Target, TargetState
from ivr.lines.calendar import Calendar

# What a dialler took and did not begin by then returns: it was killed.
LEASE = timedelta(seconds=30)
CARRIER = "carrier"


@dataclass(frozen=True, slots=True)
class Running:
    """A campaign that may ring now, its row being locked."""

    id: int
    plan: Plan
    claimed_up_to: int


@dataclass(frozen=True, slots=True, order=True)
class Booked:
    """A target that this dialler has claimed, and the moment at which its order is to leave."""

    moment: datetime
    campaign_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class Speed:
    """What all diallers together may do: orders a second at the carrier, and how many this one takes at once."""

    cps: float
    most: int


def book(session: Session, speed: Speed, *, calendar: Calendar, at: datetime) -> list[Booked]:
    """Claim what is due, fairly between the campaigns that may ring, each target with a place in the pace.

    Nothing is claimed that finds no place within the lead. The locks are always taken in the same order: the
    carrier's pace, the campaigns by id, their own paces; none of them where nobody waits for a turn.
    """
    if session.scalar(_WAITING, {"at": at}) is None:
        return []
    carrier = pacing.lock(session, CARRIER, cps=speed.cps, at=at)
    left = min(speed.most, carrier.room(at))
    running = running_now(session, calendar=calendar, at=at) if left else []
    wanted: list[Booked] = []
    rows = [carrier]
    # Who comes first takes what cannot be divided: by turns.
    first = int(at.timestamp() / pacing.LEAD.total_seconds()) % max(1, len(running))
    for number, campaign in enumerate(running[first:] + running[:first]):
        share = -(-left // (len(running) - number))
        own = pacing.lock(session, pace_of(campaign.id), cps=min(campaign.plan.cps, speed.cps), at=at)
        most = min(share, own.room(at))
        most = min(most, room(session, campaign)) if most else 0
        people = claim(session, campaign, most=most, at=at)
        wanted += [Booked(own.place(at), campaign.id, person) for person in people]
        left -= len(people)
        rows.append(own)
    booked = [Booked(carrier.place(one.moment), one.campaign_id, one.person_id) for one in sorted(wanted)]
    pacing.keep(session, rows)
    return booked


def pace_of(campaign_id: int) -> str:
    """The name of the campaign's own row of places."""
    return f"campaign:{campaign_id}"


def running_now(session: Session, *, calendar: Calendar, at: datetime) -> list[Running]:
    """The campaigns that run and whose hour it is, locked by id."""
    columns = (Campaign.id, Campaign.line, Campaign.plan, Campaign.claimed_up_to)
    query = select(*columns).where(Campaign.state == CampaignState.RUNNING).order_by(Campaign.id)
    plans = [(row, stored_plan(row.plan)) for row in session.execute(query.with_for_update(key_share=True))]
    return [
        Running(row.id, plan, row.claimed_up_to)
        for row, plan in plans
        if may_dial_now(plan, calendar, at, line=row.line)
    ]


def room(session: Session, campaign: Running) -> int:
    """How many more dials of a campaign may be open at once, those claimed counting as open."""
    open_dials = select(func.count()).where(Dial.campaign_id == campaign.id, Dial.ended_at.is_(None))
    leased = select(func.count()).where(Target.campaign_id == campaign.id, Target.lease_until.is_not(None))
    taken = session.execute(select(open_dials.scalar_subquery() + leased.scalar_subquery())).scalar_one()
    return max(0, campaign.plan.concurrency - int(taken))


def claim(session: Session, campaign: Running, *, most: int, at: datetime) -> list[int]:
    """Take up to `most` people of a campaign whose row is locked: those due again first, then those never rung."""
    if most <= 0:
        return []
    due = select(Target.person_id).where(Target.next_at <= at).order_by(Target.next_at, Target.person_id)
    again = _lease(session, campaign.id, due.limit(most).with_for_update(skip_locked=True), at)
    if len(again) == most:
        return again
    never = select(Target.person_id).where(Target.next_at.is_(None), Target.person_id > campaign.claimed_up_to)
    fresh = _lease(session, campaign.id, never.order_by(Target.person_id).limit(most - len(again)), at)
    if fresh:
        session.execute(update(_CAMPAIGNS).where(_CAMPAIGNS.c.id == campaign.id).values(claimed_up_to=max(fresh)))
    return again + fresh


def take_back(session: Session, *, at: datetime) -> None:
    """Let those wait again whose dialler did not begin in its time; a lease too long is from before a clock was set.

    In whatever state their campaign is: one whose hours are over must not wait for them for ever.
    """
    session.execute(_TAKING_BACK, {"at": at, "too_long": at + 2 * LEASE})


def let_go(session: Session, targets: Sequence[tuple[int, int]], *, at: datetime) -> None:
    """Give back targets (campaign, person) that were claimed and are not begun: their turn is still now."""
    if targets:
        session.execute(
            update(Target)
            .where(tuple_(Target.campaign_id, Target.person_id).in_(targets), Target.state == TargetState.CLAIMED)
            .values(state=TargetState.PENDING, lease_until=None, next_at=at)
            .execution_options(synchronize_session=False)
        )


def _somebody_waiting() -> Select[int]:
    """A campaign that runs and has somebody who is due again, or was never rung."""
    own = (Target.campaign_id == Campaign.id, Target.state == TargetState.PENDING)
    again = exists().where(*own, Target.next_at <= bindparam("at", type_=Moment))
    never = exists().where(*own, Target.next_at.is_(None), Target.person_id > Campaign.claimed_up_to)
    return select(Campaign.id).where(Campaign.state == CampaignState.RUNNING, or_(again, never)).limit(1)


def _taking_back() -> Update:
    at, too_long = bindparam("at", type_=Moment), bindparam("too_long", type_=Moment)
    late = or_(Target.lease_until <= at, Target.lease_until > too_long)
    return (
        update(Target)
        .where(Target.lease_until.is_not(None), late, Target.state == TargetState.CLAIMED)
        .values(state=TargetState.PENDING, lease_until=None, next_at=at)
        .execution_options(synchronize_session=False)
    )


# Built once: diallers ask these all day long.
_WAITING, _TAKING_BACK = _somebody_waiting(), _taking_back()
# As a plain table: progress is written past the version counter.
_CAMPAIGNS = cast(Table, Campaign.__table__)


def _lease(session: Session, campaign_id: int, people: Select[int], at: datetime) -> list[int]:
    chosen: CTE = people.where(Target.campaign_id == campaign_id, Target.state == TargetState.PENDING).cte("chosen")
    leasing = (
        update(Target)
        .where(Target.campaign_id == campaign_id, Target.person_id.in_(select(chosen.c.person_id)))
        .values(state=TargetState.CLAIMED, lease_until=at + LEASE, next_at=None)
        .returning(Target.person_id)
        .execution_options(synchronize_session=False)
    )
    return sorted(session.scalars(leasing))
