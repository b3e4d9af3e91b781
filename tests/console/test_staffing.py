"""The pages of staffing: a week with its chart and table, what more agents would do, shifts, kept forecasts."""

from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from console.office import Office
from ivr.accounts.rows import Role
from ivr.staffing.rows import Forecast, Shift
from tests.console.conftest import Served
from tests.console.people import Person
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.staffing.made import Pattern, days_of, write

pytestmark = ON_SQLITE
Enter = Callable[..., Person]
# The clock of the tests is at a Monday morning.
TODAY = date(2026, 11, 23)
NEXT = TODAY + timedelta(days=7)
SHIFT = {"begins": "660", "ends": "840", "agents": "2", "weekdays": ["0", "2"], "first_day": f"{NEXT}", "why": "피크"}


@pytest.fixture
def lead(office: Office, enter: Enter) -> Person:
    """A supervisor of the centre, which has had calls for four weeks."""
    days = days_of()
    write(office.store, days.line, Pattern(150).history(days, TODAY - timedelta(weeks=4), weeks=4, seed=8).calls)
    return enter(Role.SUPERVISOR, line="ascentre")


def only_shift(office: Office) -> Shift | None:
    with office.store.reading() as session:
        return session.query(Shift).one_or_none()


def test_a_week_is_shown_by_day_and_half_hour_with_its_error(lead: Person) -> None:
    page = lead.get(f"/staffing?week={NEXT}&day={NEXT}").get_data(as_text=True)
    assert "2026년 11월 30일 월요일 30분별 계획" in page
    assert page.count('<rect class="needed"') == 18
    assert "하루 60콜 기준 인원" in page
    assert "전주 같은 시각" in page
    assert "상담하지 않는 날입니다" in page
    strange = "/staffing?week=9999-12-31&day=0001-01-01&team=nobody&away=-5&more=99999&begin=x&end=%00"
    assert lead.get(strange).status_code == 200


def test_more_agents_answer_more_calls_in_time(lead: Person) -> None:
    def share(more: int) -> float:
        page = lead.get(f"/staffing?week={NEXT}&day={NEXT}&more={more}&begin=660&end=840").get_data(as_text=True)
        row = page.split('id="what-if"')[1].split('<th scope="row">20초 안 응답</th>')[1].split("</tr>")[0]
        return float(row.split('class="number">')[2].split(" ")[0])

    lead.post("/staffing/shifts", SHIFT)
    assert share(-1) < share(0) < share(1) < share(3)


def test_a_shift_is_added_ended_and_taken_back_as_it_was(lead: Person, office: Office) -> None:
    assert lead.post("/staffing/shifts", SHIFT).status_code == 303
    shift = only_shift(office)
    assert shift is not None
    assert (shift.weekdays, shift.begins, shift.ends, shift.agents) == ("02", 660, 840, 2)
    stale = lead.post(f"/staffing/shifts/{shift.id}/remove", {"version": str(shift.version + 1)})
    assert stale.status_code == 409
    gone = lead.post(f"/staffing/shifts/{shift.id}/remove", {"version": str(shift.version)})
    assert only_shift(office) is None
    back = {name: value[0] for name, value in parse_qs(urlsplit(gone.location).query).items()}
    assert 'value="피크"' in lead.get(gone.location).get_data(as_text=True)
    lead.post("/staffing/shifts", {**back, "weekdays": list(back["weekdays"]), "first_day": f"{TODAY}"})
    shift = only_shift(office)
    assert shift is not None
    assert (shift.weekdays, shift.begins, shift.agents, shift.why) == ("02", 660, 2, "피크")
    lead.post(f"/staffing/shifts/{shift.id}/remove", {"version": str(shift.version)})
    lead.post(f"/staffing/shifts/{shift.id}/end", {"version": str(shift.version), "last_day": f"{NEXT}"})
    ended = only_shift(office)
    assert ended is not None
    assert ended.last_day == NEXT


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"ends": "600"}, "ends"),
        ({"agents": "0"}, "agents"),
        ({"begins": "661"}, "begins"),
    ],
)
def test_a_shift_that_cannot_be_is_told_beside_its_field(
    lead: Person, office: Office, change: dict[str, object], field: str
) -> None:
    answer = lead.post("/staffing/shifts", {**SHIFT, **change})
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.get_data(as_text=True)
    assert only_shift(office) is None


def test_what_is_proposed_covers_the_week(lead: Person) -> None:
    address = f"/staffing/shifts?week={NEXT}"
    page = lead.get(address).get_data(as_text=True)
    mark = page.split('name="mark" value="')[1].split('"')[0]
    form = {"week": f"{NEXT}", "team": "", "away": "0"}
    assert lead.post("/staffing/shifts/proposed", {**form, "mark": "another"}).status_code == 409
    assert lead.post("/staffing/shifts/proposed", {**form, "mark": mark}).status_code == 303
    assert "모자란 시간이 없습니다" in lead.get(address).get_data(as_text=True)
    assert '<rect class="missing"' not in lead.get(f"/staffing?week={NEXT}").get_data(as_text=True)


def test_a_kept_forecast_is_held_against_what_came(lead: Person, office: Office) -> None:
    kept = lead.post("/staffing/forecasts", {"week": f"{TODAY - timedelta(days=7)}", "team": "", "away": "0"})
    page = lead.get(kept.location).get_data(as_text=True)
    assert "WAPE" in page
    assert "목표 80%" in page
    with office.store.reading() as session:
        assert session.query(Forecast).one().history_from == TODAY - timedelta(weeks=4)
    coming = lead.post("/staffing/forecasts", {"week": f"{NEXT}"})
    assert "아직 지난 날이 없습니다" in lead.get(coming.location).get_data(as_text=True)
    assert lead.get("/staffing/forecasts").get_data(as_text=True).count("/staffing/forecasts/") == 2


def test_without_two_weeks_of_calls_it_says_so(enter: Enter) -> None:
    person = enter(Role.SUPERVISOR)
    assert "두 주 이상의 통화 기록" in person.get("/staffing").get_data(as_text=True)
    assert "두 주 이상의 통화 기록" in person.get("/staffing/shifts").get_data(as_text=True)
    lost = person.post("/staffing/forecasts", {"week": f"{NEXT}"})
    assert "두 주 이상의 통화 기록" in person.get(lost.location).get_data(as_text=True)


def test_auditors_read_and_agents_see_nothing(enter: Enter, lead: Person) -> None:
    auditor, agent = enter(Role.AUDITOR, line="ascentre"), enter(Role.AGENT, line="ascentre")
    page = auditor.get("/staffing/shifts")
    assert (page.status_code, "근무 추가" in page.get_data(as_text=True)) == (200, False)
    assert auditor.post("/staffing/shifts", SHIFT).status_code == 403
    assert agent.get("/staffing").status_code == 403


def test_the_pages_can_be_used_by_everybody_on_every_screen(
    lead: Person, served: Served, accessible: Callable[[Page], None]
) -> None:
    lead.post("/staffing/shifts", SHIFT)
    kept = lead.post("/staffing/forecasts", {"week": f"{TODAY - timedelta(days=7)}"}).location
    with served.page(lead, width=390) as page:
        for address in ("/staffing", "/staffing/shifts", "/staffing/forecasts", kept):
            page.goto(address)
            accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        page.goto("/staffing/shifts")
        page.on("dialog", lambda asked: asked.accept())
        page.get_by_role("button", name="지우기").click()
        page.get_by_text("근무를 지웠습니다").wait_for()
