"""Ten thousand agents, all of them in the directory: every page of the menu answers, and none becomes endless."""

from collections.abc import Callable

from flask import url_for
from sqlalchemy import insert

from console.office import Office
from console.shell import MENU
from ivr.accounts.rows import Grant, Role
from ivr.agents.rows import Agent, AgentSkill, AgentState
from ivr.directory.rows import Officer
from tests.console.people import Person
from tests.http.board import Moment
from tests.store_fixtures.databases import ON_SQLITE

pytestmark = ON_SQLITE
MANY = 10_000
LINE = "kibo"
LONGEST_PAGE = 300_000


def test_no_page_becomes_endless_with_ten_thousand_agents(
    office: Office, enter: Callable[..., Person], moment: Moment
) -> None:
    me = enter(Role.ADMINISTRATOR, name="many", line=LINE)
    _fill(office, moment)
    with office.store.transaction() as session:
        session.add_all(
            Grant(account_id=me.account_id, line=LINE, role=role) for role in (Role.SUPERVISOR, Role.AUDITOR)
        )
    app = me.client.application
    with app.test_request_context():
        # The page of lines needs files to make editions of, and shows no agents.
        parts = [one for one in MENU if one.endpoint in app.view_functions and one.name != "lines"]
        asked = {one.name: url_for(one.endpoint) for one in parts}
    answers = {name: me.client.get(address, follow_redirects=True) for name, address in asked.items()}
    shown = {name: len(answer.data) for name, answer in answers.items() if answer.status_code == 200}
    assert {"wall", "calls", "directory", "charter", "callbacks", "system"} <= shown.keys()
    assert {name: size for name, size in shown.items() if size > LONGEST_PAGE} == {}
    assert not [name for name, answer in answers.items() if answer.status_code >= 500]
    found = me.get("/directory?q=9999").text
    assert "사원 9999" in found
    assert "사원 9998" not in found
    assert f"{MANY:,}" in me.get("/wall/now").text


def _fill(office: Office, moment: Moment) -> None:
    ready = {"state": AgentState.READY, "state_since": moment(), "idle_since": moment(), "version": 1}
    people = [
        {"id": f"{LINE}-m{number}", "line": LINE, "name": f"사원 {number}", "department": "고객센터", "title": "대리"}
        for number in range(MANY)
    ]
    with office.store.transaction() as session:
        session.execute(insert(Agent), [{**one, **ready, "softphone": one["id"]} for one in people])
        session.execute(insert(AgentSkill), [{"agent_id": one["id"], "team": "guide", "skill": ""} for one in people])
        session.execute(insert(Officer), [{**one, "duties": "보증", "agent_id": one["id"]} for one in people])
