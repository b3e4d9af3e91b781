"""The whole questionnaire on one page: what was filled in, whether something is missing, and keeping it once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ivr.calls.facts import Told, tell
from ivr.promises import Promise, promise_all
from ivr.surveys import flow, interviews
from ivr.surveys.flow import Asked, Over
from ivr.surveys.model import QuestionKind, Questionnaire
from ivr.surveys.rows import Answer, Disposition, Interview

LONGEST_COMMENT = 1000
# Later than every step by telephone.
STEP = 1_000_000
SENT, REFUSED = "survey-form", "survey-form-refused"
FINISHED = frozenset({Disposition.COMPLETED, Disposition.INELIGIBLE, Disposition.REFUSED})


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody filled in: values of the right sort by question, and comments."""

    values: Mapping[str, int]
    comments: Mapping[str, str]


def read_form(questionnaire: Questionnaire, fields: Mapping[str, str]) -> Filled:
    """Read the fields, named as the questions; what is no answer to its question counts as left out."""
    values: dict[str, int] = {}
    comments: dict[str, str] = {}
    for question in questionnaire.questions:
        text = fields.get(question.id, "").strip()
        if question.kind is QuestionKind.COMMENT:
            comments |= {question.id: text[:LONGEST_COMMENT]} if text else {}
        elif text.isascii() and text.isdigit() and len(text) < 9 and question.takes(int(text)):
            values[question.id] = int(text)
    return Filled(values, comments)


def send_form(
    session: Session, interview: Interview, questionnaire: Questionnaire, *, filled: Filled, at: datetime
) -> Asked | Over:
    """Keep what was filled in as the answers of the interview; `Asked` names the first question left out.

    The caller holds the row and has seen that it is not finished. What was answered by telephone before is replaced.
    """
    end = flow.path(questionnaire, filled.values)
    if isinstance(end, Asked):
        return end
    # As by telephone: who may not be asked leaves nothing, and nothing counts that is not on the way to the end.
    session.execute(interviews.forgotten(interview.id))
    if not end.forget:
        session.add_all(_answers(interview, filled, end, at))
    _finish(session, interview, end.disposition, SENT, at=at)
    return end


def refuse_form(session: Session, interview: Interview, *, at: datetime) -> None:
    """The button to refuse: never again, from this transaction on; the ledger follows.

    It counts at any time; an interview that was finished before stays what it is.
    """
    dialect = session.get_bind().dialect.name
    session.execute(interviews.suppressed(dialect, interview.id, interview.line, at=at))
    if interview.disposition in FINISHED:
        _tell(session, interview, interviews.REFUSED, REFUSED, at=at)
    else:
        _finish(session, interview, Disposition.REFUSED, REFUSED, at=at)
    args = {"interview": interview.id}
    promise_all(session, [Promise("refuse-survey", f"refuse-survey:{interview.id}", at, args)])


def _answers(interview: Interview, filled: Filled, end: Over, at: datetime) -> list[Answer]:
    given = {*filled.values, *filled.comments}
    return [
        Answer(
            interview_id=interview.id,
            question=question,
            value=filled.values.get(question),
            comment=filled.comments.get(question),
            step=STEP,
            answered_at=at,
        )
        for question in end.asked
        if question in given
    ]


def _finish(session: Session, interview: Interview, disposition: Disposition, key: str, *, at: datetime) -> None:
    interview.disposition, interview.ended_at = disposition, interview.ended_at or at
    session.flush()
    kind = interviews.REFUSED if disposition is Disposition.REFUSED else interviews.OVER
    _tell(session, interview, kind, key, at=at)
    promises = [
        Promise("close-interview", f"close-interview:{interview.id}:form", at, {"interview": interview.id}),
        Promise("follow-dial", f"follow-dial:{interview.id}:form", at, {"dial": interview.id}),
    ]
    promise_all(session, promises)


def _tell(session: Session, interview: Interview, kind: str, key: str, *, at: datetime) -> None:
    tell(session.connection(), Told(interview.id, key, kind, interviews.PERSON, at, detail={"web": True}))
