"""An agent's own day: callbacks done from the desk, figures and verdicts down to each talk, the own announcement."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from console.office import Office
from ivr.accounts.rows import Role
from ivr.agents.rows import Agent, AgentSkill, AgentState, Clip, ClipState
from ivr.callbacks.rows import Callback, CallbackState
from ivr.calls.rings import Reading
from ivr.calls.rows import Call, Offer, OfferState
from ivr.cases.clocks import Sort
from ivr.cases.institution import Institution
from ivr.cases.taking import Customer, Matter, take_case
from ivr.charters.judges.judgement import Finding
from ivr.charters.rows import Verdict
from ivr.directory.rows import Officer
from ivr.numbers import PhoneNumber
from ivr.promises import PromiseRow
from tests.console.people import Person, add_account, sign_in
from tests.http.board import Moment
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.callbacks.people import TEAM, ask, callback_of, officers, wish
from tests.unit.figures.rows_by_hand import call, offer, write

pytestmark = ON_SQLITE
AGENT = "kibo-1"


@pytest.fixture
def agent(console: object, office: Office, moment: Moment) -> Person:
    """An agent of the team who is signed in, and the officers of the line."""
    officers(office.store)
    at = moment()
    with office.store.transaction() as session:
        row = Agent(id=AGENT, line="kibo", name="김민수", department="보증사업부", title="대리", softphone="kibo_1")
        row.state, row.state_since, row.idle_since = AgentState.READY, at, at
        row.skills = [AgentSkill(team=TEAM, skill="")]
        session.add(row)
        session.flush()
        who = {"name": "김민수", "department": "보증사업부", "title": "대리"}
        session.add(Officer(id=AGENT, line="kibo", agent_id=AGENT, **who))
        session.flush()
        account = add_account(session, Role.AGENT, name="김민수", at=at, officer=AGENT).id
    return sign_in(console, account)  # type: ignore[arg-type]


@pytest.fixture
def waiting(agent: Person, office: Office, moment: Moment) -> Callback:
    """Somebody who waits for the agent's call."""
    made = ask(office.store, moment(), wish(customer="홍<b>길동", content="기한을 알려 주십시오."))
    with office.store.transaction() as session:
        session.get_one(Callback, made.id).officer_id = AGENT
    return callback_of(office.store, made)


def standing(office: Office, callback: Callback) -> Callback:
    return callback_of(office.store, callback)


def test_a_day_with_nothing_in_it_says_so(agent: Person) -> None:
    for page in (agent.get("/talk/"), agent.get("/talk/mine")):
        assert page.status_code == 200
        assert "&lt;function" not in page.text
        for said in (
            "전화드릴 고객이 없습니다",
            "맡은 민원이 없습니다",
            "최근 통화가 없습니다",
            "아직 통화가 없습니다",
        ):
            assert said in page.text


def test_a_callback_is_dialled_once_from_the_desk(agent: Person, waiting: Callback, office: Office) -> None:
    listed = agent.get("/talk/mine").text
    assert "010-****-" in listed
    assert "홍&lt;b&gt;길동" in listed
    form = {"version": str(waiting.version)}
    assert agent.post(f"/talk/callbacks/{waiting.id}/dial", form).headers["HX-Trigger"] == "mine"
    assert standing(office, waiting).state is CallbackState.DIALLING
    assert agent.post(f"/talk/callbacks/{waiting.id}/dial", form).status_code == 409
    again = agent.post(f"/talk/callbacks/{waiting.id}/dial", {"version": str(standing(office, waiting).version)})
    assert (again.status_code, "거는 중" in again.text) == (422, True)
    attempt = f"{waiting.id}-1"
    tools = agent.get(f"/talk/of/{attempt}").text
    assert "panel-callback" in tools
    assert "panel-transfer" not in tools
    memo = {"memo": "서류 안내", "version": "0", "code": "answered"}
    assert agent.post(f"/talk/of/{attempt}/wrap-up", memo).status_code == 200
    assert agent.post(f"/talk/of/{attempt}/warn", {"cause": "abuse"}).status_code == 404


def test_at_night_nobody_is_dialled_and_the_agent_is_told_why(
    agent: Person, waiting: Callback, office: Office, moment: Moment
) -> None:
    moment.pass_time(13 * 3600)
    person = sign_in(agent.client.application, agent.account_id)
    answer = person.post(f"/talk/callbacks/{waiting.id}/dial", {"version": str(waiting.version)})
    assert (answer.status_code, "시간이 아닙니다" in answer.text) == (422, True)
    assert standing(office, waiting).state is CallbackState.WAITING


