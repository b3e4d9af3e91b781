"""`charterline simulate day`: the same seed, the same day; whole calls in the target, and nothing left to do there."""

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import Column, Engine, Table, func, select
from sqlalchemy.orm import Session

from commands.day import HOURS, Arrival, Day, last_working_day, staff_of
from commands.demo import read_demo
from commands.desks import DEEDS, Deed
from commands.happened import what_happened
from commands.installation import complete, make_folders, make_secrets
from commands.living import figures, live, private_store
from commands.migrate import migrate
from commands.opened import open_installation
from commands.transplant import transplant
from config.files import HOLIDAYS, LINES, MESSAGES, read_file, read_folder
from config.settings import read_settings
from ivr.agents.rows import Agent, AgentState
from ivr.callbacks.rows import Callback
from ivr.calls.record import Outcome
from ivr.calls.rows import Call, Offer
from ivr.charters.rows import Verdict
from ivr.charters.sums import VerdictSum
from ivr.dialling.rows import Attempt
from ivr.figures.rows import CallFigure, DayFigure, Dimension
from ivr.lines.calendar import load_calendar
from ivr.lines.hours import SEOUL
from ivr.lines.reading import load_lines
from ivr.messages.reading import load_texts
from ivr.promises import PromiseRow
from ivr.sealing import Keyring
from ivr.store import Store
from migrations.models import all_tables
from tests.people import add_agents

# A whole day is lived through for the first test that asks for it.
pytestmark = pytest.mark.timeout(600)

Run = Callable[..., Result]
FRIDAY = date(2026, 11, 20)
CALLS = 26
# What is promised to callers at night is due on the next day.
TO_COME = {"close-month", "route", "judge-owed", "callback-remind", "callback-notice", "callback-due"}
# How the providers fared belongs to no call.
PROVIDERS = {"provider_share"}
BY_CALLS = ("talks", "transfers", "openings", "firms")
THEN = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)


def a_day(*, seed: int = 3, calls: int = CALLS, on: date = FRIDAY) -> Day:
    lines = load_lines(read_folder(LINES), load_texts(read_folder(MESSAGES)))
    staff = staff_of(read_demo().agents, lines, calls)
    return Day(lines, load_calendar(read_file(HOLIDAYS)), on, seed, calls, staff)


@pytest.fixture(scope="module")
def lived(keyring: Keyring) -> Iterator[Store]:
    """One day of so many calls."""
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
            live(a_day(calls=6), store, arrived=lambda _: None)
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
    day = a_day()
    firms = {number for line in day.lines for firm in line.firms.values() for number in firm.numbers}
    assert {arrival.number for arrival in arrivals} == {line.number for line in day.lines} | firms
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
    assert {len(mood.greets) for mood in moods} == {0, 1}
    assert {len(mood.closes) for mood in moods} == {0, 1, 2}


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
        undone = select(PromiseRow.kind).where(PromiseRow.done_at.is_(None))
        assert set(session.scalars(undone)) <= TO_COME
        assert session.scalar(select(func.count()).where(Offer.outcome.is_(None))) == 0
        assert session.scalar(select(func.count()).where(Attempt.outcome.is_(None))) == 0
    counts = figures(lived, a_day().lines)
    assert sum(of_line["calls"] for of_line in counts.values()) == CALLS
    assert all(sum(of_line[outcome] for outcome in Outcome) == of_line["calls"] for of_line in counts.values())
    assert sum(of_line["answered"] for of_line in counts.values()) > CALLS / 2


def test_all_rows_of_the_calls_arrive_in_the_target(lived: Store, engine: Engine) -> None:
    target = copied(lived, engine)
    wanted = _what_comes_along(lived)
    found = rows_of(target)
    for name in wanted.keys() - {"agent", "officer", "promise", "verdict_sum", "billing_mark", *PROVIDERS}:
        assert found[name] == wanted[name], name
    with target.reading() as session:
        counted = select(Verdict.institution, Verdict.standard_id, Verdict.verdict, func.count())
        by_verdicts = session.execute(counted.group_by(Verdict.institution, Verdict.standard_id, Verdict.verdict)).all()
        summed = select(VerdictSum.institution, VerdictSum.standard_id, VerdictSum.verdict, func.sum(VerdictSum.number))
        by_sums = summed.group_by(VerdictSum.institution, VerdictSum.standard_id, VerdictSum.verdict)
        assert sorted(session.execute(by_sums).all()) == sorted(by_verdicts)
    # The sums of the day are made anew in the target: their promises stay behind.
    kept = [row for row in wanted["promise"] if re.match(r"\('[^']+', '[^']*\b[bc][a-z2-7]{20}\b", row)]
    assert found["promise"] == kept
    assert found["day_figure"]
    assert len(found["agent"]) == len(wanted["agent"])


def _what_comes_along(store: Store) -> dict[str, list[str]]:
    """Every row but those of callbacks that are still open."""
    still_open = _open_callbacks(store)
    return {
        name: [row for row in rows if not any(one in row for one in still_open)]
        for name, rows in rows_of(store).items()
    }


