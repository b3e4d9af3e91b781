"""The steps of a dialler, each one transaction: book, begin, settle, sweep, let go, and when to look again."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy import exists, func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ivr.addresses import Address
from ivr.campaigns.beginning import Begun, begin
from ivr.campaigns.claiming import Booked, Speed, book, let_go, pace_of, take_back
from ivr.campaigns.closing import close_finished
from ivr.campaigns.hours import dial_from
from ivr.campaigns.pacing import opens_at
from ivr.campaigns.plan import stored_plan
from ivr.campaigns.reconciling import sweep
from ivr.campaigns.rows import Campaign, CampaignState, Dial, Target, TargetState
from ivr.campaigns.settling import settle
from ivr.health.crowd import IN_TIME, behind
from ivr.lines.daytime import daytime
from ivr.orders import PlaceCall, Receipt
from ivr.store import Store
from workers.job import House
from workers.waking import waking

RING_SECONDS = 28
# An order leaves within this of the moment for which it was allowed, or not at all.
LATEST = timedelta(seconds=1)
# While somebody waits for a turn a dialler looks this often; while dials are merely open, for the end of the campaign.
A_LOOK, A_LOOK_AT_ENDS = timedelta(seconds=1), timedelta(seconds=5)

log = structlog.get_logger(__name__)


class Ready(NamedTuple):
    """A dial that is written down, of whose turn (campaign, person), and the order to be given for it once."""

    turn: tuple[int, int]
    dial: str
    order: PlaceCall


@dataclass(frozen=True, slots=True)
class Steps:
    """What a dialler does in the database, and the orders that follow from it; no state of its own."""

    store: Store
    house: House
    ring_bell: Callable[[], None]

    def book(self, speed: Speed, at: datetime) -> list[Booked]:
        """Claim what is due, with places in the pace; nothing while callers wait for workers."""
        with waking(self.store, self.ring_bell) as session:
            if behind(session, at) > IN_TIME:
                return []
            return book(session, speed, calendar=self.house.fresh().calendar, at=at)

    def begin(self, booked: Sequence[Booked], at: datetime) -> list[Ready]:
        """Write down the dials of those who may be rung at `at`, one transaction a campaign; in the order booked."""
        calendar = self.house.fresh().calendar
        ready: dict[tuple[int, int], Ready] = {}
        people: dict[int, list[int]] = defaultdict(list)
        for one in booked:
            people[one.campaign_id].append(one.person_id)
        failed: SQLAlchemyError | None = None
        for campaign, persons in sorted(people.items()):
            try:
                with waking(self.store, self.ring_bell) as session:
                    begun = begin(session, campaign, persons, calendar=calendar, at=at)
            except SQLAlchemyError as error:
                # What is written down of the others must leave; these come back with their lease.
                log.warning("dials not begun", campaign=campaign, reason=type(error).__name__)
                failed = error
                continue
            for dial in begun:
                if isinstance(dial, Begun):
                    turn = campaign, dial.person_id
                    ready[turn] = Ready(turn, dial.dial_id, self._order(dial))
        if failed is not None and not ready:
            raise failed
        turns = ((one.campaign_id, one.person_id) for one in booked)
        return [ready[turn] for turn in turns if turn in ready]

    def settle(self, receipts: Mapping[str, Receipt], at: datetime) -> None:
        """Write down what became of orders."""
        with waking(self.store, self.ring_bell) as session:
            settle(session, receipts, at=at)

    def let_go(self, booked: Sequence[Booked], at: datetime) -> None:
        """Give back what was claimed and is not begun."""
        if booked:
            with waking(self.store, self.ring_bell) as session:
                let_go(session, [(one.campaign_id, one.person_id) for one in booked], at=at)

    def sweep(self, at: datetime) -> int:
        """Take back what a dead dialler claimed, have silent dials looked for, and close what is finished."""
        with waking(self.store, self.ring_bell) as session:
            take_back(session, at=at)
            close_finished(session, at)
            return sweep(session, at=at)

    def next_look(self, at: datetime) -> datetime | None:
        """When there is next something to do for a dialler; None where nothing runs and nothing is open."""
        with self.store.reading() as session:
            ends = at + A_LOOK_AT_ENDS if session.scalar(_A_DIAL_IS_OPEN) else None
            running = session.scalars(select(Campaign).where(Campaign.state == CampaignState.RUNNING)).all()
            moments = [ends, *(self._next_of(session, campaign, at) for campaign in running)]
        return min((moment for moment in moments if moment is not None), default=None)

    def _next_of(self, session: Session, campaign: Campaign, at: datetime) -> datetime | None:
        plan = stored_plan(campaign.plan)
        own = Target.campaign_id == campaign.id
        never = (Target.person_id > campaign.claimed_up_to) & (Target.state == TargetState.PENDING)
        leased = Target.lease_until.is_not(None)
        fresh = exists().where(own, never, Target.next_at.is_(None))
        if session.scalar(select(or_(fresh, exists().where(own, leased)))):
            room_at = opens_at(session, pace_of(campaign.id), cps=plan.cps, at=at)
            soonest = max(room_at, at + A_LOOK)
        else:
            due = session.scalar(select(func.min(Target.next_at)).where(own, Target.next_at.is_not(None)))
            if due is None:
                return None
            soonest = max(due, at + A_LOOK)
        return dial_from(plan, self.house.fresh().calendar, soonest, line=campaign.line)

    def _order(self, one: Begun) -> PlaceCall:
        ids = {"call": one.dial_id, "line": one.line, "leg": "person"}
        return PlaceCall(
            to=one.number.e164,
            shown=self.house.lines.by_id(one.line).numbers[0],
            answer_url=self.house.url(Address.SURVEY, **ids, step=1),
            status_url=self.house.url(Address.SURVEY_STATUS, **ids),
            seconds=RING_SECONDS,
        )


# Built once: diallers ask it all day long.
_A_DIAL_IS_OPEN = select(exists().where(Dial.ended_at.is_(None)))


def is_near_an_edge(at: datetime) -> bool:
    """Whether an order that leaves a little late would leave in other hours of the law: 08:00 or 21:00 is that near."""
    return (daytime(at) == at) != (daytime(at + LATEST) == at + LATEST)
