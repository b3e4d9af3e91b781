"""The small quarter on both databases, and the command over it."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from commands.report import report
from ivr.store import Store
from tests.store_fixtures.prepared import prepared
from tests.unit.reports.quarter import Kept, told_calls

Run = Callable[..., Result]


@pytest.fixture
def kept(engine: Engine) -> Kept:
    def written() -> None:
        Kept(Store(engine)).fill()

    prepared(engine, "the small quarter", written)
    return Kept(Store(engine), told_calls())


@pytest.fixture
def run(installed: None) -> Run:
    """`charterline report ...` over the database of the test."""
    return lambda *arguments: CliRunner().invoke(report, arguments)
