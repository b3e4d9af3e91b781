"""A campaign's interviews as rows of a table, one by one, without a number or a name in them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from ivr.campaigns.rows import CampaignDeed, Target
from ivr.lines.hours import SEOUL
from ivr.surveys.model import Question, QuestionKind, Questionnaire
from ivr.surveys.results import COUNTED
from ivr.surveys.rows import Answer, Disposition, Interview
from ivr.surveys.written import answer_words

HEAD = ("person", "group", "interview", "disposition", "began", "ended")
AT_ONCE = 2000
RECORDED = "recording:"

Cell = str | int | None
_Answers = dict[str, tuple[int | None, str | None, str | None]]


def columns(questionnaire: Questionnaire) -> list[str]:
    """The names of the columns: two for an answer with words, the key and the words; one for numbers and comments."""
    return [*HEAD, *(name for question in _answered(questionnaire) for name in _names(question))]


def rows(session: Session, campaign_id: int, questionnaire: Questionnaire) -> Iterator[list[Cell]]:
    """The interviews that count, by person, read a piece at a time: as flat in memory for a million as for one."""
    after, piece = 0, _piece(session, campaign_id, after=0)
    while piece:
        is_last = len(piece) < AT_ONCE
        # The last person's other interviews may stand in the next piece.
        whole = piece if is_last else [row for row in piece if row.person_id != piece[-1].person_id]
        counted = _counted(whole)
        answers = _answers(session, [row.id for row in counted])
        for row in counted:
            yield _row(row, answers.get(row.id, {}), questionnaire)
        after = whole[-1].person_id
        piece = [] if is_last else _piece(session, campaign_id, after=after)


def note_export(session: Session, campaign_id: int, *, by: str, why: str, at: datetime) -> None:
    """Keep who took the answers out of the house, and for what (safety-measures notice, article 8)."""
    session.add(CampaignDeed(campaign_id=campaign_id, event="exported", by=by, at=at, detail=why))


def _piece(
    session: Session, campaign_id: int, *, after: int
) -> Sequence[Row[*tuple[Any, ...]]]:  # Any: the columns below
    """Interviews by person, whatever their disposition: asking for it as well would lead SQLite to another index."""
    columns_ = (Interview.id, Interview.person_id, Interview.disposition, Interview.began_at, Interview.ended_at)
    query = (
        select(*columns_, Target.group)
        .outerjoin(Target, (Target.campaign_id == campaign_id) & (Target.person_id == Interview.person_id))
        .where(Interview.campaign_id == campaign_id, Interview.person_id > after)
        .order_by(Interview.person_id)
        .limit(AT_ONCE)
    )
    return session.execute(query).all()


def _counted(piece: Sequence[Row[*tuple[Any, ...]]]) -> list[Row[*tuple[Any, ...]]]:  # Any: the columns of a piece
    """The one interview of each person that counts, as `counted_interviews` has it."""
    best: dict[int, Row[*tuple[Any, ...]]] = {}
    for row in piece:
        if row.disposition in COUNTED:
            standing = best.setdefault(row.person_id, row)
            best[row.person_id] = max(standing, row, key=_worth)
    return list(best.values())


def _worth(row: Row[*tuple[Any, ...]]) -> tuple[bool, datetime]:  # Any: the columns of a piece
    return row.disposition is Disposition.COMPLETED, row.began_at


def _answers(session: Session, interviews: Sequence[str]) -> dict[str, _Answers]:
    query = select(Answer.interview_id, Answer.question, Answer.value, Answer.comment, Answer.recording_sid)
    found: dict[str, _Answers] = {}
    for interview, question, value, comment, recording in session.execute(
        query.where(Answer.interview_id.in_(interviews))
    ):
        found.setdefault(interview, {})[question] = (value, comment, recording)
    return found


def _row(
    interview: Row[*tuple[Any, ...]], answers: _Answers, questionnaire: Questionnaire
) -> list[Cell]:  # Any: as above
    cells: list[Cell] = [
        interview.person_id,
        interview.group or "",
        interview.id,
        interview.disposition.value,
        _local(interview.began_at),
        _local(interview.ended_at),
    ]
    for question in _answered(questionnaire):
        value, comment, recording = answers.get(question.id, (None, None, None))
        if question.kind is QuestionKind.COMMENT:
            cells.append(comment or (f"{RECORDED}{recording}" if recording else None))
        else:
            cells.append(value)
            cells += [answer_words(question, value)] if question.choices else []
    return cells


def _names(question: Question) -> tuple[str, ...]:
    return (question.id, f"{question.id} (words)") if question.choices else (question.id,)


def _answered(questionnaire: Questionnaire) -> list[Question]:
    return [question for question in questionnaire.questions if question.kind is not QuestionKind.STATEMENT]


def _local(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(SEOUL).strftime("%Y-%m-%d %H:%M:%S")
