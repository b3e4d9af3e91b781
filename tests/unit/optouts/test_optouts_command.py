"""`charterline optouts`: add, list, withdraw, and clear refusals of nonsense."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result

Command = Callable[..., Result]
pytestmark = pytest.mark.usefixtures("installed")


def listed(command_line: Command, *words: str) -> list[dict[str, str | None]]:
    result = command_line("optouts", "list", "--json", *words)
    assert result.exit_code == 0, result.output
    entries: list[dict[str, str | None]] = json.loads(result.output)
    return entries


def test_a_refusal_is_added_listed_and_taken_back(command_line: Command) -> None:
    added = command_line("optouts", "add", "010-1000-0001", "--line", "kibo")
    assert added.exit_code == 0, added.output
    assert "010-1000-0001" not in added.output
    (entry,) = listed(command_line, "--line", "kibo")
    assert (entry["number"], entry["scope"], entry["way"]) == ("010-****-0001", "information", "agent")
    assert listed(command_line, "--line", "dcgf") == []
    assert command_line("optouts", "withdraw", "010-1000-0001", "--line", "kibo").exit_code == 0
    assert listed(command_line) == []
    assert listed(command_line, "--all")[0]["withdrawn_at"] is not None


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["add", "12", "--line", "kibo"], 2, "12"),
        (["add", "010-1000-0001", "--line", "nowhere"], 2, "nowhere"),
        (["withdraw", "010-1000-0001", "--line", "kibo"], 1, "has refused nothing"),
        (["list", "--line", "nowhere"], 2, "nowhere"),
    ],
)
def test_what_cannot_be_done_is_said_plainly(command_line: Command, words: list[str], status: int, says: str) -> None:
    result = command_line("optouts", *words)
    assert result.exit_code == status
    assert says in result.output
