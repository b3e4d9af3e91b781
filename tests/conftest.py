"""The ground of all tests: stores, the browser, and a folder that the processes of one run share."""

import gc
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import structlog
from click.testing import CliRunner, Result
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine

from commands.world_routes import compile_each_route_once
from config.settings import new_secret_keys
from tests.once import compile_each_template_once, parse_each_text_once, read_each_file_once
from tests.sizes import examples, is_full
from tests.store_fixtures.postgres_server import stop_server

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

pytest_plugins = ["tests.store_fixtures.databases", "tests.store_fixtures.redis"]

RUN_FOLDER = "CHARTERLINE_TEST_RUN_FOLDER"
CHROMIUM = "CHARTERLINE_CHROMIUM"

# A slow machine is no fault of the code: no property test has a deadline.
# A check draws the same each time, so that what it finds is there the next time too; a full run draws anew.
hypothesis_settings.register_profile(
    "charterline", deadline=None, print_blob=True, max_examples=examples(100), derandomize=not is_full()
)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "charterline"))

# Imports and the collection make nothing but what stays.
gc.set_threshold(50_000, 10, 10)
compile_each_route_once()
compile_each_template_once()
parse_each_text_once()
read_each_file_once()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        os.environ[RUN_FOLDER] = tempfile.mkdtemp(prefix="charterline-run-")
        # Tests start many processes of ours; what one of them compiled, the next ones need not.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for name in [name for name in os.environ if name.startswith("CHARTERLINE_") and "TEST" not in name]:
        # A test must not depend on the settings of whoever runs it.
        if name != CHROMIUM:
            del os.environ[name]


def pytest_collection_finish() -> None:
    # What was imported and collected stays until the end: looking through it for garbage again and again finds none.
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or RUN_FOLDER not in os.environ:
        return
    folder = Path(os.environ.pop(RUN_FOLDER))
    stop_server(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """A folder that all processes of this run share."""
    return Path(os.environ[RUN_FOLDER])


@pytest.fixture
def installed(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of an installation whose database is that of the test."""
    settings = {
        "DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "DATA_DIR": str(tmp_path / "data"),
        "TWILIO_AUTH_TOKEN": "a token of the tests",
        "SECRET_KEYS": new_secret_keys(bytes(range(64))),
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"CHARTERLINE_{name}", value)


@pytest.fixture
def command_line() -> Iterator[Callable[..., Result]]:
    """The whole command line, as it is typed; logging is afterwards as it was before."""
    from commands.main import cli

    root, structured = logging.getLogger(), structlog.get_config()
    level, handlers = root.level, root.handlers[:]
    yield lambda *words: CliRunner().invoke(cli, list(words))
    root.setLevel(level)
    root.handlers[:] = handlers
    structlog.configure(**structured)


@pytest.fixture(scope="session")
def playwright() -> Iterator["Playwright"]:
    """What drives browsers: a process can start it only once at a time."""
    from playwright.sync_api import expect, sync_playwright

    # A page on a busy machine is slow, not wrong: what is waited for may take this many milliseconds.
    expect.set_options(timeout=20_000)
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The Chromium that browser tests drive; they are skipped where there is none."""
    for candidate in (os.environ.get(CHROMIUM), "/usr/bin/chromium", "/usr/bin/chromium-browser"):
        if candidate and Path(candidate).exists():
            return candidate
    pytest.skip(f"no Chromium: install it (apt install chromium) or name it in {CHROMIUM}")
