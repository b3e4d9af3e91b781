"""`charterline simulate day`: the same seed, the same day; whole calls in the target, and nothing left to do there."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Engine, Table, func, select

from commands.day import HOURS, Arrival, Day, last_working_day, staff_of
from commands.demo import read_demo
from commands.installation import complete, make_folders, make_secrets
from commands.living import figures, live, private_store
from commands.migrate import migrate
from commands.opened import open_installation
from commands.transplant import transplant
from config.files import HOLIDAYS, LINES, MESSAGES, read_file, read_folder
from config.settings import read_settings
from ivr.agents.rows import Agent, AgentState
from ivr.calls.record import Outcome
from ivr.calls.rows import Call, Fact, Offer
from ivr.lines.calendar import load_calendar
from ivr.lines.hours import SEOUL
from ivr.lines.reading import load_lines
from ivr.messages.reading import load_texts
from ivr.promises import PromiseRow
from ivr.sealing import Keyring
from ivr.store import Store
from migrations.models import all_tables
from tests.guards.tree import ROOT
from tests.people import add_agents

FRIDAY = date(2026, 11, 20)
CALLS = 40
COMMAND = "from commands.simulate import simulate; simulate()"
THEN = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)


def a_day(*, seed: int = 1, calls: int = CALLS, on: date = FRIDAY) -> Day:
    lines = load_lines(read_folder(LINES), load_texts(read_folder(MESSAGES)))
    staff = staff_of(read_demo().agents, lines, calls)
    return Day(lines, load_calendar(read_file(HOLIDAYS)), on, seed, calls, staff)


@pytest.fixture(scope="module")
def lived(keyring: Keyring) -> Iterator[Store]:
    """One day of forty calls."""
    with private_store(keyring) as store:
        live(a_day(), store, arrived=lambda _: None)
        yield store


def rows_of(store: Store) -> dict[str, list[str]]:
    """Every row as it reads, by table; sealed values as what was sealed, without the databases' own numbers."""
    with store.reading() as session:
        return {
            table.name: sorted(str(row) for row in session.execute(select(*_columns(table))))
            for table in all_tables().sorted_tables
        }


def _columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.c if column is not table.autoincrement_column]


def copied(source: Store, engine: Engine) -> Store:
    target = Store(engine)
    assert transplant(source, target, moved=lambda _: None) == CALLS
    return target


def test_the_same_seed_plans_the_same_day_and_another_one_another() -> None:
    assert list(a_day().arrivals()) == list(a_day().arrivals())
    others = [a_day(seed=2), a_day(on=date(2026, 11, 19)), a_day(calls=CALLS + 1)]
    assert len({day.carrier_seed for day in [a_day(), *others]}) == 4


def test_the_same_seed_lives_the_same_day_row_for_row(keyring: Keyring) -> None:
    days = []
    for _ in range(2):
        with private_store(keyring) as store:
            live(a_day(calls=8), store, arrived=lambda _: None)
            days.append(rows_of(store))
    assert days[0] == days[1]


def test_a_planned_day_has_the_shape_of_a_call_centres_day() -> None:
    hours = [arrival.at.astimezone(SEOUL).hour for arrival in a_day(calls=2000).arrivals()]
    by_hour = {hour: hours.count(hour) for hour in HOURS}
    assert sorted(by_hour, key=by_hour.__getitem__, reverse=True)[:2] == [10, 14]
    assert min(hours) < 9
    assert max(hours) >= 18


def test_a_planned_day_has_people_of_every_kind() -> None:
    arrivals = list(a_day(calls=500).arrivals())
    assert len({arrival.number for arrival in arrivals}) == 5
    assert any(arrival.withheld for arrival in arrivals)
    assert any(not arrival.caller.startswith("+82") for arrival in arrivals)
    assert any(arrival.caller.startswith("+822") for arrival in arrivals)
    assert any(not arrival.person.presses for arrival in arrivals)
    assert any((arrival.person.hang_up_after or 0) < 10 for arrival in arrivals)
    moods = [mood for arrival in arrivals for mood in arrival.moods.values()]
    assert any(mood.reject_after is not None for mood in moods)
    assert any(mood.press_on_answer == "2" for mood in moods)
    assert any(mood.answer_after is None for mood in moods)
    assert any(mood.answer_after and not mood.press_on_answer for mood in moods)


def test_nobody_rings_while_still_on_the_telephone() -> None:
    last: dict[str, Arrival] = {}
    for arrival in a_day(calls=3000).arrivals():
        before = last.get(arrival.caller)
        assert before is None or (arrival.at - before.at).total_seconds() >= 3600
        last[arrival.caller] = arrival


def test_staff_grows_with_the_calls_and_is_rung_at_telephones_of_its_own() -> None:
    small, large = a_day(calls=10), a_day(calls=5000)
    assert len(small.staff) == len(read_demo().agents)
    assert len(large.staff) > 2 * len(small.staff)
    telephones = [one.phone or one.softphone for one in large.staff]
    assert len(set(telephones)) == len(telephones)
    assert len({one.id for one in large.staff}) == len(telephones)


