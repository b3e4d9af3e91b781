"""Verdicts of real calls, through the worker: one run for each institution, thrown away and judged again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select

from commands.world import World
from config.files import CHARTERS, read_folder
from ivr.calls.facts import Told, tell
from ivr.calls.rows import Call, Fact
from ivr.charters.model import Charters
from ivr.charters.reading import load_charters
from ivr.charters.rows import Verdict
from ivr.charters.verdicts import Rules, Tally, judge_calls
from ivr.identifiers import call_id
from ivr.promises import Promise
from tests.people import caller_phone, customer, never_picks_up, picks_up
from tests.phone.conftest import Stage
from tests.phone.scene import Scene
from workers.verdicts import installed_rules

Row = tuple[object, ...]

EXPECTED = {
    "kibo": {"K3": "met", "K4": "met", "K5": "met"},
    "dcgf": {"D4": "met", "D5": "met", "D7": "indeterminate", "D8": "met"},
    "kotra": {"T7": "met", "T8": "met", "T9": "met"},
    "ksure": {},
    "ascentre": {"A1": "met", "A3": "met"},
}


@contextmanager
def world_of(engine: Engine, line: str) -> Iterator[Scene]:
    world = World(engine)
    yield Scene(world, world.lines.by_id(line))


def rows(scene: Scene) -> list[Row]:
    columns = Verdict.__table__.columns
    with scene.world.store.reading() as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(Verdict.standard_id, Verdict.subject))]


def judge_all(scene: Scene, *, rules: Rules | None = None, version: int | None = None) -> Tally:
    with scene.world.store.transaction() as session:
        calls = list(session.scalars(select(Call.id)))
        return judge_calls(session, calls, line=scene.line, rules=rules or installed_rules(), version=version)


def findings(scene: Scene, call: str) -> dict[str, str]:
    with scene.world.store.reading() as session:
        stored = session.scalars(select(Verdict).where(Verdict.call_id == call))
        return {verdict.key: verdict.verdict.value for verdict in stored}


def a_day_of_endings(scene: Scene) -> None:
    """Answered, late, missed by the first agent, given up while it rang, hung up by the agent, left in the menu."""
    scene.staff(picks_up(2.4), picks_up(8.2))
    for number, plan in enumerate(
        [customer("1", talk=8), customer("1", talk=8), customer("1", talk=None, hang_up_after=16), customer(talk=5)], 1
    ):
        scene.call(plan, number=caller_phone(number))


@pytest.mark.parametrize("line", EXPECTED)
def test_a_call_that_was_answered_well_has_its_verdicts_when_everybody_has_hung_up(stage: Stage, line: str) -> None:
    scene = stage(line)
    scene.staff(picks_up(2.4))
    record = scene.call(customer("1", talk=8))
    assert {found["promise"]: found["verdict"] for found in record["verdicts"]} == EXPECTED[line]
    assert all(found["reason"].endswith("니다.") for found in record["verdicts"])


@pytest.mark.parametrize("line", ["kibo", "dcgf", "kotra"])
def test_verdicts_thrown_away_and_judged_again_are_the_same_rows(engine: Engine, line: str) -> None:
    with world_of(engine, line) as scene:
        a_day_of_endings(scene)
        before = rows(scene)
        assert len(before) > 8
        assert judge_all(scene).changed == 0
        with scene.world.store.transaction() as session:
            session.execute(delete(Verdict))
        assert judge_all(scene).changed == len(before)
        assert rows(scene) == before


def test_a_first_agent_who_lets_it_ring_misses_and_the_second_keeps_the_promise(stage: Stage) -> None:
    scene = stage("kibo")
    scene.staff(never_picks_up(), picks_up(2.4))
    record = scene.call(customer("1", talk=8))
    assert [found["verdict"] for found in record["verdicts"] if found["promise"] == "K4"] == ["missed", "met"]


def test_an_agent_who_hangs_up_first_breaks_the_promise_of_the_foundation(stage: Stage) -> None:
    scene = stage("dcgf")
    scene.staff(picks_up(2.4, talk_seconds=6))
    record = scene.call(customer("1", talk=None, hang_up_after=60))
    assert {found["promise"]: found["verdict"] for found in record["verdicts"]}["D8"] == "missed"


def test_a_call_of_the_same_number_tells_that_the_one_before_was_not_settled(stage: Stage) -> None:
    scene = stage("kotra")
    scene.staff(picks_up(2.4))
    first = scene.dial(customer("1", talk=8))
    scene.world.run_until_quiet()
    assert findings(scene, call_id(first.sid))["T9"] == "met"
    second = scene.dial(customer("1", talk=8))
    scene.world.run_until_quiet()
    assert findings(scene, call_id(first.sid))["T9"] == "missed"
    assert findings(scene, call_id(second.sid))["T9"] == "met"


def test_a_fact_told_late_has_its_own_call_judged_again_and_no_other(engine: Engine) -> None:
    with world_of(engine, "kibo") as scene:
        scene.staff(picks_up(2.4))
        calls = []
        for number in (1, 2):
            calls.append(call_id(scene.dial(customer("1", talk=8), number=caller_phone(number)).sid))
            scene.world.run_until_quiet()
        places = [("kibo/K4/1", f"{call}-1") for call in calls]
        at = scene.world.now()
        with scene.world.store.transaction() as session:
            for place in places:
                session.get_one(Verdict, place).measured = 1
            late = Told(calls[0], "c-1:canceled", "leg-ended", f"{calls[0]}-9", at)
            tell(session.connection(), late, promises=[Promise("follow", "follow:late", at, {"call": calls[0]})])
        scene.world.worker.ring()
        scene.world.run_for(1)
        with scene.world.store.reading() as session:
            measured = [session.get_one(Verdict, place).measured for place in places]
        assert measured[0] == pytest.approx(2400, abs=250)
        assert measured[1] == 1


def test_while_events_are_missing_the_call_is_looked_at_again(stage: Stage) -> None:
    scene = stage("kibo")
    scene.staff(picks_up(2.4))
    call = scene.dial(customer("1", talk=8))
    scene.world.run_until_quiet()
    at, offer = scene.world.now(), f"{call_id(call.sid)}-1"
    with scene.world.store.transaction() as session:
        lost = session.get_one(Fact, (call_id(call.sid), f"{offer}:ringing"))
        held_up = Told(lost.subject, lost.key, lost.kind, lost.leg, lost.received_at, said_at=lost.said_at)
        session.delete(lost)
        again = Promise("judge", "judge:again", at, {"call": call_id(call.sid)})
        tell(session.connection(), replace(held_up, key="other", kind="other"), promises=[again])
    scene.world.worker.ring()
    scene.world.run_for(1)
    assert findings(scene, call_id(call.sid))["K4"] == "indeterminate"
    with scene.world.store.transaction() as session:
        tell(session.connection(), held_up)
    scene.world.run_for(61)
    assert findings(scene, call_id(call.sid))["K4"] == "met"
    assert [promise.done_at is not None for promise in scene.promises("judge")].count(False) == 0


def two_versions(second_from: date) -> Charters:
    """KIBO's charter, and a second version from a day on in which K4 asks for two rings."""
    document: dict[str, Any] = dict(read_folder(CHARTERS)["kibo.toml"])  # any table of the file
    standards = [dict(table) for table in document["standards"]]
    (ring,) = (table for table in standards if table["promise"] == "K4")
    stricter = {**ring, "measure": {"name": "ring_to_answer", "rings": 2}, "from_version": 2}
    ring["to_version"] = 1
    (first,) = (dict(table) for table in document["versions"])
    first["effective_to"] = date.fromordinal(second_from.toordinal() - 1)
    versions = [first, {"version": 2, "effective_from": second_from}]
    return load_charters({"kibo.toml": {**document, "versions": versions, "standards": [*standards, stricter]}})


