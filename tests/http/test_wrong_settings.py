"""Wrong settings stop a process at its start, and all of them are named at once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import BadSettings, read_settings

ROOT = Path(__file__).resolve().parents[2]
WRONG = {
    "CHARTERLINE_DATABASE_URL": "mysql://somewhere/x",
    "CHARTERLINE_REDIS_URL": "http://redis",
    "CHARTERLINE_PUBLIC_BASE_URL": "hotline.example",
    "CHARTERLINE_TWILIO_ACCOUNT_SID": "AC1",
    "CHARTERLINE_TWILIO_AUTH_TOKEN_FILE": "/nowhere/token",
    "CHARTERLINE_AGGREGATOR_KEY": "an app key without its secret",
    "CHARTERLINE_AGGREGATOR_URL": "texts.example",
    "CHARTERLINE_WEBHOOKS_PORT": "99999",
    "CHARTERLINE_LOG_FORMAT": "xml",
}
NAMED = (
    "DATABASE_URL",
    "REDIS_URL",
    "PUBLIC_BASE_URL",
    "TWILIO_AUTH_TOKEN",
    "SECRET_KEYS",
    "AGGREGATOR_SECRET",
    "AGGREGATOR_URL",
    "WEBHOOKS_PORT",
    "LOG_FORMAT",
)


def test_every_wrong_or_missing_setting_is_named_at_once() -> None:
    with pytest.raises(BadSettings) as caught:
        read_settings(WRONG)
    assert all(any(f"CHARTERLINE_{name}" in problem for problem in caught.value.problems) for name in NAMED)


def test_nothing_set_at_all_names_everything_that_is_needed() -> None:
    with pytest.raises(BadSettings) as caught:
        read_settings({})
    needed = ("DATABASE_URL", "REDIS_URL", "PUBLIC_BASE_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "SECRET_KEYS")
    assert [problem.split()[0] for problem in caught.value.problems] == [f"CHARTERLINE_{name}" for name in needed]


@pytest.mark.parametrize("room", ["webhooks.app", "console.app"])
def test_a_web_process_with_wrong_settings_stops_and_names_them(room: str) -> None:
    started = subprocess.run(
        [sys.executable, "-c", f"import {room} as room; room.create_app()"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **WRONG},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert started.returncode == 1
    assert all(f"CHARTERLINE_{name}" in started.stderr for name in NAMED)


@pytest.mark.parametrize("secret", ["index:short,k1:short", "nonsense", "index:AAAA"])
def test_secret_keys_of_no_use_are_refused_before_anything_runs(secret: str, tmp_path: Path) -> None:
    environment = {
        "CHARTERLINE_DATABASE_URL": f"sqlite:///{tmp_path / 'a.db'}",
        "CHARTERLINE_REDIS_URL": "redis://127.0.0.1:1",
        "CHARTERLINE_PUBLIC_BASE_URL": "https://hotline.example",
        "CHARTERLINE_TWILIO_ACCOUNT_SID": "AC1",
        "CHARTERLINE_TWILIO_AUTH_TOKEN": "token",
        "CHARTERLINE_SECRET_KEYS": secret,
    }
    started = subprocess.run(
        [sys.executable, "-c", "import webhooks.app as room; room.create_app()"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert started.returncode == 1
    assert "CHARTERLINE_SECRET_KEYS" in started.stderr
