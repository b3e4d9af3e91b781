"""Worlds in which everything goes wrong leave nothing wrong; a seed is always the same world; failing ones shrink."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import delete, select, update

from carrier.network import Alert
from commands.world import BASE_URL, World
from commands.world_fallback import REFUSED, callers_hear_the_fallback
from commands.world_judge import nobody_is_dropped, violations_of_world
from commands.world_living import WorldLived, live_world
from commands.world_people import caller_of
from commands.world_plan import LARGE, SMALL, BadPlan, Size, WorldFault, WorldPlan, read_world_plan
from commands.world_presses import Press
from commands.world_runs import Ground, Judged, shrunk
from ivr.accounts.rows import AccessEntry
from ivr.addresses import Address
from ivr.agents.wrapping import WrapUp
from ivr.billing.rows import Usage, UsageKind
from ivr.callbacks.rows import Callback
from ivr.campaigns.rows import Charge, ChargeState
from ivr.charters.rows import Verdict
from ivr.lines.hours import SEOUL
from ivr.promises import PromiseRow
from ivr.store import Store
from tests.sizes import a_part
from tests.world.ground import ALL, plan_of, put_back, worlds

# What a check has some two minutes of processor for: more than two hundred worlds, most of them as small as can be.
SEEDS = a_part(range(1, 251), every=10)
TINY, IN_A_ROW = Size((2, 4), (1, 1), (1, 2), (1, 1), campaigns=0.1, pace=4.0), 10
TINY_SEEDS = range(1001, 1181)
# Here worlds or their judge were wrong once: a consultation whose order was not heard of; a month that was closed
# meanwhile; an agent who left again after having come back; a caller on the way to an agent when the web went away;
# a call that was to be followed; a withdrawal while the clock was ahead; an agent who passed a caller on and was let
# go late. Or the product: an agent who waited for a caller who never came; one who was to call back, and whose end
# nobody asked for; a caller who was brought to an agent just being told that nobody comes.
SEEDS += [258, 292, 442, 1093, 1432, 1725, 2322, 2612, 3469, 9058]
ON_POSTGRESQL = a_part(range(2001, 2021), every=5)
# Large worlds: one with a campaign from which somebody withdraws; one of the centre, with a campaign.
CAMPAIGN, CENTRE = 6, 21


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    with worlds() as here:
        yield here


@pytest.mark.parametrize("seed", SEEDS)
def test_a_world_in_which_everything_goes_wrong_leaves_nothing_wrong(ground: Ground, seed: int) -> None:
    judged = ground.run(plan_of(seed))
    assert judged.wrong == []
    assert judged.calls


@pytest.mark.parametrize("first", TINY_SEEDS[::IN_A_ROW])
def test_nor_do_worlds_of_one_caller_and_a_few_minutes(ground: Ground, first: int) -> None:
    lived = [ground.run(plan_of(seed, size=TINY)) for seed in range(first, first + IN_A_ROW)]
    assert {one.plan.seed: one.wrong for one in lived if one.wrong} == {}
    assert all(one.calls for one in lived)


def test_the_same_holds_on_postgresql(postgresql_server: str) -> None:
    with worlds(database=postgresql_server) as here:
        lived = [here.run(plan_of(seed, size=SMALL)) for seed in ON_POSTGRESQL]
    assert {one.plan.seed: one.wrong for one in lived if one.wrong} == {}
    assert all(one.calls for one in lived)


def test_the_same_seed_and_faults_are_the_same_world(ground: Ground) -> None:
    plan = replace(plan_of(CAMPAIGN, size=LARGE), minutes=6, callers=(0, 1), people=(0,))
    first, again = ground.run(plan), ground.run(plan)
    assert (first.digest, first.wrong) == (again.digest, [])
    assert any(first.struck.values())


def test_most_worlds_are_small_and_a_size_leaves_line_and_day_as_they_are() -> None:
    plans = [plan_of(seed) for seed in range(1, 201)]
    small = [plan for plan in plans if plan.pace == SMALL.pace]
    assert all(len(plan.callers) <= SMALL.callers[1] and plan.minutes <= SMALL.minutes[1] for plan in small)
    assert len(plans) * 0.85 < len(small) < len(plans)
    for plan in plans[:20]:
        large = plan_of(plan.seed, size=LARGE)
        assert (large.line, large.begins, large.faults) == (plan.line, plan.begins, plan.faults)


def test_who_rings_in_the_long_rest_and_wishes_to_be_called_back_is_called_back(ground: Ground) -> None:
    # A Saturday: the callback is for Monday morning.
    plan = WorldPlan(130, "kotra", datetime(2026, 9, 12, 17, 30, tzinfo=SEOUL), 5, (), (0,), (), ())
    rung: list[str] = []

    def ring_later(world: World) -> Sequence[str]:
        if not rung:
            caller = caller_of(plan, 0, line=world.lines.by_id(plan.line), calendar=world.board.calendar)
            handset = world.carrier.network.handset(caller.number)
            handset.plan = caller.at_home

            def dial() -> None:
                handset.dial(caller.dials, plan=caller.person)

            world.carrier.network.after(1500, dial)
            rung.append(caller.number)
        return []

    with ground.store() as store:
        lived = live_world(plan, store, look=ring_later)
        assert violations_of_world(lived) == []
        with store.reading() as session:
            closed_at = session.scalars(select(Callback.closed_at)).one()
    assert closed_at is not None
    assert closed_at.astimezone(SEOUL).date() == date(2026, 9, 14)


def test_a_plan_comes_back_from_its_json_as_it_was() -> None:
    plan = plan_of(CAMPAIGN, size=LARGE)
    assert read_world_plan(json.loads(json.dumps(plan.as_json()))) == plan


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        ({"callers": 3}, "callers is a list"),
        ({"faults": ["rain"]}, "rain"),
        ({"agents": []}, "an agent at least"),
        ({"begins": "2026-11-23T10:00:00"}, "its zone"),
        ({"pace": 0}, "a pace above 0"),
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
        yield here, live_world(plan_of(CENTRE, (), size=LARGE), store, look=lambda _: [])


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


def test_a_leg_of_ours_that_is_dropped_without_a_word_while_the_web_is_away_is_found(
    lived: tuple[Ground, WorldLived],
) -> None:
    _, one = lived
    network = one.world.carrier.network
    leg = next(leg for leg in network.calls.values() if leg.route.direction == "outbound-api" and "ended" in leg.times)
    before, leg.ended_by = leg.ended_by, "document"
    alert = Alert(leg.times["ended"], "error", 11205, REFUSED, leg.sid, BASE_URL + Address.AGENT.value)
    network.alerts.append(alert)
    try:
        assert any("without a word" in wrong for wrong in callers_hear_the_fallback(one.world, {leg.sid}))
        assert callers_hear_the_fallback(one.world, set()) == []
    finally:
        network.alerts.remove(alert)
        leg.ended_by = before


@pytest.mark.parametrize(("address", "is_wrong"), [(Address.STATUS, False), (Address.MENU, True)])
def test_a_leg_is_dropped_for_a_document_that_did_not_come_and_never_for_an_event(
    lived: tuple[Ground, WorldLived], address: Address, is_wrong: bool
) -> None:
    network = lived[1].world.carrier.network
    leg = next(leg for leg in network.calls.values() if leg.route.direction == "inbound")
    before, leg.ended_by = leg.ended_by, "document"
    url = f"{BASE_URL}{address.value}"
    network.alerts.append(Alert(leg.times["ended"], "error", 11205, "connection refused", leg.sid, url))
    try:
        assert bool(nobody_is_dropped(lived[1].world)) is is_wrong
    finally:
        network.alerts.pop()
        leg.ended_by = before


def test_a_button_that_is_pressed_again_too_late_is_not_pressed(lived: tuple[Ground, WorldLived]) -> None:
    _, one = lived
    before = one.console.pressed
    one.console.press(Press("as-1", "/desk/leave", {"reason": "lunch"}, until=one.plan.minutes * 60.0))
    assert one.console.pressed == before


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
