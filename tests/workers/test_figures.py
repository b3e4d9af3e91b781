"""Figures through the workers: after each call, after its wrap-up, when facts come late, and at the edge of a day."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Thread

from sqlalchemy import Engine, select

from commands.world import START, World
from ivr.calls.facts import Told, tell
from ivr.calls.rows import Fact
from ivr.figures.asking import By, Period, figures_by, figures_of
from ivr.figures.keeping import promise_tallies
from ivr.figures.rows import CallFigure, OfferFigure
from ivr.figures.sums import Figures
from ivr.identifiers import call_id
from ivr.promises import Promise, PromiseRow
from ivr.store import Store
from tests.people import caller_phone, customer, picks_up
from tests.phone.scene import Scene
from tests.workers.kept import Works

EVER = Period(date(2026, 1, 1), date(2027, 12, 31))


@contextmanager
def scene_of(engine: Engine, line: str = "kibo", *, start: datetime = START) -> Iterator[Scene]:
    world = World(engine, start=start)
    yield Scene(world, world.lines.by_id(line))


def figures(scene: Scene) -> Figures:
    with scene.world.store.reading() as session:
        return figures_of(session, [scene.line.id], EVER)


def by(scene: Scene, what: By) -> dict[str, int]:
    with scene.world.store.reading() as session:
        return {
            value: found.count("calls") for value, found in figures_by(session, [scene.line.id], period=EVER, by=what)
        }


def test_calls_are_in_the_sums_within_a_minute_of_their_end(engine: Engine) -> None:
    with scene_of(engine) as scene:
        scene.staff(picks_up(2.4), picks_up(8.2))
        for number in (1, 2):
            scene.call(customer("1", talk=8), number=caller_phone(number))
        scene.call(customer("1", talk=None, hang_up_after=16), number=caller_phone(3))
        found = figures(scene)
        assert (found.counted("response_rate"), found.base("response_rate")) == (2, 3)
        assert (found.counted("within_rings"), found.base("within_rings")) == (1, 2)
        assert found.seconds("wrap_time") == scene.line.wrap_up_seconds


def test_a_wrap_up_that_ends_after_the_verdicts_comes_into_the_sums(engine: Engine) -> None:
    with scene_of(engine) as scene:
        scene.staff(picks_up(2.4))
        made = scene.dial(customer("1", talk=8))
        scene.until(lambda: made.ended)
        scene.world.run_for(20)
        assert figures(scene).base("talk_time") == 1
        assert figures(scene).base("wrap_time") == 0
        scene.world.run_for(scene.line.wrap_up_seconds + 15)
        assert figures(scene).base("wrap_time") == 1


def test_a_late_fact_is_in_the_sums_within_a_minute(engine: Engine) -> None:
    with scene_of(engine) as scene:
        scene.staff(picks_up(2.4))
        call = call_id(scene.dial(customer("1", talk=8)).sid)
        scene.world.run_until_quiet()
        with scene.world.store.transaction() as session:
            lost = session.get_one(Fact, (call, f"{call}-1:ringing"))
            session.delete(lost)
        scene.promise("judge", call=call)
        scene.world.run_for(16)
        assert (figures(scene).base("within_rings"), figures(scene).apart("within_rings")) == (0, 1)
        at = scene.world.now()
        with scene.world.store.transaction() as session:
            names = ("subject", "key", "kind", "leg", "received_at", "sid", "said_at", "sequence", "detail")
            values = {name: getattr(lost, name) for name in names}
            promise = Promise("follow", "follow:late", at, {"call": call})
            late = Told(**values)
            # One fact more than were ever told, as if this one had never come before.
            tell(session.connection(), replace(late, key="another", kind="another"))
            tell(session.connection(), late, promises=[promise])
        scene.world.worker.ring()
        scene.world.run_for(20)
        assert (figures(scene).base("within_rings"), figures(scene).apart("within_rings")) == (1, 0)


def test_a_number_that_calls_again_unsettles_its_earlier_call_on_every_line(engine: Engine) -> None:
    with scene_of(engine, "ksure") as scene:
        scene.staff(picks_up(2.4))
        scene.call(customer("1", talk=8))
        assert (figures(scene).counted("first_contact"), figures(scene).base("first_contact")) == (1, 1)
        scene.call(customer("1", talk=8))
        assert (figures(scene).counted("first_contact"), figures(scene).base("first_contact")) == (1, 2)


def test_a_call_over_midnight_counts_on_the_day_and_in_the_hour_of_its_arrival(engine: Engine) -> None:
    late = datetime(2026, 11, 23, 14, 59, 30, tzinfo=UTC)
    with scene_of(engine, start=late) as scene:
        before = scene.dial(customer(talk=8))
        scene.world.run_for(31)
        after = scene.dial(customer(talk=8), number=caller_phone(2))
        scene.world.run_until_quiet()
        assert before.ended
        assert after.ended
        assert by(scene, By.DAY) == {"2026-11-23": 1, "2026-11-24": 1}
        assert by(scene, By.HOUR) == {"00": 1, "23": 1}


def test_the_firms_number_and_its_code_with_its_only_product_are_in_the_figures(engine: Engine) -> None:
    with scene_of(engine, "ascentre") as scene:
        scene.staff(picks_up(2.4))
        scene.network.handset(caller_phone(1)).dial("+827010000044", plan=customer("1", talk=8))
        scene.world.run_until_quiet()
        scene.call(customer("8", "1107", "1", talk=8), number=caller_phone(2))
        scene.call(customer("1", talk=8), number=caller_phone(3))
        assert by(scene, By.PRODUCT) == {"": 2, "car": 1}
        assert by(scene, By.FIRM) == {"": 1, "daon": 1, "nuri": 1}
        assert by(scene, By.TEAM) == {"appliances": 1, "digital": 2}


def test_a_promise_kept_twice_changes_nothing(engine: Engine) -> None:
    with scene_of(engine) as scene:
        scene.staff(picks_up(2.4))
        call = call_id(scene.dial(customer("1", talk=8)).sid)
        scene.world.run_until_quiet()
        before = figures(scene)
        assert before.base("calls") == 1
        for kind in ("figure", "judge", "judge"):
            scene.promise(kind, call=call)
            scene.world.run_for(1)
        scene.promise("tally", line="kibo", day="2026-11-23")
        scene.world.run_for(30)
        assert figures(scene) == before


def test_a_change_while_the_sums_are_being_made_opens_the_promise_again(postgresql_engine: Engine) -> None:
    """The worker holds the promise's row; a change that is committed meanwhile must not be taken for kept."""
    works = Works.over(postgresql_engine)
    day = frozenset({("kibo", date(2026, 11, 23))})
    with works.store.transaction() as session:
        promise_tallies(session, day, works.clock.at)
    works.clock.pass_time(20)
    promised = Store(postgresql_engine)

    def change() -> None:
        with promised.transaction() as session:
            promise_tallies(session, day, works.clock.at)

    with works.store.transaction() as session:
        row = session.scalars(select(PromiseRow).with_for_update(key_share=True)).one()
        other = Thread(target=change)
        other.start()
        other.join(0.3)
        assert other.is_alive()
        row.done_at = works.clock.at
    other.join(10)
    row = works.row("tally")
    assert (row.done_at, row.due_at) == (None, works.clock.at + timedelta(seconds=15))


def test_rows_of_a_real_day_thrown_away_are_the_same_again(engine: Engine) -> None:
    with scene_of(engine) as scene:
        scene.staff(picks_up(2.4), picks_up(6.5))
        for number, plan in enumerate([customer("1", talk=8), customer("4", talk=3), customer(talk=5)], 1):
            scene.call(plan, number=caller_phone(number))
        before = figures(scene)
        with scene.world.store.transaction() as session:
            calls = [row.call_id for row in session.scalars(select(CallFigure))]
            for table in (CallFigure, OfferFigure):
                for row in session.scalars(select(table)):
                    session.delete(row)
        for call in calls:
            scene.promise("judge", call=call)
            scene.world.run_for(1)
        scene.world.run_for(20)
        assert figures(scene) == before
        assert before.base("calls") == 3
