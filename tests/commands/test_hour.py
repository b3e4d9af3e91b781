"""`charterline simulate hour`: the ladder of every callback, by seed; nothing of it in the installation."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result
from sqlalchemy import Engine, func, select

from ivr.callbacks.rows import Callback
from ivr.promises import PromiseRow
from ivr.store import Store

CommandLine = Callable[..., Result]
# Everybody of this line is called away in this hour, so that what is promised slips.
HOUR = ("simulate", "hour", "--seed", "2", "--line", "kibo", "--callbacks", "2", "--date", "2026-11-20")


@pytest.mark.usefixtures("installed")
def test_the_ladder_shows_what_was_promised_reminded_slipped_and_kept(
    command_line: CommandLine, engine: Engine
) -> None:
    printed = command_line(*HOUR, "--json")
    assert printed.exit_code == 0, printed.output
    hour = json.loads(printed.stdout)
    ladder, sums = hour["callbacks"], hour["sums"]
    assert (hour["line"], hour["begins"], hour["killed"]) == ("kibo", "2026-11-20 10:00:00", {})
    assert (sums["promised"], sums["missed"]) == (len(ladder), 0)
    slipped = next(rung for rung in ladder if rung["result"] == "slipped")
    assert [one["minutes"] for one in slipped["reminders"] if one["role"] == "officer"][:3] == [30, 15, 5]
    assert all(abs(one["seconds_late"]) < 1 for rung in ladder for one in rung["reminders"] if one["minutes"])
    assert slipped["notices"][0]["due"] == slipped["due"]
    assert slipped["notices"][0]["seconds_before"] >= 60
    assert {"callback-promised", "callback-late", "callback-reminder"} <= {one["template"] for one in slipped["texts"]}
    with Store(engine).reading() as session:
        assert session.scalar(select(func.count()).select_from(Callback)) == 0
        assert session.scalar(select(func.count()).select_from(PromiseRow)) == 0


@pytest.mark.usefixtures("installed")
def test_the_same_in_words(command_line: CommandLine) -> None:
    printed = command_line(*HOUR)
    assert printed.exit_code == 0, printed.output
    assert "customer told: " in printed.stdout
    assert "reminder, 5 minutes before " in printed.stdout
    assert " promised, " in printed.stdout.splitlines()[-1]


@pytest.mark.usefixtures("installed")
def test_a_line_that_is_not_there_is_named(command_line: CommandLine) -> None:
    printed = command_line("simulate", "hour", "--line", "nobody")
    assert printed.exit_code == 2
    assert "there is no line nobody: there are " in printed.output
