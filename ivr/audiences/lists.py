"""Lists of people as they stand: found, shown, looked into, abandoned after their maker died, and removed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

from ivr.audiences.making import Listing
from ivr.audiences.moves import AUDIENCE_MOVES, AudienceEvent
from ivr.audiences.rows import Audience, AudienceState, Member
from ivr.base import Refused, moved
from ivr.campaigns.rows import Campaign
from ivr.people.rows import Person
from ivr.store import Store

SILENT_FOR: Final = timedelta(minutes=10)
"""Whoever makes a list touches it every few seconds; after so long its process is not there any more."""
_REMOVED_AT_ONCE: Final = 5_000


class UnknownAudience(LookupError):
    """There is no such list; the message says where they are shown."""


def abandon_silent(session: Session, *, at: datetime) -> int:
    """Give up lists whose making nobody has touched for `SILENT_FOR`; returns how many."""
    state = moved(AUDIENCE_MOVES, AudienceState.MAKING, AudienceEvent.ABANDON)
    silent = (Audience.state == AudienceState.MAKING, Audience.touched_at < at - SILENT_FOR)
    found = session.scalars(update(Audience).where(*silent).values(state=state).returning(Audience.id))
    return len(found.all())


def abandon_left(session: Session, *, line: str, source: str, by: str, since: datetime) -> int:
    """Give up the lists that a killed process left of this source, where its maker begins anew; returns how many."""
    state = moved(AUDIENCE_MOVES, AudienceState.MAKING, AudienceEvent.ABANDON)
    same = (Audience.line == line, Audience.source == source, Audience.made_by == by, Audience.made_at >= since)
    left = update(Audience).where(*same, Audience.state == AudienceState.MAKING).values(state=state)
    return len(session.scalars(left.returning(Audience.id)).all())


def ready_lists(session: Session, listing: Listing, *, since: datetime) -> Sequence[int]:
    """The lists made like this since then, the oldest first."""
    same = (Audience.line == listing.line, Audience.name == listing.name, Audience.origin == listing.origin)
    made = (Audience.source == listing.source, Audience.made_by == listing.by, Audience.made_at >= since)
    ready = select(Audience.id).where(*same, *made, Audience.state == AudienceState.READY)
    return session.scalars(ready.order_by(Audience.id)).all()


def audiences_of(session: Session, line: str | None) -> Sequence[tuple[Audience, int]]:
    """The lists of a line, or all, the newest first, each with how many people are on it."""
    members = select(func.count()).where(Member.audience_id == Audience.id).scalar_subquery()
    query = select(Audience, members).order_by(Audience.id.desc())
    if line is not None:
        query = query.where(Audience.line == line)
    return [(audience, size) for audience, size in session.execute(query)]


def find_audience(session: Session, audience_id: int) -> Audience:
    """The list of this id; raises `UnknownAudience`."""
    audience = session.get(Audience, audience_id)
    if audience is None:
        raise UnknownAudience(f"there is no list {audience_id}: `charterline audiences list` shows them")
    return audience


def size_of(session: Session, audience_id: int) -> int:
    """How many people are on a list."""
    return session.scalars(select(func.count()).where(Member.audience_id == audience_id)).one()


def groups_of(session: Session, audience_id: int) -> dict[str, int]:
    """How many people of a list are in each group."""
    query = select(Member.group, func.count()).where(Member.audience_id == audience_id).group_by(Member.group)
    return {group: size for group, size in session.execute(query.order_by(Member.group))}


def members_of(session: Session, audience_id: int, *, limit: int, after: int = 0) -> Sequence[tuple[Person, str]]:
    """People of a list with their groups, in order of their ids, from the one after `after`."""
    query = (
        select(Person, Member.group)
        .join(Member, Member.person_id == Person.id)
        .where(Member.audience_id == audience_id, Member.person_id > after)
        .order_by(Member.person_id)
        .limit(limit)
    )
    return [(person, group) for person, group in session.execute(query)]


def remove(store: Store, audience_id: int) -> int:
    """Remove a list in short transactions and return its size; people and their consents stay.

    Raises `UnknownAudience`, and `Refused` while it is made or a campaign counts by it.
    """
    with store.transaction() as session:
        audience = find_audience(session, audience_id)
        _insist_on_no_campaign(session, audience_id)
        audience.state = moved(AUDIENCE_MOVES, audience.state, AudienceEvent.REMOVE)
    removed = 0
    while gone := _removed_some(store, audience_id):
        removed += gone
    with store.transaction() as session:
        session.execute(delete(Audience).where(Audience.id == audience_id))
    return removed


def _removed_some(store: Store, audience_id: int) -> int:
    some = select(Member.person_id).where(Member.audience_id == audience_id).limit(_REMOVED_AT_ONCE)
    leaving = delete(Member).where(Member.audience_id == audience_id, Member.person_id.in_(some))
    with store.transaction() as session:
        return len(session.scalars(leaving.returning(Member.person_id)).all())


def _insist_on_no_campaign(session: Session, audience_id: int) -> None:
    if session.scalars(select(exists().where(Campaign.audience_id == audience_id))).one():
        raise Refused(f"a campaign counts by the list {audience_id}: it stays as long as the campaign")
