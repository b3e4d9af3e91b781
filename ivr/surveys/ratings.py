"""What callers gave each agent for the talk they had just had, summed up: the ledger of an employee (K17, T17)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.surveys.copies import questionnaire_of
from ivr.surveys.model import Questionnaires
from ivr.surveys.rows import Answer, Interview, InterviewOrigin


@dataclass(frozen=True, slots=True)
class Ratings:
    """The sum of one agent: points of all answers on a scale, how many answers, in how many interviews."""

    line: str
    agent: str
    points: int
    answers: int
    interviews: int

    @property
    def mean(self) -> float:
        """Points for each answer, from 1 to 5."""
        return self.points / self.answers


def ratings(session: Session, installed: Questionnaires, *, line: str | None = None) -> Sequence[Ratings]:
    """Every agent who was rated at the end of a call, the best mean first."""
    query = (
        select(
            Interview.line,
            Interview.agent_id,
            Interview.questionnaire,
            Interview.version,
            Answer.question,
            func.sum(Answer.value),
            func.count(Answer.value),
        )
        .join(Answer, Answer.interview_id == Interview.id)
        .where(Interview.origin == InterviewOrigin.CALL, Interview.agent_id.is_not(None), Answer.value.is_not(None))
        .group_by(Interview.line, Interview.agent_id, Interview.questionnaire, Interview.version, Answer.question)
    )
    points: dict[tuple[str, str], int] = defaultdict(int)
    answers: dict[tuple[str, str], int] = defaultdict(int)
    interviews: dict[tuple[str, str], dict[tuple[str, int], int]] = defaultdict(lambda: defaultdict(int))
    for of_line, agent, id, version, question, total, given in session.execute(query):
        asked = questionnaire_of(session, id, version, installed=installed)
        if (line is None or of_line == line) and agent is not None and asked.question(question).is_scored:
            key = (of_line, agent)
            points[key], answers[key] = points[key] + int(total or 0), answers[key] + given
            interviews[key][id, version] = max(interviews[key][id, version], given)
    found = [Ratings(*key, points[key], answers[key], sum(interviews[key].values())) for key in points]
    return sorted(found, key=lambda one: (-one.mean, one.line, one.agent))
