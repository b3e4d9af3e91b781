"""Low scores open one task for each answer, which is done once; ratings of agents are summed by question."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from ivr.base import Refused
from ivr.store import Store
from ivr.surveys.copies import keep
from ivr.surveys.following_up import finish_follow_up, follow_ups, open_follow_ups
from ivr.surveys.ratings import ratings
from ivr.surveys.rows import Answer, Disposition, FollowUpState, Interview, InterviewOrigin
from tests.http.board import MORNING, installed_surveys

HAPPY = installed_surveys().of("happy-dcgf")
SCORES = {"greeting": 1, "answer": 2, "closing": 3}


@pytest.fixture
def store(engine: Engine) -> Store:
    store = Store(engine)
    for number, agent in enumerate(("dcgf-1", "dcgf-1", "dcgf-2"), start=1):
        _interview(store, f"i-{number}", agent, SCORES if agent == "dcgf-1" else dict.fromkeys(SCORES, 5))
    return store


def _interview(store: Store, id: str, agent: str, scores: dict[str, int]) -> None:
    with store.transaction() as session:
        row = Interview(
            id=id,
            questionnaire=HAPPY.id,
            version=HAPPY.version,
            line="dcgf",
            origin=InterviewOrigin.CALL,
            agent_id=agent,
            began_at=MORNING,
            disposition=Disposition.COMPLETED,
        )
        session.add(row)
        session.add_all(
            Answer(interview_id=id, question=question, value=value, answered_at=MORNING)
            for question, value in scores.items()
        )


def test_each_low_answer_opens_one_task_however_often_it_is_looked_at(store: Store) -> None:
    for _ in range(2):
        with store.transaction() as session:
            open_follow_ups(session, session.get_one(Interview, "i-1"), HAPPY, at=MORNING)
            open_follow_ups(session, session.get_one(Interview, "i-3"), HAPPY, at=MORNING)
    with store.reading() as session:
        tasks = follow_ups(session, line="dcgf", state=FollowUpState.OPEN)
        assert {(task.interview_id, task.question, task.score) for task in tasks} == {
            ("i-1", "answer", 2),
            ("i-1", "greeting", 1),
        }
        assert follow_ups(session, line="kibo", state=None) == []


def test_a_task_is_done_once_with_a_name_and_a_note(store: Store) -> None:
    with store.transaction() as session:
        open_follow_ups(session, session.get_one(Interview, "i-1"), HAPPY, at=MORNING)
    later = MORNING + timedelta(hours=1)
    for by, note in (("", "called"), ("lee", " "), ("x" * 61, "called")):
        with pytest.raises(Refused), store.transaction() as session:
            finish_follow_up(session, "i-1", by=by, note=note, at=later)
    with store.transaction() as session:
        assert len(finish_follow_up(session, "i-1", by="lee", note="called and apologised", at=later)) == 2
    for id in ("i-1", "i-3"):
        with pytest.raises(Refused), store.transaction() as session:
            finish_follow_up(session, id, by="kim", note="again", at=later)
    with store.reading() as session:
        (done, _) = follow_ups(session, line=None, state=FollowUpState.DONE)
        assert (done.done_by, done.done_at, done.note) == ("lee", later, "called and apologised")


def test_what_agents_were_given_is_summed_the_best_first(store: Store) -> None:
    with store.reading() as session:
        best, worst = ratings(session, installed_surveys(), line="dcgf")
        assert ratings(session, installed_surveys(), line="kibo") == []
    assert (best.agent, best.mean, best.interviews) == ("dcgf-2", 5.0, 1)
    assert (worst.agent, worst.points, worst.answers, worst.interviews) == ("dcgf-1", 12, 6, 2)


def test_interviews_in_two_versions_of_the_words_are_two(store: Store) -> None:
    with store.transaction() as session:
        _, version = keep(
            session, HAPPY.model_copy(update={"title": "고친 해피콜", "version": 2}), by="lee", at=MORNING
        )
        session.get_one(Interview, "i-2").version = version
    with store.reading() as session:
        rated = {one.agent: one.interviews for one in ratings(session, installed_surveys(), line="dcgf")}
    assert rated == {"dcgf-1": 2, "dcgf-2": 1}
