"""Virtual hours of callbacks, with and without kills: every reminder at its minute, none twice, no promise lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from commands.fate import RARELY, Fate, Place
from commands.hour_living import HourLived, live_hour
from commands.ladder import MISSED, ladder_of, sums_of
from ivr.callbacks.telling import LATE, REMINDED
from ivr.calls.rows import Fact
from ivr.messages.rows import Message
from ivr.promises import PromiseRow
from ivr.store import Store
from tests.hour.seeds import plan_of, quiet, run
from tests.hour.truths import violations_of, wrong_in
from tests.store_fixtures.databases import empty

SEEDS = range(2001, 2004)
# Everybody is called away soon, and the wishes come later.
SLIPPING = 2021


def lived(engine: Engine, seed: int, *, fate: Fate | None = None) -> HourLived:
    with quiet():
        return live_hour(plan_of(seed), Store(engine), fate=fate, look=lambda _: None)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_hour_in_which_everything_dies_keeps_every_promise(sqlite_engine: Engine, seed: int) -> None:
    with quiet():
        found = run(Store(sqlite_engine), seed)
    assert (found.wrong, found.sums[MISSED]) == ([], 0)
    assert found.killed


def test_the_same_holds_on_postgresql(postgresql_engine: Engine) -> None:
    with quiet():
        assert run(Store(postgresql_engine), SLIPPING).wrong == []


def test_without_kills_every_reminder_comes_at_its_very_minute(sqlite_engine: Engine) -> None:
    with quiet():
        found = run(Store(sqlite_engine), SLIPPING, strength=0.0)
    assert (found.wrong, found.killed) == ([], 0)
    assert found.sums["reminders"]
    assert found.latest < 1


def test_the_same_seed_is_the_same_hour(sqlite_engine: Engine) -> None:
    first = _ladder(sqlite_engine)
    empty(sqlite_engine)
    assert _ladder(sqlite_engine) == first


def _ladder(engine: Engine) -> object:
    world = lived(engine, 2003, fate=Fate(2003)).world
    with world.store.reading() as session:
        ladder = ladder_of(session)
    return ladder, sums_of(ladder)


def test_everything_can_be_killed_everywhere() -> None:
    fate = Fate(1, strength=1000.0)
    for place in RARELY:
        with pytest.raises(BaseException, match=place.value.partition(":")[0]):
            fate.strike(place)
    assert {fate.outage() for _ in range(50)} == {Place.WEB_DOWN, Place.REDIS_FLUSHED, Place.REDIS_DOWN}


Breaking = Callable[[Session], object]


def _lose_a_reminder(session: Session) -> None:
    session.execute(delete(Fact).where(Fact.kind == REMINDED))


def _lose_a_notice(session: Session) -> None:
    session.execute(delete(Fact).where(Fact.kind == LATE))


def _delay_a_reminder(session: Session) -> None:
    fact = session.scalars(select(Fact).where(Fact.kind == REMINDED)).first()
    assert fact is not None
    fact.received_at += timedelta(seconds=6)


def _forget_a_text(session: Session) -> None:
    session.execute(update(Message).where(Message.template.startswith("callback-late/")).values(subject="callback:"))


def _keep_late(session: Session) -> None:
    kind = PromiseRow.kind == "callback-remind"
    promise = session.scalars(select(PromiseRow).where(kind, PromiseRow.done_at.is_not(None))).first()
    assert promise is not None
    promise.due_at -= timedelta(seconds=7)


def _leave_undone(session: Session) -> None:
    session.execute(update(PromiseRow).where(PromiseRow.kind == "callback-notice").values(done_at=None))


def test_each_truth_finds_what_was_broken_by_hand(sqlite_engine: Engine) -> None:
    world = lived(sqlite_engine, SLIPPING).world
    assert violations_of(world) == []
    for breaking in (_lose_a_reminder, _lose_a_notice, _delay_a_reminder, _forget_a_text, _keep_late, _leave_undone):
        with Session(sqlite_engine) as session:
            breaking(session)
            session.flush()
            assert wrong_in(session, world), breaking.__name__
            session.rollback()
