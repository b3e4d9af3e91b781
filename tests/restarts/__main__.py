"""Restarts every process while people call: `python -m tests.restarts --rate 1 --rounds 2 --database postgresql`.

The webhooks get their port as systemd hands it over, a desk is open; the carrier lives, and its record is the judge.
"""

import argparse
import json
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import func, select
from twilio.rest import Client

from benchmarks import stores
from benchmarks.calls import Product, put_agents_to_work
from benchmarks.overload import Offered, Offering
from benchmarks.servers import free_port, wait_until_healthy
from commands.opened import open_installation
from commands.registration import register_numbers
from config.settings import read_settings
from ivr.calls.rows import Offer
from ivr.dialling.rows import Attempt
from ivr.messages.rows import Message
from tests.campaigns.rooms import MORTALS, Room, Rooms, running
from tests.restarts.desk import CONSOLE_COMMAND, OpenDesk, open_desk
from tests.restarts.handed import Handed

# Longer than everything it takes to restart one process: each is restarted in the middle of several calls.
TALK_SECONDS, PAUSE_SECONDS, SECONDS_A_RESTART, SECONDS_TO_END = 8.0, 3.0, 2.0, 75
SECONDS_TO_COME_BACK = 60
CONSOLE = "console"
CREW: Mapping[str, Sequence[str]] = {**MORTALS, CONSOLE: CONSOLE_COMMAND}


@dataclass
class Restarts:
    """An installation whose processes are restarted; `took` is how long each restart took.

    `back` is how long the open desk was without its stream each time, from the end of the console on.
    """

    rooms: Rooms
    desk: OpenDesk
    took: dict[str, list[float]] = field(default_factory=dict)
    back: list[float] = field(default_factory=list)

    def restart(self, name: str) -> None:
        """Have a process finish what it has in hand, and start it again."""
        room, began = self.rooms.rooms[name], time.monotonic()
        if room.process is None:
            raise RuntimeError(f"{name} was never started")
        room.process.send_signal(signal.SIGTERM)
        room.process.wait(SECONDS_TO_END)
        room.start()
        self.took.setdefault(name, []).append(round(time.monotonic() - began, 2))
        if name == CONSOLE:
            self._await_desk(began)

    def _await_desk(self, since: float) -> None:
        if not self.desk.is_back_after(since, seconds=SECONDS_TO_COME_BACK):
            raise RuntimeError(f"the desk did not come back: see {self.rooms.place / 'console.log'}")
        self.back.append(round(self.desk.opened[-1] - since, 2))

    def restart_all(self, rounds: int) -> None:
        """One process after the other, with a pause in which calls come and go."""
        for _ in range(rounds):
            for name in self.rooms.rooms:
                time.sleep(PAUSE_SECONDS)
                self.restart(name)


@contextmanager
def installation(database: str) -> Iterator[tuple[Restarts, Product, Client]]:
    """Everything in real processes, with agents at work and a desk open."""
    with ExitStack() as stack:
        place = stack.enter_context(stores.folder())
        url = stack.enter_context(stores.database(database, place))
        redis = stack.enter_context(stores.valkey(place))
        rooms = stack.enter_context(running(url, redis, place, speed=30.0, cps=10.0))
        rooms.environment = {**rooms.environment, "CHARTERLINE_CONSOLE_PORT": str(free_port())}
        settings = read_settings(dict(rooms.environment))
        opened = open_installation(settings)
        stack.callback(opened.store.engine.dispose)
        carrier = stack.enter_context(httpx.Client(base_url=rooms.carrier_url, timeout=30, trust_env=False))
        client = Client(settings.twilio_account_sid, settings.auth_tokens[0])
        client.api.base_url = settings.twilio_api_url
        register_numbers(client, opened.lines, base_url=settings.public_base_url)
        port = stack.enter_context(socket.create_server(("127.0.0.1", settings.webhooks_port), backlog=512))
        _start(rooms, port)
        product = Product(carrier, opened, place / "web.log", 0)
        put_agents_to_work(product)
        desk = stack.enter_context(open_desk(rooms.environment))
        yield Restarts(rooms, desk), product, client


def run(rate: float, rounds: int, database: str) -> dict[str, Any]:
    """Let people call, restart everything, and lay rows and the carrier's record side by side."""
    with installation(database) as (restarts, product, client):
        offering = Offering(product, TALK_SECONDS)
        seconds = int(rounds * len(restarts.rooms.rooms) * (PAUSE_SECONDS + SECONDS_A_RESTART))
        offered: list[Offered] = []
        calling = threading.Thread(target=lambda: offered.append(offering.offer(rate, seconds)))
        calling.start()
        restarts.restart_all(rounds)
        calling.join()
        return _found(offered[0], restarts, product, client)


def _start(rooms: Rooms, port: socket.socket) -> None:
    for name, command in CREW.items():
        about = (name, command, rooms.environment, rooms.place / f"{name}.log")
        rooms.rooms[name] = Handed(*about, port=port) if name == "web" else Room(*about)
        rooms.rooms[name].start()
    for name, of in (("web", "WEBHOOKS"), (CONSOLE, "CONSOLE")):
        wait_until_healthy(int(rooms.environment[f"CHARTERLINE_{of}_PORT"]), rooms.place / f"{name}.log")


def _found(offered: Offered, restarts: Restarts, product: Product, client: Client) -> dict[str, Any]:
    with product.opened.store.reading() as session:
        # The two legs of callbacks are rung as well, where callers were turned to one.
        rung = (Offer.leg_sid, Attempt.agent_sid, Attempt.customer_sid)
        legs = sum(session.scalar(select(func.count(sid))) or 0 for sid in rung)
        texts = session.scalar(select(func.count()).where(Message.sid.is_not(None))) or 0
    placed = len(product.carrier.get("/truth/placed").json()["placed"])
    sent = sum(message.direction.startswith("outbound") for message in client.messages.list())
    return {
        "calls": offered.calls,
        "outcomes": dict(offered.outcomes),
        "without_end": offered.without_end,
        "without_verdict": offered.without_verdict,
        "documents_asked_in_vain": offered.alerts + offered.unanswered,
        "document_p99_ms": round(offered.late),
        "longest_document_ms": round(max(offered.waits)),
        "legs_rung_and_known": [placed, legs],
        "texts_sent_and_known": [sent, texts],
        "restarts_seconds": restarts.took,
        "desk_sent_away": restarts.desk.sent_away,
        "desk_acts_lost": restarts.desk.lost,
        "desk_polled_and_acted": [restarts.desk.polled, restarts.desk.done],
        "desk_back_seconds": restarts.back,
    }


def main() -> int:
    """Run once and print what was found; the exit status is 1 when anybody was dropped, or anything done twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=1.0, help="calls a second")
    parser.add_argument("--rounds", type=int, default=2, help="how often each process is restarted")
    parser.add_argument("--database", choices=(stores.SQLITE, stores.POSTGRESQL), default=stores.POSTGRESQL)
    found = run(**vars(parser.parse_args()))
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    nothing = ("without_end", "without_verdict", "documents_asked_in_vain", "desk_sent_away", "desk_acts_lost")
    # On a busy machine some are turned to a callback at the door: they are not lost either.
    kept = sum(found["outcomes"].get(name, 0) for name in ("answered", "callback"))
    is_good = not any(found[name] for name in nothing) and kept == found["calls"]
    pairs = (found["legs_rung_and_known"], found["texts_sent_and_known"])
    return 0 if is_good and all(ours == theirs for ours, theirs in pairs) else 1


if __name__ == "__main__":
    sys.exit(main())
