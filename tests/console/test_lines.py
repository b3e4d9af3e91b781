"""The settings of a line: looking, walking, days and hours, words and their versions, and who may change what."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from console.office import Office
from ivr.accounts.rows import Account, Grant, Role
from ivr.editions.checking import Draft
from ivr.editions.current import Current
from ivr.editions.publishing import all_editions, publish
from ivr.editions.rows import Edition
from ivr.store import Store
from tests.console.conftest import Served
from tests.console.people import Person, office_over
from tests.http.board import Moment
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.editions.made import MAKER, MORNING, day, files, prompt

pytestmark = ON_SQLITE
Enter = Callable[..., Person]
MARKUP = "<b>굵은</b> 안내입니다."
PAGES = ("/lines/", "/lines/walk?keys=2", "/lines/hours", "/lines/prompts", "/lines/prompts/ko/queue.next")


@pytest.fixture
def office(engine: Engine, moment: Moment) -> Office:
    """The office of the tests with its files, over which editions are made."""
    current = Current(files(), Store(engine), clock=moment, tell=lambda words: None)
    return office_over(engine, moment, current=current)


@pytest.fixture
def supervisor(enter: Enter) -> Person:
    return enter(Role.SUPERVISOR)


def made(office: Office, draft: Draft) -> int:
    with office.store.transaction() as session:
        number = publish(session, files(), draft, by=MAKER, at=office.clock()).edition.id
    assert office.current is not None
    office.current.look()
    return number


def kept(office: Office) -> list[Edition]:
    with office.store.reading() as session:
        return all_editions(session)


def words(text: str, **more: str) -> dict[str, str]:
    return {"text": text, "begins": "now", "why": "알기 쉽게", "version": "0", **more}


def a_day(date: str, **more: str) -> dict[str, str]:
    return {"day": date, "change": "closed", "name": "임시 휴무", "why": "건물 공사", **more}


def test_who_only_looks_changes_nothing(enter: Enter, office: Office) -> None:
    auditor, agent = enter(Role.AUDITOR), enter(Role.AGENT, name="이서연")
    assert [auditor.get(address).status_code for address in PAGES] == [200] * len(PAGES)
    assert [agent.get(address).status_code for address in PAGES] == [403] * len(PAGES)
    assert auditor.post("/lines/prompts/ko/queue.next", words("네.")).status_code == 403
    assert auditor.post("/lines/hours/days", a_day("2026-11-25")).status_code == 403
    assert "새 판으로 저장" not in auditor.get("/lines/prompts/ko/queue.next").text
    assert kept(office) == []


def test_the_map_shows_every_key_with_what_it_leads_to(supervisor: Person) -> None:
    page = supervisor.get("/lines/").text
    for part in ("신규 보증 상담", "기한 연장과 서류", "조건 변경", "재기지원팀", "다음 상담 시간에 전화 받기"):
        assert part in page
    assert "바꾼 내용이 없습니다" in page


def test_keys_walk_the_line_as_a_caller_hears_it(supervisor: Person) -> None:
    page = supervisor.get("/lines/walk?keys=3,1").text
    assert "벤처와 이노비즈 인증은 2번" in page
    assert "상담원을 기다리는 줄로 갑니다. (기술평가상담팀)" in page
    closed = supervisor.get("/lines/walk?at=2026-11-23T20:00").text
    assert "지금은 상담 시간이 아닙니다" in closed
    assert supervisor.get("/lines/walk?keys=x,99,%3Cb%3E&at=never").status_code == 200


def test_a_walk_in_the_future_hears_what_begins_until_then(supervisor: Person, office: Office) -> None:
    made(office, prompt("line/greeting", "기술보증기금입니다.", effective_from=MORNING + timedelta(days=1)))
    assert "안녕하십니까? 기술보증기금" in supervisor.get("/lines/walk").text
    assert "안녕하십니까? 기술보증기금" not in supervisor.get("/lines/walk?at=2026-11-25T10:00").text


def test_a_day_off_is_entered_and_withdrawn(supervisor: Person, office: Office) -> None:
    assert supervisor.post("/lines/hours/days", a_day("2026-11-25")).status_code == 303
    page = supervisor.get("/lines/hours").text
    assert "2026년 11월 25일 수요일은 쉽니다." in page
    (edition,) = kept(office)
    assert (edition.key, edition.line, edition.made_by) == ("2026-11-25", "kibo", supervisor.account_id)
    gone = supervisor.post(f"/lines/editions/{edition.id}/withdraw", {"why": "공사 연기"})
    assert gone.status_code == 303
    assert kept(office)[0].withdrawn_by == supervisor.account_id
    assert "건물 공사" not in supervisor.get("/lines/hours").text


def test_the_same_day_twice_is_asked_about_and_then_replaced(supervisor: Person, office: Office) -> None:
    supervisor.post("/lines/hours/days", a_day("2026-11-25"))
    again = supervisor.post("/lines/hours/days", a_day("2026-11-25"))
    assert again.status_code == 422
    assert "이미 적어 둔 날입니다" in again.text
    other = a_day("2026-11-25", change="hours", spans="09:00~12:00", over="1")
    assert supervisor.post("/lines/hours/days", other).status_code == 303
    assert [one.version for one in kept(office)] == [1, 2]
    assert "2026년 11월 25일 수요일은 09:00-12:00에 엽니다." in supervisor.get("/lines/hours").text


def test_a_day_that_is_over_is_entered_only_knowingly(supervisor: Person, office: Office) -> None:
    asked = supervisor.post("/lines/hours/days", a_day("2026-11-20"))
    assert asked.status_code == 422
    assert "지난 날입니다" in asked.text
    assert kept(office) == []
    assert supervisor.post("/lines/hours/days", a_day("2026-11-20", sure="yes")).status_code == 303


@pytest.mark.parametrize(
    ("form", "told"),
    [
        (a_day("2026-11-25", change="hours"), "시간을"),
        (a_day("2026-11-25", change="hours", spans="9-18"), "시간을 09:00-18:00처럼"),
        (a_day("2026-11-25", why=""), "입력해 주십시오"),
        (a_day("morgen"), "날짜를"),
    ],
    ids=["no hours", "wrong hours", "no reason", "no day"],
)
def test_a_wrong_day_is_told_at_its_field(supervisor: Person, office: Office, form: dict[str, str], told: str) -> None:
    answer = supervisor.post("/lines/hours/days", form)
    assert answer.status_code == 422
    assert told in answer.text
    assert kept(office) == []


def test_hours_begin_on_a_day_and_are_shown_beside_those_of_now(supervisor: Person, office: Office) -> None:
    form = {"weekdays": "10:00-12:00, 13:00-17:00", "begins": "2026-12-01", "why": "동절기", "version": "0"}
    assert supervisor.post("/lines/hours/week", form).status_code == 303
    page = supervisor.get("/lines/hours").text
    assert "2026년 12월 1일 화요일부터" in page
    assert "10:00-12:00, 13:00-17:00" in page
    stale = supervisor.post("/lines/hours/week", {**form, "weekdays": "09:00-17:00"})
    assert stale.status_code == 409
    assert "다른 사람이 먼저 바꾸었습니다" in stale.text
    late = supervisor.post("/lines/hours/week", {**form, "begins": "2026-11-01", "version": "1"})
    assert "지난 때부터" in late.text
    none = supervisor.post("/lines/hours/week", {**form, "weekdays": "", "version": "1"})
    assert "여는 시간이 하나도 없습니다" in none.text
    assert len(kept(office)) == 1


def test_words_are_made_anew_and_heard_from_then_on(supervisor: Person, office: Office) -> None:
    answer = supervisor.post("/lines/prompts/ko/queue.next", words("곧 연결합니다."))
    assert answer.status_code == 303
    page = supervisor.get("/lines/prompts/ko/queue.next").text
    assert "지금부터 새 문구를 씁니다" in page
    assert "다음 차례에 바로 연결됩니다." in page
    assert office.fresh().texts.of("kibo").say("queue.next").text == "곧 연결합니다."
    assert office.fresh().texts.of("ksure").say("queue.next").text == "다음 차례에 바로 연결됩니다."
    assert "바꾼 문구 1개" in supervisor.get("/lines/prompts").text


def test_two_supervisors_who_word_the_same_thing_do_not_overwrite_each_other(enter: Enter, office: Office) -> None:
    first, second = enter(Role.SUPERVISOR), enter(Role.SUPERVISOR, name="박지훈")
    first.post("/lines/prompts/ko/queue.next", words("곧 연결합니다."))
    answer = second.post("/lines/prompts/ko/queue.next", words("이어서 연결합니다."))
    assert answer.status_code == 409
    assert "이어서 연결합니다." in answer.text
    assert "곧 연결합니다." in answer.text
    again = second.post("/lines/prompts/ko/queue.next", words("이어서 연결합니다.", version="1"))
    assert again.status_code == 303
    assert [one.content["text"] for one in kept(office)] == ["곧 연결합니다.", "이어서 연결합니다."]


def test_wrong_words_are_not_kept_and_told_in_korean(supervisor: Person, office: Office) -> None:
    for text, told in (
        ("{who}입니다.", "who 값은 여기에"),
        ("{team", "짝이 맞지 않습니다"),
        ("네. " * 90, "12초를 넘습니다"),
    ):
        answer = supervisor.post("/lines/prompts/ko/queue.welcome", words(text))
        assert answer.status_code == 422
        assert told in answer.text
    sms = supervisor.post("/lines/templates/receipt", words("{institution} ✓"))
    assert "값이 꼭 들어가야 합니다" in sms.text
    late = words("네.", begins="later", begins_at="2026-11-01T09:00")
    assert "지난 때부터" in supervisor.post("/lines/prompts/ko/queue.next", late).text
    assert kept(office) == []


def test_words_are_checked_while_they_are_typed(supervisor: Person, office: Office) -> None:
    answer = supervisor.post("/lines/check/prompts/ko/queue.welcome", {"text": "{team}으로 연결합니다."})
    assert "보증상담팀으로 연결합니다." not in answer.text or "고객센터으로" in answer.text
    assert ":으로/로" in answer.text
    sms = supervisor.post("/lines/check/templates/branches", {"text": "[{institution}] {number} {link}"})
    assert "바이트 SMS" in sms.text
    assert kept(office) == []


def test_earlier_words_can_be_taken_again(supervisor: Person, office: Office) -> None:
    first = made(office, prompt("ko/queue.next", "곧 연결합니다."))
    made(office, prompt("ko/queue.next", "이어서 연결합니다.", after=1))
    page = supervisor.get(f"/lines/prompts/ko/queue.next?take={first}").text
    assert page.count("곧 연결합니다.</textarea>") == 1


def test_nothing_of_another_line_is_shown_or_withdrawn(enter: Enter, office: Office) -> None:
    other = made(office, day("2026-11-25", line="ksure"))
    for_all = made(office, day("2026-11-26"))
    supervisor = enter(Role.SUPERVISOR)
    assert "2026-11-25" not in supervisor.get("/lines/").text
    assert "2026-11-26" in supervisor.get("/lines/").text
    for number in (other, for_all, 404):
        assert supervisor.post(f"/lines/editions/{number}/withdraw", {"why": "취소"}).status_code == 404
    assert supervisor.get("/lines/prompts/ko/nothing.here").status_code == 404
    assert supervisor.get("/lines/templates/nothing").status_code == 404
    assert all(one.withdrawn_at is None for one in kept(office))


def test_who_administers_every_line_may_change_all_of_them(enter: Enter, office: Office) -> None:
    one, every = enter(Role.ADMINISTRATOR), enter(Role.ADMINISTRATOR, name="윤서아")
    with office.store.transaction() as session:
        others = [line.id for line in office.lines if line.id != "kibo"]
        session.add_all(Grant(account_id=every.account_id, line=id, role=Role.ADMINISTRATOR) for id in others)
    asked = "/lines/prompts/ko/queue.next?scope=all"
    assert one.get(asked).status_code == 403
    assert one.post("/lines/hours/days", a_day("2026-11-25", scope="all")).status_code == 403
    assert every.get("/lines/prompts/line/greeting?scope=all").status_code == 404
    assert "모든 회선에 적용합니다" in every.get("/lines/hours").text
    assert every.post("/lines/hours/days", a_day("2026-11-25", scope="all")).status_code == 303
    assert every.post("/lines/prompts/ko/queue.next", words("곧 연결합니다.", scope="all")).status_code == 303
    assert {edition.line for edition in kept(office)} == {""}
    said = [office.fresh().texts.of(line.id).say("queue.next").text for line in office.lines]
    assert set(said) == {"곧 연결합니다."}
    assert "곧 연결합니다.</textarea>" in every.get(asked).text
    number = kept(office)[0].id
    assert one.post(f"/lines/editions/{number}/withdraw", {"why": "취소함"}).status_code == 404
    assert every.post(f"/lines/editions/{number}/withdraw", {"why": "취소함"}).status_code == 303


def test_a_second_click_on_withdraw_is_told_calmly(supervisor: Person, office: Office) -> None:
    number = made(office, prompt("ko/queue.next", "곧 연결합니다."))
    assert supervisor.post(f"/lines/editions/{number}/withdraw", {"why": ""}).status_code == 422
    for _ in range(2):
        assert supervisor.post(f"/lines/editions/{number}/withdraw", {"why": "취소함"}).status_code == 303
    assert "이미 취소한 내용입니다" in supervisor.get("/lines/").text


def test_a_version_that_fits_the_files_no_more_is_named(supervisor: Person, office: Office) -> None:
    number = made(office, prompt("ko/queue.next", "곧 연결합니다."))
    with office.store.transaction() as session:
        session.get_one(Edition, number).content = {"text": "{nobody}"}
    # Something else is made, so that the process looks.
    made(office, day("2026-11-25"))
    page = supervisor.get("/lines/")
    assert "파일이 바뀌어 쓰지 못하는 판이 있습니다. 안내 음성 ko/queue.next 1판" in page.text


def test_markup_in_words_is_shown_as_it_is_typed(supervisor: Person) -> None:
    supervisor.post("/lines/prompts/ko/queue.next", words(MARKUP))
    for address in ("/lines/", "/lines/prompts?group=queue", "/lines/prompts/ko/queue.next"):
        page = supervisor.get(address).text
        assert "<b>굵은" not in page
        assert "&lt;b&gt;굵은" in page


def test_every_page_is_served_in_english_too(supervisor: Person, office: Office) -> None:
    with office.store.transaction() as session:
        session.get_one(Account, supervisor.account_id).language = "en"
    for address in (*PAGES, "/lines/templates", "/lines/templates/receipt"):
        answer = supervisor.get(address)
        assert answer.status_code == 200
        assert "Menu map" in answer.text


@pytest.mark.browser
def test_a_text_is_reworded_in_the_browser_with_its_check(
    supervisor: Person, served: Served, accessible: Callable[[Page], None]
) -> None:
    with served.page(supervisor) as page:
        page.goto("/lines/prompts?group=queue")
        accessible(page)
        page.get_by_role("link", name="다음 차례에 바로 연결됩니다.").click()
        page.get_by_label("새 문구").fill("{who}입니다.")
        expect(page.locator("#checked")).to_contain_text("who 값은 여기에 들어가지 않습니다")
        page.get_by_label("새 문구").fill("곧 연결해 드리겠습니다.")
        expect(page.locator("#checked")).to_contain_text("저장할 수 있습니다")
        page.get_by_label("바꾸는 사유").fill("알기 쉽게")
        accessible(page)
        page.get_by_role("button", name="새 판으로 저장").click()
        expect(page.get_by_role("status").first).to_contain_text("지금부터 새 문구를 씁니다")
        page.get_by_role("button", name="취소").click()
        page.get_by_label("바꾸는 사유").last.fill("되돌림")
        page.get_by_role("dialog").get_by_role("button", name="취소").click()
        expect(page.get_by_role("status").first).to_contain_text("취소했습니다")


@pytest.mark.browser
def test_a_line_is_walked_by_keyboard_and_a_day_is_set_on_a_phone(
    supervisor: Person, served: Served, accessible: Callable[[Page], None]
) -> None:
    with served.page(supervisor, width=390) as page:
        page.goto("/lines/walk")
        page.keyboard.press("3")
        expect(page.locator(".heard-line.is-new")).to_contain_text("벤처와 이노비즈 인증")
        page.get_by_role("link", name="1 누르기").click()
        expect(page.locator(".end-line")).to_contain_text("기술평가상담팀")
        accessible(page)
        page.goto("/lines/")
        accessible(page)
        page.goto("/lines/hours")
        page.get_by_text("날 정하기").click()
        page.get_by_label("날짜").fill("2026-11-25")
        page.get_by_label("이름").fill("임시 휴무")
        page.get_by_label("바꾸는 사유").last.fill("건물 공사")
        accessible(page)
        page.locator("form[action='/lines/hours/days']").get_by_role("button", name="저장").click()
        expect(page.get_by_role("status").first).to_contain_text("11월 25일 수요일은 쉽니다")
