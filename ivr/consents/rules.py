"""Every rule of who may be contacted, once: a reason, and the condition that must hold lest it apply.

A condition that is not plainly true, such as one over a missing value, excludes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import BindParameter, ColumnElement, and_, exists, or_, true

from ivr.campaigns.rows import Dial, DialOutcome
from ivr.consents.counting import dialled_often
from ivr.consents.rows import (
    Channel,
    Consent,
    Hours,
    Purpose,
    RegisterEntry,
    RegisterImport,
    Standing,
    Suppression,
    SuppressionScope,
    Withdrawal,
)
from ivr.consents.wishes import Exclusion, Occasion, Wish
from ivr.optouts.rows import OptOut, Scope
from ivr.people.rows import Person

Condition: TypeAlias = ColumnElement[bool]
Stands: TypeAlias = Mapping[tuple[Purpose, Hours], type[Standing]]


@dataclass(frozen=True, slots=True)
class Moments:
    """The bounds in time that rules compare with, as parameters of the statement; all aware UTC."""

    now: BindParameter[datetime]
    today: BindParameter[datetime]
    day_ago: BindParameter[datetime]
    across: BindParameter[datetime]
    register: BindParameter[datetime]


@dataclass(frozen=True, slots=True)
class Terms:
    """What the rules of one question refer to."""

    wish: Wish
    moments: Moments
    stands: Stands = field(repr=False)

    def each(self, hours: Hours) -> list[type[Standing]]:
        """What stands for every needed purpose at these hours."""
        return [row for (_, of), row in self.stands.items() if of is hours]


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason, and the condition that must be true lest it apply; asked on these occasions."""

    why: Exclusion
    passes: Callable[[Terms], Condition]
    occasions: frozenset[Occasion] = frozenset(Occasion)


def _is_known(terms: Terms) -> Condition:
    return and_(Person.id.is_not(None), Person.line == terms.wish.line)


def _is_not_erased(_terms: Terms) -> Condition:
    return Person.erased_at.is_(None)


def _is_reachable(terms: Terms) -> Condition:
    can = Person.is_callable if terms.wish.channel is Channel.VOICE else Person.takes_texts
    return and_(can, Person.number_index.is_not(None), Person.number.is_not(None))


def _has_agreed(terms: Terms) -> Condition:
    """It stands, or it was withdrawn: whoever never agreed is told apart from whoever changed their mind."""
    return and_(*(or_(_stands(row), _withdrawn(terms, purpose)) for (purpose, row) in _by_day(terms)))


def _has_not_withdrawn(terms: Terms) -> Condition:
    return and_(*(_stands(row) for row in terms.each(Hours.DAY)))


def _has_not_expired(terms: Terms) -> Condition:
    return and_(*(row.expires_at > terms.moments.now for row in terms.each(Hours.DAY)))


def _is_proven(terms: Terms) -> Condition:
    """What stands is in the ledger as that person's, was given by now, and is not withdrawn there.

    What has run out proves nothing and needs no proof: other rules refuse it by its name.
    """
    now = terms.moments.now
    rows = [(purpose, hours, row) for (purpose, hours), row in terms.stands.items()]
    return and_(*(or_(row.expires_at <= now, _in_ledger(terms, purpose, hours, row)) for purpose, hours, row in rows))


def _may_be_woken(terms: Terms) -> Condition:
    rows = terms.each(Hours.NIGHT)
    return and_(true(), *(and_(_stands(row), row.expires_at > terms.moments.now) for row in rows))


def _is_not_suppressed(_terms: Terms) -> Condition:
    return _no_suppression(SuppressionScope.EVERYBODY)


def _is_not_suppressed_here(terms: Terms) -> Condition:
    return _no_suppression(SuppressionScope.INSTITUTION, Suppression.line == terms.wish.line)


def _is_not_suppressed_in_campaign(terms: Terms) -> Condition:
    if terms.wish.campaign_id is None:
        return true()
    return _no_suppression(SuppressionScope.CAMPAIGN, Suppression.campaign_id == terms.wish.campaign_id)


def _has_not_opted_out(terms: Terms) -> Condition:
    return ~exists().where(
        OptOut.number_index == Person.number_index,
        OptOut.line == terms.wish.line,
        OptOut.scope == Scope.ALL,
        OptOut.withdrawn_at.is_(None),
    ).correlate(Person)


def _is_not_on_register(terms: Terms) -> Condition:
    if Purpose.TELESALES not in terms.wish.purposes:
        return true()
    return ~exists().where(RegisterEntry.number_index == Person.number_index).correlate(Person)


