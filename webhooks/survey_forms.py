"""The page behind the link of a survey: all questions at once, answered once, and refused with one button."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ivr.campaigns.lifecycle import ITSELF
from ivr.campaigns.moves import CampaignEvent
from ivr.campaigns.rows import CampaignDeed
from ivr.surveys import interviews
from ivr.surveys.copies import questionnaire_of
from ivr.surveys.flow import Asked as Missing
from ivr.surveys.form import FINISHED, LONGEST_COMMENT, Filled, read_form, refuse_form, send_form
from ivr.surveys.links import LINKS_LAST, PATH, interview_of_link
from ivr.surveys.model import Question, QuestionKind, Questionnaire
from ivr.surveys.rows import Disposition, Interview
from ivr.surveys.written import in_order
from webhooks.linked import Asked, Page, linked_pages, sender_of
from webhooks.switchboard import Switchboard

KIND = "survey"
ADDRESS = PATH + "<token>"
REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Field:
    """One question as the page shows it; `kind` is `choice`, `number`, `comment` or `statement`."""

    id: str
    kind: str
    text: str
    choices: Sequence[tuple[int, str]]
    filled: str
    is_missing: bool
    least: int
    most: int


def survey_pages(board: Switchboard) -> Blueprint:
    """The two answers at `/s/TOKEN`: GET shows the questions, POST keeps the answers or the refusal, once."""
    return linked_pages(KIND, ADDRESS, board, answer=_answer)


def _answer(asked: Asked) -> Page:
    board, at = asked.board, asked.board.clock()
    id = interview_of_link(board.store.keyring, asked.token)
    interview = _found(asked.session, id, locked=asked.form is not None)
    if interview is None:
        return Page("unknown", 404)
    known = questionnaire_of(asked.session, interview.questionnaire, interview.version, installed=board.surveys)
    given = sender_of(board.line(interview.line)) | {"days": str(LINKS_LAST.days), "survey": known.title}
    # A refusal counts at any time, also when nothing is asked any more.
    if asked.form is not None and REFUSE in asked.form:
        refuse_form(asked.session, interview, at=at)
        return Page("refused", 200, given)
    if interview.disposition in FINISHED:
        name = "refused" if interview.disposition is Disposition.REFUSED else "answered"
        return Page(name, 200, given)
    if _is_over(asked.session, interview, at):
        return Page("expired", 410, given)
    given |= _about(asked.session, board, interview, known)
    if asked.form is None:
        return Page("ask", 200, given, fields_of(known, Filled({}, {})))
    return _act(asked, interview, known, given)


def _act(asked: Asked, interview: Interview, known: Questionnaire, given: Mapping[str, str]) -> Page:
    filled = read_form(known, asked.form or {})
    end = send_form(asked.session, interview, known, filled=filled, at=asked.board.clock())
    if isinstance(end, Missing):
        missing = end.position.question
        return Page("ask", 422, dict(given) | {"again": missing}, fields_of(known, filled, missing=missing))
    return Page("child" if end.forget else "done", 200, given)


def fields_of(questionnaire: Questionnaire, filled: Filled, *, missing: str = "") -> list[Field]:
    """The questions as the page shows them, with what was filled in already."""
    return [_field(question, filled, missing) for question in questionnaire.questions]


def _field(question: Question, filled: Filled, missing: str) -> Field:
    kind = "choice" if question.takes_one_key else question.kind.value
    value = filled.values.get(question.id)
    return Field(
        id=question.id,
        kind=kind,
        text=question.text,
        choices=in_order(question),
        filled=filled.comments.get(question.id, "") if value is None else str(value),
        is_missing=question.id == missing,
        least=question.least,
        most=LONGEST_COMMENT if question.kind is QuestionKind.COMMENT else question.most,
    )


def _found(session: Session, id: str | None, *, locked: bool) -> Interview | None:
    """The interview; locked before it is looked at where a button was pressed, so that of two presses one counts."""
    return session.get(Interview, id, with_for_update={"key_share": True} if locked else None) if id else None


def _is_over(session: Session, interview: Interview, at: datetime) -> bool:
    """A week was promised: a campaign that has rung everybody does not cut it short, somebody who closes it does."""
    closed = exists().where(
        CampaignDeed.campaign_id == interview.campaign_id,
        CampaignDeed.event == CampaignEvent.CLOSE.value,
        CampaignDeed.by != ITSELF,
    )
    return at > interview.began_at + LINKS_LAST or bool(session.scalar(select(closed)))


def _about(session: Session, board: Switchboard, interview: Interview, known: Questionnaire) -> dict[str, str]:
    """Who asks, why, whence the number is, and for how long what is kept."""
    row = session.execute(interviews.dialled(interview.id)).one_or_none()
    terms, firm_id, source = (row.terms, row.firm, row.source) if row else (None, None, None)
    kind = interviews.as_checked(board.surveys.kind_of(known), terms)
    firm = board.line(interview.line).firms.get(firm_id or "")
    return {
        "purpose": known.purpose,
        "items": known.items,
        "kept": known.kept,
        "source": known.source or source or "",
        "firm": firm.name if firm else "",
        "advertisement": "yes" if kind.needs_ad_label else "",
    }
