"""A web process stays light: what it never needs is never imported, and start to finish it knows no queue."""

import subprocess
import sys

import pytest

from tests.guards.tree import ROOT

HEAVY = {
    "twilio.rest": "80 MB of generated REST client: workers give orders",
    "phonenumbers.geocoder": "place names nobody asks for",
    "phonenumbers.carrier": "names of carriers nobody asks for",
    "phonenumbers.timezone": "nobody asks for it either",
    "rq": "the database is the memory; a web process only rings the bell",
    "requests": "a web process orders nothing",
    "httpx": "a web process orders nothing",
    "holidays": "public days stand in a file",
    "alembic": "migrations are a command",
    "workers": "another room",
    "commands": "nothing imports it",
    "carrier": "nothing imports it",
}


@pytest.mark.parametrize("room", ["webhooks.app", "console.app"])
def test_a_web_process_imports_nothing_heavy(room: str) -> None:
    program = f"import {room}, sys; print(chr(10).join(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert room in loaded
    assert sorted(loaded & set(HEAVY)) == []


def test_the_core_imports_without_any_framework() -> None:
    program = "from migrations.models import all_tables; all_tables(); import sys; print(chr(10).join(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert {"ivr.calls.following", "ivr.transfers.asking", "ivr.figures.tallying"} <= loaded
    assert sorted(loaded & {"flask", "twilio", "rq", "redis", "requests", "structlog", "click"}) == []
