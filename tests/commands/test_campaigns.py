"""`charterline campaigns`: from a draft to the bill, and what is refused, in words and as JSON."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Engine, update

from config.clock import system_clock
from ivr.campaigns import money
from ivr.campaigns.lifecycle import Deed, rehearsed
from ivr.campaigns.rows import Campaign
from ivr.consents.rows import Standing
from ivr.store import Store
from ivr.surveys.rows import Disposition
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.campaigns.campaigning import audience

CommandLine = Callable[..., Result]
pytestmark = [ON_SQLITE, pytest.mark.usefixtures("installed")]


@pytest.fixture
def store(engine: Engine) -> Store:
    store = Store(engine)
    with store.transaction() as session:
        # Whatever the day on which the tests run, the consents hold.
        session.execute(update(Standing).values(expires_at=system_clock() + timedelta(days=100)))
    return store


def create(command_line: CommandLine, list_id: int, *more: str) -> int:
    made = command_line(
        *("campaigns", "create", "--line", "dcgf", "--name", "happy calls", "--questionnaire", "happy-dcgf"),
        *("--audience", str(list_id), "--by", "maker", "--json", *more),
    )
    assert made.exit_code == 0, made.output
    number: int = json.loads(made.stdout)["campaign"]
    return number


def shown(command_line: CommandLine, *words: str) -> dict[str, object]:
    result = command_line("campaigns", *words, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.stdout)
    return found


def test_a_campaign_from_the_draft_to_the_bill(store: Store, command_line: CommandLine) -> None:
    list_id = audience(store, range(1, 9), agreed=range(1, 7))
    with store.transaction() as session:
        session.execute(update(Standing).values(expires_at=system_clock() + timedelta(days=100)))
    id = create(command_line, list_id, "--cps", "2", "--quota", "g1=1", "--cut-off", "5")

    before = shown(command_line, "report", str(id))
    assert (before["members"], before["eligible"], before["excluded"]) == (8, 6, {"no-consent": 2})
    assert before["cost_ceiling"] == {"answers": 5, "price": 0, "won": 0}
    assert "may be contacted        6" in command_line("campaigns", "report", str(id)).output

    alone = command_line("campaigns", "launch", str(id), "--by", "maker")
    assert (alone.exit_code, "second person" in alone.stderr) == (1, True)
    assert shown(command_line, "check", str(id), "--by", "maker")["state"] == "checked"
    with store.transaction() as session:
        rehearsed(session, id, {"completed": 3}, deed=Deed("maker", system_clock()))
    own = command_line("campaigns", "approve", str(id), "--by", "maker")
    assert (own.exit_code, "somebody else" in own.stderr) == (1, True)
    assert shown(command_line, "approve", str(id), "--by", "second")["state"] == "approved"

    assert_it_runs(command_line, id)
    with store.transaction() as session:
        campaign = session.get_one(Campaign, id)
        assert money.reserve(session, campaign, "l1", at=system_clock())
        money.settle(session, "l1", Disposition.COMPLETED, at=system_clock())
    assert_it_ends(command_line, id)


def assert_it_runs(command_line: CommandLine, id: int) -> None:
    """It is launched, watched, paused and resumed."""
    launched = shown(command_line, "launch", str(id), "--by", "second")
    assert (launched["state"], launched["targets"]) == ("running", 6)
    far = shown(command_line, "watch", str(id), "--once")
    assert (far["targets"], far["done"], far["quotas"]) == (
        6,
        0,
        {"": {"taken": 0, "wanted": 5}, "g1": {"taken": 0, "wanted": 1}},
    )
    assert shown(command_line, "pause", str(id), "--by", "maker")["state"] == "paused"
    assert shown(command_line, "resume", str(id), "--by", "maker")["state"] == "running"


def assert_it_ends(command_line: CommandLine, id: int) -> None:
    """It is billed and closed, and tells its history."""
    bill = shown(command_line, "bill", str(id))
    assert (bill["won"], bill["lines"][0]["free"]) == (0, 1)  # type: ignore[index]  # JSON of any shape
    assert "Owed: 0 won" in command_line("campaigns", "bill", "--line", "dcgf").output

    assert shown(command_line, "close", str(id), "--by", "maker", "--why", "enough")["close_reason"] == "enough"
    # A closed campaign is watched no longer.
    assert "closed" in command_line("campaigns", "watch", str(id)).output
    history = shown(command_line, "show", str(id))["history"]
    assert [deed["event"] for deed in history][-1] == "close"  # type: ignore[attr-defined]  # JSON of any shape


def test_a_change_makes_it_a_draft_again(store: Store, command_line: CommandLine) -> None:
    id = create(command_line, audience(store, [1]))
    command_line("campaigns", "check", str(id), "--by", "maker")
    changed = shown(command_line, "change", str(id), "--by", "other", "--cps", "3")
    assert (changed["state"], changed["name"]) == ("draft", "happy calls")
    plan = shown(command_line, "show", str(id))["plan"]
    assert plan["cps"] == 3  # type: ignore[index]  # JSON of any shape


def test_a_plan_is_read_from_a_file(store: Store, command_line: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "plan.toml"
    file.write_text('cps = 4\ncut_off = 9\n[hours]\nmonday = ["09:00-18:00"]\n', encoding="utf-8")
    id = create(command_line, audience(store, [1]), "--plan", str(file), "--cut-off", "7")
    plan = shown(command_line, "show", str(id))["plan"]
    assert isinstance(plan, dict)
    assert (plan["cps"], plan["cut_off"], plan["hours"]["monday"]) == (4, 7, ["09:00-18:00"])


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("--cps", "0"), 1, "cps"),
        (("--quota", "g1"), 2, "GROUP=N"),
        (("--plan", "/nowhere.toml"), 2, "cannot be read"),
        (("--kind", "gossip"), 1, "no kind of survey"),
        (("--questionnaire", "gossip"), 1, "no questionnaire"),
        (("--audience", "99"), 1, "no audience 99"),
        (("--firm", "nobody"), 2, "no firm"),
        (("--name", " "), 1, "a name"),
        (("--line", "nowhere"), 1, "no line"),
        (("--by", " "), 2, "--by is empty"),
    ],
)
def test_a_wrong_draft_is_refused_in_words(
    store: Store, command_line: CommandLine, words: tuple[str, ...], status: int, said: str
) -> None:
    audience(store, [1])
    result = command_line(
        *("campaigns", "create", "--line", "dcgf", "--name", "x", "--questionnaire", "happy-dcgf", "--audience", "1"),
        *words,
    )
    assert (result.exit_code, said in result.stderr) == (status, True), result.stderr
    assert json.loads(command_line("campaigns", "list", "--json").stdout) == []


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("show", "7"), 1),
        (("report", "7"), 1),
        (("bill", "7"), 1),
        (("bill",), 2),
        (("bill", "--line", "dcgf", "--month", "2026-13"), 2),
        (("launch", "7"), 1),
        (("watch", "7"), 1),
        (("approve", "0"), 2),
    ],
)
def test_what_is_not_there_is_said(
    store: Store, command_line: CommandLine, words: tuple[str, ...], status: int
) -> None:
    result = command_line("campaigns", *words)
    assert (result.exit_code, "Traceback" in result.output) == (status, False)


def test_the_list_is_filtered(store: Store, command_line: CommandLine) -> None:
    assert "No campaigns yet" in command_line("campaigns", "list").output
    id = create(command_line, audience(store, [1]))
    assert f"{id}  draft" in command_line("campaigns", "list", "--line", "dcgf").output
    assert json.loads(command_line("campaigns", "list", "--state", "running", "--json").stdout) == []


def test_a_name_longer_than_is_kept_is_refused_in_words(store: Store, command_line: CommandLine) -> None:
    id = create(command_line, audience(store, [1]))
    result = command_line("campaigns", "pause", str(id), "--by", "x" * 61)
    assert (result.exit_code, "--by" in result.stderr) == (2, True)
