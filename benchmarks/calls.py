"""`calls`: whole calls a second through the running product in real time, at rising rates until something lags."""

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote

import httpx

from benchmarks import stores
from benchmarks.measured import Measured, percentile, show
from benchmarks.people import add_agents, agent_phone, caller_phone
from benchmarks.run import Run
from benchmarks.servers import free_port, process, wait_until_healthy
from benchmarks.signed_steps import LINE
from commands.installation import complete
from commands.opened import Opened, open_installation
from commands.record import CallEntry, record_of
from config.clock import system_clock
from config.settings import read_settings
from ivr.calls.facts import facts_of
from ivr.identifiers import call_id

Truth: TypeAlias = Mapping[str, Any]  # Any: JSON of the carrier's API

RATES = (1, 2, 3, 4, 6, 8, 10, 12, 15, 20)
AGENTS = 400
ANSWER_AFTER, TALK = 2.0, 3.0
SECONDS_TO_START, LONGEST_CALL_SECONDS = 240.0, 120.0
# A caller who waits longer for the telephone to ring, with agents free, waits for us and not for an agent.
LONGEST_WAIT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Product:
    """The running product: its carrier's API, its database, its log, and the process that started all others."""

    carrier: httpx.Client
    opened: Opened
    log: Path
    process: int


@dataclass(frozen=True, slots=True)
class Stage:
    """One rate: seconds from joining the queue to the order for an agent, ring errors in ms, and what went wrong."""

    rate: float
    waits: Sequence[float]
    ring_errors: Sequence[float]
    wrong: Sequence[str]

    @property
    def is_sustained(self) -> bool:
        """Every call was answered, measured rightly, and nobody waited for us."""
        return bool(self.waits) and not self.wrong and percentile(self.waits, 0.99) <= LONGEST_WAIT_SECONDS


def calls(run: Run) -> None:
    """Short calls at each rate for 30 s; prints the highest rate at which no call is lost, late or wrongly measured."""
    for kind in run.databases:
        with running_product(kind) as product:
            sustained: Stage | None = None
            for rate in RATES[: run.many(len(RATES), when_quick=1)]:
                stage = _stage(product, rate, run.many(30, when_quick=5))
                for trouble in stage.wrong[:3]:
                    print(f"{kind} at {rate}/s: {trouble}", file=sys.stderr)
                if not stage.is_sustained:
                    break
                sustained = stage
            _show(kind, sustained, stage)


@contextmanager
def running_product(kind: str) -> Iterator[Product]:
    """The product as `bin/up` starts it, over a fresh database of this kind, with agents at work."""
    with stores.folder() as place, stores.database(kind, place) as url:
        data = place / "data"
        environment = _environment(url, data)
        log = place / "up.log"
        with process([sys.executable, "-m", "commands.main", "up"], environment, log) as started:
            for name in ("WEBHOOKS", "CONSOLE", "CARRIER"):
                wait_until_healthy(int(environment[f"CHARTERLINE_{name}_PORT"]), log)
            _wait_for_introduction(log)
            settings = read_settings(complete(environment).environment)
            opened = open_installation(settings)
            with httpx.Client(base_url=settings.twilio_api_url, timeout=30, trust_env=False) as carrier:
                product = Product(carrier, opened, log, started)
                put_agents_to_work(product)
                yield product
            opened.store.engine.dispose()


