"""The desk over a hotline that really runs: what it shows in each phase of a call, and what its buttons do."""

from datetime import datetime

import pytest
from sqlalchemy import Engine

from console.filters import machine
from ivr.accounts.rows import Role
from ivr.agents.rows import AgentState
from ivr.calls.rows import OfferState
from ivr.desks.changing import mark_of
from ivr.desks.presence import DESK_LOST
from tests.console.desk_stage import Desk, desk_over, officer_of
from tests.console.people import Person, add_account, sign_in
from tests.people import agent_of
from tests.store_fixtures.databases import ON_SQLITE


@pytest.fixture
def desk(engine: Engine) -> Desk:
    """A ready agent of KIBO with a softphone."""
    return desk_over(engine)


def test_an_agent_comes_leaves_and_is_told_when_it_is_too_late(desk: Desk) -> None:
    assert desk.post("leave", reason="lunch") == 200
    assert (desk.agent.state, desk.agent.reason) == (AgentState.AWAY, "lunch")
    assert "식사" in desk.live()
    assert desk.post("leave", reason="lunch") == 409
    assert desk.post("come") == 200
    assert desk.post("come") == 409
    assert desk.agent.state is AgentState.READY
    assert desk.post("finish") == desk.post("wish", reason="break") == 409
    assert desk.post("leave", reason="<b>") == 400


@ON_SQLITE
def test_without_a_script_the_buttons_lead_back_to_the_desk(desk: Desk) -> None:
    answer = desk.person.post("/desk/leave", {"reason": "break"})
    assert (answer.status_code, answer.location) == (303, "/desk/")


@ON_SQLITE
def test_a_ring_shows_who_calls_and_why_and_what_to_say(desk: Desk) -> None:
    made = desk.is_called(keys="31")
    shown = desk.live()
    assert 'data-phase="ringing"' in shown
    assert "010-****-0001" in shown
    assert made.party.number not in shown
    for word in ("기술평가상담팀", "기술평가와 인증", "감사합니다. 기술보증기금 고객센터 김민수입니다."):
        assert word in shown
    rung = next(fact for fact in desk.facts(made) if fact.kind == "leg-ringing")
    assert f'data-rung-at="{desk_time(rung.received_at)}"' in shown
    assert 'data-limit-ms="7000"' in shown


@ON_SQLITE
def test_the_same_desk_is_sent_only_once(desk: Desk) -> None:
    with desk.world.store.reading() as session:
        mark = mark_of(session, desk.agent_id)
    assert desk.person.get(f"/desk/live?mark={mark}").status_code == 204
    desk.is_called()
    assert desk.person.get(f"/desk/live?mark={mark}").status_code == 200


@ON_SQLITE
def test_what_is_rejected_goes_to_a_colleague_at_once(desk: Desk) -> None:
    made = desk.is_called()
    add_agents_beside(desk)
    subject = desk.offer().id
    assert desk.post("hang-up", subject=subject) == desk.post("hold", subject=subject) == 409
    assert desk.post("reject", subject=subject, reason="technical") == 200
    assert (desk.agent.state, desk.agent.reason) == (AgentState.AWAY, "rejected")
    assert desk.handset.call is None
    told = next(fact for fact in desk.facts(made) if fact.kind == "rejected")
    assert told.detail == {"reason": "technical"}
    assert desk.post("reject", subject=subject, reason="technical") == 409
    assert len([fact for fact in desk.facts(made) if fact.kind == "rejected"]) == 1


@ON_SQLITE
def test_a_talk_is_held_resumed_and_ended_once(desk: Desk) -> None:
    made = desk.talks()
    shown, subject = desk.live(), desk.offer().id
    assert 'data-phase="talking"' in shown
    assert desk.post("hold", subject=subject) == 200
    desk.world.run_for(1)
    assert "보류 중" in desk.live()
    assert desk.post("resume", subject=subject) == 200
    desk.world.run_for(1)
    assert [fact.kind for fact in desk.facts(made) if fact.kind in {"held", "resumed"}] == ["held", "resumed"]
    assert desk.post("wish", reason="break") == 200
    assert [desk.post("hang-up", subject=subject) for _ in range(2)] == [200, 200]
    desk.until(lambda: desk.offer().state is OfferState.OVER)
    assert 'data-phase="wrapping"' in desk.live()
    assert desk.post("hold", subject=subject) == 409
    assert desk.post("finish") == 200
    assert (desk.agent.state, desk.agent.reason, desk.agent.leaving) == (AgentState.AWAY, "break", None)
    assert desk.offer().wrapped_at is not None


@ON_SQLITE
def test_a_wish_to_leave_holds_when_the_wrap_up_ends_by_itself(desk: Desk) -> None:
    made = desk.talks()
    assert desk.post("wish", reason="meeting") == 200
    assert "이 통화가 끝나면 자리 비움" in desk.live()
    assert desk.post("wish") == 200
    assert "이 통화가 끝나면 자리 비움" not in desk.live()
    desk.post("wish", reason="training")
    desk.hangs_up(made)
    desk.until(lambda: desk.agent.state is AgentState.WRAPPING)
    desk.until(lambda: desk.agent.state is AgentState.AWAY)
    assert desk.agent.reason == "training"


