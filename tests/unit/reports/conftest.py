"""The small quarter on both databases, and the command over it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from commands.report import report
from config.settings import new_secret_keys
from ivr.store import Store
from tests.unit.reports.quarter import Kept

Run = Callable[..., Result]


@pytest.fixture
def kept(engine: Engine) -> Kept:
    return Kept(Store(engine)).fill()


@pytest.fixture
def run(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`charterline report ...` over the database of the test."""
    settings = {
        "DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "DATA_DIR": str(tmp_path / "data"),
        "TWILIO_AUTH_TOKEN": "a token of the tests",
        "SECRET_KEYS": new_secret_keys(bytes(range(64))),
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"CHARTERLINE_{name}", value)
    return lambda *arguments: CliRunner().invoke(report, arguments)
