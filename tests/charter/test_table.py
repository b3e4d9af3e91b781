"""Every case of the hand-made table through the whole product: verdicts, readings, outcomes as a person wrote them.

The cases are in `cases/*.toml`. All of them for one institution: `python -m tests.charter.thousand`.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from carrier.options import Faults
from config.files import CHARTERS, read_folder
from ivr.calls.offers import OfferOutcome
from ivr.calls.record import Outcome
from ivr.charters.judges.judgement import Finding
from ivr.charters.reading import load_charters
from tests.charter.comparing import compare, judged_again, told_otherwise
from tests.charter.living import Stage, stage
from tests.charter.script import read_deed, read_fate, read_span
from tests.charter.shared import AGAIN, SHUFFLED, chosen, findings
from tests.charter.table import AgentPlan, CallPlan, Case, Question, cases, expected, lines
from tests.sizes import a_part, is_full

# A whole world is lived through for the first test that asks for it.
A_WORLD = pytest.mark.timeout(600)
PLAYED = [pytest.param(line, case.id, id=f"{line}-{case.id}") for line, some in chosen().items() for case in some]
# What a world of its own plays in addition: every so many cases of an institution.
A_PART = 7 if is_full() else 21
# The statements are the same for every institution: the second database has one of them, and another in a full run.
ON_POSTGRESQL = a_part(["kotra", "dcgf"], every=2)


@A_WORLD
@pytest.mark.parametrize(("line", "case"), PLAYED)
def test_a_call_is_found_as_the_table_says(line: str, case: str, run_folder: Path) -> None:
    assert findings(line, run_folder)[case] == []


@A_WORLD
@pytest.mark.parametrize("line", lines())
def test_all_verdicts_thrown_away_and_judged_again_are_the_same_rows(line: str, run_folder: Path) -> None:
    assert findings(line, run_folder)[AGAIN] == []


@A_WORLD
@pytest.mark.parametrize("line", lines())
def test_facts_in_another_order_and_told_twice_give_the_same_rows(line: str, run_folder: Path) -> None:
    assert findings(line, run_folder)[SHUFFLED] == []


def some_of(line: str) -> list[Case]:
    """Some cases of an institution, of every kind, in which nothing happens on the wire."""
    calm = [case for case in cases() if not (case.wire or case.again) and line in (case.lines or lines())]
    return calm[::A_PART]


def lived_wrongly(scene: Stage, some: list[Case]) -> list[str]:
    return [wrong for one in scene.live(some) for wrong in compare(scene.world, scene.page, one).differences]


@A_WORLD
@pytest.mark.parametrize("line", ON_POSTGRESQL)
def test_the_same_is_found_on_postgresql(postgresql_engine: Engine, line: str) -> None:
    scene = stage(postgresql_engine, line, lines()[line], seed=2)
    assert lived_wrongly(scene, some_of(line)) == []
    assert judged_again(scene.world, scene.line) == []
    assert told_otherwise(scene.world, scene.line, random.Random(2)) == []


@A_WORLD
def test_the_same_is_found_where_the_carrier_tells_everything_twice(sqlite_engine: Engine) -> None:
    scene = stage(sqlite_engine, "dcgf", lines()["dcgf"], seed=3)
    scene.world.carrier.network.faults = Faults(
        callback_duplicate=1.0, webhook_duplicate_same_token=1.0, webhook_duplicate_new_token=1.0
    )
    assert lived_wrongly(scene, some_of("dcgf")) == []


def test_what_is_not_as_the_table_says_is_found(sqlite_engine: Engine) -> None:
    late = Case(id="late", says="8초에 받고, 지켰다고 적어 둔다.", agents=(AgentPlan(picks_up=8.0),), rings=("met",))
    scene = stage(sqlite_engine, "kibo", lines()["kibo"], seed=4)
    assert lived_wrongly(scene, [late]) == ["late: K4 of offer 1 is missed, the table says met"]


# -- the table itself ----------------------------------------------------------------------------------------


def plans() -> Iterator[CallPlan]:
    return (plan for case in cases() for plan in case.calls)


def words(*texts: str | None) -> set[str]:
    return {word for text in texts if text for word in text.split(" or ")}


def test_there_are_cases_enough_and_each_says_in_words_what_happens() -> None:
    assert len(cases()) >= 120
    assert [case.id for case in cases() if not case.says.endswith(".")] == []


def test_every_sentence_of_the_table_can_be_read() -> None:
    for plan in plans():
        assert all(read_deed(sentence).after >= 0 for sentence in plan.then)
        assert all(read_fate(sentence).event for sentence in plan.wire)
    assert read_span("6 days 23 hours").total_seconds() == (6 * 24 + 23) * 3600


def test_every_ending_of_a_call_and_of_an_offer_is_in_the_table() -> None:
    found = [expected(plan) for plan in plans()]
    assert words(*(one.outcome for one in found)) - {"unknown"} == {outcome.value for outcome in Outcome}
    assert words(*(outcome for one in found for outcome in one.offers or ())) == {one.value for one in OfferOutcome}


@pytest.mark.parametrize(
    ("question", "impossible"),
    [
        ("ring", set()),
        ("last", set()),
        ("identity", set()),
        ("first", set()),
        # The router gives nobody a call for whom the agent is not there, and a choice is always recorded.
        ("skilled", {Finding.MISSED, Finding.INDETERMINATE, Finding.EXEMPT}),
        # Only a person who listened can say that closing words were missing.
        ("closing", {Finding.MISSED}),
        # A caller who is passed on is always told all parts.
        ("told", {Finding.MISSED, Finding.INDETERMINATE}),
        ("arrived", {Finding.INDETERMINATE}),
    ],
)
def test_every_finding_of_a_question_is_in_the_table(question: Question, impossible: set[Finding]) -> None:
    said: set[str] = set()
    for one in map(expected, plans()):
        each = {"ring": one.rings, "told": one.told, "arrived": one.arrived}.get(question)
        said |= words(*(each or ()), one.verdicts.get(question))
    assert said == {finding.value for finding in Finding} - {finding.value for finding in impossible}


def test_the_promises_of_the_table_are_those_of_the_charters_about_calls() -> None:
    charters = load_charters(read_folder(CHARTERS))
    for line, page in lines().items():
        promised = {
            standard.promise
            for standard in charters.of(line).standards(1)
            if standard.scope in {"call", "offer", "transfer"} and "outbound" not in standard.applies.directions
        }
        assert set(page.promises) == promised, line
