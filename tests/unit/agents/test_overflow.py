"""Teams that help each other out: after so many seconds, in the order of arrival, and nobody is given twice."""

import threading
from collections import Counter
from random import Random

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from ivr.agents.routing import match
from ivr.calls.following import follow
from ivr.calls.rows import Offer
from ivr.deadlines import WorkingTime
from ivr.promises import PromiseRow
from ivr.store import Store, make_engine
from tests.http.board import MORNING, words
from tests.store_fixtures.databases import empty
from tests.unit.agents.people import later, ready, waits

CENTRE = WorkingTime(words()[1].by_id("ascentre"), words()[2])
TEAMS = CENTRE.line.teams
AFTER = TEAMS["living"].overflow_after


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


def caller(store: Store, name: str, seconds: float, team: str = "living", skill: str | None = "repair") -> None:
    waits(store, name, later(MORNING, seconds), team=team, skill=skill, line="ascentre")


def agent(store: Store, name: str, idle: float, *teams: str) -> None:
    skills = [(team, skill) for team in teams for skill in ("", "repair")]
    ready(store, name, later(MORNING, idle), *skills, line="ascentre")


def given(store: Store, seconds: float) -> dict[str, str]:
    with store.transaction() as session:
        made = match(session, CENTRE, later(MORNING, seconds))
        return {offer.call_id: offer.agent_id for offer in made if isinstance(offer, Offer)}


def test_another_team_helps_out_from_the_second_on_that_the_file_says(store: Store) -> None:
    assert TEAMS["living"].overflow == ("appliances",)
    caller(store, "c1", 0)
    agent(store, "a1", 0, "appliances")
    assert given(store, AFTER - 0.001) == {}
    assert given(store, AFTER) == {"c1": "a1"}


def test_help_needs_the_skill_and_its_own_team_goes_first(store: Store) -> None:
    caller(store, "c1", 0, skill="usage")
    caller(store, "c2", 1)
    agent(store, "helper", 0, "appliances")
    agent(store, "own", 50, "living")
    agent(store, "stranger", 0, "digital")
    assert given(store, 100) == {"c2": "own"}


def test_an_earlier_caller_of_the_helping_team_is_not_overtaken(store: Store) -> None:
    caller(store, "living", 1)
    caller(store, "appliances", 0, "appliances")
    caller(store, "latest", 2, "appliances")
    agent(store, "a1", 0, "appliances")
    agent(store, "a2", 1, "appliances")
    assert given(store, 90) == {"appliances": "a1", "living": "a2"}


def test_the_moment_at_which_others_may_help_has_the_router_look(store: Store) -> None:
    caller(store, "c1", 0)
    with store.transaction() as session:
        for seconds in (1, 2):
            follow(session, "c1", line=CENTRE.line, at=later(MORNING, seconds))
    with store.reading() as session:
        found = session.scalars(select(PromiseRow).where(PromiseRow.key.startswith("route:overflow:"))).all()
        assert [(one.kind, one.due_at, one.args) for one in found] == [
            ("route", later(MORNING, AFTER), {"line": "ascentre"})
        ]


def test_two_sessions_that_race_for_the_agents_of_another_team_never_take_one_twice(engine: Engine) -> None:
    store = Store(engine)
    for number in range(6):
        caller(store, f"c{number}", number)
    for number in range(4):
        agent(store, f"a{number}", number, "appliances")
    together = threading.Barrier(3)

    def race() -> None:
        own = make_engine(engine.url.render_as_string(hide_password=False), keyring=store.keyring)
        together.wait(timeout=30)
        try:
            given(Store(own), 300)
        except (StaleDataError, DBAPIError):
            pass
        finally:
            own.dispose()

    racers = [threading.Thread(target=race) for _ in range(3)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    given(store, 300)
    with store.reading() as session:
        offers = session.scalars(select(Offer)).all()
    assert Counter(offer.agent_id for offer in offers) == Counter(f"a{number}" for number in range(4))
    assert {offer.call_id for offer in offers} == {f"c{number}" for number in range(4)}


@pytest.mark.parametrize("seed", range(12))
def test_whoever_waits_and_whoever_is_ready_meet_as_the_rule_says(sqlite_engine: Engine, seed: int) -> None:
    empty(sqlite_engine)
    store, dice = Store(sqlite_engine), Random(seed)
    names = list(TEAMS)
    waiting = {f"c{one}": (dice.uniform(0, 100), dice.choice(names)) for one in range(6)}
    idle = {f"a{one}": (dice.uniform(0, 100), set(dice.sample(names, dice.randint(1, 2)))) for one in range(4)}
    for name, (since, team) in waiting.items():
        caller(store, name, since, team)
    for name, (since, teams) in idle.items():
        agent(store, name, since, *teams)
    for now in sorted(dice.uniform(100, 160) for _ in range(3)):
        expected: dict[str, str] = {}
        for name, (since, team) in sorted(waiting.items(), key=lambda pair: pair[1][0]):
            helpers = set(TEAMS[team].overflow) if now - since >= AFTER else set()
            chosen = _longest(idle, {team}) or _longest(idle, helpers)
            if chosen is not None:
                expected[name] = chosen
                del idle[chosen]
        assert given(store, now) == expected, (seed, now)
        for name in expected:
            del waiting[name]
        name = f"late-{now}"
        idle[name] = (now, {dice.choice(names)})
        agent(store, name, now, *idle[name][1])


def _longest(idle: dict[str, tuple[float, set[str]]], teams: set[str]) -> str | None:
    fitting = [(since, name) for name, (since, of) in idle.items() if of & teams]
    return min(fitting)[1] if fitting else None
