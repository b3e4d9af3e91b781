"""The row of an interview and its answers: what each step writes, so that repeating it, even late, changes nothing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    Insert,
    Select,
    Update,
    case,
    delete,
    exists,
    func,
    literal,
    select,
    update,
)

from ivr.calls.rows import Call, Offer, OfferState
from ivr.campaigns.rows import Campaign, Dial, Target
from ivr.consents.rows import Consent, Suppression, SuppressionScope
from ivr.people.rows import Person
from ivr.promises import insert_for
from ivr.surveys.kinds import Kind, SurveyClass
from ivr.surveys.rows import Answer, Disposition, Interview, InterviewOrigin

# The leg of somebody whom a campaign rang, in the facts of the dial.
PERSON = "person"
BEGUN, UNSURE, LINK, AGENT, REFUSED = "survey-begun", "survey-unsure", "survey-link", "survey-agent", "survey-refused"
ANSWERED, OVER, OFFERED = "survey-answered", "survey-over", "survey-offered"
PROVES_A_PERSON = frozenset({BEGUN, LINK, AGENT, REFUSED})
"""The kinds of facts of which a machine is not capable: somebody pressed a key that means something."""

WITHDRAWN = "withdrawn"
OPEN = frozenset({Disposition.CONTACTED, Disposition.STARTED, Disposition.INTERIM_PARTIAL})
CUT_SHORT = frozenset({Disposition.BREAKOFF, Disposition.PARTIAL})
# What is complete holds no answer that was taken back, and of a child nothing is kept: a late repetition adds none.
_CLOSED = frozenset({Disposition.COMPLETED, Disposition.INELIGIBLE})


@dataclass(frozen=True, slots=True)
class Given:
    """What is kept of a step: the answer to a question, by key or spoken."""

    question: str
    step: int
    at: datetime
    value: int | None = None
    recording_sid: str | None = None


def interview_of(call: str) -> str:
    """The id of the interview that follows a call to a line."""
    return f"i-{call}"


def dialled(dial_id: str) -> Select[str, int | None, str | None, dict[str, Any] | None, str | None]:
    """What the first document of a dial needs: questionnaire and version, firm, terms, and whence the number is."""
    return (
        select(Campaign.questionnaire, Campaign.questionnaire_version, Campaign.firm, Campaign.terms, Consent.source)
        .select_from(Dial)
        .join(Campaign, Campaign.id == Dial.campaign_id)
        .outerjoin(Target, (Target.campaign_id == Dial.campaign_id) & (Target.person_id == Dial.person_id))
        .outerjoin(Consent, Consent.id == Target.consent_id)
        .where(Dial.id == dial_id)
    )


def as_checked(kind: Kind, terms: Mapping[str, Any] | None) -> Kind:
    """The kind as the campaign was checked by: an advertisement may be asked as a survey, for a reason."""
    lowered = terms is not None and terms.get("survey_class") == SurveyClass.MARKETING
    return kind.downgraded() if lowered and kind.downgradable else kind


def begun_by_dial(dialect: str, dial_id: str, *, version: int, at: datetime) -> Insert:
    """The interview of a dial, from its first document on."""
    columns = Interview.__table__.c
    rows = (
        select(
            Dial.id,
            Campaign.questionnaire,
            literal(version),
            Dial.line,
            literal(InterviewOrigin.CAMPAIGN, columns.origin.type),
            Dial.campaign_id,
            Dial.person_id,
            literal(at, columns.began_at.type),
            literal(Disposition.CONTACTED, columns.disposition.type),
        )
        .join(Campaign, Campaign.id == Dial.campaign_id)
        .where(Dial.id == dial_id)
    )
    names = ["id", "questionnaire", "version", "line", "origin", "campaign_id", "person_id", "began_at", "disposition"]
    return insert_for(dialect, Interview).from_select(names, rows).on_conflict_do_nothing()


def begun_by_call(dialect: str, call_id: str, *, questionnaire: str, version: int, at: datetime) -> Insert:
    """The interview that a caller agreed to at the end of a call, about the agent who talked last."""
    columns = Interview.__table__.c
    talked = (Offer.state == OfferState.ACCEPTED) | (Offer.outcome == "finished")
    agent = (
        select(Offer.agent_id)
        .where(Offer.call_id == call_id, talked)
        .order_by(Offer.ordinal.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = select(
        literal(interview_of(call_id)),
        literal(questionnaire),
        literal(version),
        Call.line,
        literal(InterviewOrigin.CALL, columns.origin.type),
        Call.id,
        agent,
        literal(at, columns.began_at.type),
        literal(Disposition.STARTED, columns.disposition.type),
    ).where(Call.id == call_id)
    names = ["id", "questionnaire", "version", "line", "origin", "call_id", "agent_id", "began_at", "disposition"]
    return insert_for(dialect, Interview).from_select(names, rows).on_conflict_do_nothing()


def reached(interview: str, disposition: Disposition) -> Update:
    """The interview goes on and has come as far as STARTED or INTERIM_PARTIAL; it never goes back.

    Where the leg's end was told first, it was broken off there, or is partial.
    """
    if disposition is Disposition.STARTED:
        allowed, cut = {Disposition.CONTACTED}, Disposition.BREAKOFF
    else:
        allowed, cut = {Disposition.CONTACTED, Disposition.STARTED, Disposition.BREAKOFF}, Disposition.PARTIAL
    to = case((Interview.ended_at.is_(None), _value(disposition)), else_=_value(cut))
    return _moving(interview, allowed, to)


def answered(dialect: str, interview: str, given: Given) -> Insert:
    """Keep an answer, unless a later step has given another one or the interview may hold none."""
    columns = Answer.__table__.c
    values: dict[str, ColumnElement[object]] = {
        "interview_id": literal(interview, columns.interview_id.type),
        "question": literal(given.question, columns.question.type),
        "value": literal(given.value, columns.value.type),
        "recording_sid": literal(given.recording_sid, columns.recording_sid.type),
        "step": literal(given.step, columns.step.type),
        "answered_at": literal(given.at, columns.answered_at.type),
    }
    may_hold = exists().where(Interview.id == interview, Interview.disposition.not_in(_CLOSED))
    adding = insert_for(dialect, Answer).from_select(list(values), select(*values.values()).where(may_hold))
    newer = {name: adding.excluded[name] for name in ("value", "recording_sid", "step", "answered_at")}
    return adding.on_conflict_do_update(
        index_elements=["interview_id", "question"], set_=newer, where=Answer.step < adding.excluded.step
    )


def over(interview: str, disposition: Disposition, *, at: datetime) -> Update:
    """The questions are over, as `disposition` says; an end of the leg that was told first is overtaken by that.

    What is broken off stays partial where it was of use already.
    """
    if disposition is Disposition.BREAKOFF:
        return ended(interview, at)
    ended_at = func.coalesce(Interview.ended_at, literal(at, Interview.__table__.c.ended_at.type))
    allowed = OPEN | {Disposition.BREAKOFF} if disposition is Disposition.PARTIAL else OPEN | CUT_SHORT
    return _moving(interview, allowed, _value(disposition)).values(ended_at=ended_at)


def ended(interview: str, at: datetime) -> Update:
    """The leg has ended: what was going on was broken off, or is partial."""
    cut = case(
        (Interview.disposition == Disposition.STARTED, _value(Disposition.BREAKOFF)),
        (Interview.disposition == Disposition.INTERIM_PARTIAL, _value(Disposition.PARTIAL)),
        else_=Interview.disposition,
    )
    return (
        update(Interview)
        .where(Interview.id == interview, Interview.ended_at.is_(None))
        .values(ended_at=at, disposition=cut)
    )


def forgotten(interview: str) -> Delete:
    """Nothing is kept of somebody whose data may not be taken (PIPA, article 22-2)."""
    return delete(Answer).where(Answer.interview_id == interview)


def taken_back(interview: str, asked: Collection[str], *, step: int) -> Delete:
    """Answers given up to this step to questions that are not on the way do not count."""
    gone = (Answer.question.not_in(sorted(asked)), Answer.step <= step)
    return delete(Answer).where(Answer.interview_id == interview, *gone)


def suppressed(dialect: str, interview: str, line: str, *, at: datetime) -> Insert:
    """Never again for the institution of this line: the number of the person, or of the caller, by its index."""
    columns = Suppression.__table__.c
    index = func.coalesce(Person.number_index, Call.caller_index)
    rows = (
        select(
            literal(SuppressionScope.INSTITUTION, columns.scope.type),
            literal(line),
            literal(0),
            index,
            literal(WITHDRAWN),
            literal(at, columns.added_at.type),
            literal("telephone"),
        )
        .select_from(Interview)
        .outerjoin(Person, Person.id == Interview.person_id)
        .outerjoin(Call, Call.id == Interview.call_id)
        .where(Interview.id == interview, index.is_not(None))
    )
    names = ["scope", "line", "campaign_id", "number_index", "why", "added_at", "added_by"]
    return insert_for(dialect, Suppression).from_select(names, rows).on_conflict_do_nothing()


def is_over(interview: str) -> ColumnElement[bool]:
    """Whether the leg's end was told already, or the questions were over."""
    return exists().where(Interview.id == interview, Interview.ended_at.is_not(None))


def _moving(interview: str, allowed: Collection[Disposition], to: ColumnElement[Disposition]) -> Update:
    allowed_from = sorted(allowed)
    return (
        update(Interview)
        .where(Interview.id == interview, Interview.disposition.in_(allowed_from))
        .values(disposition=to)
    )


def _value(disposition: Disposition) -> ColumnElement[Disposition]:
    return literal(disposition, Interview.__table__.c.disposition.type)
