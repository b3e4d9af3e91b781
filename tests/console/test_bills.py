"""Bills on screen: a month of all firms, a statement line by line, usage rows, prices, corrections, closing, files."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, datetime

import openpyxl
import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from console.bills.document import FORMATS
from console.office import Office
from ivr.accounts.rows import Role
from ivr.billing.rows import Correction, PriceList, Statement
from ivr.calls.rows import Call
from ivr.campaigns.rows import ChargeState
from ivr.lines.hours import SEOUL
from tests.console.conftest import Served
from tests.console.people import Person
from tests.http.board import Moment
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.billing.stage import AFTER_OCTOBER, HANBIT, LINE, NURI, OCTOBER, Stage, noon

pytestmark = ON_SQLITE
Enter = Callable[..., Person]
DAY = date(2026, 10, 14)
STATEMENT = f"/bills/{HANBIT}/{OCTOBER}"


@pytest.fixture
def stage(office: Office, moment: Moment) -> Stage:
    """October of two firms, over; a call of one of them is still stored."""
    stage = Stage(office.store)
    stage.contract(HANBIT)
    stage.contract(NURI, first=date(2026, 10, 17))
    stage.calls(60, DAY)
    stage.dial("l-1", DAY, ChargeState.BILLABLE)
    stage.note_dial("l-1", at=noon(DAY))
    id = f"c-{HANBIT}-1014-0"
    with office.store.transaction() as session:
        session.add(
            Call(
                id=id,
                line=LINE.id,
                carrier_sid=id,
                dialled="+827010000043",
                receipt_number="1014-ABCDEF",
                arrived_at=noon(DAY),
                ended_at=noon(DAY),
                outcome="answered",
            )
        )
    return stage


def taken(person: Person, form: str) -> bytes:
    with person.get(f"{STATEMENT}/file.{form}") as answer:
        assert answer.status_code == 200
        return bytes(answer.data)


def enter_centre(enter: Enter, role: Role = Role.SUPERVISOR) -> Person:
    return enter(role, line=LINE.id)


def test_a_month_shows_what_every_firm_owes_and_is_closed_by_hand(
    enter: Enter, stage: Stage, office: Office, moment: Moment
) -> None:
    person = enter_centre(enter)
    shown = person.get(f"/bills/?month={OCTOBER}").text
    assert shown.count("확정 전") == 2
    assert "164,000원" in shown
    assert "10월 확정" in shown
    assert person.get("/bills/?month=nonsense").status_code == 404
    answer = person.post("/bills/close", {"month": OCTOBER})
    assert answer.location == f"/bills/?month={OCTOBER}"
    assert "명세서 2건을 만들었습니다" in person.get(answer.location).text
    with office.store.reading() as session:
        assert {one.made_by for one in session.scalars(select(Statement))} != {"charterline"}
    present = f"{moment():%Y-%m}"
    person.post("/bills/close", {"month": present})
    assert "아직 끝나지 않았습니다" in person.get("/bills/").text


def test_every_line_says_how_it_was_reckoned_and_opens_to_its_rows(enter: Enter, stage: Stage) -> None:
    person = enter_centre(enter, Role.AUDITOR)
    shown = person.get(STATEMENT).text
    assert "처리 60콜은 1구간" in shown
    assert "= 375,000원, 기업 부담 30%" in shown
    assert "연 600,000원 ÷ 12월 = 50,000원" in shown
    rows = person.get(f"{STATEMENT}/lines/1")
    assert "1014-ABCDEF" in rows.text
    assert f"/calls/c-{HANBIT}-1014-0" in rows.text
    onward = re.search(r'href="([^"]*after=[^"]*)"', rows.text)
    assert onward is not None
    second = person.get(onward[1].replace("&amp;", "&")).text
    assert second.count("<tr>") - 1 == 10
    for missing in ("lines/2", "lines/99", "file.doc"):
        assert person.get(f"{STATEMENT}/{missing}").status_code == 404
    assert person.get(f"/bills/{HANBIT}/").status_code == 200
    assert person.get(f"/bills/nobody/{OCTOBER}").status_code == 404
    nuri = person.get(f"/bills/{NURI}/{OCTOBER}").text
    assert "처리한 콜이 없어" in nuri
    assert "× 15/31일 = 24,193원" in nuri


def test_a_statement_is_the_same_in_all_formats_and_has_the_same_bytes_again(enter: Enter, stage: Stage) -> None:
    stage.close(OCTOBER, AFTER_OCTOBER)
    person = enter_centre(enter, Role.AUDITOR)
    files, again = ({form: taken(person, form) for form in FORMATS} for _ in range(2))
    assert files == again
    page = files["html"].decode()
    assert "164,000" in page
    assert page.count("1014-ABCDEF") == 2
    assert files["pdf"].startswith(b"%PDF")
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    lines, annex = (book[name] for name in book.sheetnames[:2])
    assert [cell.value for cell in list(lines.rows)[-1]][4:7] == [431_300, 267_300, 164_000]
    assert annex.max_row == 1 + 60 + 1 + 60
    table = list(csv.reader(io.StringIO(files["csv"].decode("utf-8-sig"))))
    assert sum(row[0] == "내역" for row in table) == 121
    assert {row[9] for row in table if row[1] == "1" and row[0] == "내역"} == {"2026-10-14 12:00:00"}


def test_a_correction_is_refused_beyond_the_line_and_kept_otherwise(enter: Enter, stage: Stage, office: Office) -> None:
    person = enter_centre(enter)
    assert person.get(f"{STATEMENT}/lines/1/correct").status_code == 404
    stage.close(OCTOBER, AFTER_OCTOBER)
    form = person.get(f"{STATEMENT}/lines/1/correct")
    assert form.status_code == 200
    mark = re.findall(r'name="mark" value="([0-9a-f]+)"', form.text)[0]
    refused = person.post(f"{STATEMENT}/lines/1/correct", {"owed": "-112501", "reason": "잘못 셈", "mark": mark})
    assert refused.status_code == 422
    assert "그보다 많이 뺄 수 없습니다" in refused.text
    assert person.post(f"{STATEMENT}/lines/1/correct", {"owed": "x", "reason": ""}).status_code == 422
    wrong = {"owed": "-500", "reason": "잘못 셈", "mark": mark}
    assert person.post(f"{STATEMENT}/lines/1/correct", wrong).location == STATEMENT
    # A form that is sent twice takes off once.
    assert person.post(f"{STATEMENT}/lines/1/correct", wrong).status_code == 409
    assert "잘못 셈" in person.get(STATEMENT).text
    with office.store.reading() as session:
        (row,) = session.scalars(select(Correction))
        assert (row.owed, row.billed_in) == (-500, None)


def test_new_prices_are_published_with_their_first_day_and_refused_in_a_billed_month(
    enter: Enter, stage: Stage, office: Office
) -> None:
    stage.close(OCTOBER, AFTER_OCTOBER)
    person = enter_centre(enter)
    assert "회선 파일" in person.get("/bills/prices").text
    given = {
        "since": "2026-12-01",
        "reason": "최저임금 인상",
        "band_calls": "200",
        "calls_per_agent_day": "60",
        "working_days": "20",
        "agent_per_year": "28000000",
        "firm_percent": "30",
        "base_per_year": "600000",
        "answer": "1600",
        "minute": "40",
        "text": "20",
        "carriage_percent": "100",
    }
    early = person.post("/bills/prices", given | {"since": "2026-10-15"})
    assert early.status_code == 422
    assert "2026-11-01 이후로" in early.text
    assert "바로 이어지는 단가가 없습니다" in person.post("/bills/prices", given | {"until": "2026-12-31"}).text
    assert person.post("/bills/prices", given | {"firm_percent": "101"}).status_code == 422
    assert person.post("/bills/prices", given).location == "/bills/prices"
    assert "28,000,000" in person.get("/bills/prices").text
    with office.store.reading() as session:
        assert session.scalars(select(PriceList.content)).one()["answer"] == 1600


def test_who_sees_and_who_changes(enter: Enter, stage: Stage) -> None:
    auditor = enter_centre(enter, Role.AUDITOR)
    assert "10월 확정" not in auditor.get(f"/bills/?month={OCTOBER}").text
    assert auditor.post("/bills/close", {"month": OCTOBER}).status_code == 403
    assert enter_centre(enter, Role.AGENT).get("/bills/").status_code == 403
    assert enter(Role.SUPERVISOR, line="kibo").get("/bills/").status_code == 404


def test_the_pages_can_be_used_by_keyboard_and_read_aloud_also_on_a_telephone(
    enter: Enter, stage: Stage, served: Served, accessible: Callable[[Page], None]
) -> None:
    stage.close(OCTOBER, datetime(2026, 11, 1, 4, tzinfo=SEOUL))
    person = enter_centre(enter)
    with served.page(person, width=390) as page:
        for address in (
            f"/bills/?month={OCTOBER}",
            f"/bills/{HANBIT}/",
            STATEMENT,
            f"{STATEMENT}/lines/1",
            f"{STATEMENT}/lines/1/correct",
            "/bills/prices",
        ):
            page.goto(address)
            accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
