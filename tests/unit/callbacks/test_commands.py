"""Callbacks at the command line: memo, list, show, assign, late, withdraw, done, export, refusals in words."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import Result
from sqlalchemy import Engine

from commands.callbacks_shown import WHEN, chosen_time
from ivr.callbacks.rows import Callback, Origin
from ivr.store import Store
from tests.people import agent_of
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.callbacks.people import CUSTOMER, KIBO, ask, call_of, callback_of, dialled, officers, seoul, wish

Run = Callable[..., Result]


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


@pytest.fixture
def run(command_line: Run, installed: None) -> Run:
    """`charterline callbacks ...` over the database of the test."""
    return lambda *words: command_line("callbacks", *words)


def now() -> datetime:
    """The clock of the commands; times that are far from each other do not mind it."""
    from config.clock import system_clock

    return system_clock()


def open_one(store: Store) -> Callback:
    """A callback that is due in two weeks: however many holidays there are, the line is open meanwhile."""
    at = now()
    return ask(store, at, wish(due_at=at + timedelta(days=14), content="보증 기한", customer="홍길동"))


def test_a_memo_of_a_call_promises_a_call_back(run: Run, store: Store) -> None:
    call_of(store, "c1", now())
    made = run("memo", "c1", "--name", "홍길동", "--content", "서류", "--why", "officer_absent", "--json")
    assert made.exit_code == 0, made.stderr
    entry = json.loads(made.stdout)
    assert (entry["origin"], entry["team"], entry["number"]) == ("memo", KIBO.team, "010-****-0001")
    with store.reading() as session:
        kept = session.get_one(Callback, entry["callback"])
    assert (kept.customer, kept.content, kept.reason, kept.call_id) == ("홍길동", "서류", "officer_absent", "c1")


def test_a_memo_says_of_each_missing_part_why(run: Run, store: Store) -> None:
    made = run("memo", "--line", "kibo", "--number", "010-1000-0001", "--content", "서류", "--lacking", "name=declined")
    assert made.exit_code == 0, made.stderr
    shown = json.loads(run("list", "--json").stdout)
    story = json.loads(run("show", shown[0]["callback"], "--json").stdout)
    assert story["timeline"][0]["detail"]["lacking"] == {"name": "declined"}


@ON_SQLITE
def test_a_memo_keeps_a_time_that_the_customer_chose(run: Run, store: Store) -> None:
    words = ("--line", "kibo", "--number", "010-1000-0001", "--name", "홍길동", "--content", "서류")
    made = run("memo", *words, "--from", "2099-01-05T14:00", "--until", "2099-01-05 15:00", "--json")
    assert made.exit_code == 0, made.stderr
    assert json.loads(made.stdout)["due_at"] == "2099-01-05T15:00:00+09:00"
    assert run("memo", *words, "--from", "14:00").exit_code == 2
    over = run("memo", *words, "--until", "2020-01-05T15:00")
    assert (over.exit_code, "is over" in over.stderr) == (1, True)


@pytest.mark.parametrize("typed", ["10:30", "2026-11-24T10:30"])
def test_a_time_without_its_day_is_the_next_one(typed: str) -> None:
    given = WHEN.convert(typed, None, None)
    assert chosen_time(given, seoul(11)) == seoul(10, 30, day=24)


@ON_SQLITE
@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--line", "kibo", "--number", "010-1000-0001", "--content", "서류"), "the name is missing"),
        (("--line", "kibo", "--name", "홍길동", "--content", "서류"), "there is no number"),
        (("--name", "홍길동"), "give a CALL"),
        (("c9", "--name", "홍길동"), "there is no call c9"),
        (("--line", "kibo", "--number", "112", "--name", "홍", "--content", "서류"), "112"),
        (("--line", "nowhere", "--number", "010-1000-0001"), "no line has the id"),
        (("--line", "kibo", "--number", "010-1000-0001", "--lacking", "name=shy"), "write PART=CODE"),
    ],
)
def test_a_memo_that_is_not_whole_is_refused(run: Run, words: tuple[str, ...], why: str) -> None:
    refused = run("memo", *words)
    assert refused.exit_code in {1, 2}
    assert why in refused.stderr


def test_the_list_shows_what_is_due_next_and_hides_numbers(run: Run, store: Store) -> None:
    callback = open_one(store)
    listed = run("list", "--open", "--line", "kibo")
    assert callback.id in listed.stdout
    assert "010-****-0001" in listed.stdout
    assert CUSTOMER[-8:] not in listed.stdout.replace("-", "")
    assert json.loads(run("list", "--line", "kotra", "--json").stdout) == []
    assert "Nobody waits" in run("list", "--state", "reached").stdout


@ON_SQLITE
def test_the_story_is_told_with_its_times(run: Run, store: Store) -> None:
    callback = open_one(store)
    shown = run("show", callback.id)
    assert shown.exit_code == 0, shown.stderr
    assert "callback-promised" in shown.stdout
    assert "홍길동" in shown.stdout
    assert run("show", "b9").exit_code == 1


def test_an_officer_of_the_line_is_put_in_charge(run: Run, store: Store) -> None:
    officers(store)
    callback = open_one(store)
    assert run("assign", callback.id, "lead", "--why", "knows the matter").exit_code == 0
    assert callback_of(store, callback).officer_id == "lead"
    assert "has no officer nobody" in run("assign", callback.id, "nobody").stderr


def test_an_agent_says_that_it_will_be_later(run: Run, store: Store) -> None:
    callback = open_one(store)
    assert callback.id not in run("list", "--slipped").stdout
    until = (callback.due_at + timedelta(hours=9, days=1)).strftime("%Y-%m-%dT%H:%M")
    assert run("late", callback.id, "--reason", "preparing", "--until", until, "--by", "kim").exit_code == 0
    assert callback_of(store, callback).due_at == callback.due_at + timedelta(days=1)
    assert callback.id in run("list", "--slipped").stdout
    refused = run("late", callback.id, "--reason", "preparing", "--until", "2020-01-01T10:00")
    assert (refused.exit_code, "later than the time told" in refused.stderr) == (1, True)


def test_it_is_withdrawn_or_kept_in_another_way_once(run: Run, store: Store) -> None:
    callback = open_one(store)
    assert run("done", callback.id).exit_code == 2
    assert run("done", callback.id, "--by", "c9").exit_code == 1
    assert run("done", callback.id, "--note", "by colleague from 010-1000-0001").exit_code == 0
    closed_by = callback_of(store, callback).closed_by or ""
    assert ("by colleague" in closed_by, "1000-0001" in closed_by) == (True, False)
    refused = run("withdraw", callback.id)
    assert (refused.exit_code, f"callback {callback.id}: " in refused.stderr) == (1, True)


def test_it_is_dialled_by_an_agent_and_refused_while_it_is(run: Run, store: Store) -> None:
    callback = open_one(store)
    with store.transaction() as session:
        session.add(agent_of(KIBO, datetime(2026, 11, 23, tzinfo=UTC), number=1))
    dialled(store, callback)
    refused = run("dial", callback.id, "--agent", "kibo-1")
    assert (refused.exit_code, "dialling" in refused.stderr) == (1, True)
    assert "there is no agent nobody" in run("dial", callback.id, "--agent", "nobody").stderr


def test_all_are_exported(run: Run, store: Store) -> None:
    callback = open_one(store)
    at = now()
    booked = ask(store, at, wish("b", origin=Origin.BOOKING, not_before=at, due_at=at + timedelta(days=15)))
    rows = list(csv.DictReader(io.StringIO(run("export").stdout.removeprefix("\ufeff"))))
    assert [row["callback"] for row in rows] == [callback.id, booked.id]
