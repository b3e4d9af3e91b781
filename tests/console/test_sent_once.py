"""Forms in a real browser: sent once by two clicks, but a form whose answer is a file may be sent again."""

from collections.abc import Callable

import pytest

from ivr.accounts.rows import Role
from tests.console.conftest import Served
from tests.console.people import Person
from tests.store_fixtures.databases import ON_SQLITE

pytestmark = [pytest.mark.browser, ON_SQLITE]


def test_a_file_can_be_taken_again_without_loading_the_page_anew(enter: Callable[..., Person], served: Served) -> None:
    with served.page(enter(Role.AUDITOR)) as page:
        page.goto("/access")
        page.set_default_timeout(8_000)
        downloads: list[str] = []
        page.on("download", lambda download: downloads.append(download.suggested_filename))
        for _ in range(2):
            with page.expect_download(timeout=10_000):
                page.locator('[data-opens="take"]').click()
                page.locator("#take [name=reason]").fill("정기 점검")
                page.locator("#take .form-acts button").dblclick()
            # The file is there, and the page as it was before.
            page.wait_for_selector("#take", state="hidden")
        assert len(downloads) == 2
