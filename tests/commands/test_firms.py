"""`charterline firms`, as it is typed."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from click.testing import Result

from config.clock import system_clock
from tests.store_fixtures.databases import ON_SQLITE

pytestmark = [pytest.mark.usefixtures("installed"), ON_SQLITE]
Type = Callable[..., Result]
ENTRY = ("--name", "한빛가전", "--registration", "124-81-00998", "--product", "kitchen", "--selected-on", "2026-01-05")


def ready(command_line: Type) -> tuple[str, date]:
    """A firm with a draft that begins in two months; the draft's id and its first day."""
    first = system_clock().date() + timedelta(days=60)
    assert command_line("firms", "register", "hanbit", *ENTRY, "--contact", "홍길동").exit_code == 0
    drafted = command_line("firms", "draft", "hanbit", "--from", str(first), "--calls", "2000")
    assert drafted.exit_code == 0, drafted.output
    return drafted.output.split()[0], first


def test_a_firm_is_registered_signed_and_shown(command_line: Type) -> None:
    contract, _ = ready(command_line)
    left = command_line("firms", "security", contract, "--kind", "bond", "--amount", "4700000", "--proof", "제1호")
    assert left.exit_code == 0, left.output
    assert command_line("firms", "sign", contract, "--all-clauses").exit_code == 0
    shown = json.loads(command_line("firms", "show", "hanbit", "--json").output)
    assert (shown["contract"]["bands"], shown["contract"]["service_fee"]) == (10, 1_125_000)
    assert [event["what"] for event in shown["events"]] == ["sign", "security", "draft", "register"]
    assert "홍길동" not in command_line("firms", "show", "hanbit").output
    assert [due["what"] for due in json.loads(command_line("firms", "list", "--due", "--json").output)[0]["due"]] == [
        "publish"
    ]
    assert command_line("firms", "publish", contract).exit_code == 0
    assert command_line("firms", "drop", contract, "--why", "일정 변경").exit_code == 0
    security = str(shown["contract"]["securities"][0]["security"])
    assert command_line("firms", "return", security).exit_code == 0
    assert "한빛가전" in command_line("firms", "list").output


def test_only_what_is_given_of_an_entry_changes(command_line: Type) -> None:
    ready(command_line)
    assert command_line("firms", "change", "hanbit", "--name", "한빛", "--of-group").exit_code == 0
    shown = json.loads(command_line("firms", "show", "hanbit", "--json").output)
    assert (shown["name"], shown["is_of_group"], shown["is_manufacturer"]) == ("한빛", True, True)
    assert (shown["products"], shown["registration"]) == (["kitchen"], "124-81-00998")


def test_what_cannot_be_is_told_in_words(command_line: Type) -> None:
    contract, first = ready(command_line)
    again = str(first + timedelta(days=30))
    told = {
        ("register", "nuri", *ENTRY): "is that of hanbit",
        ("register", "nuri", *ENTRY[:5], "food", "--registration", "220-81-62517"): "의류/식품",
        ("draft", "hanbit", "--from", again, "--calls", "1"): "no two may overlap",
        ("draft", "hanbit"): "give --calls",
        ("sign", contract, "--all-clauses"): "deposit of at least 4,700,000 won",
        ("sign", contract): "purpose_only",
        ("security", contract, "--kind", "deposit", "--amount", "1", "--proof", "x"): "at least 3,000,000 won",
        ("return", "7"): "no security 7",
        ("end", contract, "--on", again, "--why", "폐업"): "is draft",
        ("list", "--line", "kibo"): "no shared centre",
    }
    for words, said in told.items():
        result = command_line("firms", *words)
        assert (result.exit_code in {1, 2}, said in result.output) == (True, True), (words, result.output)


def test_the_comparison_is_printed_and_given_as_json(command_line: Type) -> None:
    table = json.loads(command_line("firms", "compare", "--json").output)
    assert table["printed"] == {
        "elsewhere_millions": "101.7",
        "here_millions": "14.1",
        "excess_millions": "87.6",
        "elsewhere_monthly_millions": "8.475",
        "here_monthly_millions": "1.175",
        "here_percent": "13.9",
        "excess_percent": "621",
        "people": "2.7",
    }
    assert (table["agents"], table["support"]) == ("1.67", 31_500_000)
    assert "millions are meant" in command_line("firms", "compare").output
