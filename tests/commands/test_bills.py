"""`charterline statement` and `charterline bills`, as they are typed; a call by telephone that ends up on a bill."""

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Engine, select

from commands.world import World
from ivr.billing.closing import months_to_close
from ivr.billing.rows import Statement, Usage
from ivr.lines.hours import SEOUL
from ivr.promises import PromiseRow
from ivr.reports.quarters import Month
from ivr.store import Store
from tests.people import caller_phone, customer, picks_up
from tests.phone.scene import Scene
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.billing.stage import HANBIT, OCTOBER, Stage
from tests.workers.kept import Works

pytestmark = [pytest.mark.usefixtures("installed"), ON_SQLITE]
Type = Callable[..., Result]
DAY = date(2026, 10, 14)
ASKED = ("statement", "--firm", HANBIT, "--month", OCTOBER)


@pytest.fixture
def stage(engine: Engine) -> Stage:
    stage = Stage(Store(engine))
    stage.contract(HANBIT)
    stage.calls(3, DAY)
    return stage


def test_a_month_is_shown_closed_corrected_and_shown_again(command_line: Type, stage: Stage) -> None:
    shown = json.loads(command_line(*ASKED, "--json").output)
    assert (shown["statement"], shown["owed"], shown["support"]) == (None, 162_500, 262_740)
    assert [line["kind"] for line in shown["lines"]] == ["service", "base", "minutes"]
    assert "3 handled calls are 1 bands" in shown["lines"][0]["reckoned"][0]
    closed = command_line("bills", "close", "--month", OCTOBER, "--by", "kim")
    assert "ascentre-hanbit-2026-10" in closed.output
    assert "0 statements made, 1 stood" in command_line("bills", "close", "--month", OCTOBER).output
    corrected = ("bills", "correct", "ascentre-hanbit-2026-10", "1", "--why", "잘못 셈")
    assert command_line(*corrected, "--owed=-500").exit_code == 0
    refused = command_line(*corrected, "--owed=-112001")
    assert (refused.exit_code, "no more than that" in refused.output) == (1, True)
    again = json.loads(command_line(*ASKED, "--json").output)
    assert (again["statement"], again["owed"]) == ("ascentre-hanbit-2026-10", 162_500)
    assert [one["owed"] for one in again["corrections"]] == [-500]
    twice = command_line(*corrected, "--owed=-500")
    assert (twice.exit_code, "--again" in twice.output) == (1, True)
    assert command_line(*corrected, "--owed=-500", "--again").exit_code == 0
    again = json.loads(command_line(*ASKED, "--json").output)
    assert [one["owed"] for one in again["corrections"]] == [-500, -500]
    assert "ascentre-hanbit-2026-10, closed" in command_line(*ASKED).output
    listed = json.loads(command_line("bills", "list", "--month", OCTOBER, "--json").output)
    assert {one["firm"]: one["owed"] for one in listed if one["owed"]} == {HANBIT: 162_500}
    rows = command_line("bills", "rows", "--firm", HANBIT, "--month", OCTOBER, "--number", "1", "--json")
    assert len(json.loads(rows.output)) == 3


def test_a_statement_is_written_as_a_file_with_the_same_bytes_again(
    command_line: Type, stage: Stage, tmp_path: Path
) -> None:
    for form in ("html", "pdf", "xlsx", "csv"):
        paths = [tmp_path / f"{number}.{form}" for number in range(2)]
        for path in paths:
            result = command_line(*ASKED, "--format", form, "--output", str(path))
            assert result.exit_code == 0, result.output
        first, second = (path.read_bytes() for path in paths)
        assert first == second
        assert first


def test_prices_and_counting_again(command_line: Type, stage: Stage) -> None:
    published = command_line("bills", "publish", "--since", "2027-01-01", "--why", "인상", "--answer", "1700")
    assert "version 1 holds from 2027-01-01" in published.output
    prices = json.loads(command_line("bills", "prices", "--json").output)
    assert [(one["version"], one["prices"]["answer"]) for one in prices] == [(0, 1500), (1, 1700)]
    gap = ("bills", "publish", "--since", "2027-02-01", "--until", "2027-02-28", "--why", "행사")
    assert "every day needs prices" in command_line(*gap).output
    assert "0 differences" in command_line("bills", "recount", "--month", OCTOBER).output
    stage.called("missed", DAY)
    assert len(json.loads(command_line("bills", "recount", "--month", OCTOBER, "--dry-run", "--json").output)) == 2
    assert "2 differences noted" in command_line("bills", "recount", "--month", OCTOBER).output
    assert "0 differences" in command_line("bills", "recount", "--month", OCTOBER).output


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("statement", "--firm", "nobody", "--month", OCTOBER), 1, "firms list"),
        (("statement", "--firm", HANBIT, "--month", "October"), 1, "like 2026-10"),
        ((*ASKED, "--line", "kibo"), 1, "kibo"),
        ((*ASKED, "--format", "pdf", "--output", "-"), 2, "name a file"),
        ((*ASKED, "--format", "pdf"), 2, "go together"),
        (("bills", "close", "--month", "2099-01"), 1, "is not over"),
        (("bills", "correct", "nothing", "1", "--owed", "5", "--why", "잘못"), 1, "no statement nothing"),
    ],
)
def test_refusals_say_what_to_do(
    command_line: Type, stage: Stage, words: tuple[str, ...], status: int, message: str
) -> None:
    result = command_line(*words)
    assert (result.exit_code, message in result.output) == (status, True), result.output


def test_a_call_by_telephone_is_usage_once_and_stands_on_the_bill_of_its_month(engine: Engine) -> None:
    stage = Stage(Store(engine))
    stage.contract(HANBIT)
    world = World(engine, start=datetime(2026, 11, 24, 10, tzinfo=SEOUL))
    scene = Scene(world, world.lines.by_id("ascentre"))
    scene.staff(picks_up(2.4))
    scene.network.handset(caller_phone(1)).dial("+827010000043", plan=customer("1", talk=70))
    world.run_until_quiet()
    bill = stage.bill("2026-11", at=world.now())
    assert [(line.kind.value, line.amount.quantity) for line in bill.lines][:3] == [
        ("service", 1),
        ("base", 30),
        ("minutes", 2),
    ]
    with stage.reading() as session:
        rows = session.scalars(select(Usage).where(Usage.firm == HANBIT)).all()
        assert len({row.key for row in rows}) == len(rows)
        promise = session.scalars(select(PromiseRow).where(PromiseRow.kind == "close-month")).one()
        assert (promise.args, promise.due_at) == (
            {"line": "ascentre", "month": "2026-11"},
            datetime(2026, 12, 1, 4, tzinfo=SEOUL),
        )
        assert months_to_close(session, "ascentre", Month(2026, 12)) == [Month(2026, 11), Month(2026, 12)]


def test_the_promise_closes_the_month_and_the_one_after_is_promised(stage: Stage, engine: Engine) -> None:
    works = Works.over(engine)
    works.clock.at = datetime(2026, 11, 1, 4, tzinfo=SEOUL)
    works.promise("close-month", line="ascentre", month=OCTOBER)
    works.work()
    with stage.reading() as session:
        (made,) = session.scalars(select(Statement))
        assert (made.id, made.made_by) == ("ascentre-hanbit-2026-10", "charterline")
        promised = session.scalars(select(PromiseRow).where(PromiseRow.done_at.is_(None))).all()
        assert [row.args["month"] for row in promised if row.kind == "close-month"] == ["2026-11"]
