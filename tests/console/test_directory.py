"""Finding people, changing them, their absences, and where they take calls."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from console.office import Office
from ivr.accounts.rows import Role
from ivr.agents.rows import Agent, AgentState
from ivr.directory.asking import absence_of
from ivr.directory.rows import Officer
from tests.console.conftest import Served
from tests.console.people import Person
from tests.http.board import Moment
from tests.people import agent_of
from tests.store_fixtures.databases import ON_SQLITE

Enter = Callable[..., Person]
NEW = {
    "id": "kibo-9",
    "name": "<b>남궁</b>",
    "department": "보증사업부",
    "title": "과장",
    "duties": "신규 보증, 벤처 인증",
}


def mark_in(page: str, form: str = "/directory/kibo-9") -> str:
    """The mark of the form that goes to this address."""
    return page.split(f'action="{form}"')[1].split('name="mark" value="')[1].split('"')[0]


def post_mark_in(page: str) -> str:
    return mark_in(page, "/directory/kibo-9/post")


def test_somebody_new_is_found_by_duty_and_written_as_typed(enter: Enter) -> None:
    person = enter(Role.SUPERVISOR)
    assert person.post("/directory/new", NEW).status_code == 303
    found = person.get("/directory?q=벤처").get_data(as_text=True)
    assert "&lt;b&gt;남궁&lt;/b&gt;" in found
    assert "<b>남궁" not in found
    assert "찾는 직원이 없습니다" in person.get("/directory?q=없는 업무").get_data(as_text=True)


def test_an_id_counts_once_and_a_wrong_field_is_told_beside_it(enter: Enter) -> None:
    person = enter(Role.SUPERVISOR)
    person.post("/directory/new", NEW)
    again = person.post("/directory/new", NEW)
    assert (again.status_code, "이미 쓰고 있는 식별자" in again.get_data(as_text=True)) == (422, True)
    wrong = person.post("/directory/new", {**NEW, "id": "kibo-10", "number": "12", "name": ""})
    text = wrong.get_data(as_text=True)
    assert wrong.status_code == 422
    assert 'id="number-fault"' in text
    assert 'id="name-fault"' in text
    assert "신규 보증, 벤처 인증" in text


def test_two_supervisors_who_change_the_same_person_do_not_overwrite_each_other(enter: Enter, office: Office) -> None:
    first, second = enter(Role.SUPERVISOR), enter(Role.SUPERVISOR, name="오세라")
    first.post("/directory/new", NEW)
    mark = mark_in(first.get("/directory/kibo-9").get_data(as_text=True).split("정보 고치기")[1])
    form = {key: value for key, value in NEW.items() if key != "id"} | {"mark": mark}
    assert first.post("/directory/kibo-9", {**form, "title": "차장"}).status_code == 303
    late = second.post("/directory/kibo-9", {**form, "title": "대리"})
    assert (late.status_code, "먼저 바꾸었습니다" in late.get_data(as_text=True)) == (409, True)
    with office.store.reading() as session:
        assert session.get_one(Officer, "kibo-9").title == "차장"


def test_an_absence_begins_and_ends(enter: Enter, office: Office, moment: Moment) -> None:
    person = enter(Role.SUPERVISOR)
    person.post("/directory/new", NEW)
    form = {"starts_at": "2026-11-23T10:00", "ends_at": "2026-11-23T12:00", "reason": "training"}
    assert person.post("/directory/kibo-9/absence", form).status_code == 303
    assert "교육" in person.get("/directory").get_data(as_text=True)
    person.post("/directory/kibo-9/back")
    person.post("/directory/kibo-9/back")
    with office.store.reading() as session:
        assert absence_of(session, "kibo-9", at=moment() + timedelta(minutes=1)) is None
    backwards = person.post("/directory/kibo-9/absence", {**form, "ends_at": "2026-11-23T09:00"})
    assert backwards.status_code == 422


def test_somebody_takes_calls_in_the_teams_that_are_ticked(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR)
    person.post("/directory/new", NEW)
    page = person.get("/directory/kibo-9").get_data(as_text=True)
    person.post("/directory/kibo-9/post", {"mark": post_mark_in(page), "softphone": "kibo_9"})
    page = person.get("/directory/kibo-9").get_data(as_text=True)
    chosen = {"mark": post_mark_in(page), "skills": ["guarantee/new", "guide/"]}
    assert person.post("/directory/kibo-9/skills", chosen).status_code == 303
    with office.store.reading() as session:
        agent = session.get_one(Agent, "kibo-9")
        assert (agent.softphone, agent.state) == ("kibo_9", AgentState.AWAY)
        assert {(row.team, row.skill) for row in agent.skills} == {
            ("guarantee", ""),
            ("guarantee", "new"),
            ("guide", ""),
        }
    assert person.post("/directory/kibo-9/skills", chosen).status_code == 409


def test_agents_look_but_do_not_change_and_other_lines_are_not_there(enter: Enter) -> None:
    enter(Role.SUPERVISOR).post("/directory/new", NEW)
    agent, stranger = enter(Role.AGENT, name="김민수"), enter(Role.SUPERVISOR, line="dcgf", name="정하은")
    assert agent.get("/directory/kibo-9").status_code == 200
    for address in ("/directory/new", "/directory/kibo-9", "/directory/kibo-9/absence", "/directory/kibo-9/back"):
        assert agent.post(address, NEW).status_code == 403
    assert "남궁" not in stranger.get("/directory?q=벤처").get_data(as_text=True)
    for address in ("/directory/kibo-9", "/directory/kibo-9/back", "/directory/kibo-9/skills"):
        assert stranger.post(address, NEW).status_code == 404
    assert stranger.get("/directory/kibo-9").status_code == 404


@ON_SQLITE
@pytest.mark.browser
def test_people_are_found_while_one_types(served: Served, enter: Enter, accessible: Callable[[Page], None]) -> None:
    person = enter(Role.SUPERVISOR)
    person.post("/directory/new", NEW)
    with served.page(person) as page:
        page.goto("/directory")
        accessible(page)
        page.get_by_label("담당 업무·부서·이름").press_sequentially("벤처")
        page.get_by_role("link", name="<b>남궁</b>").click()
        page.get_by_role("button", name="부재 등록").click()
        accessible(page)


@pytest.mark.parametrize("taken", ["dcgf_1", "sup_all_kibo"])
def test_nobody_is_given_the_softphone_of_somebody_else(
    enter: Enter, office: Office, moment: Moment, taken: str
) -> None:
    with office.store.transaction() as session:
        session.add(agent_of(office.lines.by_id("dcgf"), moment(), number=1, softphone="dcgf_1"))
    person = enter(Role.SUPERVISOR)
    person.post("/directory/new", NEW)
    for softphone in ("kibo_9", taken, "kibo_9"):
        page = person.get("/directory/kibo-9").text
        person.post("/directory/kibo-9/post", {"mark": post_mark_in(page), "softphone": softphone})
        with office.store.reading() as session:
            assert session.get_one(Agent, "kibo-9").softphone == "kibo_9"
