"""Who is in charge: named by duty, else the deputy, else whoever of the team is idle longest, else the supervisor."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config.files import LINES, MESSAGES, read_folder
from ivr.directory.asking import absence_of, deputy_of, in_charge, officer_of, search, supervisor_of
from ivr.directory.planning import BadPlan, appoint_deputy, come_back, plan_absence
from ivr.directory.rows import AbsenceReason, Officer, OfficerRole
from ivr.lines.model import Line
from ivr.lines.reading import load_lines
from ivr.messages.reading import load_texts
from ivr.store import Store
from tests.http.board import MORNING
from tests.unit.agents.people import later, ready


@pytest.fixture(scope="module")
def line() -> Line:
    return load_lines(read_folder(LINES), load_texts(read_folder(MESSAGES))).by_id("kibo")


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


def officer(id: str, duties: str = "", **more: object) -> Officer:
    given = {"line": "kibo", "name": "김민수", "department": "보증사업부", "title": "과장", **more}
    return Officer(id=id, duties=duties, **given)


def away(session: Session, id: str, *, at: datetime = MORNING, hours: int = 8) -> None:
    ends_at = at + timedelta(hours=hours)
    plan_absence(session, session.get_one(Officer, id), AbsenceReason.TRIP, starts_at=at, ends_at=ends_at)
    session.flush()


def asked(session: Session, line: Line, team: str = "guarantee") -> str | None:
    found = in_charge(session, line, team=team, at=MORNING)
    return found.id if found else None


def test_a_duty_names_the_officer_by_team_or_by_department(store: Store, line: Line) -> None:
    with store.transaction() as session:
        session.add(officer("one", "보증상담팀, 신규 보증"))
        session.add(officer("two", "기술평가부", department="기술평가부"))
        session.flush()
        assert asked(session, line) == "one"
        assert asked(session, line, "보증상담팀") == "one"
        assert asked(session, line, "기술평가부") == "two"
        assert asked(session, line, "technology") == "two"  # the only ones of the team's department


def test_absence_brings_the_deputy_and_the_deputys_deputy_and_no_ring(store: Store, line: Line) -> None:
    with store.transaction() as session:
        session.add_all([officer("one", "보증상담팀"), officer("two"), officer("three")])
        session.flush()
        for whose, deputy in (("one", "two"), ("two", "three"), ("three", "one")):
            appoint_deputy(session, session.get_one(Officer, whose), deputy)
        away(session, "one")
        assert asked(session, line) == "two"
        away(session, "two")
        assert asked(session, line) == "three"
        away(session, "three")
        assert asked(session, line) is None
        session.add(officer("lead", role=OfficerRole.SUPERVISOR))
        session.flush()
        assert asked(session, line) == "lead"


def test_two_who_stand_in_for_each_other_end_where_they_began(store: Store, line: Line) -> None:
    with store.transaction() as session:
        session.add_all([officer("one", "보증상담팀"), officer("two")])
        session.flush()
        one, two = session.get_one(Officer, "one"), session.get_one(Officer, "two")
        appoint_deputy(session, one, "two")
        appoint_deputy(session, two, "one")
        away(session, "one")
        away(session, "two")
        assert deputy_of(session, one, at=MORNING) is None


def test_without_a_named_officer_the_team_member_idle_longest_is_in_charge(store: Store, line: Line) -> None:
    ready(store, "late", later(MORNING, -10))
    ready(store, "early", later(MORNING, -20))
    with store.transaction() as session:
        session.add_all([officer(name, department="고객센터", agent_id=name) for name in ("late", "early")])
        session.flush()
        assert asked(session, line) == "early"
        away(session, "early")
        assert asked(session, line) == "late"
        found = officer_of(session, "late")
        assert found is not None
        assert found.id == "late"


def test_an_absence_holds_from_its_beginning_until_before_its_end(store: Store) -> None:
    with store.transaction() as session:
        session.add(officer("one"))
        session.flush()
        away(session, "one", hours=1)
        absent = [absence_of(session, "one", at=later(MORNING, seconds)) is not None for seconds in (-1, 0, 3599, 3600)]
        assert absent == [False, True, True, False]
        come_back(session, session.get_one(Officer, "one"), at=later(MORNING, 60))
        assert absence_of(session, "one", at=later(MORNING, 60)) is None
        assert absence_of(session, "one", at=later(MORNING, 59)) is not None
        with pytest.raises(BadPlan):
            come_back(session, session.get_one(Officer, "one"), at=later(MORNING, 61))


def test_plans_that_cannot_be_are_refused(store: Store) -> None:
    with store.transaction() as session:
        session.add_all([officer("one"), officer("strange", line="dcgf")])
        session.flush()
        one = session.get_one(Officer, "one")
        with pytest.raises(BadPlan):
            plan_absence(session, one, AbsenceReason.SICK, starts_at=MORNING, ends_at=MORNING)
        for deputy in ("one", "strange", "nobody"):
            with pytest.raises(BadPlan):
                appoint_deputy(session, one, deputy)


def test_search_takes_every_word_whatever_its_case(store: Store) -> None:
    with store.transaction() as session:
        session.add(officer("one", "외국인투자, English"))
        session.add(officer("two", "신규 보증", name="이서연"))
        session.add(officer("other", "신규 보증", line="dcgf"))
        session.flush()
        found = {
            text: [one.id for one in search(session, text, line="kibo")]
            for text in ("english", "신규 이서연", "보증사업부", "100%", "")
        }
    assert found == {
        "english": ["one"],
        "신규 이서연": ["two"],
        "보증사업부": ["one", "two"],
        "100%": [],
        "": ["one", "two"],
    }


def test_the_supervisor_is_one_who_is_there_else_the_first(store: Store, line: Line) -> None:
    with store.transaction() as session:
        session.add_all([officer(name, role=OfficerRole.SUPERVISOR) for name in ("lead-1", "lead-2")])
        session.flush()
        away(session, "lead-1")
        here = supervisor_of(session, line, at=MORNING)
        away(session, "lead-2")
        nobody = supervisor_of(session, line, at=MORNING)
        assert here is not None
        assert nobody is not None
        assert (here.id, nobody.id) == ("lead-2", "lead-1")