def test_the_last_working_day_leaves_out_weekends_and_holidays() -> None:
    day = a_day()
    assert last_working_day(day.lines, day.calendar, date(2026, 11, 23)) == FRIDAY
    # The ninth of October 2026 is Hangeul Day, a Friday.
    assert last_working_day(day.lines, day.calendar, date(2026, 10, 12)) == date(2026, 10, 8)


def test_a_day_is_lived_to_its_end(lived: Store) -> None:
    with lived.reading() as session:
        assert session.scalar(select(func.count()).select_from(Call)) == CALLS
        assert session.scalar(select(func.count()).where(Call.ended_at.is_(None))) == 0
        assert session.scalar(select(func.count()).where(PromiseRow.done_at.is_(None))) == 0
        assert session.scalar(select(func.count()).where(Offer.outcome.is_(None))) == 0
    counts = figures(lived, a_day().lines)
    assert sum(of_line["calls"] for of_line in counts.values()) == CALLS
    assert all(sum(of_line[outcome] for outcome in Outcome) == of_line["calls"] for of_line in counts.values())
    assert sum(of_line["answered"] for of_line in counts.values()) > CALLS / 2


def test_all_rows_of_the_calls_arrive_in_the_target(lived: Store, engine: Engine) -> None:
    target = copied(lived, engine)
    wanted, found = rows_of(lived), rows_of(target)
    for name in wanted.keys() - {"agent"}:
        assert found[name] == wanted[name], name
    assert len(found["agent"]) == len(wanted["agent"])


def test_a_second_copy_adds_nothing(lived: Store, engine: Engine) -> None:
    target = copied(lived, engine)
    before = rows_of(target)
    assert transplant(lived, target, moved=lambda _: None) == 0
    assert rows_of(target) == before


def test_an_interrupted_copy_is_taken_up_again_and_half_calls_are_never_seen(lived: Store, engine: Engine) -> None:
    target = copied(lived, engine)
    with target.reading() as session:
        facts = session.scalar(select(func.count()).select_from(Fact))
    with target.transaction() as session:
        gone = session.scalars(select(Call.id).limit(1)).one()
        for table in reversed(all_tables().sorted_tables):
            if "call_id" in table.c:
                session.execute(table.delete().where(table.c.call_id == gone))
        session.execute(Fact.__table__.delete().where(Fact.subject.startswith(gone)))  # type: ignore[attr-defined]
        session.execute(Call.__table__.delete().where(Call.id == gone))  # type: ignore[attr-defined]
    assert transplant(lived, target, moved=lambda _: None) == 1
    with target.reading() as session:
        assert session.scalar(select(func.count()).select_from(Fact)) == facts


def test_nothing_is_left_to_do_in_the_target(lived: Store, engine: Engine) -> None:
    with lived.transaction() as session:
        unkept = PromiseRow(kind="route", key="route:tomorrow", args={"line": "kibo"}, due_at=THEN)
        session.add(unkept)
    target = copied(lived, engine)
    with lived.transaction() as session:
        session.delete(session.get_one(PromiseRow, unkept.id))
    with target.reading() as session:
        assert session.scalar(select(func.count()).where(PromiseRow.done_at.is_(None))) == 0


def test_a_call_that_has_not_ended_stays_behind(lived: Store, engine: Engine) -> None:
    with lived.transaction() as session:
        call = session.scalars(select(Call).limit(1)).one()
        ended_at, call.ended_at = call.ended_at, None
    try:
        assert transplant(lived, Store(engine), moved=lambda _: None) == CALLS - 1
    finally:
        with lived.transaction() as session:
            session.get_one(Call, call.id).ended_at = ended_at


def test_agents_of_the_target_stay_as_they_are_and_new_ones_are_away(lived: Store, engine: Engine) -> None:
    target = Store(engine)
    own = add_agents(target, a_day().lines.by_id("kibo"), at=THEN, count=2)
    before = _standing(target)
    copied(lived, engine)
    after = _standing(target)
    assert {agent: after[agent] for agent in own} == before
    assert {state for agent, (state, _) in after.items() if agent not in own} == {AgentState.AWAY}


def _standing(store: Store) -> dict[str, tuple[AgentState, datetime]]:
    with store.reading() as session:
        return {agent.id: (agent.state, agent.state_since) for agent in session.scalars(select(Agent))}


def test_the_command_prints_what_it_stored_and_stores_it_once(folder: Path) -> None:
    installation = complete({"CHARTERLINE_DATA_DIR": str(folder / "data"), "PATH": os.environ["PATH"]})
    make_folders(installation)
    make_secrets(installation)
    settings = read_settings(installation.environment)
    migrate(settings)
    first, second = (_simulated(folder) for _ in range(2))
    assert first["calls"] == sum(of_line["calls"] for of_line in first["lines"].values()) == 6
    assert (first["copied"], second["copied"]) == (6, 0)
    assert {**second, "copied": 6} == first
    assert first["seconds"] > 3600
    opened = open_installation(settings)
    with opened.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Call)) == 6
    opened.store.engine.dispose()


def _simulated(folder: Path) -> dict[str, Any]:
    run = subprocess.run(
        [sys.executable, "-c", COMMAND, "day", "--calls", "6", "--date", "2026-11-20", "--json"],
        env={"CHARTERLINE_DATA_DIR": str(folder / "data"), "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    printed: dict[str, Any] = json.loads(run.stdout)
    return printed