def _environment(database_url: str, data: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CHARTERLINE_", "CARRIER_"))}
    ports = {f"CHARTERLINE_{name}_PORT": str(free_port()) for name in ("WEBHOOKS", "CONSOLE", "CARRIER")}
    programs = f"{stores.ROOT / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    ours = {"PATH": programs, "PYTHONPATH": str(stores.ROOT), "CHARTERLINE_DATA_DIR": str(data), **ports}
    return {**inherited, **ours, "CHARTERLINE_DATABASE_URL": database_url}


def _wait_for_introduction(log: Path) -> None:
    give_up_at = time.monotonic() + SECONDS_TO_START
    while "The hotline is up." not in log.read_text(encoding="utf-8", errors="replace"):
        if time.monotonic() > give_up_at:
            raise RuntimeError(f"the hotline was not up within {SECONDS_TO_START:g} s: see {log}")
        time.sleep(0.1)


def put_agents_to_work(product: Product) -> None:
    """Ready agents on KIBO's line, whose telephones answer and accept."""
    add_agents(product.opened.store, product.opened.lines.by_id(LINE), AGENTS, at=system_clock())
    person = {"answer_after": ANSWER_AFTER, "press_on_answer": "1"}
    demo = [f"07010000{number}" for number in (101, 102)]
    for number in [*(agent_phone(number) for number in range(AGENTS)), *demo, "client:kibo_3"]:
        product.carrier.put(f"/handsets/{quote(number)}/person", json=person).raise_for_status()


def _stage(product: Product, rate: float, seconds: int) -> Stage:
    line = product.opened.lines.by_id(LINE)
    person = {"presses": ["1"], "talk_seconds": TALK, "hang_up_after": LONGEST_CALL_SECONDS}
    sids = []
    began = time.monotonic()
    for number in range(int(rate * seconds)):
        due = began + number / rate
        time.sleep(max(0.0, due - time.monotonic()))
        answer = product.carrier.post(
            f"/handsets/{quote(caller_phone(number))}/calls", json={"to": line.number, "person": person}
        )
        answer.raise_for_status()
        sids.append(str(answer.json()["call"]))
    return _judged(product, rate, sids)


def _judged(product: Product, rate: float, sids: Sequence[str]) -> Stage:
    """What became of each call; one that gives no wait or no ring time to judge counts as wrong, not as good."""
    records = _ended(product, sids)
    waits, errors, wrong = [], [], []
    for sid in sids:
        truth: Truth = product.carrier.get(f"/truth/calls/{sid}").json()
        trouble, wait, error = (
            _trouble(records.get(sid)),
            _wait(product, sid, truth),
            _ring_error(records.get(sid), truth),
        )
        if trouble or wait is None or error is None:
            wrong.append(f"call {sid} {trouble or 'has no agent leg or no ring time to compare'}")
            continue
        waits.append(wait)
        errors.append(error[0])
        if error[0] > error[1]:
            wrong.append(f"call {sid}: ring time off by {error[0]:.0f} ms, stated {error[1]:.0f}")
    return Stage(rate, waits, errors, wrong)


def _ended(product: Product, sids: Sequence[str]) -> dict[str, CallEntry]:
    """The records of these calls once all have ended, or as they are when the longest call is over."""
    give_up_at = time.monotonic() + LONGEST_CALL_SECONDS
    while True:
        with product.opened.store.reading() as session:
            found = {sid: record_of(session, product.opened, call_id(sid)) for sid in sids}
        records = {sid: record for sid, record in found.items() if record is not None}
        if all(sid in records and records[sid]["ended_at"] for sid in sids) or time.monotonic() > give_up_at:
            return records
        time.sleep(1.0)


def _trouble(record: CallEntry | None) -> str:
    if record is None:
        return "was never heard of"
    if not record["ended_at"]:
        return "has not ended"
    return "" if record["outcome"] == "answered" else f"was {record['outcome']}"


def _ring_error(record: CallEntry | None, truth: Truth) -> tuple[float, float] | None:
    """Error and stated uncertainty of the ring time of the agent who took the call, in ms."""
    leg = _agents_leg(truth)
    ring = record["ring"] if record else None
    if leg is None or ring is None or leg["ring_seconds"] is None:
        return None
    return abs(ring["seconds"] - leg["ring_seconds"]) * 1000, ring["uncertainty_seconds"] * 1000


def _wait(product: Product, sid: str, truth: Truth) -> float | None:
    """Seconds from the first wait step, as we noted it, until the order for an agent stood at the carrier."""
    leg = _agents_leg(truth)
    with product.opened.store.reading() as session:
        joined = next((fact.received_at for fact in facts_of(session, call_id(sid)) if fact.kind == "wait"), None)
    if leg is None or joined is None or leg["created"] is None:
        return None
    return (datetime.fromisoformat(leg["created"]) - joined).total_seconds()


def _agents_leg(truth: Truth) -> Truth | None:
    legs: Sequence[Truth] = truth["legs"]
    return next((leg for leg in legs if leg["direction"] == "outbound-api"), None)


def _show(kind: str, sustained: Stage | None, last: Stage) -> None:
    rate = sustained.rate if sustained else 0.0
    show(Measured("calls_sustained", kind, rate, "calls/s", max=last.rate))
    if last is not sustained and last.waits:
        late = percentile(last.waits, 0.99)
        show(Measured("calls_wait_p99_when_too_many", kind, late, "s", rounds=len(last.waits)))
    if sustained is None:
        return
    for name, values, unit in (("wait", sustained.waits, "s"), ("ring_error", sustained.ring_errors, "ms")):
        low, high = min(values), max(values)
        late = percentile(values, 0.99)
        show(Measured(f"calls_{name}_p99", kind, late, unit, rounds=len(values), min=low, max=high))
