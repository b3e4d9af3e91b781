"""`charterline staffing`, as it is typed: forecast, agents, plan, what-if, shifts, compare, backtest."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import Engine

from config.clock import system_clock
from ivr.lines.hours import SEOUL
from ivr.staffing.rows import Forecast
from ivr.store import Store
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.staffing.made import Pattern, days_of, write

pytestmark = ON_SQLITE
Typed = Callable[..., Result]


@pytest.fixture
def typed(installed: None, command_line: Typed) -> Typed:
    return lambda *words: command_line("staffing", *words)


@pytest.fixture
def filled(engine: Engine, today: date) -> date:
    """Four weeks of calls up to yesterday; the Monday that is next, or one after it in which the line is open."""
    days, first = days_of(), today - timedelta(weeks=4)
    write(Store(engine), days.line, Pattern(150).history(days, first, weeks=4, seed=6).calls)
    monday = today + timedelta(days=7 - today.weekday())
    while not days.open_shares(monday):
        monday += timedelta(days=7)
    return monday


@pytest.fixture
def today() -> date:
    return system_clock().astimezone(SEOUL).date()


def told(result: Result) -> Any:  # JSON
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_calculator_says_what_is_published_and_the_rule_of_the_document(typed: Typed) -> None:
    found = told(typed("agents", "--calls", "100", "--work", "180", "--patience", "300", "--json"))
    assert (found["erlangs"], found["agents_by_rule"]) == (10.0, 1.67)
    assert found["erlang_c"]["agents"] == 14
    assert found["erlang_c"]["expected"]["waits"] == 0.174132
    one = typed("agents", "--calls", "100", "--agents", "9").stdout
    assert "Erlang C (nobody gives up):    9 agents" in one
    assert "no end in the mean" in one
    assert typed("agents", "--calls", "-1").exit_code == 2


def test_a_week_is_forecast_planned_covered_and_kept(typed: Typed, filled: date, today: date) -> None:
    span = ("--from", f"{filled}")
    found = told(typed("forecast", *span, "--keep", "--by", "lead", "--json"))
    assert (found["line"], found["history"]["last"]) == ("ascentre", f"{today - timedelta(days=1)}")
    assert found["error"]["wape"] < found["error_of_week_before"]["wape"]
    monday = found["days"][0]
    assert monday["calls"] == pytest.approx(sum(slot["calls"] for slot in monday["slots"]), abs=0.2)
    assert "by the rule of thumb" in typed("forecast", *span).stdout
    assert "none of its days is over yet" in typed("compare").stdout
    lacks = told(typed("shifts", "propose", *span, "--json"))
    assert lacks["hours_missing"] > 0
    for one in lacks["shifts"]:
        words = ("--begin", one["begin"], "--end", one["end"], "--agents", str(one["agents"]))
        told(typed("shifts", "add", *words, "--weekdays", one["weekdays"], *span, "--why", "peak", "--json"))
    planned = told(typed("plan", *span, "--json"))
    assert {slot["missing"] for day in planned["days"] for slot in day["slots"]} == {0}
    assert typed("shifts", "propose", *span).stdout.startswith("0.0 agent hours are missing")
    more = told(typed("what-if", "--day", f"{filled}", "--more", "-1", "--json"))
    assert more["after"]["within"] < more["before"]["within"]
    assert "give up" in typed("what-if", "--day", f"{filled}").stdout
    shift = told(typed("shifts", "list", "--json"))[0]["shift"]
    assert "is removed" in typed("shifts", "remove", str(shift)).stdout
    assert typed("shifts", "remove", str(shift)).exit_code == 1


def test_a_team_s_shifts_are_listed_however_many_newer_ones_others_have(typed: Typed) -> None:
    words = ("shifts", "add", "--begin", "09:00", "--end", "11:00", "--agents", "1", "--json")
    own = told(typed(*words, "--team", "digital"))["shift"]
    typed(*words)
    found = told(typed("shifts", "list", "--team", "digital", "--limit", "1", "--json"))
    assert [one["shift"] for one in found] == [own]


def test_a_forecast_is_held_against_what_came(typed: Typed, filled: date, engine: Engine, today: date) -> None:
    typed("forecast", "--from", f"{today - timedelta(days=7)}", "--keep")
    with Store(engine).reading() as session:
        kept = session.query(Forecast).one()
    past = told(typed("forecast", "--from", f"{kept.first_day}", "--json"))
    assert past["history"]["last"] == f"{kept.first_day - timedelta(days=1)}"
    found = told(typed("compare", "--forecast", str(kept.id), "--json"))
    assert found["error"]["calls"] == sum(slot["came"] for slot in found["slots"]) > 0
    assert found["in_time"] > 0.85
    assert "answered in time" in typed("compare").stdout
    tested = told(typed("backtest", "--json"))
    assert tested["ours"]["wape"] < tested["week_before"]["wape"]
    assert "all together" in typed("backtest", "--weeks", "1").stdout


def test_what_cannot_be_is_told_in_words(typed: Typed, filled: date) -> None:
    refused = {
        ("forecast", "--line", "kibo"): "nobody asked for an agent of kibo",
        ("forecast", "--team", "nobody"): "no team 'nobody'",
        ("plan", "--line", "nowhere"): "no line has the id",
        ("compare", "--forecast", "99"): "--keep",
        ("what-if", "--day", f"{filled}", "--begin", "11:15"): "no full or half hour",
        ("what-if", "--day", f"{filled}", "--begin", "14:00", "--end", "11:00"): "later",
        ("shifts", "end", "99"): "no shift 99",
        ("shifts", "add", "--begin", "10:00", "--end", "09:00", "--agents", "1"): "ends after it begins",
    }
    found = {words: typed(*words) for words in refused}
    assert [words for words, result in found.items() if result.exit_code == 0] == []
    assert [words for words, said in refused.items() if said not in found[words].output] == []
