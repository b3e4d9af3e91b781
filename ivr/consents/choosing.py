"""What somebody ticks on her own page: agrees anew, keeps, takes back, or refuses everything."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.consents.recording import Grant, Revocation, grant, withdraw
from ivr.consents.rows import Channel, Consent, Hours, Means, Purpose, Standing
from ivr.people.rows import Person

CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Choice:
    """What was ticked: the purposes agreed to from now on. `evidence` is the request, `wording` what was shown."""

    agreed: frozenset[Purpose]
    evidence: str
    wording: str
    source: str


def standing_of(session: Session, person: Person, *, at: datetime) -> Mapping[Purpose, Consent]:
    """The consents of somebody to be rung by day that hold at this moment."""
    query = (
        select(Consent)
        .join(Standing, Standing.consent_id == Consent.id)
        .where(Standing.person_id == person.id, Standing.expires_at > at)
        .where(Standing.channel == Channel.VOICE, Standing.hours == Hours.DAY)
    )
    return {row.purpose: row for row in session.scalars(query)}


def choose(session: Session, person: Person, choice: Choice, *, at: datetime) -> None:
    """Enter what was ticked: agreed to anew or kept for another two years, taken back where it stood and is not.

    Whoever agrees to nothing refuses everything. Sending the same again changes nothing more than the dates.
    """
    stood = standing_of(session, person, at=at)
    if not choice.agreed:
        withdraw(session, person.id, Revocation(Means.WEB, choice.evidence, CUSTOMER), at=at)
        return
    gone = tuple(purpose for purpose in stood if purpose not in choice.agreed)
    if gone:
        withdraw(session, person.id, Revocation(Means.WEB, choice.evidence, CUSTOMER, gone), at=at)
    for purpose in sorted(choice.agreed):
        how = Means.CONFIRMATION if purpose in stood else Means.WEB
        given = Grant(purpose, how, choice.wording, choice.evidence, choice.source, at, CUSTOMER)
        grant(session, person.id, given, at=at)
