"""Reconciling: dials of which nothing is told are looked for, and no second order goes out before that is known."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, String, bindparam, cast, exists, literal, or_, select, update
from sqlalchemy.orm import Session

from ivr.base import ROW_LOCK, Moment
from ivr.campaigns.ending import End, close, turn_given_back
from ivr.campaigns.guarding import wish_of
from ivr.campaigns.rows import Campaign, CampaignState, Dial, DialOutcome, DialState, Target, TargetState
from ivr.campaigns.settling import check_promised
from ivr.consents.contact import Exclusion, may_contact
from ivr.promises import PromiseRow, promise_all
from ivr.surveys import interviews
from ivr.surveys.rows import Disposition

# A dialler that lives has settled by then: an order waits for its answer 10 seconds, and leaves within 3 or not at all.
UNSETTLED = timedelta(seconds=20)
# A leg that was placed and ends is told; one of which nothing comes for so long is asked after.
SILENT = timedelta(seconds=75)
# From then on the carrier's list shows every call that an order can have made.
SURELY_LISTED = timedelta(seconds=30)
# For so long an answer is waited for.
GIVEN_UP = timedelta(hours=24)


def sweep(session: Session, *, at: datetime) -> int:
    """Promise to ask after open dials that have been silent for too long; returns how many."""
    moments = {"unsettled": at - UNSETTLED, "silent": at - SILENT, "ahead": at + SILENT}
    dials = session.scalars(_SILENT, moments).all()
    promise_all(session, [check_promised(dial, at) for dial in dials])
    return len(dials)


def absent(session: Session, dial_id: str, *, at: datetime) -> bool:
    """The carrier's list has no call of this dial: it never rang, if that is sure by now. Says whether it is closed."""
    dial = session.get(Dial, dial_id, with_for_update=ROW_LOCK, populate_existing=True)
    if dial is None or dial.ended_at is not None:
        return True
    if dial.call_sid is not None or at < dial.dialled_at + SURELY_LISTED:
        return False
    turn_given_back(session, dial, at=at)
    return True


def give_up(session: Session, dial_id: str, *, at: datetime) -> bool:
    """After a day without any answer a dial is over, and nobody is rung again for it. Says whether it is closed."""
    dial = session.get(Dial, dial_id, with_for_update=ROW_LOCK, populate_existing=True)
    if dial is None or dial.ended_at is not None:
        return True
    if at < dial.dialled_at + GIVEN_UP:
        return False
    session.execute(interviews.ended(dial_id, at))
    close(session, dial, End(DialOutcome.UNKNOWN, Disposition.UNKNOWN), at=at)
    return True


def known_sids(session: Session, number_index: str, since: datetime) -> frozenset[str]:
    """The carrier's names of calls to a number that are known to be other dials."""
    query = select(Dial.call_sid).where(
        Dial.number_index == number_index, Dial.call_sid.is_not(None), Dial.dialled_at >= since - GIVEN_UP
    )
    return frozenset(sid for sid in session.scalars(query) if sid is not None)


def open_dials_of(session: Session, person_id: int) -> Sequence[Dial]:
    """The dials to a person that are open."""
    query = select(Dial).where(Dial.ended_at.is_(None), Dial.person_id == person_id).order_by(Dial.campaign_id)
    return session.scalars(query).all()


def stopped(session: Session, person_id: int, *, at: datetime) -> frozenset[int]:
    """End the turns of somebody in every campaign that may not ring this person any more; gives these campaigns' ids.

    What was withdrawn for one purpose does not stop a campaign of another.
    """
    same_person = exists().where(Target.campaign_id == Campaign.id, Target.person_id == person_id)
    living = select(Campaign).where(Campaign.state != CampaignState.CLOSED, same_person).order_by(Campaign.id)
    refused: set[int] = set()
    for campaign in session.scalars(living):
        why = may_contact(session, wish_of(campaign), person_id, at=at).why
        if why is None or why.passes or why is Exclusion.LIFE_LIMIT:
            continue
        refused.add(campaign.id)
        session.execute(
            update(Target)
            .where(Target.campaign_id == campaign.id, Target.person_id == person_id)
            .where(Target.state.in_((TargetState.PENDING, TargetState.CLAIMED)))
            .values(
                state=TargetState.DONE,
                disposition=Disposition.EXCLUDED,
                why=why.value,
                next_at=None,
                lease_until=None,
            )
            .execution_options(synchronize_session=False)
        )
    return frozenset(refused)


def _silent() -> Select[str]:
    """Open dials of which nothing was heard for too long, and that nobody asks after."""
    in_hand = (Dial.state == DialState.DIALLING) & (Dial.dialled_at <= bindparam("unsettled", type_=Moment))
    is_promised = exists().where(PromiseRow.key == literal("check-dial:") + cast(Dial.id, String))
    since, ahead = bindparam("silent", type_=Moment), bindparam("ahead", type_=Moment)
    silent = or_(in_hand, Dial.dialled_at <= since, Dial.dialled_at > ahead)
    return select(Dial.id).where(Dial.ended_at.is_(None), ~is_promised).where(silent).order_by(Dial.dialled_at)


# Built once: diallers ask it all day long.
_SILENT = _silent()
