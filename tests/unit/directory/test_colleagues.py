"""Colleagues as they are searched for in a talk: every word counts, the ready come first, and few are looked up."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, insert

from ivr.agents.rows import AgentState
from ivr.directory.colleagues import Colleague, colleagues
from ivr.directory.rows import Absence, AbsenceReason, Officer
from ivr.store import Store
from tests.http.board import MORNING, words
from tests.people import agent_of

LINE = words()[1].by_id("kibo")
MANY = 10_000


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


def officer(id: str, name: str, **more: object) -> Officer:
    known = {"line": "kibo", "department": "보증사업부", "title": "대리", "duties": "", **more}
    return Officer(id=id, name=name, **known)


def search(store: Store, text: str) -> list[Colleague]:
    with store.reading() as session:
        return colleagues(session, LINE, text, at=MORNING, limit=20)


def names(found: list[Colleague]) -> list[str]:
    return [one.officer.name for one in found]


def test_every_word_narrows_and_the_ready_come_first(store: Store) -> None:
    with store.transaction() as session:
        away, ready = agent_of(LINE, MORNING, number=1), agent_of(LINE, MORNING, number=2)
        away.state = AgentState.AWAY
        session.add_all([away, ready])
        session.flush()
        session.add(officer("a", "가나", agent_id="kibo-1", duties="보증료 환급", number="+82511000001"))
        session.add(officer("b", "다라", agent_id="kibo-2", duties="보증료 연장", number="+82511000002"))
        session.add(officer("c", "마바", department="ESG경영지원부", title="100%"))
        session.add(officer("x", "환급", line="dcgf"))
    assert names(search(store, "보증료")) == ["다라", "가나"]
    assert names(search(store, "보증료 환급")) == ["가나"]
    assert names(search(store, "esg")) == ["마바"]
    assert names(search(store, "고객의견")) == ["마바"]
    assert names(search(store, "051-1000-001")) == ["가나"]
    assert names(search(store, "%")) == ["마바"]
    assert names(search(store, "2팀")) == []
    assert [one.can_be_rung for one in search(store, "")] == [True, False, False]


def test_of_an_absent_one_the_deputy_is_named(store: Store) -> None:
    with store.transaction() as session:
        session.add(agent_of(LINE, MORNING, number=2))
        session.flush()
        session.add(officer("b", "다라", agent_id="kibo-2"))
        session.flush()
        session.add(officer("a", "가나", deputy_id="b"))
        session.flush()
        starts, ends = MORNING - timedelta(hours=1), MORNING + timedelta(hours=1)
        session.add(Absence(officer_id="a", starts_at=starts, ends_at=ends, reason=AbsenceReason.TRIP))
    (found,) = search(store, "가나")
    assert found.absence is not None
    assert found.deputy is not None
    assert (found.absence.reason, found.can_be_rung) == (AbsenceReason.TRIP, False)
    assert (found.deputy.officer.name, found.deputy.can_be_rung) == ("다라", True)


def test_of_ten_thousand_only_so_many_are_looked_up(store: Store) -> None:
    same = {"line": "kibo", "department": "부", "title": "대리", "duties": "", "role": "officer"}
    with store.transaction() as session:
        session.execute(insert(Officer), [{**same, "id": f"o{n}", "name": f"직원{n}"} for n in range(MANY)])
    assert len(search(store, "")) == 20
    assert names(search(store, "직원9999")) == ["직원9999"]
