"""May somebody be contacted? Asked of one person, of a dialler's batch, or of millions: always by the same rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    SQLColumnExpression,
    and_,
    bindparam,
    case,
    false,
    func,
    select,
)
from sqlalchemy.orm import Session, aliased, outerjoin

from ivr.base import Moment
from ivr.consents.register import REGISTER_LASTS
from ivr.consents.rows import Hours, Standing
from ivr.consents.rules import RULES, Moments, Rule, Stands, Terms
from ivr.consents.wishes import Exclusion, Limits, Occasion, Permission, Wish
from ivr.lines.daytime import daytime
from ivr.lines.hours import SEOUL
from ivr.people.rows import Person

__all__ = [
    "Eligible",
    "Exclusion",
    "Limits",
    "Occasion",
    "Permission",
    "Wish",
    "eligible",
    "is_night",
    "may_contact",
    "may_contact_all",
]


@dataclass(frozen=True, slots=True)
class Eligible:
    """The pieces of a statement over many people; they need the FROM that `joined_to` gives.

    `why` is the first reason for which somebody is not contacted, NULL where nothing speaks against it; `conditions`
    hold exactly where `why` is NULL, worded so that a million people are one join.
    """

    why: ColumnElement[str | None]
    conditions: tuple[ColumnElement[bool], ...]
    consent_id: SQLColumnExpression[int]
    wish: Wish
    stands: Stands

    def joined_to(self, source: FromClause, person_id: SQLColumnExpression[int]) -> FromClause:
        """The source with each person and what stands for them, where there is any; the rows are the source's."""
        return self._with_standings(outerjoin(source, Person, Person.id == person_id))

    def of_people(self) -> FromClause:
        """All people with what stands for them."""
        return self._with_standings(Person.__table__)

    def _with_standings(self, source: FromClause) -> FromClause:
        for (purpose, hours), row in self.stands.items():
            same = and_(
                row.person_id == Person.id,
                row.purpose == purpose,
                row.channel == self.wish.channel,
                row.hours == hours,
            )
            source = outerjoin(source, row, same)
        return source


def is_night(at: datetime) -> bool:
    """Whether it is 21:00 to 08:00 in Seoul (Network Act, article 50, paragraph 3)."""
    return daytime(at) != at


def eligible(wish: Wish, at: datetime, *, occasion: Occasion = Occasion.DIALLING) -> Eligible:
    """Who may be contacted for this wish at this moment (aware): the pieces of a statement over many people."""
    return _question(wish, at, occasion, RULES)


def may_contact(session: Session, wish: Wish, person_id: int, *, at: datetime) -> Permission:
    """Whether one person may be contacted at this moment; somebody unknown may not. Locks nothing: for showing."""
    return _asked(session, wish, [person_id], at)[person_id]


def may_contact_all(
    session: Session, wish: Wish, person_ids: Sequence[int], *, at: datetime
) -> Mapping[int, Permission]:
    """The same for those about to be dialled, to be asked in the transaction that writes their dials.

    Their rows are locked first: whoever withdraws comes before this, or waits and finds the dial.
    """
    held = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id)
    session.execute(held.with_for_update(read=True)).all()
    return _asked(session, wish, person_ids, at)


def _asked(session: Session, wish: Wish, person_ids: Sequence[int], at: datetime) -> dict[int, Permission]:
    query = _query(wish, is_night(at))
    rows = session.execute(query, {"contact_people": list(person_ids), **_values(wish, at)})
    found = {id: _permission(why, consent_id) for id, why, consent_id in rows}
    unknown = Permission(None, Exclusion.UNKNOWN_PERSON)
    return {id: found.get(id, unknown) for id in person_ids}


@lru_cache(maxsize=256)
def _query(wish: Wish, by_night: bool) -> Select[int, str | None, int]:
    """Built once for a wish: the moments are parameters of it."""
    some_moment = datetime(2026, 1, 1, 13 if by_night else 3, tzinfo=UTC)
    asked = eligible(wish, some_moment)
    people: BindParameter[Sequence[int]] = bindparam("contact_people", expanding=True)
    query = select(Person.id, asked.why, asked.consent_id).select_from(asked.of_people())
    return query.where(Person.id.in_(people))


def _permission(why: str | None, consent_id: int | None) -> Permission:
    if why is None and consent_id is not None:
        return Permission(consent_id, None)
    return Permission(None, Exclusion(why) if why else Exclusion.NO_CONSENT)


def _question(wish: Wish, at: datetime, occasion: Occasion, rules: Sequence[Rule]) -> Eligible:
    asked_hours = [Hours.DAY]
    if occasion is Occasion.DIALLING and is_night(at):
        asked_hours.append(Hours.NIGHT)
    stands = {
        (purpose, hours): aliased(Standing, name=f"stands_{purpose}_{hours}")
        for hours in asked_hours
        for purpose in dict.fromkeys(wish.purposes)
    }
    terms = Terms(wish, _moments(wish, at), stands)
    applying = [rule for rule in rules if occasion in rule.occasions]
    conditions = tuple(rule.passes(terms) for rule in applying)
    arms = [(~func.coalesce(holds, false()), rule.why.value) for rule, holds in zip(applying, conditions, strict=True)]
    consent_id = stands[wish.purposes[0], Hours.DAY].consent_id
    return Eligible(case(*arms, else_=None), conditions, consent_id, wish, stands)


def _moments(wish: Wish, at: datetime) -> Moments:
    values = _values(wish, at)

    def moment(name: str) -> BindParameter[datetime]:
        return bindparam(f"contact_{name}", values[f"contact_{name}"], type_=Moment())

    return Moments(moment("now"), moment("today"), moment("day_ago"), moment("across"), moment("register"))


def _values(wish: Wish, at: datetime) -> dict[str, datetime]:
    return {
        "contact_now": at,
        "contact_today": at.astimezone(SEOUL).replace(hour=0, minute=0, second=0, microsecond=0),
        "contact_day_ago": at - timedelta(days=1),
        "contact_across": at - timedelta(days=wish.limits.across_days),
        "contact_register": at - REGISTER_LASTS,
    }