@pytest.fixture
def late_at_kibo(stage: Stage) -> Scene:
    """A call at KIBO that was picked up after 5 s: within three rings, but not within two."""
    scene = stage("kibo")
    scene.staff(picks_up(5.0))
    scene.call(customer("1", talk=8))
    return scene


def test_a_changed_charter_leaves_older_calls_under_the_version_of_their_day(late_at_kibo: Scene) -> None:
    before = rows(late_at_kibo)
    rules = replace(installed_rules(), charters=two_versions(date(2027, 1, 1)))
    assert judge_all(late_at_kibo, rules=rules).changed == 0
    assert rows(late_at_kibo) == before


def test_another_version_adds_its_own_wording_beside_what_was_judged(late_at_kibo: Scene) -> None:
    before = rows(late_at_kibo)
    rules = replace(installed_rules(), charters=two_versions(date(2027, 1, 1)))
    assert judge_all(late_at_kibo, rules=rules, version=2).changed == 1
    (added,) = set(map(repr, rows(late_at_kibo))) - set(map(repr, before))
    assert "kibo/K4/2" in added
    assert "missed" in added
    assert judge_all(late_at_kibo, rules=rules, version=2).changed == 0
    assert judge_all(late_at_kibo, rules=rules).changed == 0


def test_a_version_that_holds_on_the_day_judges_by_its_own_wording(late_at_kibo: Scene) -> None:
    rules = replace(installed_rules(), charters=two_versions(date(2026, 11, 1)))
    judge_all(late_at_kibo, rules=rules)
    with late_at_kibo.world.store.reading() as session:
        found = {(v.standard_id, v.version): v.verdict.value for v in session.scalars(select(Verdict))}
    assert found["kibo/K4/2", 2] == "missed"
    assert found["kibo/K5/1", 2] == "met"


def test_a_day_before_the_first_version_has_no_verdicts(late_at_kibo: Scene) -> None:
    charters = load_charters(
        {
            "kibo.toml": {
                **read_folder(CHARTERS)["kibo.toml"],
                "versions": [{"version": 1, "effective_from": date(2027, 1, 1)}],
            }
        }
    )
    with late_at_kibo.world.store.transaction() as session:
        session.execute(delete(Verdict))
    assert judge_all(late_at_kibo, rules=replace(installed_rules(), charters=charters)) == Tally(calls=1)
    assert rows(late_at_kibo) == []
