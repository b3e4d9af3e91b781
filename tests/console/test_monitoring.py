"""The page of talks that go on: who may join which, with what reason, and what is refused."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from console.app import create_app
from console.monitoring.pages import softphone_of
from console.office import Office
from ivr.accounts.rows import AccessEntry, Role
from ivr.calls.facts import Told, tell
from ivr.calls.rows import Call, Offer, OfferState
from ivr.lines.model import Lines
from ivr.lines.monitoring import MonitoringRule
from ivr.monitoring.rows import Mode, Monitoring
from ivr.promises import PromiseRow
from tests.console.conftest import Served
from tests.console.people import LINE, Person, add_account, office_over, sign_in
from tests.http.board import MORNING, Moment
from tests.people import agent_of
from tests.store_fixtures.databases import ON_SQLITE

Enter = Callable[..., Person]
REASON = {"mode": "listen", "reason": "신입 상담원 도움"}


@pytest.fixture
def office(engine: object, moment: Moment) -> Office:
    """An office whose KIBO line allows it, with one talk going on."""
    here = office_over(engine, moment)  # type: ignore[arg-type]
    rule = {"monitoring": MonitoringRule(allowed=True)}
    here = replace(here, lines=Lines(line.model_copy(update=rule) if line.id == LINE else line for line in here.lines))
    with here.store.transaction() as session:
        session.add(agent_of(here.lines.by_id(LINE), MORNING, number=1))
        session.add(
            Call(id="c1", line=LINE, carrier_sid="CA1", dialled="+827010000001", receipt_number="1", arrived_at=MORNING)
        )
        session.flush()
        session.add(
            Offer(id="o1", call_id="c1", ordinal=1, agent_id="kibo-1", state=OfferState.ACCEPTED, made_at=MORNING)
        )
        tell(session.connection(), Told("c1", "joining", "joining", "caller", MORNING, detail={"offer": "o1"}))
    return here


def rows(office: Office) -> list[Monitoring]:
    with office.store.reading() as session:
        return list(session.scalars(select(Monitoring).order_by(Monitoring.asked_at)))


def test_a_supervisor_joins_changes_and_leaves_each_step_written_down(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR)
    assert "함께 듣기" in person.get("/monitoring").get_data(as_text=True)
    assert person.post("/monitoring/o1", REASON).status_code == 303
    person.post("/monitoring/o1", REASON)
    person.post("/monitoring/o1", {"mode": "whisper", "reason": "답을 알려 줌"})
    person.post("/monitoring/leave")
    person.post("/monitoring/leave")
    (row,) = rows(office)
    assert (row.mode, row.ended_at is not None) == (Mode.WHISPER, True)
    with office.store.reading() as session:
        entries = [
            (entry.act.value, entry.reason)
            for entry in session.scalars(select(AccessEntry).order_by(AccessEntry.place))
        ]
        kinds = list(session.scalars(select(PromiseRow.kind).order_by(PromiseRow.id)))
    assert entries == [("listen", "신입 상담원 도움"), ("whisper", "답을 알려 줌")]
    assert kinds == ["monitor", "monitor-mode", "monitor-end"]


def test_without_a_reason_nobody_listens(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR)
    person.post("/monitoring/o1", {"mode": "listen", "reason": " "})
    assert "사유를 두 글자 이상" in person.get("/monitoring").get_data(as_text=True)
    assert rows(office) == []


def test_only_supervisors_of_the_line_may(enter: Enter, office: Office) -> None:
    for role in (Role.AGENT, Role.AUDITOR, Role.ADMINISTRATOR):
        person = enter(role, name=f"누구 {role.value}")
        assert person.get("/monitoring").status_code == 403
        assert person.post("/monitoring/o1", REASON).status_code == 403
    stranger = enter(Role.SUPERVISOR, line="dcgf", name="정하은")
    assert stranger.post("/monitoring/o1", REASON).status_code == 404
    assert stranger.post("/monitoring/o9", REASON).status_code == 404
    assert rows(office) == []


def test_a_line_that_does_not_allow_it_says_how_it_is_turned_on(engine: object, office: Office, moment: Moment) -> None:
    closed = office_over(engine, moment)  # type: ignore[arg-type]
    app: Flask = create_app(closed)
    with closed.store.transaction() as session:
        account = add_account(session, Role.SUPERVISOR, name="한지원", at=moment()).id
    person = sign_in(app, account)
    assert "allowed = true" in person.get("/monitoring").get_data(as_text=True)
    person.post("/monitoring/o1", REASON)
    assert rows(office) == []


@ON_SQLITE
@pytest.mark.browser
def test_the_dialog_names_the_talk(
    served: Served, enter: Enter, office: Office, accessible: Callable[[Page], None]
) -> None:
    with served.page(enter(Role.SUPERVISOR)) as page:
        page.goto("/monitoring")
        page.get_by_role("button", name="함께 듣기").click()
        accessible(page)
        page.get_by_label("사유").fill("신입 상담원 도움")
        page.get_by_role("dialog").get_by_role("button", name="함께 듣기").click()
        page.get_by_text("소프트폰으로 연결하고 있습니다.").wait_for()
    assert len(rows(office)) == 1


def test_no_two_accounts_share_a_softphone() -> None:
    names = ["kibo.lead", "kibo-lead", "kibo_lead", "kibolead", "k" * 40]
    softphones = {softphone_of(name) for name in names}
    assert len(softphones) == len(names)
    assert all(re.fullmatch(r"sup_\w{1,56}", one, re.ASCII) for one in softphones)
