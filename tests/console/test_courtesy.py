"""The courtesy survey on screen: drawing, scoring blind, reconciling, publishing, and appeals of agents."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page
from sqlalchemy import Engine

from console.office import Office
from ivr.accounts.rows import Role
from ivr.courtesy.ledger import read_ledger
from ivr.courtesy.rounds import publish
from ivr.courtesy.rows import AppealState, CourtesyAppeal, CourtesyRound, CourtesySheet, RoundState
from ivr.directory.rows import Officer
from tests.console.conftest import Served
from tests.console.people import Person, sign_in
from tests.http.board import Moment
from tests.store_fixtures.databases import ON_SQLITE
from tests.store_fixtures.prepared import prepared
from tests.unit.courtesy.stock import DRAWN, LINE, PLAN, Stock, by, scores

Enter = Callable[..., Person]
PLAN_FORM = {"first_day": "2026-11-23", "last_day": "2026-11-27", "size": 6, "seed": 7, "second_share": 50}
ROUND = f"/courtesy/{PLAN.id}"


@pytest.fixture
def stock(engine: Engine, office: Office, moment: Moment) -> Stock:
    """Twelve calls of two agents, a week later."""
    moment.at = DRAWN
    made = Stock(office.store)
    prepared(engine, "calls for courtesy on screen", lambda: made.calls(made.agents(), 6))
    return made


@pytest.fixture
def drawn(stock: Stock) -> Stock:
    """The same with a round."""
    stock.draw()
    return stock


@pytest.fixture
def published(drawn: Stock) -> Stock:
    """A round that is scored and published."""
    drawn.score_all(scores(5, greeting=3))
    with drawn.store.transaction() as session:
        publish(session, PLAN.id, deed=by("lead"))
    return drawn


def sheet(points: int = 5, **others: int | str) -> dict[str, str]:
    """The fields of a whole sheet."""
    given = {**scores(points), **{name.replace("_", "-"): value for name, value in others.items()}}
    return {f"item-{item}": str(value) for item, value in given.items()}


def agent(enter: Enter, office: Office, agent_id: str) -> Person:
    """Somebody who takes calls as this agent."""
    officer = f"officer-{agent_id}"
    with office.store.transaction() as session:
        session.add(Officer(id=officer, line=LINE, name="김민수", department="상담", title="상담사", agent_id=agent_id))
    return enter(Role.AGENT, name=f"상담 {agent_id}", line=LINE, officer=officer)


def supervisor(enter: Enter, name: str = "한지원") -> Person:
    """A supervisor of the line."""
    return enter(Role.SUPERVISOR, name=name, line=LINE)


def sheets(office: Office) -> int:
    """How many versions of sheets there are."""
    with office.store.reading() as session:
        return session.query(CourtesySheet).count()


def test_a_round_is_drawn_once_by_the_same_plan(enter: Enter, office: Office, stock: Stock) -> None:
    person = supervisor(enter)
    assert "아직 평가가 없습니다" in person.get("/courtesy/").text
    assert person.post("/courtesy/new", PLAN_FORM).location == ROUND
    assert person.post("/courtesy/new", PLAN_FORM).location == ROUND
    with office.store.reading() as session:
        assert len(read_ledger(session, PLAN.id).picks) == 6
        assert session.query(CourtesyRound).count() == 1
    assert "0 / 6" in person.get("/courtesy/").text
    other_size = person.post("/courtesy/new", {**PLAN_FORM, "size": 7})
    assert other_size.status_code == 422


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"first_day": "2026-11-28"}, "끝나는 날이 시작하는 날보다 빠릅니다"),
        ({"last_day": "2026-12-24"}, 'role="alert"'),
        ({"size": 0}, "너무 작은 값입니다"),
        ({"seed": ""}, "입력해 주십시오"),
    ],
)
@ON_SQLITE
def test_a_plan_that_cannot_be_is_told(enter: Enter, stock: Stock, wrong: dict[str, object], said: str) -> None:
    answer = supervisor(enter).post("/courtesy/new", {**PLAN_FORM, **wrong})
    assert (answer.status_code, said in answer.text) == (422, True)


def test_two_raters_score_blind_and_a_dispute_is_reconciled(enter: Enter, office: Office, drawn: Stock) -> None:
    one, two, third = supervisor(enter), supervisor(enter, "박서준"), supervisor(enter, "이하늘")
    call = next(id for id, pick in drawn.ledger().picks.items() if pick.second)
    address = f"{ROUND}/calls/{call}"
    assert one.post(f"{address}/score", sheet(5)).status_code == 303
    assert "첫 평가자" not in two.get(address).text
    assert two.post(f"{address}/score", sheet(5, greeting=2)).status_code == 303
    shown = third.get(address).text
    assert "첫 평가자" in shown
    assert "의견 차이 맞추기" in shown
    assert third.post(f"{address}/reconcile", {"item-greeting": "4", "note": "다시 들음"}).status_code == 303
    ledger = drawn.ledger()
    counting = ledger.counting(call)
    assert counting is not None
    assert (counting.scores["greeting"], ledger.unsettled()) == (4, [])


def test_a_sheet_is_whole_final_and_corrected_with_a_reason(enter: Enter, office: Office, drawn: Stock) -> None:
    person = supervisor(enter)
    call = next(id for id, pick in drawn.ledger().picks.items() if not pick.second)
    address, half = f"{ROUND}/calls/{call}", sheet(5)
    del half["item-listening" if "item-listening" in half else sorted(half)[0]]
    lacking = person.post(f"{address}/score", half)
    assert (lacking.status_code, "점수를 골라 주십시오" in lacking.text, sheets(office)) == (422, True, 0)
    assert person.post(f"{address}/score", {**half, "item-greeting": "many"}).status_code == 400
    assert person.post(f"{address}/score", sheet(5)).status_code == 303
    again = person.post(f"{address}/score", sheet(5, greeting=1))
    assert "이미 평가한 통화입니다" in person.get(again.location).text
    assert sheets(office) == 1
    person.post(f"{address}/correct", {"item-greeting": "4", "reason": ""})
    assert sheets(office) == 1
    person.post(f"{address}/correct", {"item-greeting": "4", "reason": "다시 들음"})
    assert sheets(office) == 2


@ON_SQLITE
def test_the_record_suggests_scores_and_the_call_can_be_left_out(enter: Enter, office: Office, drawn: Stock) -> None:
    person, call = supervisor(enter), next(iter(drawn.ledger().picks))
    shown = person.get(f"{ROUND}/calls/{call}").text
    assert "고객이 먼저 끊었습니다" in shown
    assert re.search(r'name="item-pick-up" value="5" checked', shown)
    person.post(f"{ROUND}/calls/{call}/drop", {"reason": ""})
    assert drawn.ledger().picks[call].dropped is None
    person.post(f"{ROUND}/calls/{call}/drop", {"reason": "녹음이 없음"})
    assert drawn.ledger().picks[call].dropped == "녹음이 없음"
    assert "녹음이 없음" in person.get(f"{ROUND}/calls/{call}").text


@ON_SQLITE
def test_nobody_scores_an_own_call(enter: Enter, office: Office, drawn: Stock) -> None:
    call, pick = next(iter(drawn.ledger().picks.items()))
    with office.store.transaction() as session:
        row = Officer(id="both", line=LINE, name="김민수", department="상담", title="팀장", agent_id=pick.agent_id)
        session.add(row)
    person = enter(Role.SUPERVISOR, name="겸임", line=LINE, officer="both")
    assert "평가표 내기" not in person.get(f"{ROUND}/calls/{call}").text
    person.post(f"{ROUND}/calls/{call}/score", sheet(5))
    assert sheets(office) == 0


def test_a_round_is_published_when_it_is_done(enter: Enter, office: Office, drawn: Stock) -> None:
    person = supervisor(enter)
    early = person.post(f"{ROUND}/publish")
    assert "맞추지 않은 통화가 있어 공표할 수 없습니다" in person.get(early.location).text
    drawn.score_all(scores(5))
    assert "결과 공표" in person.get(ROUND).text
    person.post(f"{ROUND}/publish")
    person.post(f"{ROUND}/publish")
    with office.store.reading() as session:
        assert session.get_one(CourtesyRound, PLAN.id).state is RoundState.PUBLISHED
    shown = person.get(ROUND).text
    assert "100.0" in shown
    assert "항목별 점수" in shown


@ON_SQLITE
def test_a_round_is_given_up_with_a_reason(enter: Enter, office: Office, drawn: Stock) -> None:
    person = supervisor(enter)
    person.post(f"{ROUND}/cancel", {"reason": ""})
    person.post(f"{ROUND}/cancel", {"reason": "녹음 장애"})
    with office.store.reading() as session:
        assert session.get_one(CourtesyRound, PLAN.id).state is RoundState.CANCELLED
    assert "녹음 장애" in person.get(ROUND).text


def test_an_agent_sees_own_scores_appeals_and_somebody_else_decides(
    enter: Enter, office: Office, moment: Moment, published: Stock
) -> None:
    call, pick = next(iter(published.ledger().picks.items()))
    person = agent(enter, office, pick.agent_id)
    assert f"{ROUND}/mine" in person.get("/courtesy/").text
    shown = person.get(f"{ROUND}/mine").text
    other = next(id for id, one in published.ledger().picks.items() if one.agent_id != pick.agent_id)
    assert call in shown
    assert other not in shown
    address = f"{ROUND}/calls/{call}/greeting"
    form = {"text": "인사와 소속, 이름을 모두 말했습니다."}
    assert person.post(f"{address}/appeal", form).status_code == 303
    person.post(f"{address}/appeal", form)
    person.post(f"{ROUND}/calls/{other}/greeting/appeal", form)
    with office.store.reading() as session:
        assert session.query(CourtesyAppeal).count() == 1
    decider = supervisor(enter)
    assert decider.post(f"{address}/decide", {"points": "5", "reason": ""}).status_code == 422
    assert decider.post(f"{address}/decide", {"points": "5", "reason": "다시 들으니 맞음"}).status_code == 303
    with office.store.reading() as session:
        assert session.query(CourtesyAppeal).one().state is AppealState.UPHELD
    assert "다시 들으니 맞음" in person.get(f"{ROUND}/mine").text
    moment.at += timedelta(days=30)
    late = agent_again(enter, office, person)
    assert "기한" in late.get(f"{ROUND}/mine").text


def agent_again(enter: Enter, office: Office, person: Person) -> Person:
    """The same person, signed in anew."""
    return sign_in(person.client.application, person.account_id)


@ON_SQLITE
def test_an_appeal_is_taken_back_or_dismissed(enter: Enter, office: Office, published: Stock) -> None:
    call, pick = next(iter(published.ledger().picks.items()))
    person, decider = agent(enter, office, pick.agent_id), supervisor(enter)
    for item in ("greeting", "pick-up"):
        person.post(f"{ROUND}/calls/{call}/{item}/appeal", {"text": "다시 들어 주십시오."})
    person.post(f"{ROUND}/calls/{call}/greeting/withdraw")
    decider.post(f"{ROUND}/calls/{call}/pick-up/decide", {"points": "dismiss", "reason": "기록과 같음"})
    with office.store.reading() as session:
        states = {one.item: one.state for one in session.query(CourtesyAppeal)}
    assert states == {"greeting": AppealState.WITHDRAWN, "pick-up": AppealState.DISMISSED}
    assert "기록과 같음" in decider.get(f"{ROUND}/calls/{call}/pick-up/appeal").text


@ON_SQLITE
def test_other_lines_and_roles_are_kept_out(enter: Enter, office: Office, drawn: Stock) -> None:
    call = next(iter(drawn.ledger().picks))
    stranger, looking = enter(Role.SUPERVISOR, line="kibo"), enter(Role.AUDITOR, line=LINE)
    somebody = enter(Role.AGENT, line=LINE)
    for address in (ROUND, f"{ROUND}/calls/{call}", f"{ROUND}/mine", f"{ROUND}/calls/{call}/greeting/appeal"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"{ROUND}/publish").status_code == 404
    assert stranger.post(f"{ROUND}/calls/{call}/score", sheet(5)).status_code == 404
    assert looking.get(ROUND).status_code == 200
    assert looking.post(f"{ROUND}/calls/{call}/score", sheet(5)).status_code == 403
    assert looking.post(f"{ROUND}/publish").status_code == 403
    assert somebody.get(ROUND).status_code == 403
    assert somebody.get(f"{ROUND}/mine").status_code == 404
    assert supervisor(enter).get(f"{ROUND}/calls/unknown").status_code == 404
    assert "내 통화가 없습니다" in somebody.get("/courtesy/").text


@pytest.mark.browser
@ON_SQLITE
def test_a_rater_scores_a_call_on_a_telephone(
    enter: Enter, served: Served, office: Office, drawn: Stock, accessible: Callable[[Page], None]
) -> None:
    with served.page(supervisor(enter), width=390) as page:
        page.goto(ROUND)
        accessible(page)
        page.get_by_role("link", name="평가하기").first.click()
        accessible(page)
        for question in page.locator("fieldset.question").all():
            question.locator("input").first.check()
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="평가표 내기").click()
        page.get_by_text("평가표를 저장했습니다").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert sheets(office) == 1
