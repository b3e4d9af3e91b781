"""Worlds in which everything goes wrong leave nothing wrong; a seed is always the same world; failing ones shrink."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import delete, select, update

from commands.world_fallback import callers_hear_the_fallback
from commands.world_judge import violations_of_world
from commands.world_living import WorldLived, live_world
from commands.world_plan import BadPlan, WorldFault, WorldPlan, read_world_plan
from commands.world_runs import Ground, Judged, shrunk
from ivr.accounts.rows import AccessEntry
from ivr.agents.wrapping import WrapUp
from ivr.billing.rows import Usage, UsageKind
from ivr.campaigns.rows import Charge, ChargeState
from ivr.charters.rows import Verdict
from ivr.promises import PromiseRow
from ivr.store import Store
from tests.sizes import a_part, is_full
from tests.world.ground import ALL, plan_of, put_back, worlds

SEEDS = a_part(range(1, 61), every=5)
# A small world with a campaign from which somebody withdraws; one of the centre, with a campaign.
CAMPAIGN, CENTRE = 6, 21


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    with worlds() as here:
        yield here


@pytest.mark.parametrize("seed", SEEDS)
def test_a_world_in_which_everything_goes_wrong_leaves_nothing_wrong(ground: Ground, seed: int) -> None:
    plan = plan_of(seed)
    # Where there is no time for all of them, each is short and has few people.
    small = replace(plan, minutes=6, callers=plan.callers[:2], people=plan.people[:2])
    judged = ground.run(plan if is_full() else small)
    assert judged.wrong == []
    assert judged.calls


def test_the_same_seed_and_faults_are_the_same_world(ground: Ground) -> None:
    plan = replace(plan_of(CAMPAIGN), minutes=6, callers=(0, 1), people=(0,))
    first, again = ground.run(plan), ground.run(plan)
    assert (first.digest, first.wrong) == (again.digest, [])
    assert any(first.struck.values())


def test_a_plan_comes_back_from_its_json_as_it_was() -> None:
    plan = plan_of(CAMPAIGN)
    assert read_world_plan(json.loads(json.dumps(plan.as_json()))) == plan


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        ({"callers": 3}, "callers is a list"),
        ({"faults": ["rain"]}, "rain"),
        ({"agents": []}, "an agent at least"),
        ({"begins": "2026-11-23T10:00:00"}, "its zone"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused_in_words(spoilt: dict[str, object], told: str) -> None:
    with pytest.raises(BadPlan, match=told):
        read_world_plan({**plan_of(1).as_json(), **spoilt})


def test_a_failing_world_is_made_as_small_as_it_still_fails() -> None:
    def run(plan: WorldPlan) -> Judged:
        fails = 2 in plan.callers and WorldFault.KILLS in plan.faults
        return Judged(plan, ["somebody was lost"] if fails else [], "", 1)

    plan = replace(plan_of(1), callers=(0, 1, 2, 3, 4), agents=(0, 1, 2), people=(0, 1), minutes=40, faults=ALL)
    small = shrunk(run(plan), run).plan
    assert (small.callers, small.agents, small.people, small.minutes) == ((2,), (small.agents[0],), (), 5)
    assert small.faults == (WorldFault.KILLS,)


@pytest.fixture(scope="module")
def lived() -> Iterator[tuple[Ground, WorldLived]]:
    """One world that stays to be looked at."""
    with worlds() as here, here.store() as store:
        yield here, live_world(plan_of(CENTRE, ()), store, look=lambda _: [])


def _broken(store: Store) -> dict[str, object]:
    """One thing wrong in each, and what is said of it."""
    with store.reading() as session:
        entry = session.scalars(select(AccessEntry.id).order_by(AccessEntry.place).limit(1)).one()
    return {
        "the access log is broken": update(AccessEntry).where(AccessEntry.id == entry).values(reason="another reason"),
        "has other verdicts": update(Verdict).values(verdict="exempt"),
        "completed interviews are free or billable": update(Charge).values(state=ChargeState.VOID),
        "is overdue": update(PromiseRow).values(done_at=None),
        "dials have a charge": delete(Charge),
        "is not kept": delete(WrapUp),
        "times on the bill of": delete(Usage).where(Usage.kind == UsageKind.CALL),
        "is -1 off": update(Usage).where(Usage.kind == UsageKind.MINUTE).values(quantity=Usage.quantity + 1),
    }


def test_a_world_at_its_end_has_nothing_wrong_and_each_thing_that_is_wrong_is_found(
    lived: tuple[Ground, WorldLived],
) -> None:
    ground, one = lived
    assert violations_of_world(one) == []
    for told, broken in _broken(one.world.store).items():
        with put_back(ground):
            with one.world.store.transaction() as session:
                session.execute(broken)  # type: ignore[call-overload]  # a statement of any kind
            assert any(told in wrong for wrong in violations_of_world(one)), told
    assert violations_of_world(one) == []


def test_a_caller_who_hears_nothing_while_the_web_is_away_is_found(lived: tuple[Ground, WorldLived]) -> None:
    _, one = lived
    leg = next(leg for leg in one.world.carrier.network.calls.values() if leg.route.direction == "inbound")
    before, leg.ended_by = leg.ended_by, "app"
    try:
        assert callers_hear_the_fallback(one.world, {leg.sid})
        assert callers_hear_the_fallback(one.world, set()) == []
    finally:
        leg.ended_by = before


def test_who_is_rung_after_taking_everything_back_is_found(lived: tuple[Ground, WorldLived]) -> None:
    _, one = lived
    rung = [leg for leg in one.world.carrier.network.calls.values() if leg.route.to.startswith("+821012000")]
    one.withdrawn_at[rung[0].route.to] = one.plan.begins
    try:
        assert any("after taking everything back" in wrong for wrong in violations_of_world(one))
    finally:
        one.withdrawn_at.clear()


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_command_lives_worlds_and_prints_them(command_line: Callable[..., Result], tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(replace(plan_of(3), minutes=5, callers=(0,)).as_json()), encoding="utf-8")
    printed = json.loads(command_line("simulate", "world", "--plan", str(plan), "--json").stdout)
    assert (printed["worlds"], printed["violations"], printed["failed"]) == (1, 0, [])
    refused = command_line("simulate", "world", "--faults", "rain")
    assert refused.exit_code == 2
    assert "callbacks, carrier, kills" in refused.stderr