def test_a_callback_is_closed_or_put_off_with_what_the_customer_is_told(
    agent: Person, waiting: Callback, office: Office
) -> None:
    address, version = f"/talk/callbacks/{waiting.id}", str(waiting.version)
    early = {"version": version, "later_reason": "no_answer", "later_until": "2026-11-23T10:01"}
    assert agent.post(f"{address}/later", early).status_code == 422
    assert agent.post(f"{address}/later", {"version": version, "later_reason": "no_answer"}).status_code == 200
    moved = standing(office, waiting)
    assert (moved.slips, moved.due_at > waiting.due_at) == (1, True)
    note = {"version": str(moved.version), "done_note": "010-1234-5678로 메일 답변"}
    assert agent.post(f"{address}/done", {"version": version, "done_note": "메일"}).status_code == 409
    assert agent.post(f"{address}/done", note).status_code == 200
    closed = standing(office, waiting)
    assert closed.closed_by is not None
    assert "1234" not in closed.closed_by
    assert "이미 끝난" in agent.get(address).text


def test_one_takes_what_nobody_has_and_sees_nothing_of_others(agent: Person, waiting: Callback, office: Office) -> None:
    address = f"/talk/callbacks/{waiting.id}"
    with office.store.transaction() as session:
        session.get_one(Callback, waiting.id).officer_id = None
    version = str(standing(office, waiting).version)
    assert "담당자 없음" in agent.get("/talk/mine").text
    assert agent.post(f"{address}/take", {"version": version}).status_code == 200
    assert standing(office, waiting).officer_id == AGENT
    with office.store.transaction() as session:
        session.get_one(Callback, waiting.id).officer_id = "kim"
    assert agent.get(address).status_code == 404
    assert agent.post(f"{address}/done", {"version": "1", "done_note": "메일"}).status_code == 404


def test_own_cases_stand_with_their_dates(agent: Person, office: Office, moment: Moment) -> None:
    institution = Institution(office.lines.by_id("kibo"), office.calendar, office.charters, office.store.keyring)
    who = Customer(number=PhoneNumber.parse("010-1000-0001"))
    matter = Matter("r1", Sort("complaint", "phone"), "늦은 답변", who, moment())
    with office.store.transaction() as session:
        made = take_case(session, matter, institution=institution, at=moment())
        made.officer_id = AGENT
    assert made.receipt_number in agent.get("/talk/mine").text


# Figures and verdicts


def talk(office: Office, number: int, at: Moment) -> Offer:
    """A finished talk of the agent with a call of its own."""
    with office.store.transaction() as session:
        row = Call(id=f"c{number}", line="kibo", carrier_sid=f"CA{number}", dialled="+827010000001", arrived_at=at())
        row.receipt_number, row.caller = f"1123-{number:06}", PhoneNumber.parse("010-1000-0001")
        session.add(row)
        session.flush()
        made = Offer(id=f"c{number}-1", call_id=row.id, ordinal=1, agent_id=AGENT, made_at=at(), closed_at=at())
        made.state, made.outcome, made.team = OfferState.OVER, "finished", TEAM
        session.add(made)
    return made


def verdict(office: Office, standard: str, subject: str, finding: Finding, at: Moment, **more: object) -> None:
    known = {"institution": "kibo", "scope": "offer", "reason": f"사유 {subject}", "evidence": [], "version": 1}
    with office.store.transaction() as session:
        row = Verdict(standard_id=standard, subject=subject, verdict=finding, day=at().date(), **{**known, **more})
        session.add(row)


