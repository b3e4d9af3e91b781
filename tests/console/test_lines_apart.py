"""What belongs to another line is as if it were not there: every view, asked for every row by its id.

That its owners find it under the same addresses is in test_asked_properly.py.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ivr.sealing import Keyring
from ivr.store import make_engine
from migrations.models import all_tables
from tests.console.asking import Place, asked, plain
from tests.console.other_lines import STRANGE, Filled, everybody, fill
from tests.store_fixtures.databases import ON_SQLITE

pytestmark = ON_SQLITE
# Forms that name a row of another line among their fields.
NAMING = {
    "/account/line": {"line": "kibo"},
    "/accounts/new": {"id": "somebody", "name": "이름", "role": "agent", "officer": "o1"},
    f"/accounts/of/all.{STRANGE}-1/officer": {"officer": "o1"},
    f"/accounts/of/all.{STRANGE}-1/roles": {"line": "kibo", "role": "agent"},
    "/campaigns/new": {"name": "이름", "questionnaire": "happy-kibo", "audience": "1", "hours.monday": "10:00-12:00"},
    "/cases/new": {"reference": "1" * 24, "kind": "inquiry", "channel": "visit", "content": "기한", "call": "c1"},
    "/calls/file": {"reason": "민원 확인", "agent": "kibo-1", "receipt": "c1"},
}
# The machine serves every line, and shows how it fares as a whole: kinds and counts, nothing of people.
EVERY_LINE = {("system.page", "GET"), ("system.page", "query")}


@pytest.fixture
def others(engine: Engine, tmp_path: Path) -> Place:
    """With rows of every kind on other lines."""
    return Place(engine, tmp_path / "others")


@pytest.fixture
def alone(tmp_path: Path, keyring: Keyring) -> Iterator[Place]:
    """With nothing but the people of the one line."""
    engine = make_engine(f"sqlite:///{tmp_path / 'alone.db'}", keyring=keyring)
    all_tables().create_all(engine)
    yield Place(engine, tmp_path / "alone")
    engine.dispose()


@pytest.fixture
def filled(others: Place) -> Filled:
    return fill(others.office, others.enter)


def test_rows_of_other_lines_are_as_if_they_were_not_there(others: Place, alone: Place, filled: Filled) -> None:
    there, here = (place.enter(everybody(place.office, STRANGE)) for place in (others, alone))
    before = others.rows()
    with_others, by_oneself = asked(others, there, filled.ids), asked(alone, here, filled.ids)
    told = {key: (answer, by_oneself[key]) for key, answer in with_others.items() if answer != by_oneself[key]}
    assert set(told) == EVERY_LINE
    assert [key for key, answer in with_others.items() if answer.startswith("500")] == []
    assert others.rows() == before


def test_forms_that_name_rows_of_other_lines_are_answered_as_if_they_named_nothing(
    others: Place, alone: Place, filled: Filled
) -> None:
    there, here = (place.enter(everybody(place.office, STRANGE)) for place in (others, alone))
    before = others.rows()
    for address, form in NAMING.items():
        assert plain(there.post(address, form)) == plain(here.post(address, form)), address
    assert others.rows() == before
