"""The system page tells what waits, what failed and what the carrier said."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from console.office import Office
from ivr.accounts.rows import Role
from ivr.health.promises import due_promises, kept_promises, receipts, troubled_promises
from ivr.promises import Promise, PromiseRow, promise_all
from tests.console.conftest import Served
from tests.console.people import Person
from tests.http.board import Moment
from tests.store_fixtures.databases import ON_SQLITE
from workers.kinds import KINDS

Enter = Callable[..., Person]


@pytest.fixture
def busy(office: Office, moment: Moment) -> None:
    """Two promises kept, one failing and late, one for later."""
    at = moment()
    with office.store.transaction() as session:
        due = {"kept-1": at, "kept-2": at, "late": at - timedelta(minutes=5), "later": at + timedelta(hours=1)}
        promise_all(session, [Promise("route", key, when, {}) for key, when in due.items()])
        for row in session.query(PromiseRow):
            if row.key.startswith("kept"):
                row.done_at, row.outcome = at, "Accepted" if row.key == "kept-1" else "Rejected"
            if row.key == "late":
                row.attempts, row.outcome = 3, "TimeoutError"


@pytest.mark.usefixtures("busy")
def test_what_is_late_failed_and_kept_is_counted(office: Office, moment: Moment) -> None:
    with office.store.reading() as session:
        (late,) = due_promises(session, at=moment())
        (trouble,) = troubled_promises(session)
        said = receipts(kept_promises(session))
    assert (late.kind, late.count, late.tried, late.is_late(moment())) == ("route", 1, 1, True)
    assert (trouble.outcome, trouble.attempts) == ("TimeoutError", 3)
    assert said == {"Accepted": 1, "Rejected": 1}


@pytest.mark.usefixtures("busy")
def test_the_page_says_what_to_do_when_something_is_late(enter: Enter) -> None:
    page = enter(Role.ADMINISTRATOR).get("/system").get_data(as_text=True)
    assert "작업 프로세스가 멈췄거나" in page
    assert "상담원 배정" in page
    assert "TimeoutError" in page


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_kind_of_promise_has_a_name_of_its_own(office: Office, language: str) -> None:
    words = office.wordings[language]
    names = {kind: words.say(f"system.promise.{kind}") for kind in KINDS if words.has(f"system.promise.{kind}")}
    assert set(KINDS) == set(names)
    assert len(set(names.values())) == len(names)


def test_an_idle_installation_is_calm_and_agents_do_not_see_it(enter: Enter) -> None:
    assert "밀린 일이 없습니다" in enter(Role.SUPERVISOR).get("/system").get_data(as_text=True)
    assert enter(Role.AGENT, name="김민수").get("/system").status_code == 403


@ON_SQLITE
@pytest.mark.browser
@pytest.mark.usefixtures("busy")
def test_everybody_can_read_it(served: Served, enter: Enter, accessible: Callable[[Page], None]) -> None:
    with served.page(enter(Role.ADMINISTRATOR)) as page:
        page.goto("/system")
        accessible(page)
