"""The second of dialling: everything is asked again, and what may be rung is written down before any order leaves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias, cast

from sqlalchemy import Row, Table, bindparam, delete, exists, select, update
from sqlalchemy.orm import Session

from ivr.campaigns import money, quotas
from ivr.campaigns.guarding import wish_of
from ivr.campaigns.hours import dial_from
from ivr.campaigns.plan import Plan, stored_plan
from ivr.campaigns.retrying import at_last
from ivr.campaigns.rows import Campaign, CampaignState, Dial, DialState, Target, TargetState
from ivr.consents.contact import Exclusion, Permission, may_contact_all
from ivr.dialling.engaged import is_attempted, is_with_us
from ivr.identifiers import dial_id
from ivr.lines.calendar import Calendar
from ivr.lines.daytime import daytime
from ivr.lines.hours import SEOUL, moment_of
from ivr.numbers import PhoneNumber
from ivr.people.rows import Person
from ivr.promises import insert_for
from ivr.surveys.rows import Disposition

# Somebody on the telephone with us, or a quota that is taken but not answered yet: looked at again after that.
ENGAGED, QUOTA_IN_USE = timedelta(seconds=30), timedelta(seconds=30)
LOOK_AGAIN = timedelta(hours=1)
ENGAGED_WHY, PERIOD_OVER, QUOTA_FULL, NO_CALLS_LEFT = "engaged", "period-over", "quota", "allowance"


@dataclass(frozen=True, slots=True)
class Begun:
    """A dial that is written down: its order may leave now, once."""

    dial_id: str
    person_id: int
    line: str
    number: PhoneNumber = field(repr=False)


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody who is not rung now, and why; the target waits for another turn, or is done with."""

    person_id: int
    why: str


@dataclass(frozen=True, slots=True)
class _Turn:
    """What becomes of a held target: another turn, or none."""

    why: str
    next_at: datetime | None
    disposition: Disposition | None = None


_Claimed: TypeAlias = Mapping[int, Row[int, str, int, Disposition, int]]


@dataclass(frozen=True, slots=True)
class _Batch:
    """One campaign's batch, its campaign locked against a pause and its targets against everybody."""

    session: Session
    campaign: Campaign
    plan: Plan
    calendar: Calendar
    at: datetime
    claimed: _Claimed

    def turn_from(self, moment: datetime, why: str) -> _Turn:
        """Another turn in the plan's hours from a moment on; none when they are over."""
        opens = dial_from(self.plan, self.calendar, moment, line=self.campaign.line)
        return _Turn(why, opens, None if opens else Disposition.EXCLUDED)


def begin(
    session: Session, campaign_id: int, person_ids: Sequence[int], *, calendar: Calendar, at: datetime
) -> list[Begun | Held]:
    """Write the dials of those claimed people who may be rung at this very moment; all others are held, with a reason.

    Asked are, in this order: is the campaign running, is it its hour, does the consent stand and no limit speak
    against it, is the person on the telephone with us, is there a place in the quotas, has the firm calls left.
    People who are not claimed any more are left out of the answer.
    """
    locking = select(Campaign).where(Campaign.id == campaign_id).with_for_update(read=True)
    campaign = session.execute(locking, execution_options={"populate_existing": True}).scalar_one()
    claimed = _lock_claimed(session, campaign_id, person_ids)
    batch = _Batch(session, campaign, stored_plan(campaign.plan), calendar, at, claimed)
    turns = _held_together(batch)
    if turns is None:
        turns = _engaged(batch) | _may_not(batch)
    numbers = _insert(batch, [person for person in claimed if person not in turns])
    free = [person for person in claimed if person not in turns]
    turns |= {person: _soon(batch) for person in free if person not in numbers}
    turns |= _unpaid(batch, list(numbers))
    begun = {person: number for person, number in numbers.items() if person not in turns}
    _hold(batch, turns)
    _mark_dialling(batch, list(begun))
    return [_begun(batch, person, begun[person]) for person in begun] + [
        Held(person, turn.why) for person, turn in turns.items()
    ]


