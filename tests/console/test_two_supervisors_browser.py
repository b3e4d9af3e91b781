"""Two supervisors who edit the same thing: who comes second is told so, sees both, and nothing is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from console.office import Office
from ivr.accounts.rows import Role
from ivr.directory.rows import Officer
from tests.console.conftest import Served
from tests.console.people import Person
from tests.store_fixtures.databases import ON_SQLITE

pytestmark = [pytest.mark.browser, ON_SQLITE]
OFFICER = "kibo-9"


def test_who_comes_second_is_told_and_finds_both_again(
    enter: Callable[..., Person], served: Served, office: Office, accessible: Callable[[Page], None]
) -> None:
    with office.store.transaction() as session:
        session.add(
            Officer(id=OFFICER, line="kibo", name="황보라", department="보증사업부", title="대리", duties="보증")
        )
    one, other = enter(Role.SUPERVISOR, name="한지원"), enter(Role.SUPERVISOR, name="박승인")
    # The browser itself writes the refusal, a 409, into its console: the second page is not of `served.page`.
    context = served.browser.new_context(base_url=served.url, locale="ko-KR")
    context.add_cookies([{"name": "charterline", "value": other.cookie, "url": served.url}])
    second = context.new_page()
    with served.page(one) as first:
        for page in (first, second):
            page.goto(f"/directory/{OFFICER}")
        first.locator("#duties").fill("보증, 기한 연장")
        second.locator("#duties").fill("보증, 재기 지원")
        second.locator("#title").fill("과장")
        first.locator("form", has=first.locator("#duties")).get_by_role("button", name="저장").click()
        expect(first.locator(".notice.good")).to_be_visible()
    second.locator("form", has=second.locator("#duties")).get_by_role("button", name="저장").click()
    expect(second.get_by_role("heading", name="그사이 다른 분이 먼저 바꾸었습니다.")).to_be_visible()
    expect(second.locator(".problem-sent")).to_contain_text("보증, 재기 지원")
    expect(second.locator(".problem-sent")).to_contain_text("과장")
    accessible(second)
    second.get_by_role("link", name="바뀐 내용 보기").click()
    expect(second.locator("#duties")).to_have_value("보증, 기한 연장")
    second.locator("#duties").fill("보증, 기한 연장, 재기 지원")
    second.locator("form", has=second.locator("#duties")).get_by_role("button", name="저장").click()
    expect(second.locator(".notice.good")).to_be_visible()
    context.close()
    with office.store.reading() as session:
        kept = session.get_one(Officer, OFFICER)
    assert (kept.duties, kept.title) == ("보증, 기한 연장, 재기 지원", "대리")
