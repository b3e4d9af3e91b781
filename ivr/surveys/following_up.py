"""Tasks after a low score: opened once for each answer, and done by whoever looked after it (K18, K19, D15)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.base import Refused
from ivr.promises import insert_for
from ivr.surveys.model import Questionnaire
from ivr.surveys.rows import Answer, FollowUp, FollowUpState, Interview

NAME_LENGTH = 60


def open_follow_ups(
    session: Session, interview: Interview, questionnaire: Questionnaire, *, at: datetime
) -> Sequence[FollowUp]:
    """Open a task for every low answer that has none yet; gives all tasks of the interview."""
    answers = session.scalars(select(Answer).where(Answer.interview_id == interview.id)).all()
    scored = {question.id: question for question in questionnaire.questions if question.is_scored}
    for answer in answers:
        question = scored.get(answer.question)
        if question is None or not questionnaire.is_low(question, answer.value):
            continue
        row = insert_for(session.get_bind().dialect.name, FollowUp).values(
            interview_id=interview.id,
            question=answer.question,
            line=interview.line,
            score=answer.value,
            state=FollowUpState.OPEN,
            opened_at=at,
        )
        session.execute(row.on_conflict_do_nothing())
    query = select(FollowUp).where(FollowUp.interview_id == interview.id).order_by(FollowUp.question)
    return session.scalars(query).all()


def follow_ups(session: Session, *, line: str | None, state: FollowUpState | None) -> Sequence[FollowUp]:
    """The tasks, those that wait longest first."""
    query = select(FollowUp).order_by(FollowUp.opened_at, FollowUp.interview_id, FollowUp.question)
    query = query if line is None else query.where(FollowUp.line == line)
    return session.scalars(query if state is None else query.where(FollowUp.state == state)).all()


def finish_follow_up(session: Session, interview_id: str, *, by: str, note: str, at: datetime) -> Sequence[FollowUp]:
    """Put down that the low answers of an interview were looked after, by whom and how. Raises `Refused`."""
    name, told = " ".join(by.split()), note.strip()
    if not 0 < len(name) <= NAME_LENGTH:
        raise Refused(f"{by!r} is no name: give 1 to {NAME_LENGTH} characters")
    if not told:
        raise Refused("what was done is missing: write it with --note")
    query = select(FollowUp).where(FollowUp.interview_id == interview_id).with_for_update(key_share=True)
    tasks = session.scalars(query.order_by(FollowUp.question)).all()
    if not tasks:
        raise Refused(f"there is no task after the interview {interview_id!r}: see `charterline survey tasks list`")
    waiting = [task for task in tasks if task.state is FollowUpState.OPEN]
    if not waiting:
        raise Refused(f"the task after {interview_id} was done by {tasks[0].done_by} already")
    for task in waiting:
        task.state, task.done_at, task.done_by, task.note = FollowUpState.DONE, at, name, told
    return waiting
