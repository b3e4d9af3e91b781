"""What no page ever sends: characters and numbers that no database keeps are told as such, and nothing fails."""

import gc
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.routing.converters import NumberConverter
from werkzeug.test import TestResponse

from config.recordings import Recordings
from config.uploads import Uploads
from console.office import Office
from console.visitor import roles_of
from ivr.accounts.rows import Role
from ivr.editions.current import Current
from ivr.store import Store
from tests.console.people import Person, office_over
from tests.http.board import Moment
from tests.sizes import is_full
from tests.unit.editions.made import files

HUGE = str(10**25)
FAILED = {401, 500, 502, 503}


def addresses(console: Flask, method: str, text: str) -> set[str]:
    """Every closed address of this method, its arguments filled with a text, or with a number where it wants one."""
    found = set()
    for rule in console.url_map.iter_rules():
        if method in (rule.methods or ()) and roles_of(console.view_functions[rule.endpoint]):
            kinds = {
                name: HUGE if isinstance(kind, NumberConverter) else text for name, kind in rule._converters.items()
            }
            built = rule.build(kinds)
            assert built is not None
            found.add(built[1])
    return found


def status_of(answer: TestResponse) -> int:
    """The status of an answer that is then let go: some hold a file."""
    with answer:
        return answer.status_code


@pytest.fixture
def office(engine: Engine, moment: Moment, tmp_path: Path) -> Office:
    """The office of the tests with everything that pages may want."""
    current = Current(files(), Store(engine), clock=moment, tell=lambda words: None)
    return office_over(engine, moment, current=current, uploads=Uploads(tmp_path), recordings=Recordings(tmp_path))


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_no_strange_address_fails(console: Flask, enter: Callable[..., Person], role: Role) -> None:
    person, query = enter(role), f"?q=%00&text=%00&after=%00&id={HUGE}&first=9999-12-31&last=9999-12-31"
    by_text = [addresses(console, "GET", text) - {"/desk/stream"} for text in ("\0", "9" * 300)]
    # A strange id is asked for as it stands; a page without one is strange by its query alone.
    pages = set.intersection(*by_text)
    strange = set.union(*by_text) - pages | {one for one in pages if HUGE in one}
    assert strange
    asked = [*strange, *(one + query for one in pages)]
    asked += [*pages, *(one + query for one in strange)] if is_full() else []
    answers = {address: status_of(person.get(address)) for address in sorted(asked)}
    gc.collect()
    assert {address: status for address, status in answers.items() if status in FAILED} == {}


def test_no_strange_form_fails(console: Flask, enter: Callable[..., Person]) -> None:
    person = enter(Role.SUPERVISOR)
    form = {"name": "a\0b", "id": "a\0b", "reason": "a\0b", "version": HUGE, "text": "\0\0", "number": "\0"}
    # Those of one's own account, of the sign-in and the sign-out end the session.
    asked = {one for one in addresses(console, "POST", "x") if not one.startswith(("/account/", "/sign-"))}
    answers = {address: status_of(person.post(address, form)) for address in sorted(asked)}
    gc.collect()
    assert {address: status for address, status in answers.items() if status in FAILED} == {}