@ON_SQLITE
def test_the_history_of_a_caller_is_there_with_the_next_call(desk: Desk) -> None:
    made = desk.talks()
    assert "이 번호의 지난 기록이 없습니다." in desk.live()
    desk.hangs_up(made)
    desk.until(lambda: desk.agent.state is AgentState.READY)
    desk.is_called()
    shown = desk.live()
    assert "지난 통화 1건" in shown
    assert "응답 · 김민수" in shown


@ON_SQLITE
def test_nothing_of_others_can_be_touched(desk: Desk) -> None:
    desk.is_called()
    subject = desk.offer().id
    for stranger in (person_beside(desk, "dcgf"), person_beside(desk, "kibo")):
        assert stranger.post("/desk/reject", {"subject": subject, "reason": "other"}).status_code == 404
        assert stranger.post("/desk/hang-up", {"subject": "no-such"}).status_code == 404
        assert "010-****-0001" not in stranger.get("/desk/live").text
    assert desk.agent.state is AgentState.OFFERED


@ON_SQLITE
def test_only_agents_have_a_desk_and_those_who_take_no_calls_are_told(desk: Desk) -> None:
    with desk.world.store.transaction() as session:
        names = [
            add_account(session, role, name="한지원", at=desk.world.now()).id for role in (Role.SUPERVISOR, Role.AGENT)
        ]
    supervisor, unlinked = (sign_in(desk.console, name) for name in names)
    assert supervisor.get("/desk/").status_code == 403
    assert "이어져 있지 않습니다" in unlinked.get("/desk/").text
    assert unlinked.get("/desk/live").status_code == unlinked.post("/desk/beat").status_code == 404


@ON_SQLITE
def test_a_name_with_markup_stays_a_name(desk: Desk) -> None:
    with desk.world.store.transaction() as session:
        session.get_one(type(desk.agent), desk.agent_id).name = "<b>김</b>"
    desk.is_called()
    assert "&lt;b&gt;김&lt;/b&gt;입니다." in desk.live()


def test_nobody_is_rung_at_a_desk_that_has_fallen_silent(desk: Desk) -> None:
    desk.person.post("/desk/beat")
    desk.world.run_for(44)
    assert desk.person.post("/desk/beat").status_code == 200
    desk.world.run_for(44)
    assert desk.agent.state is AgentState.READY
    desk.world.run_for(18)
    assert (desk.agent.state, desk.agent.reason) == (AgentState.AWAY, DESK_LOST)
    assert "화면이 응답하지 않아" in desk.live()
    assert desk.post("come") == 200
    desk.world.run_for(40)
    assert desk.agent.state is AgentState.READY


@ON_SQLITE
def test_whoever_never_had_a_desk_open_is_rung_as_before(desk: Desk) -> None:
    desk.world.run_for(200)
    assert desk.agent.state is AgentState.READY
    desk.person.post("/desk/close")
    desk.is_called()


@ON_SQLITE
def test_a_desk_that_is_left_in_a_call_is_lost_after_it(desk: Desk) -> None:
    desk.person.post("/desk/beat")
    made = desk.talks()
    desk.person.post("/desk/close")
    desk.world.run_for(150)
    assert desk.agent.state is AgentState.TALKING
    desk.hangs_up(made)
    desk.world.run_for(120)
    assert (desk.agent.state, desk.agent.reason) == (AgentState.AWAY, DESK_LOST)


@ON_SQLITE
def test_a_telephone_needs_no_desk_and_accepts_by_key(engine: Engine) -> None:
    desk = desk_over(engine, softphone=None)
    desk.person.post("/desk/beat")
    desk.world.run_for(120)
    desk.is_called()
    shown = desk.live()
    assert "1번을 눌러" in shown
    assert "act-answer" not in shown
    assert desk.person.post("/desk/token").status_code == 409


def desk_time(at: datetime) -> str:
    """A moment as templates write it."""
    return machine(at)


def add_agents_beside(desk: Desk) -> None:
    """A colleague at a telephone."""
    with desk.world.store.transaction() as session:
        session.add(agent_of(desk.line, desk.world.now(), number=2))


def person_beside(desk: Desk, line: str) -> Person:
    """Another agent, of this line or another one, who is signed in."""
    where, at = desk.world.lines.by_id(line), desk.world.now()
    agent = agent_of(where, at, number=3)
    with desk.world.store.transaction() as session:
        session.add(agent)
        session.flush()
        session.add(officer_of(agent))
        session.flush()
        account = add_account(session, Role.AGENT, name="최유진", line=line, at=at, officer=agent.id).id
    return sign_in(desk.console, account)
