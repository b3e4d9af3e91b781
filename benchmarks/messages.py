"""`messages`: messages a second from the writing to the provider, beside bare requests to the same provider."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from benchmarks import stores
from benchmarks.hotline import Ground, ground
from benchmarks.measured import compared, show
from benchmarks.run import Run
from benchmarks.servers import free_port, process, wait_until_healthy
from config.bell import bell_at
from config.clock import system_clock
from config.files import LINES, MESSAGES, read_folder
from ivr.lines.model import Line
from ivr.lines.reading import load_lines
from ivr.messages.reading import load_texts
from ivr.messages.texts import Texts
from ivr.messages.writing import Outgoing, write_message
from ivr.numbers import PhoneNumber
from ivr.sealing import Keyring
from ivr.store import Store, make_engine

ROUNDS, WARM_UP = 3, 20
PATIENCE_SECONDS = 120
OFFICER = {"department": "보증사업부", "name": "김서연", "title": "과장", "number": "1544-1120"}


@dataclass(slots=True)
class Office:
    """A running relay and worker for texts, what they need, and the notes of the provider."""

    store: Store
    notes: Path
    redis_url: str
    provider_url: str
    texts: Texts
    line: Line
    written: int = 0
    sent: int = 0
    read: int = 0
    session: requests.Session = field(default_factory=requests.Session)

    def arrived(self) -> int:
        """How many messages of ours the provider has noted; bare requests tell no time that they are worth."""
        with self.notes.open("rb") as notes:
            notes.seek(self.read)
            whole = notes.read().rpartition(b"\n")[0]
        self.read += len(whole) + 1 if whole else 0
        self.sent += sum("ValidityPeriod" in json.loads(line)["form"] for line in whole.splitlines())
        return self.sent


def messages(run: Run) -> None:
    """Messages are written one to a transaction, handed out, and sent by one worker; the floor is bare POSTs."""
    count = run.many(400, when_quick=20)
    for kind in run.databases:
        with ground(kind) as base, _office(base) as office:
            _through(office, WARM_UP)
            floors, ours = [], []
            for _ in range(ROUNDS):
                floors.append(_bare(office, count))
                ours.append(_through(office, count))
            show(compared(("messages", kind), "messages/s", ours=ours, floors=floors))


@contextmanager
def _office(base: Ground) -> Iterator[Office]:
    port, notes = free_port(), base.place / "texts.jsonl"
    environment = stores.settings(base.database_url, base.redis_url, base.place, carrier_port=port)
    keyring = Keyring.from_secrets(environment["CHARTERLINE_SECRET_KEYS"])
    charterline = [sys.executable, "-m", "commands.main", "run"]
    with ExitStack() as stack:
        log = base.place / "stub.log"
        stub = [sys.executable, "-m", "benchmarks.stub_carrier", str(port), str(notes)]
        stack.enter_context(process(stub, environment, log))
        wait_until_healthy(port, log)
        stack.enter_context(process([*charterline, "relay"], environment, base.place / "relay.log"))
        stack.enter_context(process([*charterline, "worker", "texts"], environment, base.place / "worker.log"))
        engine = make_engine(base.database_url, keyring=keyring)
        stack.callback(engine.dispose)
        texts = load_texts(read_folder(MESSAGES))
        line = load_lines(read_folder(LINES), texts).by_id("kibo")
        yield Office(Store(engine), notes, base.redis_url, f"http://127.0.0.1:{port}", texts, line)


def _bare(office: Office, count: int) -> float:
    """Bare requests a second, one after the other over one connection, as a worker gives its orders."""
    form = {"Bare": "1", "To": "+821010000001", "From": "+8215441120", "Body": "안" * 60}
    began = time.perf_counter()
    for _ in range(count):
        office.session.post(f"{office.provider_url}/Messages.json", data=form, timeout=10).raise_for_status()
    return count / (time.perf_counter() - began)


def _through(office: Office, count: int) -> float:
    """Messages a second through the whole way, from the first one written to the last one at the provider."""
    ring = bell_at(office.redis_url)
    wanted = office.written + count
    began = time.perf_counter()
    for number in range(office.written, wanted):
        to = PhoneNumber.parse(f"010-{number // 10_000:04}-{number % 10_000:04}")
        outgoing = Outgoing(f"bench-{number}", office.line, to, "transfer", f"agent:{number}", OFFICER)
        with office.store.transaction() as session:
            write_message(session, office.texts, outgoing, at=system_clock())
        ring()
    office.written = wanted
    while office.arrived() < wanted:
        if time.perf_counter() - began > PATIENCE_SECONDS:
            raise RuntimeError(f"only {office.sent} of {wanted} messages reached the provider")
        time.sleep(0.02)
    return count / (time.perf_counter() - began)
