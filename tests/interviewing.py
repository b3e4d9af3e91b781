"""Makes somebody whom a campaign rings: person, consent, campaign, target and the dial that is on its way."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from ivr.campaigns.rows import Campaign, CampaignState, Dial, DialState, Target, TargetState
from ivr.consents.recording import Grant, grant
from ivr.consents.rows import Means, Purpose
from ivr.identifiers import dial_id
from ivr.lines.model import Line
from ivr.numbers import PhoneNumber
from ivr.people.finding import known_person
from ivr.sealing import index_of
from ivr.store import Store
from ivr.surveys.copies import keep
from ivr.surveys.model import Questionnaire
from ivr.surveys.rows import Disposition

SOURCE = "2026년 상담 신청서"


@dataclass(frozen=True, slots=True)
class Rung:
    """Who is rung, for what: a questionnaire, the purpose of the consent, and what the campaign was checked by."""

    line: Line
    questionnaire: Questionnaire
    number: str = "+821010000077"
    purpose: Purpose = Purpose.HAPPY_CALL
    firm: str | None = None
    terms: dict[str, Any] | None = None  # Any: the fields of Terms


def ring(store: Store, rung: Rung, *, at: datetime) -> str:
    """Write all rows of a dial that has just been ordered; gives its id."""
    number = PhoneNumber.parse(rung.number)
    with store.transaction() as session:
        person = known_person(session, rung.line.id, number, at=at)
        given = at - timedelta(days=30)
        consent = grant(session, person.id, _consent(rung, given), at=at)
        campaign = _campaign(session, rung, at)
        session.add(
            Target(
                campaign_id=campaign.id,
                person_id=person.id,
                consent_id=consent.id,
                group="",
                state=TargetState.DIALLING,
                disposition=Disposition.QUEUED,
                attempts=1,
            )
        )
        id = dial_id(campaign.id, person.id, 1)
        session.add(
            Dial(
                id=id,
                campaign_id=campaign.id,
                person_id=person.id,
                ordinal=1,
                line=rung.line.id,
                number_index=index_of(session, number),
                state=DialState.PLACED,
                dialled_at=at,
            )
        )
    return id


def _consent(rung: Rung, given: datetime) -> Grant:
    return Grant(rung.purpose, Means.IMPORT, "1", "paper 1", SOURCE, given, "test", is_told=True)


def _campaign(session: Session, rung: Rung, at: datetime) -> Campaign:
    id, version = keep(session, rung.questionnaire, by="test", at=at)
    campaign = Campaign(
        line=rung.line.id,
        firm=rung.firm,
        name="test",
        kind=rung.questionnaire.kind,
        purpose=rung.purpose,
        questionnaire=id,
        questionnaire_version=version,
        state=CampaignState.RUNNING,
        plan={},
        terms=rung.terms,
        made_by="test",
        made_at=at,
        changed_by="test",
        changed_at=at,
        launched_at=at,
    )
    session.add(campaign)
    session.flush()
    return campaign