def _register_is_fresh(terms: Terms) -> Condition:
    if Purpose.TELESALES not in terms.wish.purposes:
        return true()
    moments = terms.moments
    return exists().where(RegisterImport.checked_at >= moments.register, RegisterImport.checked_at <= moments.now)


def _is_within_life(terms: Terms) -> Condition:
    campaign_id, limit = terms.wish.campaign_id, terms.wish.limits.life
    return true() if campaign_id is None else _dialled_less(limit, Dial.campaign_id == campaign_id)


def _is_within_across(terms: Terms) -> Condition:
    return _dialled_less(terms.wish.limits.across, Dial.dialled_at > terms.moments.across)


def _is_within_rolling_day(terms: Terms) -> Condition:
    return _dialled_less(terms.wish.limits.rolling_day, Dial.dialled_at > terms.moments.day_ago)


def _is_within_day(terms: Terms) -> Condition:
    return _dialled_less(terms.wish.limits.per_day, Dial.dialled_at >= terms.moments.today)


_DIALLING = frozenset({Occasion.DIALLING})

RULES: Sequence[Rule] = (
    Rule(Exclusion.UNKNOWN_PERSON, _is_known),
    Rule(Exclusion.ERASED, _is_not_erased),
    Rule(Exclusion.NOT_CALLABLE, _is_reachable),
    Rule(Exclusion.SUPPRESSED, _is_not_suppressed),
    Rule(Exclusion.SUPPRESSED_HERE, _is_not_suppressed_here),
    Rule(Exclusion.SUPPRESSED_CAMPAIGN, _is_not_suppressed_in_campaign),
    Rule(Exclusion.OPTED_OUT, _has_not_opted_out),
    Rule(Exclusion.NO_CONSENT, _has_agreed),
    Rule(Exclusion.WITHDRAWN, _has_not_withdrawn),
    Rule(Exclusion.EXPIRED, _has_not_expired),
    Rule(Exclusion.UNPROVEN, _is_proven, _DIALLING),
    Rule(Exclusion.NO_NIGHT_CONSENT, _may_be_woken, _DIALLING),
    Rule(Exclusion.ON_REGISTER, _is_not_on_register),
    Rule(Exclusion.REGISTER_STALE, _register_is_fresh),
    Rule(Exclusion.LIFE_LIMIT, _is_within_life),
    Rule(Exclusion.ACROSS_LIMIT, _is_within_across),
    Rule(Exclusion.ROLLING_LIMIT, _is_within_rolling_day, _DIALLING),
    Rule(Exclusion.DAY_LIMIT, _is_within_day, _DIALLING),
)


def _by_day(terms: Terms) -> list[tuple[Purpose, type[Standing]]]:
    return [(purpose, row) for (purpose, hours), row in terms.stands.items() if hours is Hours.DAY]


def _stands(row: type[Standing]) -> Condition:
    stands: Condition = row.consent_id.is_not(None)
    return stands


def _withdrawn(terms: Terms, purpose: Purpose) -> Condition:
    return (
        exists()
        .where(
            Withdrawal.person_id == Person.id,
            Withdrawal.purpose == purpose,
            Withdrawal.channel == terms.wish.channel,
            Withdrawal.hours == Hours.DAY,
        )
        .correlate(Person)
    )


def _in_ledger(terms: Terms, purpose: Purpose, hours: Hours, row: type[Standing]) -> Condition:
    nothing_stands = row.consent_id.is_(None)
    given = exists().where(
        Consent.id == row.consent_id,
        Consent.person_id == Person.id,
        Consent.line == terms.wish.line,
        Consent.purpose == purpose,
        Consent.channel == terms.wish.channel,
        Consent.hours == hours,
        Consent.given_at <= terms.moments.now,
        Consent.expires_at > terms.moments.now,
    )
    withdrawn = exists().where(Withdrawal.consent_id == row.consent_id)
    return or_(nothing_stands, and_(given.correlate(Person, row), ~withdrawn.correlate(Person, row)))


def _no_suppression(scope: SuppressionScope, *narrower: Condition) -> Condition:
    return ~exists().where(
        Suppression.number_index == Person.number_index,
        Suppression.scope == scope,
        Suppression.lifted_at.is_(None),
        *narrower,
    ).correlate(Person)


def _dialled_less(limit: int, counted: Condition) -> Condition:
    """Orders that the carrier refused reached nobody; every other one counts, whatever became of it."""
    reached = or_(Dial.outcome.is_(None), Dial.outcome != DialOutcome.NOT_PLACED)
    return ~dialled_often([counted, reached], limit)
