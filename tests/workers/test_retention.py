"""The nightly promise: what is over is erased piece by piece, and the next night is promised."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, insert, select

from config.files import RETENTION, read_file
from ivr.calls.rows import Call
from ivr.keeping import erasing
from ivr.keeping.erasing import promise_keeping
from ivr.keeping.holds import HoldKind, hold
from ivr.keeping.record import entries
from ivr.keeping.rules import load_retention
from ivr.keeping.tables import all_tables
from ivr.listening.recordings import LOOK_AGAIN, Recording, time_left
from ivr.promises import PromiseRow
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.keeping.filled import fill, row_of
from tests.workers.kept import Works
from workers import retention

pytestmark = ON_SQLITE
TABLES = all_tables()
RETAINED = load_retention(read_file(RETENTION))


def test_a_night_goes_on_until_nothing_is_left_and_promises_the_next(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = Works.over(engine)
    monkeypatch.setattr(erasing, "PIECE", 2)
    house = replace(works.keeper.house, retention=RETAINED)
    works.keeper = replace(works.keeper, house=house)
    with engine.begin() as connection:
        for mark in "abc":
            values = row_of(TABLES.tables["call"], at=works.clock.at - timedelta(days=1096), mark=mark)
            connection.execute(insert(TABLES.tables["call"]).values(values))
    with works.store.transaction() as session:
        promise_keeping(session, at=works.clock.at)
    night = works.clock.at = works.row("keep-data").due_at
    while works.clock.at - night < len(RETAINED.worked) * retention.BREATH:
        works.work()
        works.clock.at += retention.BREATH
    with works.store.reading() as session:
        assert [entry.rows for entry in entries(session)] == [2, 1]
        assert session.scalars(select(Call.caller)).all() == [None, None, None]
        classes = session.scalars(select(PromiseRow).where(PromiseRow.kind == "keep-class")).all()
        assert {one.args["class"] for one in classes if one.done_at} == {rule.name for rule in RETAINED.worked}
        data = select(PromiseRow).where(PromiseRow.kind == "keep-data").order_by(PromiseRow.due_at)
        nights = session.scalars(data).all()
        assert [night.done_at is None for night in nights] == [False, True]
        assert timedelta(hours=23) < nights[1].due_at - nights[0].due_at < timedelta(hours=25)


def test_the_recording_of_a_held_call_is_looked_at_again_later(engine: Engine) -> None:
    works = Works.over(engine)
    with engine.begin() as connection:
        fill(connection, TABLES, at=works.clock.at - timedelta(days=90))
    with works.store.transaction() as session:
        recording = session.get_one(Recording, "a")
        assert time_left(session, recording, works.clock.at) == timedelta()
        hold(session, HoldKind.NUMBER, "index-a", why=("court", "legal"), at=works.clock.at)
        assert time_left(session, recording, works.clock.at) == LOOK_AGAIN
