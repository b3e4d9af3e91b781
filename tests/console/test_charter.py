"""Results of the charter on screen: counts, trends, the verdicts behind them, versions, reports, publication."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page
from sqlalchemy import Engine, delete, func, select

from console.office import Office
from ivr.accounts.rows import Role
from ivr.charters.rows import Verdict
from ivr.charters.sums import VerdictSum, note_changes
from ivr.reports.publishing import Published, publications
from ivr.reports.quarters import Month, Quarter, Year, months_until, quarter_of, read_stretch
from ivr.reports.standing import counts_by_standard
from tests.console.conftest import Served
from tests.console.people import Person, installed_charters
from tests.http.board import Moment
from tests.store_fixtures.databases import ON_SQLITE
from tests.store_fixtures.prepared import prepared
from tests.unit.reports.quarter import Kept

Enter = Callable[..., Person]
AFTERWARDS = datetime(2027, 1, 5, 2, tzinfo=UTC)
K4 = "kibo/K4/1"


@pytest.fixture
def quarter(engine: Engine, office: Office, moment: Moment) -> Kept:
    """A judged quarter, looked at when it is over."""
    moment.at = AFTERWARDS
    prepared(engine, "the judged quarter on screen", lambda: bool(Kept(office.store).fill().calls))
    return Kept(office.store)


def sums(office: Office) -> dict[tuple[str, int, object, str], int]:
    """What stands in the sums, without what was taken off to nothing."""
    with office.store.reading() as session:
        rows = session.scalars(select(VerdictSum).where(VerdictSum.number != 0)).all()
    return {(row.standard_id, row.version, row.day, row.verdict): row.number for row in rows}


def counted(office: Office) -> dict[tuple[str, int, object, str], int]:
    """The same, counted from the verdicts."""
    columns = (Verdict.standard_id, Verdict.version, Verdict.day, Verdict.verdict)
    with office.store.reading() as session:
        rows = session.execute(select(*columns, func.count()).group_by(*columns)).all()
    return {(id, version, day, verdict): number for id, version, day, verdict, number in rows}


def test_sums_are_what_the_verdicts_count_to_however_often_they_are_judged(quarter: Kept, office: Office) -> None:
    assert sums(office) == counted(office) != {}
    quarter.forget()
    with office.store.transaction() as session:
        session.execute(delete(VerdictSum))
    quarter.judge(backwards=True)
    assert quarter.judge() == 0
    assert sums(office) == counted(office) != {}


def test_results_count_a_month_a_quarter_and_a_year(quarter: Kept, office: Office) -> None:
    charter = installed_charters().of("kibo")
    with office.store.reading() as session:
        of = {
            str(stretch): counts_by_standard(session, charter, stretch).get(K4)
            for stretch in (Month(2026, 10), Quarter(2026, 4), Year(2026), Year(2027), Quarter(2027, 2))
        }
    assert {name: (one.met, one.missed, one.indeterminate) if one else None for name, one in of.items()} == {
        "2026-10": (1, 1, 0),
        "2026Q4": (2, 1, 1),
        "2026": (2, 2, 1),
        "2027": (0, 1, 0),
        "2027Q2": None,
    }


def test_times_are_read_as_they_are_written() -> None:
    for named in (Month(2026, 2), Quarter(2026, 1), Year(2026)):
        assert read_stretch(str(named)) == named
    assert quarter_of(Month(2026, 12).last) == Quarter(2026, 4)
    assert months_until(Month(2026, 2), 3) == [Month(2025, 12), Month(2026, 1), Month(2026, 2)]
    for wrong in ("", "2026Q5", "2026-13", "1999", "2026-1", "x" * 500):
        with pytest.raises(ValueError, match=r"no quarter|lies in the year"):
            read_stretch(wrong)


def test_the_page_shows_rate_range_and_target_of_each_standard(enter: Enter, quarter: Kept) -> None:
    shown = enter(Role.SUPERVISOR).get("/charter/?period=2026Q4").text
    row = shown[shown.index("벨이 3번 울리기 전에 받기") :]
    row = row[: row.index("</tr>")]
    assert "66.7 %" in row
    assert "50.0 %~75.0 %" in row
    assert "미달" in row
    assert "아직 공표하지 않은 분기입니다" in shown


@ON_SQLITE
def test_a_time_without_anything_is_calm_and_one_that_is_none_is_not_there(enter: Enter, quarter: Kept) -> None:
    person = enter(Role.SUPERVISOR)
    assert person.get("/charter/").status_code == 200
    for period in ("2026-11", "2026", "2031Q1"):
        assert person.get(f"/charter/?period={period}").status_code == 200
        assert person.get(f"/charter/standards/{K4}?period={period}").status_code == 200
    assert "시행 중인 헌장이 없습니다" in person.get("/charter/?period=2001").text
    for wrong in ("1999", "2026Q7", "soon"):
        assert person.get(f"/charter/?period={wrong}").status_code == 404
    assert person.get("/charter/standards/kibo/K99/1").status_code == 404
    assert person.get("/charter/standards/ksure/S1/1").status_code == 404


def test_a_standard_quotes_its_clause_and_says_why_it_was_missed(enter: Enter, quarter: Kept) -> None:
    shown = enter(Role.SUPERVISOR).get(f"/charter/standards/{K4}?period=2026Q4").text
    assert "전화는 벨이 3번 울리기 전에 신속하게 받겠습니다." in shown
    assert "고객이 먼저 전화를 끊어 이행할 수 없었던 경우" in shown
    assert "7초 안에 받지 못했습니다" in shown
    assert "<svg" in shown


def test_each_count_opens_its_verdicts_with_reason_and_proof(enter: Enter, quarter: Kept) -> None:
    person = enter(Role.SUPERVISOR)
    shown = person.get(f"/charter/verdicts?key={K4}&finding=missed&period=2026Q4").text
    assert shown.count('<li class="card">') == 1
    assert "벨이 울린 지 8초 만에 받아 기준인 7초 안에 받지 못했습니다." in shown
    assert "상담원이 전화를 받음" in shown
    assert (
        "이 기간에 해당하는 판정이 없습니다"
        in person.get(f"/charter/verdicts?key={K4}&finding=missed&period=2026-12").text
    )
    assert person.get(f"/charter/verdicts?key={K4}&finding=burnt&period=2026Q4").status_code == 404
    assert person.get(f"/charter/verdicts?key={K4}&finding=met&after=x").status_code == 404


def test_long_lists_of_verdicts_go_on_day_by_day(enter: Enter, office: Office, quarter: Kept) -> None:
    with office.store.transaction() as session:
        like = session.scalars(select(Verdict).where(Verdict.standard_id == K4, Verdict.verdict == "met")).first()
        assert like is not None
        kept = {column.name: getattr(like, column.name) for column in Verdict.__table__.columns}
        more = [
            {**kept, "subject": f"x{n:03}", "day": datetime(2026, 11, 1 + n // 30, tzinfo=UTC).date()}
            for n in range(110)
        ]
        session.add_all(Verdict(**row) for row in more)
        note_changes(session, gone=(), come=more)
    person, address, found = enter(Role.SUPERVISOR), f"/charter/verdicts?key={K4}&finding=met&period=2026Q4", 0
    while address:
        shown = person.get(address).text
        found += shown.count('<li class="card">')
        onward = re.search(r'href="([^"]*after=[^"]*)" rel="next"', shown)
        address = onward[1].replace("&amp;", "&") if onward else ""
    assert found == 112


@ON_SQLITE
def test_agents_see_how_the_line_stands_and_open_nothing(enter: Enter, quarter: Kept) -> None:
    agent = enter(Role.AGENT)
    shown = agent.get("/charter/?period=2026Q4").text
    assert "66.7 %" in shown
    assert "/charter/verdicts" not in shown
    assert "/charter/verdicts" not in agent.get(f"/charter/standards/{K4}?period=2026Q4").text
    for closed in (f"/charter/verdicts?key={K4}&finding=met", "/charter/report/2026Q4.csv", "/charter/publish/2026Q4"):
        assert agent.get(closed).status_code == 403
    assert enter(Role.AUDITOR).post("/charter/publish/2026Q4").status_code == 403


@ON_SQLITE
def test_another_line_sees_its_own_results(enter: Enter, quarter: Kept) -> None:
    stranger = enter(Role.SUPERVISOR, line="ksure")
    assert "66.7 %" not in stranger.get("/charter/?period=2026Q4").text
    assert stranger.get(f"/charter/verdicts?key={K4}&finding=missed&period=2026Q4").status_code == 404


@ON_SQLITE
@pytest.mark.parametrize(
    ("form", "begins"), [("html", b"<!"), ("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")]
)
def test_the_report_of_a_quarter_is_downloaded(enter: Enter, quarter: Kept, form: str, begins: bytes) -> None:
    with enter(Role.AUDITOR).get(f"/charter/report/2026Q4.{form}") as answer:
        assert answer.status_code == 200
        assert f"charter-kibo-2026Q4.{form}" in answer.headers["Content-Disposition"]
        assert answer.data.startswith(begins)


@ON_SQLITE
def test_reports_are_of_quarters_and_known_forms_only(enter: Enter, quarter: Kept) -> None:
    person = enter(Role.SUPERVISOR)
    for wrong in ("2026-11.csv", "2026Q4.docx", "soon.pdf"):
        assert person.get(f"/charter/report/{wrong}").status_code == 404


def test_a_quarter_is_published_once_and_corrected_with_a_reason(
    enter: Enter, office: Office, moment: Moment, quarter: Kept
) -> None:
    person = enter(Role.SUPERVISOR)
    assert person.post("/charter/publish/2026Q4").status_code == 303
    person.post("/charter/publish/2026Q4")
    with office.store.reading() as session:
        (row,) = publications(session, "kibo")
    standards = {one["key"]: one for one in row.document["standards"]}
    assert (standards["K4"]["counts"]["met"], standards["K4"]["reached"], row.ordinal) == (2, "no", 1)
    assert "공표한 분기입니다" in person.get("/charter/?period=2026Q4").text
    assert "공표한 결과와 같습니다" in person.get("/charter/publish/2026Q4").text
    with office.store.transaction() as session:
        session.delete(
            session.scalars(select(Verdict).where(Verdict.standard_id == K4, Verdict.verdict == "missed")).all()[1]
        )
    assert "지금 집계가 다릅니다" in person.get("/charter/publish/2026Q4").text
    person.post("/charter/publish/2026Q4")
    with office.store.reading() as session:
        assert session.query(Published).count() == 1
    person.post("/charter/publish/2026Q4", {"note": "통신사 기록을 바로잡음"})
    with office.store.reading() as session:
        (row,) = publications(session, "kibo")
    assert (row.ordinal, row.note, row.by) == (2, "통신사 기록을 바로잡음", person.account_id)
    assert "통신사 기록을 바로잡음" in person.get("/charter/published").text


@ON_SQLITE
def test_a_quarter_that_is_not_over_is_not_published(enter: Enter, office: Office, quarter: Kept) -> None:
    person = enter(Role.SUPERVISOR)
    assert "아직 끝나지 않은 분기입니다" in person.get("/charter/publish/2027Q1").text
    assert person.post("/charter/publish/2027Q1").status_code == 303
    with office.store.reading() as session:
        assert session.query(Published).count() == 0


@ON_SQLITE
def test_versions_stand_with_their_dates_and_words(enter: Enter) -> None:
    person = enter(Role.AGENT)
    shown = person.get("/charter/versions").text
    assert "제1판" in shown
    assert "전화는 벨이 3번 울리기 전에" in shown
    assert person.get("/charter/versions?version=99").status_code == 404


@pytest.mark.browser
@ON_SQLITE
def test_a_supervisor_opens_a_figure_down_to_its_proof_and_publishes(
    enter: Enter, served: Served, office: Office, quarter: Kept, accessible: Callable[[Page], None]
) -> None:
    with served.page(enter(Role.SUPERVISOR)) as page:
        page.goto("/charter/?period=2026Q4")
        accessible(page)
        page.get_by_role("link", name="벨이 3번 울리기 전에 받기", exact=True).click()
        page.get_by_role("heading", name="최근 12개월").wait_for()
        accessible(page)
        page.get_by_role("link", name="못 지킴 1건 보기").click()
        page.get_by_text("근거 기록 3개").click()
        page.get_by_text("상담원이 전화를 받음").wait_for()
        accessible(page)
        page.goto("/charter/publish/2026Q4")
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="결과 공표").click()
        page.get_by_text("결과를 공표했습니다").wait_for()
    with office.store.reading() as session:
        assert session.query(Published).count() == 1