def _lock_claimed(session: Session, campaign_id: int, person_ids: Sequence[int]) -> _Claimed:
    columns = (Target.person_id, Target.group, Target.attempts, Target.disposition, Target.consent_id)
    query = (
        select(*columns)
        .where(Target.campaign_id == campaign_id, Target.person_id.in_(person_ids))
        .where(Target.state == TargetState.CLAIMED)
        .order_by(Target.person_id)
        .with_for_update()
    )
    return {row.person_id: row for row in session.execute(query)}


def _held_together(batch: _Batch) -> dict[int, _Turn] | None:
    """What holds for the whole batch: a campaign that does not run, or not at this hour."""
    if batch.campaign.state is CampaignState.CLOSED:
        turn = _Turn("closed", None, Disposition.EXCLUDED)
    elif batch.campaign.state is not CampaignState.RUNNING:
        turn = _Turn(batch.campaign.state.value, batch.at)
    else:
        turn = batch.turn_from(batch.at, PERIOD_OVER)
        if turn.next_at == batch.at:
            return None
        turn = turn if turn.next_at is None else _Turn("hours", turn.next_at)
    return dict.fromkeys(batch.claimed, turn)


def _may_not(batch: _Batch) -> dict[int, _Turn]:
    if not batch.claimed:
        return {}
    permissions = may_contact_all(batch.session, wish_of(batch.campaign), list(batch.claimed), at=batch.at)
    _note_consents(batch, permissions)
    refused = {person: permission.why for person, permission in permissions.items() if not permission.is_given}
    return {person: _refused(batch, person, why or Exclusion.NO_CONSENT) for person, why in refused.items()}


def _note_consents(batch: _Batch, permissions: Mapping[int, Permission]) -> None:
    """A consent given anew since the choice takes the place of the one that was chosen by."""
    for person, permission in permissions.items():
        if permission.is_given and permission.consent_id != batch.claimed[person].consent_id:
            batch.session.execute(
                update(Target)
                .where(Target.campaign_id == batch.campaign.id, Target.person_id == person)
                .values(consent_id=permission.consent_id)
                .execution_options(synchronize_session=False)
            )


def _refused(batch: _Batch, person: int, why: Exclusion) -> _Turn:
    if why.passes:
        return batch.turn_from(_passes_at(why, batch.at), why.value)
    if why is Exclusion.LIFE_LIMIT:
        return _Turn(why.value, None, at_last(batch.claimed[person].disposition))
    return _Turn(why.value, None, Disposition.EXCLUDED)


def _passes_at(why: Exclusion, at: datetime) -> datetime:
    """When a passing reason may be gone: in the morning, on the next day, or somebody has to look again."""
    match why:
        case Exclusion.NO_NIGHT_CONSENT:
            return daytime(at)
        case Exclusion.DAY_LIMIT | Exclusion.ACROSS_LIMIT:
            return moment_of(at.astimezone(SEOUL).date() + timedelta(days=1), 0)
        case _:
            return at + LOOK_AGAIN


def _engaged(batch: _Batch) -> dict[int, _Turn]:
    engaged = is_attempted(Person.number_index) | is_with_us(Person.number_index)
    query = select(Person.id).where(Person.id.in_(batch.claimed), engaged)
    people = batch.session.scalars(query).all() if batch.claimed else []
    return {person: _soon(batch) for person in people}


def _soon(batch: _Batch) -> _Turn:
    return batch.turn_from(batch.at + ENGAGED, ENGAGED_WHY)


def _insert(batch: _Batch, people: Sequence[int]) -> dict[int, PhoneNumber]:
    """Write the dials; gives the numbers of those written. A number that is being dialled elsewhere is passed over."""
    if not people:
        return {}
    query = select(Person.id, Person.number, Person.number_index).where(Person.id.in_(people))
    known = {row.id: row for row in batch.session.execute(query) if row.number is not None}
    rows = [
        {
            "id": dial_id(batch.campaign.id, person, batch.claimed[person].attempts + 1),
            "campaign_id": batch.campaign.id,
            "person_id": person,
            "ordinal": batch.claimed[person].attempts + 1,
            "line": batch.campaign.line,
            "number_index": row.number_index,
            "state": DialState.DIALLING,
            "dialled_at": batch.at,
        }
        # Two lines may ring the same numbers at once: in one order, so that neither waits for the other.
        for person, row in sorted(known.items(), key=lambda item: str(item[1].number_index))
    ]
    connection = batch.session.connection()
    adding = insert_for(connection.dialect.name, Dial).on_conflict_do_nothing().returning(_DIALS.c.person_id)
    written = connection.execute(adding, rows).scalars().all() if rows else []
    return {person: known[person].number for person in written}


