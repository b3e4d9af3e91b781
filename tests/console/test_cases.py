"""Cases on screen: the list by due date, taking one in, working on one, and taking the list away."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from playwright.sync_api import Page

from console.cases.acts import ACTS
from console.office import Office
from ivr.accounts.rows import AccessEntry, Act, Role
from ivr.calls.facts import facts_of
from ivr.cases.finding import PAGE
from ivr.cases.rows import Case, CaseState, ReplyBy
from ivr.cases.taking import Customer
from ivr.directory.rows import Officer
from ivr.promises import PromiseRow
from tests.console.conftest import Served
from tests.console.people import Person
from tests.http.board import Moment
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.cases.desk import CUSTOMER, Desk

Enter = Callable[..., Person]
NUMBER = "010-1000-0001"
NEW = {"reference": "0" * 24, "kind": "complaint", "channel": "visit", "content": "창구 안내가 불친절했습니다."}


@pytest.fixture
def desk(office: Office) -> Desk:
    """The officers of the line, and a way to take cases in."""
    return Desk.over(office.store.engine)


def stood(office: Office, id: str) -> Case:
    """A case as it stands."""
    with office.store.reading() as session:
        return session.get_one(Case, id)


def kinds(office: Office, id: str) -> list[str]:
    """The kinds of everything told about a case."""
    with office.store.reading() as session:
        return [fact.kind for fact in facts_of(session, id)]


def only_case(office: Office) -> Case:
    """The one case that there is."""
    with office.store.reading() as session:
        return session.query(Case).one()


def form_of(office: Office, id: str, **fields: object) -> dict[str, object]:
    """A form made from the case as it stands."""
    return {"version": stood(office, id).version, **fields}


def taken_away(person: Person, form: str) -> bytes:
    """The list as a file."""
    with person.post("/cases/export", {"form": form, "reason": "분기 보고"}) as answer:
        return bytes(answer.data)


def test_the_list_has_due_ones_first_and_nothing_of_people_in_full(enter: Enter, office: Office, desk: Desk) -> None:
    slow, quick = (
        desk.take("proposal", "post"),
        desk.take("disclosure", customer=Customer("<i>홍길동</i>", CUSTOMER.number)),
    )
    first, second = sorted((slow, quick), key=lambda id: stood(office, id).due_at)
    shown = enter(Role.SUPERVISOR).get("/cases/").text
    assert shown.index(f"/cases/{first}") < shown.index(f"/cases/{second}")
    assert "010-****-0001" in shown
    assert NUMBER not in shown
    assert "길동" not in shown


def test_a_list_without_anything_says_so(enter: Enter) -> None:
    person = enter(Role.AUDITOR)
    for view in ("open", "tell", "all"):
        assert "없습니다" in person.get(f"/cases/?view={view}").text


def test_the_list_goes_on_behind_its_first_page(enter: Enter, desk: Desk) -> None:
    made = {desk.take() for _ in range(PAGE + 3)}
    person = enter(Role.SUPERVISOR)
    for view in ("open", "all"):
        first = person.get(f"/cases/?view={view}").text
        onward = re.search(r'href="([^"]*after=[^"]*)" rel="next"', first)
        assert onward is not None
        second = person.get(onward[1].replace("&amp;", "&")).text
        here, there = (set(re.findall(r'"/cases/(v\w{20})"', text)) for text in (first, second))
        assert (len(here), len(there), here | there) == (PAGE, 3, made)


def test_what_somebody_must_tell_the_customer_is_listed_until_it_is_entered(
    enter: Enter, office: Office, desk: Desk, moment: Moment
) -> None:
    id = desk.take(customer=Customer("박영희", None, "서울 종로구 세종대로 1"))
    moment.pass_time(60)
    person = enter(Role.SUPERVISOR)
    assert "접수 안내 필요" in person.get("/cases/?view=tell").text
    form = form_of(office, id, what="received", way="post")
    assert person.post(f"/cases/{id}/do/told", form).status_code == 303
    assert "직접 안내할 민원이 없습니다" in person.get("/cases/?view=tell").text


def test_a_case_is_taken_in_once_and_its_receipt_promised(enter: Enter, office: Office, desk: Desk) -> None:
    person = enter(Role.SUPERVISOR)
    reference = re.search(r'name="reference" value="(\w+)"', person.get("/cases/new").text)
    assert reference is not None
    form = {**NEW, "reference": reference[1], "number": NUMBER, "name": "홍길동", "about": "o1"}
    first, again = (person.post("/cases/new", form) for _ in range(2))
    case = only_case(office)
    assert (first.status_code, first.location, again.location) == (303, f"/cases/{case.id}", f"/cases/{case.id}")
    assert (case.kind, case.channel, case.reply_by, case.state) == (
        *("complaint", "visit", ReplyBy.SMS),
        CaseState.ASSIGNED,
    )
    with office.store.reading() as session:
        assert session.query(PromiseRow).filter(PromiseRow.kind == "case-tell").count() == 1
    assert "창구 안내가 불친절했습니다" in person.get(first.location).text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"content": ""}, "입력해 주십시오"),
        ({"number": "12"}, "전화번호를 확인해 주십시오"),
        ({"received": "2026-11-24T10:00"}, "아직 오지 않은 시각입니다"),
        ({"received": "2026-10-01T10:00"}, "이미 기한이 지난 민원입니다"),
        ({"reply_by": "sms"}, "문자나 전화로 답하려면 전화번호가 필요합니다"),
        ({"reply_by": "post"}, "우편, 이메일, 팩스로 답하려면 주소가 필요합니다"),
        ({"kind": "gossip"}, "다시 확인해 주십시오"),
    ],
)
@ON_SQLITE
def test_what_a_new_case_lacks_is_said_at_its_field(
    enter: Enter, office: Office, desk: Desk, wrong: dict[str, str], said: str
) -> None:
    answer = enter(Role.SUPERVISOR).post("/cases/new", {**NEW, **wrong})
    assert (answer.status_code, said in answer.text) == (422, True)
    with office.store.reading() as session:
        assert session.query(Case).count() == 0


@ON_SQLITE
def test_what_came_long_ago_is_refused_in_words(enter: Enter, desk: Desk) -> None:
    form = {**NEW, "received": "2026-01-05T10:00", "overdue": "서류가 늦게 도착함"}
    answer = enter(Role.SUPERVISOR).post("/cases/new", form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_case_goes_from_direction_to_answer_rating_and_objection(enter: Enter, office: Office, desk: Desk) -> None:
    id, person = desk.take("complaint"), enter(Role.SUPERVISOR)

    def does(name: str, **fields: object) -> int:
        return person.post(f"/cases/{id}/do/{name}", form_of(office, id, **fields)).status_code

    assert does("review") == 303
    assert does("direct", direction="담당 부서에서 확인합니다.", until="2026-12-02") == 303
    assert stood(office, id).state is CaseState.DIRECTED
    assert does("late", reason="investigation", until="2026-12-09") == 303
    assert stood(office, id).due_at.isoformat() == "2026-12-09T15:00:00+00:00"
    assert does("ask", what="계약서 사본") == 303
    assert does("came") == 303
    assert does("fault") == 303
    assert does("answer", result="확인하여 고쳤습니다.") == 303
    assert does("rate", points=2, way="phone") == 303
    assert does("reopen", content="아직 고쳐지지 않았습니다.", channel="phone") == 303
    assert stood(office, id).state is CaseState.REOPENED
    shown = person.get(f"/cases/{id}").text
    assert "5점 만점에 2점" in shown
    assert "제기된 이의" in shown
    assert {"fault-confirmed", "decided", "rated", "reopened"} <= set(kinds(office, id))


@pytest.mark.parametrize(
    ("name", "fields", "said"),
    [
        ("direct", {"direction": "확인합니다.", "until": "2026-11-20"}, "이미 지난 날짜입니다"),
        ("late", {"reason": "investigation", "until": "2026-11-24"}, "지금 기한보다 늦은 날짜여야 합니다"),
        ("assign", {}, "둘 가운데 하나만 필요합니다"),
        ("answer", {"result": ""}, "입력해 주십시오"),
        ("direct", {"direction": "확인합니다.", "until": "언젠가"}, "날짜를"),
    ],
)
@ON_SQLITE
def test_a_form_with_faults_comes_back_open(
    enter: Enter, office: Office, desk: Desk, name: str, fields: dict[str, str], said: str
) -> None:
    id = desk.take("inquiry")
    answer = enter(Role.SUPERVISOR).post(f"/cases/{id}/do/{name}", form_of(office, id, **fields))
    assert (answer.status_code, said in answer.text) == (422, True)
    assert re.search(r'<details class="act\s*" open>', answer.text)


def test_a_form_made_before_somebody_else_changed_the_case_changes_nothing(
    enter: Enter, office: Office, desk: Desk
) -> None:
    id = desk.take()
    form = form_of(office, id, result="답변입니다.")
    one, other = enter(Role.SUPERVISOR), enter(Role.SUPERVISOR, name="박서준")
    assert one.post(f"/cases/{id}/do/answer", form).status_code == 303
    assert other.post(f"/cases/{id}/do/answer", {**form, "result": "다른 답변"}).status_code == 409
    assert stood(office, id).result == "답변입니다."
    assert kinds(office, id).count("decided") == 1


@ON_SQLITE
def test_what_the_state_does_not_allow_is_told_calmly(enter: Enter, office: Office, desk: Desk) -> None:
    id, person = desk.take(), enter(Role.SUPERVISOR)
    person.post(f"/cases/{id}/do/withdraw", form_of(office, id))
    answer = person.post(f"/cases/{id}/do/answer", form_of(office, id, result="답변입니다."))
    assert "이미 끝난 민원입니다" in person.get(answer.location).text
    assert stood(office, id).state is CaseState.WITHDRAWN
    assert person.post(f"/cases/{id}/do/burn", form_of(office, id)).status_code == 404


def test_agents_see_their_own_cases_only(enter: Enter, office: Office, desk: Desk) -> None:
    id = desk.take()
    assert stood(office, id).officer_id == "o1"
    mine, other = enter(Role.AGENT, officer="o1"), enter(Role.AGENT, name="다른이", officer="o2")
    assert mine.get(f"/cases/{id}").status_code == 200
    assert other.get(f"/cases/{id}").status_code == 404
    assert f"/cases/{id}" not in other.get("/cases/").text
    assert other.post(f"/cases/{id}/do/review", form_of(office, id)).status_code == 404
    assert mine.post(f"/cases/{id}/do/assign", form_of(office, id, officer="o2")).status_code == 403
    assert other.post("/cases/export", {"form": "csv", "reason": "보고"}).status_code == 403


@ON_SQLITE
def test_other_lines_and_roles_are_kept_out(enter: Enter, office: Office, desk: Desk) -> None:
    id = desk.take()
    stranger, looking = enter(Role.SUPERVISOR, line="ksure"), enter(Role.AUDITOR)
    assert stranger.get(f"/cases/{id}").status_code == 404
    assert looking.get(f"/cases/{id}").status_code == 200
    assert looking.get("/cases/new").status_code == 403
    for name, act in ACTS.items():
        form = form_of(
            office, id, until="2026-12-20", direction="방향", result="답변", reason="workload", what="received"
        )
        form |= {"way": "phone", "points": 3, "content": "내용", "channel": "phone", "officer": "o2"}
        assert act.form.model_fields.keys() <= {*form, "duty", "told_by", "on", "why"}
        assert stranger.post(f"/cases/{id}/do/{name}", form).status_code in {404, 422}
        assert looking.post(f"/cases/{id}/do/{name}", form).status_code == 403


def test_an_address_is_shown_for_a_reason_that_is_kept(enter: Enter, office: Office, desk: Desk) -> None:
    id, person = desk.take(customer=Customer("박영희", None, "서울 종로구 세종대로 1")), enter(Role.SUPERVISOR)
    assert "세종대로" not in person.get(f"/cases/{id}").text
    assert "세종대로" in person.post(f"/cases/{id}/number", {"reason": "우편 발송"}).text
    with office.store.reading() as session:
        entry = session.query(AccessEntry).one()
    assert (entry.act, entry.subject, entry.reason) == (Act.UNMASK, f"case:{id}", "우편 발송")


def test_the_list_is_taken_away_for_a_reason_without_anything_personal(
    enter: Enter, office: Office, desk: Desk
) -> None:
    desk.take("complaint", customer=Customer("=홍길동", CUSTOMER.number))
    person = enter(Role.AUDITOR)
    assert person.post("/cases/export", {"form": "csv", "reason": ""}).status_code == 303
    csv = taken_away(person, "csv").decode("utf-8-sig")
    assert "접수번호" in csv
    assert "불만" in csv
    assert "길동" not in csv
    assert "'=***," in csv
    book = openpyxl.load_workbook(io.BytesIO(taken_away(person, "xlsx")))
    assert book.worksheets[0].max_row == 2
    with office.store.reading() as session:
        assert [(one.act, one.detail) for one in session.query(AccessEntry)] == [(Act.EXPORT, {"rows": 1})] * 2


@pytest.mark.browser
@ON_SQLITE
def test_somebody_takes_a_case_in_and_answers_it(
    enter: Enter, served: Served, office: Office, desk: Desk, accessible: Callable[[Page], None]
) -> None:
    with served.page(enter(Role.AGENT, officer="o1"), width=390) as page:
        page.goto("/cases/new")
        accessible(page)
        page.get_by_role("textbox", name="내용 필수").fill("보증 한도가 궁금합니다.")
        page.get_by_label("전화번호").fill(NUMBER)
        page.get_by_role("button", name="접수하기").click()
        page.get_by_text("번호로 접수했습니다").wait_for()
        accessible(page)
        page.get_by_text("답변하기").first.click()
        page.locator("#answer-result").fill("한도는 재무 상황에 따라 다릅니다.")
        page.get_by_role("button", name="답변하기").click()
        page.get_by_text("답변을 저장하고 고객에게 알립니다").wait_for()
        page.goto("/cases/?view=all")
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert only_case(office).state is CaseState.ANSWERED


def test_time_left_and_lateness_are_told(enter: Enter, desk: Desk, moment: Moment) -> None:
    desk.take("inquiry")
    assert "남음" in enter(Role.SUPERVISOR).get("/cases/").text
    moment.at += timedelta(days=30)
    assert "지남" in enter(Role.SUPERVISOR, name="박서준").get("/cases/").text


def test_nobody_of_the_directory_is_needed(enter: Enter, office: Office) -> None:
    answer = enter(Role.SUPERVISOR).post("/cases/new", {**NEW, "number": NUMBER})
    assert "담당자 없음" in enter(Role.AUDITOR).get(answer.location).text
    with office.store.reading() as session:
        assert session.query(Officer).count() == 0
