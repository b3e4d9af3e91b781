"""A campaign that has asked people, with their answers, on either database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from ivr.campaigns.rows import Campaign, CampaignState, Target, TargetState
from ivr.consents.rows import Channel, Consent, Hours, Means, Purpose
from ivr.identifiers import dial_id
from ivr.people.rows import Person
from ivr.store import Store
from ivr.surveys.copies import keep
from ivr.surveys.model import Questionnaire
from ivr.surveys.rows import Answer, Disposition, Interview, InterviewOrigin

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)


@dataclass
class Asking:
    """A running campaign of happy calls; people are added with how far they came."""

    store: Store
    campaign: int = 0
    people: int = 0

    def begin(self, questionnaire: Questionnaire) -> None:
        """Write the campaign and its questionnaire down."""
        with self.store.transaction() as session:
            _, version = keep(session, questionnaire, by="lee", at=AT)
            row = Campaign(
                line="kibo",
                name="11월 해피콜",
                kind="happy_call",
                purpose=Purpose.HAPPY_CALL,
                questionnaire=questionnaire.id,
                questionnaire_version=version,
                state=CampaignState.RUNNING,
                plan={},
                made_by="lee",
                made_at=AT,
                changed_by="lee",
                changed_at=AT,
            )
            session.add(row)
            session.flush()
            self.campaign = row.id

    def add(
        self,
        disposition: Disposition,
        answers: Mapping[str, int | str] | None = None,
        *,
        group: str = "",
        earlier: Mapping[str, int] | None = None,
    ) -> int:
        """A target, rung once with these answers, and before that with the `earlier` ones, then broken off."""
        self.people += 1
        with self.store.transaction() as session:
            person = Person(line="kibo", is_callable=True, takes_texts=True, added_at=AT)
            session.add(person)
            session.flush()
            consent = _consent(person.id)
            session.add(consent)
            session.flush()
            target = Target(campaign_id=self.campaign, person_id=person.id, consent_id=consent.id, group=group)
            target.state, target.disposition, target.attempts = TargetState.DONE, disposition, 1
            session.add(target)
            if earlier is not None:
                self._interview(session, person.id, 1, Disposition.PARTIAL, earlier)
            if answers is not None:
                self._interview(session, person.id, 2, disposition, answers)
            return person.id

    def _interview(
        self, session: Session, person: int, ordinal: int, disposition: Disposition, answers: Mapping[str, int | str]
    ) -> None:
        id = dial_id(self.campaign, person, ordinal)
        at = AT + timedelta(minutes=ordinal)
        session.add(
            Interview(
                id=id,
                questionnaire="sample",
                version=1,
                line="kibo",
                origin=InterviewOrigin.CAMPAIGN,
                campaign_id=self.campaign,
                person_id=person,
                began_at=at,
                ended_at=at + timedelta(seconds=80),
                disposition=disposition,
            )
        )
        for question, answer in answers.items():
            value, said = (answer, None) if isinstance(answer, int) else (None, answer)
            session.add(Answer(interview_id=id, question=question, value=value, comment=said, step=1, answered_at=at))


def _consent(person: int) -> Consent:
    return Consent(
        person_id=person,
        line="kibo",
        purpose=Purpose.HAPPY_CALL,
        channel=Channel.VOICE,
        hours=Hours.DAY,
        wording="1",
        how=Means.PAPER,
        evidence="-",
        source="2026년 상담 신청서",
        given_at=AT,
        expires_at=AT + timedelta(days=700),
        recorded_at=AT,
        recorded_by="lee",
    )
