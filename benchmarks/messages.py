"""`messages`: messages a second from the writing to the provider, beside bare requests to the same provider."""

import json
import time
from dataclasses import dataclass, field

import requests

from benchmarks.hotline import ground
from benchmarks.measured import compared, show
from benchmarks.office import Office, office
from benchmarks.run import Run
from config.bell import bell_at
from config.clock import system_clock
from config.files import LINES, MESSAGES, read_folder
from ivr.lines.model import Line
from ivr.lines.reading import load_lines
from ivr.messages.reading import load_texts
from ivr.messages.texts import Texts
from ivr.messages.writing import Outgoing, write_message
from ivr.numbers import PhoneNumber

ROUNDS, WARM_UP = 3, 20
PATIENCE_SECONDS = 120
OFFICER = {"department": "보증사업부", "name": "김서연", "title": "과장", "number": "1544-1120"}


@dataclass(slots=True)
class Sending:
    """A running relay and worker for texts, the words of a text, and how much was written and has arrived."""

    desk: Office
    texts: Texts
    line: Line
    written: int = 0
    sent: int = 0
    read: int = 0
    session: requests.Session = field(default_factory=requests.Session)

    def arrived(self) -> int:
        """How many messages of ours the provider has noted; bare requests tell no time that they are worth."""
        with self.desk.notes.open("rb") as notes:
            notes.seek(self.read)
            whole = notes.read().rpartition(b"\n")[0]
        self.read += len(whole) + 1 if whole else 0
        self.sent += sum("ValidityPeriod" in json.loads(line)["form"] for line in whole.splitlines())
        return self.sent


def messages(run: Run) -> None:
    """Messages are written one to a transaction, handed out, and sent by one worker; the floor is bare POSTs."""
    count = run.many(400, when_quick=20)
    for kind in run.databases:
        with ground(kind) as base, office(base, queue="texts") as desk:
            sending = _sending(desk)
            _through(sending, WARM_UP)
            floors, ours = [], []
            for _ in range(ROUNDS):
                floors.append(_bare(sending, count))
                ours.append(_through(sending, count))
            show(compared(("messages", kind), "messages/s", ours=ours, floors=floors))


def _sending(desk: Office) -> Sending:
    texts = load_texts(read_folder(MESSAGES))
    return Sending(desk, texts, load_lines(read_folder(LINES), texts).by_id("kibo"))


def _bare(sending: Sending, count: int) -> float:
    """Bare requests a second, one after the other over one connection, as a worker gives its orders."""
    form = {"Bare": "1", "To": "+821010000001", "From": "+8215441120", "Body": "안" * 60}
    began = time.perf_counter()
    for _ in range(count):
        sending.session.post(f"{sending.desk.carrier_url}/Messages.json", data=form, timeout=10).raise_for_status()
    return count / (time.perf_counter() - began)


def _through(sending: Sending, count: int) -> float:
    """Messages a second through the whole way, from the first one written to the last one at the provider."""
    ring = bell_at(sending.desk.redis_url)
    wanted = sending.written + count
    began = time.perf_counter()
    for number in range(sending.written, wanted):
        to = PhoneNumber.parse(f"010-{number // 10_000:04}-{number % 10_000:04}")
        outgoing = Outgoing(f"bench-{number}", sending.line, to, "transfer", f"agent:{number}", OFFICER)
        with sending.desk.store.transaction() as session:
            write_message(session, sending.texts, outgoing, at=system_clock())
        ring()
    sending.written = wanted
    while sending.arrived() < wanted:
        if time.perf_counter() - began > PATIENCE_SECONDS:
            raise RuntimeError(f"only {sending.sent} of {wanted} messages reached the provider")
        time.sleep(0.02)
    return count / (time.perf_counter() - began)
