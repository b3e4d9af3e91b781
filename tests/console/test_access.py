"""The access log as auditors read it: found by person, day, act and subject, checked, and taken out with a reason."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, text

from console.office import Office
from ivr.accounts.access_log import Access, log_access
from ivr.accounts.rows import AccessEntry, Act, Role
from tests.console.conftest import Served
from tests.console.people import Person
from tests.http.board import Moment
from tests.store_fixtures.databases import ON_SQLITE

Enter = Callable[..., Person]


def write(office: Office, moment: Moment, count: int, **changes: str) -> None:
    with office.store.transaction() as session:
        for place in range(count):
            access = Access(
                changes.get("who", "auditor-kibo-가"),
                changes.get("line", "kibo"),
                Act(changes.get("act", "unmask")),
                f"call:C{place:03}",
                changes.get("reason", "민원 확인"),
            )
            log_access(session, access, at=moment() + timedelta(minutes=place))


def test_entries_are_found_by_person_day_act_and_subject(enter: Enter, office: Office, moment: Moment) -> None:
    auditor = enter(Role.AUDITOR, name="가")
    assert "조건에 맞는 기록이 없습니다" in auditor.get("/access").text
    write(office, moment, 3)
    write(office, moment, 1, who="gone", act="play", reason="<b>품질</b>")
    write(office, moment, 2, line="dcgf", reason="다른 기관의 사유")
    whole = auditor.get("/access").text
    assert whole.count("민원 확인") == 3
    assert "&lt;b&gt;품질&lt;/b&gt;" in whole
    assert "다른 기관의 사유" not in whole
    for query, count in {
        "account=auditor-kibo-가": 3,
        "act=unmask": 3,
        "act=play": 0,
        "subject=call:C001": 1,
        "first=2026-11-23&last=2026-11-23": 3,
        "first=2026-11-24": 0,
        "last=2026-11-22": 0,
        "subject=%25": 0,
    }.items():
        assert auditor.get(f"/access?{query}").text.count("민원 확인") == count, query
    for strange in ("act=melt", "first=yesterday", "after=x"):
        assert auditor.get(f"/access?{strange}").status_code == 404


def test_taking_the_log_out_needs_a_reason_and_is_an_entry_itself(enter: Enter, office: Office, moment: Moment) -> None:
    auditor = enter(Role.AUDITOR, name="가")
    write(office, moment, 2, reason="=1+1")
    assert auditor.post("/access/export", {"reason": " "}).status_code == 303
    taken = auditor.post("/access/export", {"reason": "월간 점검", "act": "unmask"})
    assert taken.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(taken.get_data().decode("utf-8-sig"))))
    taken.close()
    assert len(rows) == 3
    assert rows[1][2:4] == ["auditor-kibo-가", "가"]
    assert rows[1][7] == "'=1+1"
    with office.store.reading() as session:
        newest = session.scalars(select(AccessEntry).order_by(AccessEntry.id.desc()).limit(1)).one()
    assert (newest.act, newest.subject, newest.reason) == (Act.EXPORT, "access:kibo", "월간 점검")
    assert newest.detail == {"rows": 2}
    assert newest.address == "127.0.0.1"


@ON_SQLITE
def test_a_gap_in_the_log_is_told(enter: Enter, office: Office, moment: Moment) -> None:
    auditor = enter(Role.AUDITOR, name="가")
    write(office, moment, 4)
    assert "쓰인 그대로입니다" in auditor.get("/access?check=1").text
    with office.store.transaction() as session:
        session.execute(text("DELETE FROM access_entry WHERE place = 3"))
    assert "3번째 기록부터" in auditor.get("/access?check=1").text


@ON_SQLITE
def test_a_month_is_reviewed_signed_and_owed_no_more(enter: Enter, office: Office, moment: Moment) -> None:
    early = enter(Role.AUDITOR, name="다")
    write(office, moment, 2)
    write(office, moment, 1, who="gone", act="export", reason="<b>품질</b>")
    assert early.post("/access/review", {"month": "2026-11", "remark": "이상 없음"}).status_code == 303
    assert "끝나지 않은 달" in early.get("/access/review?month=2026-11").text
    moment.pass_time(timedelta(days=18).total_seconds())
    auditor, administrator = enter(Role.AUDITOR, name="가"), enter(Role.ADMINISTRATOR, name="나")
    for address in ("/access", "/access/review", "/system"):
        assert "점검 기한이 지난 달: 2026-11" in administrator.get(address).text, address
    page = auditor.get("/access/review").text
    assert "쓰인 그대로입니다" in page
    assert "&lt;b&gt;품질&lt;/b&gt;" in page
    assert auditor.post("/access/review", {"month": "2026-11", "remark": " "}).status_code == 303
    auditor.post("/access/review", {"month": "2026-11", "remark": "모두 확인함"})
    assert "다른 사람이 한 번 더 점검해 주십시오" in auditor.get("/access/review").text
    administrator.post("/access/review", {"month": "2026-11", "remark": "다시 확인함"})
    page = administrator.get("/access/review").text
    assert all(word in page for word in ("모두 확인함", "다시 확인함", "점검함"))
    assert "점검 기한이 지난 달" not in page
    for strange in ("2026-13", "yesterday", "2026Q4"):
        assert auditor.get(f"/access/review?month={strange}").status_code == 404


@ON_SQLITE
def test_the_review_shows_where_the_log_was_changed_and_the_signature_keeps_it(
    enter: Enter, office: Office, moment: Moment
) -> None:
    write(office, moment, 3)
    with office.store.transaction() as session:
        session.execute(text("UPDATE access_entry SET subject = 'call:other' WHERE place = 2"))
    moment.pass_time(timedelta(days=18).total_seconds())
    administrator = enter(Role.ADMINISTRATOR, name="나")
    page = administrator.get("/access/review").text
    assert "2번째 기록부터" in page
    assert "call:other" in page.partition("그 자리에 지금 있는 기록")[2]
    administrator.post("/access/review", {"month": "2026-11", "remark": "바뀐 기록을 알림"})
    assert "2번째부터 맞지 않음" in administrator.get("/access/review").text


@ON_SQLITE
@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR])
def test_nobody_else_reads_the_log(enter: Enter, role: Role) -> None:
    person = enter(role)
    assert person.get("/access").status_code == 403
    assert person.post("/access/export", {"reason": "월간 점검"}).status_code == 403
    assert person.get("/access/review").status_code == 403
    assert person.post("/access/review", {"month": "2026-10", "remark": "월간 점검"}).status_code == 403


@pytest.mark.browser
@ON_SQLITE
def test_an_auditor_goes_through_the_log(
    served: Served, enter: Enter, office: Office, moment: Moment, accessible: Callable[[Page], None]
) -> None:
    write(office, moment, 60)
    with served.page(enter(Role.AUDITOR, name="가"), width=390) as page:
        page.goto("/access")
        accessible(page)
        expect(page.locator("tbody tr")).to_have_count(50)
        page.get_by_role("link", name="다음").click()
        expect(page.locator("tbody tr")).to_have_count(10)
        page.get_by_role("button", name="내려받기").click()
        accessible(page)
        page.get_by_label("사유").fill("월간 점검")
        with page.expect_download() as download:
            page.locator("dialog[open]").get_by_role("button", name="내려받기").click()
        assert download.value.suggested_filename == "access-kibo-20261123.csv"
        page.goto("/access/review?month=2026-11")
        accessible(page)
        expect(page.get_by_role("row", name="auditor-kibo-가")).to_contain_text("60")
