"""`charterline editions` and `charterline line hours`, as they are typed."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from tests.store_fixtures.databases import ON_SQLITE

pytestmark = [ON_SQLITE, pytest.mark.usefixtures("installed")]
Run = Callable[..., Result]


def printed(run: Run, *words: str) -> Any:  # Any: whatever JSON a command prints
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def made(run: Run, *words: str) -> Result:
    result = run("editions", "add", *words, "--why", "안내 개선", "--by", "supervisor")
    assert result.exit_code == 0, result.output
    return result


def test_an_edition_is_made_listed_shown_and_withdrawn(command_line: Run) -> None:
    made(command_line, "prompt", "ko/queue.next", "--text", "곧 연결합니다.", "--line", "kibo")
    made(command_line, "prompt", "ko/queue.next", "--text", "이어서 연결합니다.", "--line", "kibo")
    (entry,) = printed(command_line, "editions", "list")
    assert (entry["edition"], entry["version"], entry["line"], entry["state"]) == (2, 2, "kibo", "begun")
    assert len(printed(command_line, "editions", "list", "--all")) == 2
    assert command_line("editions", "withdraw", "2", "--why", "취소", "--by", "second").exit_code == 0
    gone = printed(command_line, "editions", "show", "2")
    assert (gone["state"], gone["withdrawn_by"], gone["content"]) == (
        "withdrawn",
        "second",
        {"text": "이어서 연결합니다."},
    )
    assert [one["edition"] for one in printed(command_line, "editions", "list")] == [1]
    assert "곧 연결합니다." in command_line("editions", "show", "1").stdout


def test_hours_and_days_are_shown_day_by_day(command_line: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTERLINE_ALWAYS_OPEN", "false")
    made(command_line, "day", "2027-03-03", "--line", "kibo")
    made(command_line, "day", "2027-03-04", "--change", "hours", "--hours", "09:00-12:00", "--line", "kibo")
    made(command_line, "hours", "kibo", "--weekdays", "10:00-17:00", "--from", "2027-03-05")
    days = printed(command_line, "line", "hours", "kibo", "--from", "2027-03-01", "--days", "5")
    assert [day["hours"] for day in days] == [[], ["09:00-18:00"], [], ["09:00-12:00"], ["10:00-17:00"]]
    assert [day["holiday"] for day in days] == ["삼일절", "", "안내 개선", "", ""]
    assert "closed" in command_line("line", "hours", "kibo", "--from", "2027-03-03", "--days", "1").stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "prompt", "ko/queue.next", "--text", "{who}", "--why", "왜"), "{who} is not filled in here"),
        (("add", "prompt", "ko/queue.next", "--text", "네.", "--why", " "), "reason"),
        (("add", "prompt", "ko/queue.next", "--text", "네.", "--why", "왜", "--line", "gone"), "known are"),
        (("add", "prompt", "ko/queue.next", "--text", "네.", "--why", "왜", "--from", "2020-01-01"), "past"),
        (("add", "hours", "kibo", "--weekdays", "9-18", "--why", "왜"), "09:00-18:00"),
        (("show", "404"), "no edition 404"),
        (("withdraw", "404", "--why", "왜"), "no edition 404"),
    ],
)
def test_what_cannot_be_is_told_in_words(command_line: Run, words: tuple[str, ...], told: str) -> None:
    result = command_line("editions", *words)
    assert result.exit_code == 1
    assert told in result.stderr
    assert "Traceback" not in result.output


def test_advice_is_told_beside_what_is_made(command_line: Run) -> None:
    result = made(command_line, "prompt", "ko/queue.welcome", "--text", "연결합니다.", "--line", "kibo")
    assert "warning: ko.toml: queue.welcome: leaves out {team}" in result.stderr
