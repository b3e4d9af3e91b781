"""What was answered, counted by the database: to a campaign, and by callers at the end of their calls."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Subquery, case, func, select
from sqlalchemy.orm import Session

from ivr.campaigns.rows import Target
from ivr.surveys.counted import Frame, Results, results_of
from ivr.surveys.model import Questionnaire
from ivr.surveys.rows import Answer, Disposition, Interview, InterviewOrigin

COUNTED = (Disposition.COMPLETED, Disposition.PARTIAL)
"""Answers of other interviews were given by people who did not want to go on, and are not published."""

MOST_COMMENTS = 200


@dataclass(frozen=True, slots=True)
class AfterCalls:
    """The interviews at the end of a line's calls, in one questionnaire, that began from `first` to before `until`."""

    line: str
    questionnaire: str
    first: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said or wrote to an open question; `recording` is the sound where it was spoken."""

    interview_id: str
    group: str
    question: str
    text: str | None
    recording: str | None
    at: datetime


def results(session: Session, campaign_id: int, questionnaire: Questionnaire) -> Results:
    """Count the answers of a campaign by groups of its audience, in two statements however many there are."""
    people = (
        select(Target.group, Target.disposition, func.count())
        .where(Target.campaign_id == campaign_id)
        .group_by(Target.group, Target.disposition)
    )
    counted = counted_interviews(campaign_id)
    answers = (
        select(Target.group, Answer.question, Answer.value, func.count())
        .join(counted, counted.c.id == Answer.interview_id)
        .outerjoin(Target, (Target.campaign_id == campaign_id) & (Target.person_id == counted.c.person_id))
        .where(Answer.value.is_not(None))
        .group_by(Target.group, Answer.question, Answer.value)
    )
    return results_of(
        _people(session.execute(people)), _tallies(session.execute(answers)), questionnaire, frame=Frame.LISTED
    )


def results_of_calls(session: Session, asked: AfterCalls, questionnaire: Questionnaire) -> Results:
    """Count what callers answered at the end of their calls, by the agents to whom they had talked."""
    people = (
        select(Interview.agent_id, Interview.disposition, func.count())
        .where(*_after_calls(asked))
        .group_by(Interview.agent_id, Interview.disposition)
    )
    answers = (
        select(Interview.agent_id, Answer.question, Answer.value, func.count())
        .join(Answer, Answer.interview_id == Interview.id)
        .where(*_after_calls(asked), Interview.disposition.in_(COUNTED), Answer.value.is_not(None))
        .group_by(Interview.agent_id, Answer.question, Answer.value)
    )
    return results_of(
        _people(session.execute(people)), _tallies(session.execute(answers)), questionnaire, frame=Frame.OPEN
    )


def comments(session: Session, campaign_id: int, *, most: int = MOST_COMMENTS) -> list[Comment]:
    """The newest comments to a campaign, of interviews that count."""
    counted = counted_interviews(campaign_id)
    query = (
        select(Answer, Target.group)
        .join(counted, counted.c.id == Answer.interview_id)
        .outerjoin(Target, (Target.campaign_id == campaign_id) & (Target.person_id == counted.c.person_id))
    )
    return _comments(session, query, most)


def comments_of_calls(session: Session, asked: AfterCalls, *, most: int = MOST_COMMENTS) -> list[Comment]:
    """The newest comments at the end of calls, of interviews that count."""
    query = (
        select(Answer, Interview.agent_id)
        .join(Interview, Interview.id == Answer.interview_id)
        .where(*_after_calls(asked), Interview.disposition.in_(COUNTED))
    )
    return _comments(session, query, most)


def counted_interviews(campaign_id: int) -> Subquery:
    """The one interview of each person that counts: the completed one, else the last partial one."""
    is_partial = case((Interview.disposition == Disposition.COMPLETED, 0), else_=1)
    order = (is_partial, Interview.began_at.desc(), Interview.id)
    place = func.row_number().over(partition_by=Interview.person_id, order_by=order).label("place")
    ranked = (
        select(Interview.id, Interview.person_id, place)
        .where(Interview.campaign_id == campaign_id, Interview.disposition.in_(COUNTED))
        .subquery()
    )
    return select(ranked.c.id, ranked.c.person_id).where(ranked.c.place == 1).subquery()


def _after_calls(asked: AfterCalls) -> list[ColumnElement[bool]]:
    found = [
        Interview.line == asked.line,
        Interview.origin == InterviewOrigin.CALL,
        Interview.questionnaire == asked.questionnaire,
    ]
    found += [Interview.began_at >= asked.first] if asked.first is not None else []
    found += [Interview.began_at < asked.until] if asked.until is not None else []
    return found


def _people(rows: Iterable[tuple[str | None, Disposition, int]]) -> Mapping[str, Mapping[Disposition, int]]:
    found: dict[str, dict[Disposition, int]] = {}
    for group, disposition, count in rows:
        found.setdefault(group or "", {})[disposition] = count
    return found


def _tallies(rows: Iterable[tuple[str | None, str, int | None, int]]) -> Mapping[str, Mapping[str, Mapping[int, int]]]:
    found: dict[str, dict[str, dict[int, int]]] = {}
    for group, question, value, count in rows:
        if value is not None:
            found.setdefault(group or "", {}).setdefault(question, {})[value] = count
    return found


def _comments(session: Session, query: Select[Answer, str | None], most: int) -> list[Comment]:
    newest = query.where(Answer.value.is_(None)).order_by(
        Answer.answered_at.desc(), Answer.interview_id, Answer.question
    )
    return [
        Comment(one.interview_id, group or "", one.question, one.comment, one.recording_sid, one.answered_at)
        for one, group in session.execute(newest.limit(most))
    ]