def _open_callbacks(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(Callback.id).where(Callback.closed_at.is_(None))))


def test_callbacks_that_are_over_come_along_and_open_ones_stay_behind(lived: Store, engine: Engine) -> None:
    happened = what_happened(copied(lived, engine))
    wanted = dict(what_happened(lived)["callbacks"])
    left = wanted.pop("open", 0)
    assert (happened["callbacks"], left) == (wanted, len(_open_callbacks(lived)))
    assert happened["callbacks"]
    assert happened["attempts"]


def test_a_second_copy_adds_nothing(lived: Store, engine: Engine) -> None:
    target = copied(lived, engine)
    before = rows_of(target)
    assert transplant(lived, target, moved=lambda _: None) == 0
    assert rows_of(target) == before


def test_nothing_is_left_to_do_in_the_target(lived: Store, engine: Engine) -> None:
    with lived.transaction() as session:
        unkept = PromiseRow(kind="route", key="route:tomorrow", args={"line": "kibo"}, due_at=THEN)
        session.add(unkept)
    target = copied(lived, engine)
    with lived.transaction() as session:
        session.delete(session.get_one(PromiseRow, unkept.id))
    with target.reading() as session:
        assert session.scalar(select(func.count()).where(PromiseRow.done_at.is_(None))) == 0


def test_a_copy_that_is_stopped_leaves_whole_calls_and_true_sums(
    lived: Store, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commands.transplant.CALLS_IN_A_BATCH", 15)
    target = Store(engine)

    def stop(_moved: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        transplant(lived, target, moved=stop)
    with target.reading() as session:
        assert session.scalar(select(func.count()).select_from(Call)) == 15
        assert _counted_by_line(session) == _counted_by_day(session)
        arrived = list(session.scalars(select(Call.id)))
    assert _verdicts(target, arrived) == _verdicts(lived, arrived)
    assert transplant(lived, target, moved=lambda _: None) == CALLS - 15
    wanted, found = _what_comes_along(lived), rows_of(target)
    assert all(found[name] == wanted[name] for name in ("call", "fact", "offer", "verdict", "day_figure"))


def _verdicts(store: Store, calls: Sequence[str]) -> list[str]:
    with store.reading() as session:
        rows = session.execute(select(Verdict.__table__).where(Verdict.call_id.in_(calls)))
        return sorted(str(row) for row in rows)


def _counted_by_line(session: Session) -> dict[str, int]:
    rows = session.execute(select(CallFigure.line, func.count()).group_by(CallFigure.line))
    return {line: number for line, number in rows}


def _counted_by_day(session: Session) -> dict[str, int]:
    rows = session.scalars(select(DayFigure).where(DayFigure.dimension == Dimension.LINE))
    return {row.line: row.calls for row in rows}


def test_what_agents_do_in_talks_comes_along_with_its_verdicts(lived: Store, engine: Engine) -> None:
    happened, there = what_happened(copied(lived, engine)), what_happened(lived)
    assert {name: happened[name] for name in BY_CALLS} == {name: there[name] for name in BY_CALLS}  # type: ignore[literal-required]
    assert happened["talks"]["ticked"] > CALLS / 8
    assert happened["openings"]["heard"] > 0


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_a_deed_is_drawn_by_its_dice_alone_and_takes_its_time(deed: Deed) -> None:
    for seed in range(20):
        first, again = ([after for after, _ in deed(Random(seed))] for _ in range(2))
        assert first == again
        assert all(0 < after < 600 for after in first)


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


def test_the_command_prints_what_it_stored_and_stores_it_once(
    folder: Path, command_line: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHARTERLINE_DATA_DIR", str(folder / "data"))
    installation = complete(os.environ)
    make_folders(installation)
    make_secrets(installation)
    settings = read_settings(installation.environment)
    migrate(settings)
    first, second = (_simulated(command_line) for _ in range(2))
    assert first["calls"] == sum(of_line["calls"] for of_line in first["lines"].values()) == 6
    assert (first["copied"], second["copied"]) == (6, 0)
    assert {**second, "copied": 6} == first
    assert first["seconds"] > 3600
    opened = open_installation(settings)
    with opened.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Call)) == 6
        before = _sums(session)
    judged = _printed(command_line, "judge", "--all", "--json")
    assert (judged["calls"], judged["changed"]) == (6, 0)
    assert len(_printed(command_line, "calls", "list", "--json")) == 6
    with opened.store.reading() as session:
        assert _sums(session) == before
        assert session.scalar(select(func.count()).where(PromiseRow.done_at.is_(None))) == 0
    opened.store.engine.dispose()


def _sums(session: Session) -> list[str]:
    return sorted(str(row) for row in session.execute(select(DayFigure.__table__)))


def _simulated(command_line: Run) -> dict[str, Any]:
    printed: dict[str, Any] = _printed(
        command_line, "simulate", "day", "--calls", "6", "--date", "2026-11-20", "--json"
    )
    return printed


def _printed(command_line: Run, *words: str) -> Any:  # Any: what the command printed as JSON
    run = command_line(*words)
    assert run.exit_code == 0, run.stderr
    return json.loads(run.stdout)
