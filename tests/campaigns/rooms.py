"""The processes of an installation over one database, each started again a moment after it was killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx

from benchmarks import stores
from benchmarks.servers import free_port, wait_until_healthy

CHARTERLINE = [sys.executable, "-m", "commands.main"]
GUNICORN = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "webhooks.app:create_app()"]
# What is killed; the carrier is the judge and lives, as the database and Redis do.
MORTALS: Mapping[str, Sequence[str]] = {
    "web": GUNICORN,
    "relay": [*CHARTERLINE, "run", "relay"],
    "worker-calls": [*CHARTERLINE, "run", "worker", "calls"],
    "worker-texts": [*CHARTERLINE, "run", "worker", "texts"],
    "worker-chores": [*CHARTERLINE, "run", "worker", "chores"],
    "dialler-1": [*CHARTERLINE, "run", "dialler"],
    "dialler-2": [*CHARTERLINE, "run", "dialler"],
}
ABSENCE = (0.2, 2.0)
# All of them begin at once, and the machine may have other work.
SECONDS_TO_START = 180.0


@dataclass
class Room:
    """One process of ours. The group of processes that it leads is killed with it."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it, unless it runs."""
        if not self.is_running:
            with self.log.open("ab") as output:
                self.process = subprocess.Popen(
                    self.command,
                    env=self.environment,
                    cwd=stores.ROOT,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                )

    def send(self, sign: signal.Signals) -> None:
        """Send a signal to the process and to those it has started, where it runs."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, sign)

    def end(self, sign: signal.Signals) -> None:
        """The same, and wait for its end."""
        if self.process is None or self.process.poll() is not None:
            return
        self.send(sign)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class Rooms:
    """A running installation: its environment, its processes, and how often each was killed."""

    environment: Mapping[str, str]
    place: Path
    carrier_port: int
    crew: Mapping[str, Sequence[str]] = field(default_factory=lambda: MORTALS)
    rooms: dict[str, Room] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def carrier_url(self) -> str:
        """Where the local carrier answers."""
        return f"http://127.0.0.1:{self.carrier_port}"

    def start(self) -> None:
        """Start everybody who can die."""
        for name, command in self.crew.items():
            self.rooms[name] = Room(name, command, self.environment, self.place / f"{name}.log")
            self.rooms[name].start()
        if not wait_for(self.is_answering, seconds=SECONDS_TO_START):
            raise RuntimeError(f"the web did not answer within {SECONDS_TO_START:g} s: see {self.place / 'web.log'}")

    def is_answering(self) -> bool:
        """Whether the web is there."""
        port = self.environment["CHARTERLINE_WEBHOOKS_PORT"]
        try:
            return httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=5).is_success
        except httpx.TransportError:
            return False

    @contextmanager
    def dying(self, seed: int, calm: float) -> Iterator[None]:
        """Kill somebody every `calm` seconds in the mean, as long as the block lasts; all live again after it."""
        thread = threading.Thread(target=self._kill, args=(Random(f"kills {seed}"), calm), daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()
            for room in self.rooms.values():
                room.start()

    def kill(self, name: str) -> None:
        """SIGKILL for one of them and all that it has started."""
        self.rooms[name].end(signal.SIGKILL)
        self.kills[name] += 1

    def raise_dead(self, *, but: Collection[str] = ()) -> list[str]:
        """Start whoever does not run, as a supervisor of processes does, `but` some; returns their names."""
        dead = [name for name, room in self.rooms.items() if name not in but and not room.is_running]
        for name in dead:
            self.rooms[name].start()
        return dead

    def stop(self) -> None:
        """End everybody, all at the same time."""
        for room in self.rooms.values():
            room.send(signal.SIGTERM)
        for room in self.rooms.values():
            room.end(signal.SIGTERM)

    def _kill(self, dice: Random, calm: float) -> None:
        while not self._over.wait(dice.expovariate(1 / calm)):
            name = dice.choice(list(self.rooms))
            self.kill(name)
            self._over.wait(dice.uniform(*ABSENCE))
            self.rooms[name].start()


@contextmanager
def running(database_url: str, redis_url: str, place: Path, *, speed: float, cps: float) -> Iterator[Rooms]:
    """An installation with a local carrier that speaks so many syllables a second and begins `cps` calls a second."""
    carrier_port = free_port()
    environment = stores.settings(database_url, redis_url, place, port=free_port(), carrier_port=carrier_port)
    environment |= {
        "CARRIER_ACCOUNT_SID": environment["CHARTERLINE_TWILIO_ACCOUNT_SID"],
        "CARRIER_AUTH_TOKEN": environment["CHARTERLINE_TWILIO_AUTH_TOKEN"],
        "CHARTERLINE_LOG_FORMAT": "text",
        "CHARTERLINE_CALLS_PER_SECOND": str(cps),
    }
    rooms = Rooms(environment, place, carrier_port)
    arguments = ["--port", str(carrier_port), "--cps", str(2 * cps), "--syllables-per-second", str(speed)]
    carrier = Room("carrier", [sys.executable, "-m", "carrier", *arguments], environment, place / "carrier.log")
    carrier.start()
    try:
        wait_until_healthy(carrier_port, carrier.log)
        yield rooms
    finally:
        rooms.stop()
        carrier.end(signal.SIGTERM)


def wait_for(condition: Callable[[], object], *, seconds: float, pause: float = 0.5) -> bool:
    """Wait until a function gives something true; whether it did within these seconds."""
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        if condition():
            return True
        time.sleep(pause)
    return False