def test_each_number_opens_what_it_counts(agent: Person, office: Office, moment: Moment) -> None:
    kept, missed = talk(office, 1, moment), talk(office, 2, moment)
    day = {"day": moment().date(), "hour": 10, "arrived_at": moment()}
    rows = [call(1, **day), call(2, **day), call(3, **day)]
    late = offer(rows[1], rings=Reading.MISSED, ring_ms=9_400)
    others = offer(rows[2], agent="kibo-2")
    write(office.store, [(rows[0], [offer(rows[0])]), (rows[1], [late]), (rows[2], [others])])
    verdict(office, "kibo/K4/1", kept.id, Finding.MET, moment, call_id="c1")
    verdict(office, "kibo/K4/1", missed.id, Finding.MISSED, moment, call_id="c2")
    verdict(office, "kibo/K4/1", "c3-1", Finding.MISSED, moment)
    verdict(office, "kibo/K5/1", "c1", Finding.MET, moment, call_id="c1", scope="call")
    page = agent.get("/talk/").text
    assert "1 / 2건" in page
    assert "50.0 %" in page
    assert "벨이 3번 울리기 전에 받기" in agent.get("/talk/kept").text
    behind = agent.get("/talk/figures?figure=within_rings&part=base&period=day").text
    assert ("1123-000001" in behind, "1123-000002" in behind, "9.4초" in behind) == (True, True, True)
    assert "1123-000002" not in agent.get("/talk/figures?figure=within_rings&part=counted&period=month").text
    reasons = agent.get("/talk/results?standard=kibo/K4/1").text
    assert ("사유 c2-1" in reasons, "사유 c3-1" in reasons) == (True, False)
    assert "사유 c2-1" in agent.get("/talk/talks/c2-1").text
    for wrong in ("/talk/figures?figure=calls&part=x&period=day", "/talk/figures", "/talk/results?standard=<b>"):
        assert agent.get(wrong).status_code == 404


def test_a_talk_without_a_result_is_named_until_it_has_one(agent: Person, office: Office, moment: Moment) -> None:
    made = talk(office, 1, moment)
    assert "결과 미입력" in agent.get("/talk/mine").text
    form = {"memo": "안내함", "version": "0", "code": "answered"}
    assert agent.post(f"/talk/of/{made.id}/wrap-up", form).status_code == 200
    listed = agent.get("/talk/mine").text
    assert ("결과 미입력" in listed, "안내 완료" in listed) == (False, True)
    moment.pass_time(timedelta(days=1).total_seconds())
    person = sign_in(agent.client.application, agent.account_id)
    assert "안내 완료" in person.get(f"/talk/talks/{made.id}").text


# The announcement


def test_an_announcement_is_recorded_heard_and_used_only_while_away(
    agent: Person, office: Office, moment: Moment
) -> None:
    assert "먼저 자리 비움으로" in agent.post("/talk/announcement/record").text
    assert promised(office) == []
    with office.store.transaction() as session:
        session.get_one(Agent, AGENT).state = AgentState.AWAY
        for id, owner in (("RE1", AGENT), ("RE2", AGENT), ("RE9", "kibo-9")):
            if owner != AGENT:
                other = Agent(id=owner, line="kibo", name="박", department="부", title="대리", softphone="x")
                other.state, other.state_since, other.idle_since = AgentState.AWAY, moment(), moment()
                session.add(other)
                session.flush()
            known = {"url": f"https://carrier/{id}", "text": "말", "seconds": 6, "made_at": moment()}
            session.add(Clip(id=id, agent_id=owner, state=ClipState.DRAFT, **known))
    assert "내 전화가 울립니다" in agent.post("/talk/announcement/record", {"clip": "RE1"}).text
    agent.post("/talk/announcement/record", {"clip": "RE1"})
    assert promised(office) == [{"agent": AGENT, "session": f"clip-{AGENT}-{moment():%y%m%d%H%M%S}", "clip": "RE1"}]
    for id in ("RE1", "RE2", "RE2"):
        assert agent.post("/talk/announcement/accept", {"clip": id}).status_code == 200
    assert states(office) == {"RE1": "replaced", "RE2": "accepted", "RE9": "draft"}
    agent.post("/talk/announcement/accept", {"clip": "RE9"})
    agent.post("/talk/announcement/drop", {"clip": "RE2"})
    assert states(office) == {"RE1": "replaced", "RE2": "replaced", "RE9": "draft"}


def promised(office: Office) -> list[object]:
    with office.store.reading() as session:
        return list(session.scalars(select(PromiseRow.args).where(PromiseRow.kind == "record-clip")))


def states(office: Office) -> dict[str, str]:
    with office.store.reading() as session:
        return {clip.id: clip.state.value for clip in session.scalars(select(Clip))}


def test_the_day_is_for_agents(enter: Callable[..., Person]) -> None:
    supervisor = enter(Role.SUPERVISOR)
    for address in ("/talk/", "/talk/mine", "/talk/announcement", "/talk/figures", "/talk/callbacks/b1"):
        assert supervisor.get(address).status_code == 403
