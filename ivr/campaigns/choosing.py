"""Choosing the targets of a campaign from its audience: chunks of people by id, each its own transaction.

A chunk is taken by compare-and-set on how far the choice came: whatever is killed, everybody is chosen once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import (
    CursorResult,
    FromClause,
    Insert,
    SQLColumnExpression,
    Table,
    and_,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session, join

from ivr.audiences.rows import Member
from ivr.base import Refused
from ivr.campaigns.guarding import wish_of
from ivr.campaigns.lifecycle import campaign_of
from ivr.campaigns.many import tune_for_many
from ivr.campaigns.rows import Campaign, CampaignState, Target, TargetState
from ivr.consents.contact import Eligible, Occasion, Wish, eligible
from ivr.people.rows import Person
from ivr.store import Store
from ivr.surveys.rows import Disposition

CHUNK = 100_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a choice came: people gone through, people on the list, and targets chosen by this run."""

    seen: int
    members: int
    chosen: int


@dataclass(frozen=True, slots=True)
class Course:
    """How a choice is gone about: who is told of its progress, who may break it off, and how many people at once."""

    progress: Callable[[Progress], None] = lambda _progress: None
    should_stop: Callable[[], bool] = lambda: False
    chunk: int = CHUNK


ALL_AT_ONCE = Course()


def choose(store: Store, campaign_id: int, *, at: datetime, course: Course = ALL_AT_ONCE) -> bool:
    """Choose all targets of a campaign whose launch has begun, from where an earlier run came to.

    Returns whether the choice is whole: False where the course said so between two chunks. Raises `Refused` where
    the campaign is no longer being launched.
    """
    with store.reading() as session:
        campaign = campaign_of(session, campaign_id)
        members = _members(session, campaign)
        seen = _members(session, campaign, up_to=campaign.chosen_up_to)
    chosen = 0
    course.progress(Progress(seen, members, chosen))
    while not course.should_stop():
        with store.transaction() as session:
            done = _next_chunk(session, campaign_id, at, course.chunk)
        if done is None:
            return True
        seen, chosen = seen + done[0], chosen + done[1]
        course.progress(Progress(seen, members, chosen))
    return False


def _next_chunk(session: Session, campaign_id: int, at: datetime, size: int) -> tuple[int, int] | None:
    """Choose from the next people of the list: how many were looked at and chosen, None when there is nobody left."""
    campaign = campaign_of(session, campaign_id)
    if campaign.state is not CampaignState.APPROVED or campaign.launched_at is None:
        if campaign.chosen_at is not None:
            return None
        raise Refused(f"campaign {campaign_id} is {campaign.state}: the choice of its targets was ended")
    people, last = _next_people(session, campaign, size)
    if last is None:
        _put_down(session, campaign, {"chosen_at": at})
        return None
    if not _put_down(session, campaign, {"chosen_up_to": last}):
        # Somebody else took this chunk: look again at how far the choice came.
        return (0, 0)
    return people, _choose_chunk(session, campaign, last, at)


def _next_people(session: Session, campaign: Campaign, size: int) -> tuple[int, int | None]:
    """How many people the next chunk has, and the id of the last of them."""
    following = (
        select(Member.person_id)
        .where(Member.audience_id == campaign.audience_id, Member.person_id > campaign.chosen_up_to)
        .order_by(Member.person_id)
        .limit(size)
        .subquery()
    )
    row = session.execute(select(func.count(), func.max(following.c.person_id))).one()
    return row[0], row[1]


def _put_down(session: Session, campaign: Campaign, values: dict[str, object]) -> bool:
    """Put down how far the choice came, where nobody else did in between."""
    moving = (
        update(Campaign)
        .where(
            Campaign.id == campaign.id,
            Campaign.state == CampaignState.APPROVED,
            Campaign.chosen_up_to == campaign.chosen_up_to,
            Campaign.chosen_at.is_(None),
        )
        .values(values)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[object]", session.execute(moving)).rowcount == 1


def _choose_chunk(session: Session, campaign: Campaign, last: int, at: datetime) -> int:
    _tune(session)
    choosing = insert_targets(campaign, wish_of(campaign), above=campaign.chosen_up_to, up_to=last, at=at)
    return cast("CursorResult[object]", session.execute(choosing)).rowcount


def _tune(session: Session) -> None:
    """Bounds said of every table make PostgreSQL expect few rows: told so, it would look up each one by itself."""
    tune_for_many(session)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL enable_nestloop = off"))


def insert_targets(campaign: Campaign, wish: Wish, *, above: int, up_to: int, at: datetime) -> Insert:
    """The statement that makes targets of those of the audience with these ids who may be contacted."""
    asked = eligible(wish, at, occasion=Occasion.CHOOSING)
    # The bounds are said of every table: none of them is read as a whole for a chunk.
    bounds = [
        and_(column > above, column <= up_to)
        for column in (Member.person_id, Person.id, *(row.person_id for row in asked.stands.values()))
    ]
    chosen = (
        select(
            literal(campaign.id),
            Member.person_id,
            asked.consent_id,
            Member.group,
            literal(TargetState.PENDING.value),
            literal(Disposition.REGISTERED.value),
            literal(0),
        )
        .select_from(_who_agreed(asked))
        .where(Member.audience_id == campaign.audience_id, *bounds, *asked.conditions)
        .order_by(Member.person_id)
    )
    names = ["campaign_id", "person_id", "consent_id", "group", "state", "disposition", "attempts"]
    return insert(Target).from_select(names, chosen)


def _who_agreed(asked: Eligible) -> FromClause:
    """The list with what stands for its people, and then the people: whoever never agreed is looked at no further.

    Narrower than the joins that tell every reason, as all conditions hold for nobody for whom nothing stands.
    """
    source: FromClause = cast(Table, Member.__table__)
    person_id: SQLColumnExpression[int] = cast("SQLColumnExpression[int]", Member.person_id)
    for (purpose, hours), row in asked.stands.items():
        same = (row.purpose == purpose, row.channel == asked.wish.channel, row.hours == hours)
        source = join(source, row, and_(row.person_id == person_id, *same))
        person_id = row.person_id
    # An expression in place of the column: SQLite would look up people, and all about them, before what stands.
    return join(source, Person, Person.id == person_id + 0)


def _members(session: Session, campaign: Campaign, up_to: int | None = None) -> int:
    counting = select(func.count()).where(Member.audience_id == campaign.audience_id)
    if up_to is not None:
        counting = counting.where(Member.person_id <= up_to)
    return session.scalar(counting) or 0
