"""`charterline cases`, as it is typed: in, listed, directed, answered, told late, objected to, rated, counted."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import Engine

from config.clock import system_clock
from ivr.cases.rows import Case
from ivr.lines.hours import SEOUL
from ivr.store import Store
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.agents.people import waits
from tests.unit.cases.desk import Desk

Typed = Callable[..., Result]


@pytest.fixture
def typed(engine: Engine, installed: None, command_line: Typed) -> Typed:
    Desk.over(engine, "kotra")
    return lambda *words: command_line("cases", *words)


def told(result: Result) -> Any:  # JSON
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def taken(typed: Typed, *more: str, kind: str = "complaint") -> dict[str, Any]:  # JSON
    words = ["take", "--line", "kotra", "--kind", kind, "--channel", "web", "--content", "답변이 없습니다."]
    return dict(told(typed(*words, "--name", "홍길동", "--number", "010-1000-0001", *more, "--json")))


def day(**ahead: float) -> str:
    """A local day so far from now."""
    return f"{(system_clock() + timedelta(**ahead)).astimezone(SEOUL):%Y-%m-%d}"


def test_a_case_is_taken_listed_and_shown_by_its_receipt_number(typed: Typed) -> None:
    case = taken(typed)
    assert (case["standard"], case["officer"], case["customer"]) == ("kotra/T12/1", "o1", "홍**")
    assert case["number"] == "010-****-0001"
    assert [one["case"] for one in told(typed("list", "--json"))] == [case["case"]]
    assert case["receipt"] in typed("list", "--line", "kotra").stdout
    shown = told(typed("show", case["receipt"], "--json"))
    assert (shown["content"], shown["case"]) == ("답변이 없습니다.", case["case"])
    assert {"received", "assigned", "handler-notified"} <= {fact["kind"] for fact in shown["story"]}
    assert "handler-notified" in typed("show", case["case"]).stdout


def test_a_case_is_taken_during_a_call(typed: Typed, engine: Engine) -> None:
    waits(Store(engine), "c1", system_clock())
    case = told(typed("take", "--call", "c1", "--kind", "inquiry", "--content", "문의", "--json"))
    assert (case["line"], case["channel"], case["call"]) == ("kibo", "phone", "c1")


def test_it_is_worked_on_to_its_end(typed: Typed) -> None:
    name = taken(typed)["receipt"]
    assert told(typed("review", name, "--json"))["state"] == "assigned"
    directed = told(typed("direct", name, "--direction", "확인하겠습니다.", "--until", day(days=9), "--json"))
    assert (directed["state"], directed["owed"]) == ("directed", "answer")
    late = told(typed("late", name, "--reason", "workload", "--until", day(days=12), "--told-by", "phone", "--json"))
    assert late["slips"] == 1
    assert told(typed("ask", name, "--what", "계약서", "--json"))["state"] == "awaiting_customer"
    assert told(typed("came", name, "--json"))["state"] == "assigned"
    assert told(typed("assign", name, "--officer", "o2", "--json"))["officer"] == "o2"
    assert told(typed("answer", name, "--result", "확인하였습니다.", "--json"))["state"] == "answered"
    typed("told", name, "--what", "result", "--way", "phone")
    assert typed("rate", name, "--points", "4").exit_code == 0
    objection = told(typed("reopen", name, "--content", "받아들일 수 없습니다.", "--json"))
    assert objection["kind"] == "objection"
    assert told(typed("withdraw", objection["case"], "--json"))["state"] == "withdrawn"
    ledger = told(typed("ledger", "--line", "kotra", "--json"))
    assert {(one["holder"], one["points"]) for one in ledger} == {("department", 4), ("employee", 4)}


def test_a_first_answer_needs_the_date_of_the_whole_one(typed: Typed) -> None:
    name = taken(typed, "--topic", "world-champ", kind="inquiry")["receipt"]
    missing = typed("answer", name, "--result", "확인 중입니다.", "--first")
    assert missing.exit_code == 2
    assert "--until" in missing.stderr
    first = typed("answer", name, "--result", "확인 중입니다.", "--first", "--until", day(days=5), "--json")
    assert told(first)["owed"] == "answer_or_direction"


def test_a_complaint_that_is_right_is_apologised_for_and_repeats_are_listed(typed: Typed) -> None:
    for _ in range(2):
        name = taken(typed, "--topic", "unkindness", "--about", "o2")["receipt"]
        assert typed("fault", name).exit_code == 0
    assert [one["officer_id"] for one in told(typed("repeats", "--line", "kotra", "--json"))] == ["o2"]
    assert [one["repeated"] for one in told(typed("list", "--json"))].count(True) == 1
    assert typed("list").stdout.count("repeated") == 1


def test_figures_and_exports_hold_no_personal_data(typed: Typed) -> None:
    case = taken(typed)
    today = day()
    figures = told(typed("figures", "--from", today, "--to", today, "--by", "kind", "--json"))
    assert figures["groups"][0]["received"] == 1
    assert figures["cases"] == {"complaint": [case["case"]]}
    shared = typed("figures", "--from", today, "--to", today, "--csv").stdout
    assert next(csv.DictReader(io.StringIO(shared)))["running"] == "1"
    exported = typed("export", "--line", "kotra").stdout
    assert next(csv.DictReader(io.StringIO(exported)))["number"] == "010-****-0001"
    assert "10000001" not in exported
    assert "홍길동" not in exported


def test_dates_are_counted_again(typed: Typed) -> None:
    taken(typed)
    assert told(typed("recount", "--json")) == []
    assert "calendar gives" in typed("recount").stdout


@ON_SQLITE
@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("show", "1123-NOBODY"), "there is no case 1123-NOBODY"),
        (("take", "--kind", "complaint", "--channel", "web", "--content", "x"), "give --call or --line"),
        (("take", "--line", "kotra", "--kind", "complaint", "--content", "x"), "give --channel"),
        (("take", "--call", "c9", "--kind", "complaint", "--content", "x"), "there is no call c9"),
        (("take", "--line", "nowhere", "--kind", "complaint", "--channel", "web", "--content", "x"), "no line"),
        (("assign", "x"), "either --officer or --duty"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value[:2]),
)
def test_what_is_wrong_is_said_in_words(typed: Typed, words: tuple[str, ...], why: str) -> None:
    result = typed(*words)
    assert result.exit_code in {1, 2}
    assert why in result.stderr


@ON_SQLITE
def test_a_matter_overdue_already_needs_its_reason(typed: Typed, engine: Engine) -> None:
    words = ("take", "--line", "kotra", "--kind", "complaint", "--channel", "web", "--content", "x", "--json")
    late = typed(*words, "--received", day(days=-10))
    assert "give the reason why it is entered late" in late.stderr
    case = told(typed(*words, "--received", day(days=-10), "--overdue", "우편 지연"))
    with Store(engine).reading() as session:
        assert session.get_one(Case, case["case"]).first_due_at < system_clock()
