"""The page of figures: how the lines stand, what was counted by every process of the host, and nobody's number."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ivr.agents.rows import AgentState
from ivr.promises import Promise, promise_all
from ivr.sealing import Keyring
from ivr.store import Store, make_engine
from tests.guards.tree import ROOT
from tests.http.board import CALLER, MORNING, Moment, Signed, arriving, board_over
from tests.http.unreachable import refusing_port
from tests.unit.agents.people import ready, waits

SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$")
COUNTING = """
import sys
from pathlib import Path
from config.metrics import share_figures
share_figures(Path(sys.argv[1]), sys.argv[2])
from workers.measuring import ORDERS, failed
from config.metrics import process_name
for _ in range(int(sys.argv[3])):
    ORDERS.labels(process_name(), "SendText", "accepted").inc()
failed("text")
"""
READING = """
import sys
from pathlib import Path
from config.metrics import share_figures
share_figures(Path(sys.argv[1]), "webhooks")
from webhooks.figures import _Counted
for metric in _Counted().collect():
    for sample in metric.samples:
        print(sample.name, sorted(sample.labels.items()), sample.value)
"""


def figures(page: str) -> dict[str, float]:
    """The samples of a page by name and labels."""
    found = (SAMPLE.match(line) for line in page.splitlines() if not line.startswith("#"))
    return {f"{match[1]}{{{match[2] or ''}}}": float(match[3]) for match in found if match}


@pytest.fixture
def away(keyring: Keyring) -> Iterator[Engine]:
    with refusing_port() as port:
        engine = make_engine(f"postgresql://nobody@127.0.0.1:{port}/none", keyring=keyring, patience=1)
        yield engine
        engine.dispose()


def test_every_line_is_told_as_it_stands_and_nobody_is_named(engine: Engine) -> None:
    clock = Moment()
    wire = Signed.to(board_over(engine, clock))
    store = Store(engine)
    wire.post("/voice/incoming", arriving())
    waits(store, "c1", MORNING)
    ready(store, "a1", MORNING)
    with store.transaction() as session:
        promise_all(session, [Promise("route", "route:late", MORNING - timedelta(seconds=40), {"line": "kibo"})])
    clock.pass_time(20)
    page = wire.client.get("/metrics").text
    told = figures(page)
    assert told["charterline_database_up{}"] == 1
    assert told['charterline_calls_in_progress{line="kibo"}'] == 2
    assert told['charterline_callers_waiting{line="kibo"}'] == 1
    assert told['charterline_callers_waiting{line="kotra"}'] == 0
    assert told['charterline_longest_wait_seconds{line="kibo"}'] == 20
    assert told[f'charterline_agents{{line="kibo",state="{AgentState.READY}"}}'] == 1
    assert told['charterline_promises_oldest_due_seconds{kind="route"}'] == 60
    assert told["charterline_relay_behind_seconds{}"] == 60
    assert told['charterline_webhook_seconds_count{address="/voice/incoming"}'] >= 1
    assert CALLER not in page
    assert CALLER.removeprefix("+82") not in page


def test_with_a_database_that_is_away_the_page_says_so_and_what_the_process_counted(away: Engine) -> None:
    wire = Signed.to(board_over(away, Moment()))
    wire.client.post("/voice/incoming")
    told = figures(wire.client.get("/metrics").text)
    assert told["charterline_database_up{}"] == 0
    assert told['charterline_webhook_failures_total{address="/voice/incoming",reason="unsigned"}'] >= 1


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_what_comes_through_a_proxy_is_told_nothing(away: Engine, header: str) -> None:
    answer = Signed.to(board_over(away, Moment())).client.get("/metrics", headers={header: "203.0.113.9"})
    assert (answer.status_code, answer.data) == (404, b"")


def test_one_page_tells_what_all_processes_of_the_host_counted_since_they_began(tmp_path: Path) -> None:
    def run(program: str, *arguments: str) -> str:
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", program, str(tmp_path), *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout

    run(COUNTING, "worker-texts", "2")
    run(COUNTING, "dialler", "3")
    # Begun anew: what the process before it counted is gone, and that of the other one is not.
    run(COUNTING, "worker-texts", "5")
    told = run(READING)
    labels = [("order", "SendText"), ("process", "worker-texts"), ("receipt", "accepted")]
    assert f"charterline_carrier_orders_total {labels} 5.0" in told
    assert f"charterline_carrier_orders_total {[labels[0], ('process', 'dialler'), labels[2]]} 3.0" in told
    assert told.count("charterline_promise_failures_total") == 2


def test_where_the_folder_cannot_be_made_the_process_goes_on(tmp_path: Path) -> None:
    (tmp_path / "metrics").write_text("a file where a folder is wanted", encoding="utf-8")
    program = "import sys, json; from pathlib import Path; from config.metrics import *"
    program += "; share_figures(Path(sys.argv[1]), 'relay')"
    command = [sys.executable, "-c", f"{program}; print(json.dumps(shared_files()))", str(tmp_path)]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout) is None
