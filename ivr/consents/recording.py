"""Entries of the ledger: consents given and taken back, and people who are forgotten; each in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, insert, literal, select
from sqlalchemy.orm import Session

from ivr.consents.forgetting import forget_or_owe
from ivr.consents.rows import (
    Channel,
    Consent,
    Hours,
    Means,
    Purpose,
    Suppression,
    SuppressionScope,
    Withdrawal,
)
from ivr.consents.standing import restand
from ivr.consents.suppressing import ERASED, WITHDRAWN, Ban, lift, standing_bans, stop_dials, suppress
from ivr.consents.working_through import promise_next_day
from ivr.lines.hours import SEOUL, moment_of
from ivr.people.finding import locked_person
from ivr.people.rows import Person
from ivr.promises import Promise, promise_all

# Network Act, article 50, paragraph 7 and decree 62-2.
NOTICE_WITHIN = timedelta(days=14)
# A page or a call that changes several consents is told of in one text.
GATHERED_FOR = timedelta(minutes=1)
YEARS = 2


# What the columns of the ledger hold.
_LONGEST = {"wording": 40, "evidence": 120, "source": 120, "by": 60}


class BadConsent(ValueError):
    """A consent that cannot be entered; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A consent as it was given. `is_told` says that its giver was told of it where it was taken.

    `wording` is the version of what was read or shown, `evidence` the call and its fact, the web request, the paper
    or the import; `source` is where the data come from, a noun phrase as it is read out.
    """

    purpose: Purpose
    how: Means
    wording: str
    evidence: str
    source: str
    given_at: datetime
    by: str
    channel: Channel = Channel.VOICE
    hours: Hours = Hours.DAY
    is_told: bool = False

    def __post_init__(self) -> None:
        _require_short(wording=self.wording, evidence=self.evidence, source=self.source, by=self.by)


@dataclass(frozen=True, slots=True)
class Revocation:
    """A consent taken back; without `purposes` everything is refused from now on, what was never agreed to as well."""

    how: Means
    evidence: str
    by: str
    purposes: tuple[Purpose, ...] | None = None

    def __post_init__(self) -> None:
        _require_short(evidence=self.evidence, by=self.by)


def expiry(given_at: datetime) -> datetime:
    """The end (UTC) of the last day in Seoul on which a consent holds: two years less a day (decree 62-3).

    One given on 2024-02-29 holds to the end of 2026-02-27, the day before what would be the same day.
    """
    day = given_at.astimezone(SEOUL).date()
    is_leap_day = (day.month, day.day) == (2, 29)
    same_day = day.replace(year=day.year + YEARS, day=28 if is_leap_day else day.day)
    return moment_of(same_day, 0)


def grant(session: Session, person_id: int, given: Grant, *, at: datetime) -> Consent:
    """Enter a consent, and promise the notice of it; the same one entered again is the same one.

    What somebody does for herself lifts a suppression that an earlier refusal of hers brought; an import does not.
    Raises `BadConsent` where the person is unknown or forgotten, or the time is in the future or two years ago.
    """
    person = _found(session, person_id)
    expires_at = _checked(given, at)
    known = _same(session, person, given)
    if known is not None:
        return known
    consent = Consent(
        person_id=person.id,
        line=person.line,
        purpose=given.purpose,
        channel=given.channel,
        hours=given.hours,
        wording=given.wording,
        how=given.how,
        evidence=given.evidence,
        source=given.source,
        given_at=given.given_at,
        expires_at=expires_at,
        recorded_at=at,
        recorded_by=given.by,
        notice_due_at=None if given.is_told else given.given_at + NOTICE_WITHIN,
    )
    session.add(consent)
    session.flush()
    restand(session, person.id)
    if given.how is not Means.IMPORT:
        _lift_own_refusals(session, person, given.given_at, at=at)
    if not given.is_told:
        promise_notice(session, person.id, at=at)
    # Who is told by nobody else, and asked again before this consent ends, is so by the work of each day.
    promise_next_day(session, at=at)
    return consent


def withdraw(session: Session, person_id: int, revoked: Revocation, *, at: datetime) -> int:
    """Take consents back, end what rings, and promise the notice of it; gives how many were taken back.

    Effective with this transaction: whoever asks whether the person may be dialled comes before it, or is told no.
    Raises `BadConsent` for somebody unknown or forgotten.
    """
    person = _found(session, person_id)
    taken_back = _withdraw(session, person, revoked, at)
    if revoked.purposes is None and person.number_index is not None:
        ban = Ban(SuppressionScope.INSTITUTION, person.number_index, WITHDRAWN, line=person.line)
        suppress(session, ban, by=revoked.by, at=at)
    if taken_back or revoked.purposes is None:
        stop_dials(session, [person.id], at=at)
        promise_notice(session, person.id, at=at)
    return taken_back


def erase(session: Session, person_id: int, *, by: str, at: datetime) -> bool:
    """Forget somebody: number, index and name go, everything is withdrawn, and the suppression alone remains.

    It stays by the blind index, so that a list which still has the number does not bring its owner back. Nobody can
    be told by text any more. Where a legal hold stands she is rung no more from now on, and False tells that number
    and name go when it has ended. Raises `BadConsent` for somebody unknown or forgotten already.
    """
    person = _found(session, person_id)
    if person.number_index is not None:
        ban = Ban(SuppressionScope.INSTITUTION, person.number_index, ERASED, line=person.line)
        suppress(session, ban, by=by, at=at)
    _withdraw(session, person, Revocation(Means.AGENT, "erasure", by), at)
    stop_dials(session, [person.id], at=at)
    return forget_or_owe(session, person, by=by, at=at)


def promise_notice(session: Session, person_id: int, *, at: datetime) -> None:
    """Promise to tell somebody by text what was recorded of her; once a minute, whatever it was."""
    key = f"consents-told:{person_id}:{at:%Y%m%d%H%M}"
    promise_all(session, [Promise("consents-told", key, at + GATHERED_FOR, {"person": person_id})])


def _require_short(**texts: str) -> None:
    for name, text in texts.items():
        if not text.strip() or len(text) > _LONGEST[name]:
            raise BadConsent(f"{name} takes 1 to {_LONGEST[name]} letters, not {len(text)}: say it shorter, or at all")


def _found(session: Session, person_id: int) -> Person:
    person = locked_person(session, person_id)
    if person is None:
        raise BadConsent(f"nobody has the id {person_id}: look the person up by the number first")
    if person.erased_at is not None:
        raise BadConsent(f"the person {person_id} was forgotten on {person.erased_at:%Y-%m-%d}: nothing is kept of her")
    return person


def _checked(given: Grant, at: datetime) -> datetime:
    """When it expires; raises `BadConsent` for one that is not given yet, or holds no longer."""
    if given.given_at > at:
        raise BadConsent(f"a consent of {given.given_at:%Y-%m-%d %H:%M} UTC is not given yet: correct its time")
    expires_at = expiry(given.given_at)
    if expires_at <= at:
        raise BadConsent(
            f"a consent of {given.given_at.astimezone(SEOUL):%Y-%m-%d} ran out before"
            f" {expires_at.astimezone(SEOUL):%Y-%m-%d}: ask for a new one (two years, Network Act 50(8))"
        )
    return expires_at


def _same(session: Session, person: Person, given: Grant) -> Consent | None:
    query = select(Consent).where(
        Consent.person_id == person.id,
        Consent.purpose == given.purpose,
        Consent.channel == given.channel,
        Consent.hours == given.hours,
        Consent.given_at == given.given_at,
        Consent.evidence == given.evidence,
    )
    return session.scalar(query)


def _withdraw(session: Session, person: Person, revoked: Revocation, at: datetime) -> int:
    """Write the withdrawal of each consent that is not withdrawn, expired ones too, and see what stands then."""
    wanted = Consent.purpose.in_(list(Purpose) if revoked.purposes is None else revoked.purposes)
    gone = exists().where(Withdrawal.consent_id == Consent.id)
    rows = select(
        Consent.id,
        Consent.person_id,
        Consent.purpose,
        Consent.channel,
        Consent.hours,
        literal(revoked.how, Withdrawal.__table__.c.how.type),
        literal(revoked.evidence),
        literal(at, Withdrawal.__table__.c.withdrawn_at.type),
        literal(revoked.by),
    ).where(Consent.person_id == person.id, wanted, ~gone)
    names = ["consent_id", "person_id", "purpose", "channel", "hours", "how", "evidence", "withdrawn_at", "recorded_by"]
    written = session.execute(insert(Withdrawal).from_select(names, rows).returning(Withdrawal.consent_id)).all()
    restand(session, person.id)
    return len(written)


def _lift_own_refusals(session: Session, person: Person, given_at: datetime, *, at: datetime) -> Sequence[Suppression]:
    if person.number_index is None:
        return []
    own = standing_bans(person.number_index).where(
        Suppression.scope == SuppressionScope.INSTITUTION,
        Suppression.line == person.line,
        Suppression.why.in_([WITHDRAWN, ERASED]),
        Suppression.added_at < given_at,
    )
    return lift(session, own, at=at)
