"""`promise`: from the moment a promise falls due until its order stands at the carrier."""

import json
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from benchmarks.hotline import ground
from benchmarks.measured import Measured, at_most, percentile, show
from benchmarks.office import Office, office
from benchmarks.people import add_offers
from benchmarks.run import Run
from config.bell import bell_at
from config.clock import system_clock
from ivr.promises import Promise, promise_all

GOAL = at_most(250)
A_SECOND = 30
PATIENCE = timedelta(seconds=60)
WARM_UP = 20


def promise(run: Run) -> None:
    """Agents to be rung, 30 a second: promised in advance for a moment, and promised for now with the bell rung."""
    seconds = run.many(30, when_quick=2)
    for kind in run.databases:
        with ground(kind) as base, office(base, queue="calls") as desk:
            offers = add_offers(desk.store, WARM_UP + 2 * A_SECOND * seconds, system_clock())
            _wait_for(desk, _promise_now(desk, offers[:WARM_UP]))
            half = WARM_UP + A_SECOND * seconds
            _show(kind, "promise_timed", _waits(desk, _promise_ahead(desk, offers[WARM_UP:half])))
            _show(kind, "promise_now", _waits(desk, _promise_now(desk, offers[half:])))


def _promise_ahead(desk: Office, offers: Sequence[str]) -> dict[str, datetime]:
    """All promises in one transaction, falling due at an even pace from a few seconds on."""
    start = system_clock() + timedelta(seconds=3)
    due = {offer: start + timedelta(seconds=number / A_SECOND) for number, offer in enumerate(offers)}
    with desk.store.transaction() as session:
        promise_all(session, [_place(offer, at) for offer, at in due.items()])
    return due


def _promise_now(desk: Office, offers: Sequence[str]) -> dict[str, datetime]:
    """Each promise in a transaction of its own, at an even pace, as webhooks do it."""
    ring = bell_at(desk.redis_url)
    began, due = time.monotonic(), {}
    for number, offer in enumerate(offers):
        time.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))
        due[offer] = system_clock()
        with desk.store.transaction() as session:
            promise_all(session, [_place(offer, due[offer])])
        ring()
    return due


def _place(offer: str, at: datetime) -> Promise:
    return Promise("place", f"place:{offer}", at, {"offer": offer, "call": offer.rpartition("-")[0]})


def _wait_for(desk: Office, due: dict[str, datetime]) -> dict[str, datetime]:
    """Wait until every order has arrived; raises RuntimeError when some never do."""
    give_up_at = max(due.values()) + PATIENCE
    while True:
        arrivals = _arrivals(desk)
        missing = due.keys() - arrivals.keys()
        if not missing:
            return arrivals
        if system_clock() > give_up_at:
            raise RuntimeError(f"{len(missing)} of {len(due)} orders never arrived: {desk.trouble()}")
        time.sleep(0.2)


def _arrivals(desk: Office) -> dict[str, datetime]:
    """When the order for each offer arrived, the first time."""
    found: dict[str, datetime] = {}
    for line in desk.notes.read_text(encoding="utf-8").splitlines():
        note = json.loads(line)
        offer = parse_qs(urlsplit(note["form"]["Url"]).query)["offer"][0]
        found.setdefault(offer, datetime.fromisoformat(note["at"]))
    return found


def _waits(desk: Office, due: dict[str, datetime]) -> list[float]:
    arrivals = _wait_for(desk, due)
    return [(arrivals[offer] - at) / timedelta(milliseconds=1) for offer, at in due.items()]


def _show(kind: str, metric: str, waits: Sequence[float]) -> None:
    low, high, rounds = min(waits), max(waits), len(waits)
    middle, late = percentile(waits, 0.5), percentile(waits, 0.99)
    show(Measured(f"{metric}_p50", kind, middle, "ms", rounds=rounds, min=low, max=high))
    show(Measured(f"{metric}_p99", kind, late, "ms", rounds=rounds, min=low, max=high, goal=GOAL))
