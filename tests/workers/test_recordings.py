"""Fetching a recording when the carrier is slow, refuses, or sends something else: tried again, or let go."""

import io
import wave
from dataclasses import dataclass, field

from sqlalchemy import Engine

from ivr.calls.rows import Offer
from ivr.listening.recordings import Recording
from ivr.orders import FetchRecording, Found, Order, Receipt, Rejected, Unknown
from ivr.store import Store
from tests.http.board import BASE_URL, MORNING, Moment, no_bell, words
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.agents.people import ready, waits
from tests.workers.kept import Works
from workers.job import House
from workers.keeping import Keeper

pytestmark = ON_SQLITE
GONE = Rejected(20404, "no sound was given", permanent=True)
BUSY = Rejected(20429, "too many requests", permanent=False)


def wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\1" * 8000)
    return out.getvalue()


@dataclass
class Slow:
    """Answers fetching as scripted, then with a sound; takes every other order."""

    answers: list[Receipt]
    asked: int = 0

    def do(self, order: Order) -> Receipt:
        if not isinstance(order, FetchRecording):
            return Rejected(20404, "gone", permanent=True)
        self.asked += 1
        return self.answers.pop(0) if self.answers else Found(order.sid, "completed", None, sound=wav())


@dataclass
class Shelf:
    """Sounds in memory: what is kept is what was written."""

    sounds: dict[str, bytes] = field(default_factory=dict)

    def keep(self, name: str, sealed: bytes) -> None:
        self.sounds[name] = sealed

    def read(self, name: str) -> bytes | None:
        return self.sounds.get(name)

    def remove(self, name: str) -> None:
        self.sounds.pop(name, None)


def fetched(engine: Engine, *answers: Receipt) -> tuple[int, int, int]:
    """How often the carrier was asked within an hour, and how many rows and sounds there are then."""
    texts, lines, calendar = words()
    store, clock, shelf, carrier = Store(engine), Moment(), Shelf(), Slow(list(answers))
    house = House(lines, texts, calendar, store.keyring, BASE_URL, recordings=shelf)
    works = Works(store, clock, carrier, Keeper(store, carrier, house, clock, no_bell), [])  # type: ignore[arg-type]
    waits(store, "c1", MORNING)
    ready(store, "a1", MORNING)
    with store.transaction() as session:
        session.add(Offer(id="c1-1", call_id="c1", ordinal=1, agent_id="a1", made_at=MORNING))
    works.promise("fetch-recording", call="c1", offer="c1-1", recording="RE1")
    for _ in range(60):
        works.relay.hand_due(clock.at)
        for _, promise in works.handed:
            works.keeper.keep(promise)
        works.handed.clear()
        clock.pass_time(60)
    with store.reading() as session:
        return carrier.asked, session.query(Recording).count(), len(shelf.sounds)


def test_a_sound_that_comes_late_or_after_trouble_is_kept_once(engine: Engine) -> None:
    assert fetched(engine, GONE, BUSY, Unknown("ReadTimeout")) == (4, 1, 1)


def test_a_sound_that_is_not_there_is_let_go_after_some_tries(engine: Engine) -> None:
    assert fetched(engine, *[GONE] * 20) == (5, 0, 0)


def test_what_is_no_sound_is_not_kept(engine: Engine) -> None:
    assert fetched(engine, Found("RE1", "completed", None, sound=b"<html>")) == (1, 0, 0)
    assert "secret" not in repr(Found("RE1", "completed", None, sound=b"secret"))


def test_a_refusal_for_good_is_not_asked_again(engine: Engine) -> None:
    assert fetched(engine, Rejected(0, "too large", permanent=True)) == (1, 0, 0)