def _unpaid(batch: _Batch, people: Sequence[int]) -> dict[int, _Turn]:
    """Take a place in the quotas and one of the firm's calls for each dial; what finds none is taken out again."""
    turns: dict[int, _Turn] = {}
    session, campaign = batch.session, batch.campaign
    groups = [batch.claimed[person].group for person in people]
    placed = quotas.take_all(session, campaign.id, groups)
    for person, has_place in zip(people, placed, strict=True):
        if not has_place:
            turns[person] = _no_place(batch, people, in_use=any(placed))
    dials = {dial_id(campaign.id, one, batch.claimed[one].attempts + 1): one for one in people if one not in turns}
    paid = frozenset(money.reserve_all(session, campaign, list(dials), at=batch.at))
    unpaid = [person for dial, person in dials.items() if dial not in paid]
    if unpaid:
        for person in unpaid:
            quotas.give_back(session, campaign.id, batch.claimed[person].group)
        turns |= dict.fromkeys(unpaid, batch.turn_from(_next_month(batch.at), NO_CALLS_LEFT))
    if turns:
        never = (Dial.campaign_id == campaign.id, Dial.person_id.in_(turns), Dial.state == DialState.DIALLING)
        session.execute(delete(Dial).where(*never, Dial.dialled_at == batch.at))
    return turns


def _no_place(batch: _Batch, beginning: Iterable[int], *, in_use: bool) -> _Turn:
    """A quota all of whose places are answered is full for good; one that others are being rung for may open again."""
    others = select(Dial.id).where(
        Dial.campaign_id == batch.campaign.id, Dial.ended_at.is_(None), Dial.person_id.not_in(list(beginning))
    )
    if in_use or batch.session.scalar(select(exists(others))):
        return batch.turn_from(batch.at + QUOTA_IN_USE, QUOTA_FULL)
    return _Turn(QUOTA_FULL, None, Disposition.REJECTED)


def _next_month(at: datetime) -> datetime:
    first = at.astimezone(SEOUL).date().replace(day=1)
    return moment_of((first + timedelta(days=32)).replace(day=1), 0)


def _hold(batch: _Batch, turns: Mapping[int, _Turn]) -> None:
    if not turns:
        return
    rows = [
        {
            "target_campaign": batch.campaign.id,
            "target_person": person,
            "new_state": TargetState.DONE if turn.next_at is None else TargetState.PENDING,
            "new_next_at": turn.next_at,
            "new_disposition": turn.disposition or batch.claimed[person].disposition,
            "new_why": turn.why,
        }
        for person, turn in sorted(turns.items())
    ]
    batch.session.connection().execute(_HOLDING, rows)


def _mark_dialling(batch: _Batch, people: Sequence[int]) -> None:
    if people:
        batch.session.execute(
            update(Target)
            .where(Target.campaign_id == batch.campaign.id, Target.person_id.in_(people))
            .values(state=TargetState.DIALLING, lease_until=None, next_at=None, attempts=Target.attempts + 1, why=None)
            .execution_options(synchronize_session=False)
        )


def _begun(batch: _Batch, person: int, number: PhoneNumber) -> Begun:
    dial = dial_id(batch.campaign.id, person, batch.claimed[person].attempts + 1)
    return Begun(dial, person, batch.campaign.line, number)


_DIALS, _TARGETS = cast(Table, Dial.__table__), cast(Table, Target.__table__)
_NEW = {
    name: bindparam(f"new_{name}", type_=_TARGETS.c[name].type) for name in ("state", "next_at", "disposition", "why")
}
_HOLDING = (
    update(_TARGETS)
    .where(_TARGETS.c.campaign_id == bindparam("target_campaign"), _TARGETS.c.person_id == bindparam("target_person"))
    .values(**_NEW, lease_until=None)
)
