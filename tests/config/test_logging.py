"""Log lines have one form and hold no telephone number."""

import json
import subprocess
import sys

from tests.guards.tree import ROOT

SCRIPT = """
import logging, structlog
from config.logging import configure_logging
configure_logging({form!r}, mask=lambda text: text.replace("01012345678", "010-****-5678"))
structlog.get_logger("ours").info("call from 01012345678", call="CA01012345678", leg=3)
logging.getLogger("theirs").warning("call from %s", "01012345678")
try:
    raise ValueError("01012345678")
except ValueError:
    logging.getLogger("theirs").exception("broken")
"""


def lines_in(form: str, **environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(form=form)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_our_lines_and_those_of_libraries_are_the_same_json() -> None:
    ours, theirs, broken = map(json.loads, lines_in("json", SUPERVISOR_PROCESS_NAME="relay"))
    assert ours["event"] == theirs["event"] == "call from 010-****-5678"
    assert (ours["leg"], ours["logger"], ours["level"]) == (3, "ours", "info")
    assert {line["process"] for line in (ours, theirs, broken)} == {"relay"}


def test_no_number_gets_into_the_log_by_key_argument_or_traceback() -> None:
    for form in ("json", "text"):
        assert "01012345678" not in "\n".join(lines_in(form))
