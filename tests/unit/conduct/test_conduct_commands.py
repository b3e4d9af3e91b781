"""Ticks, warnings, endings and incidents as an agent's desk or an operator uses them by command, refusals in words."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result
from sqlalchemy import Engine

from commands.calls import calls
from commands.conduct import incidents
from ivr.calls.facts import facts_of, tell
from ivr.calls.rows import Call, OfferState
from ivr.conduct.incidents import keep_incident
from ivr.store import Store
from tests.http.board import MORNING
from tests.people import agent_of
from tests.unit.charters.tales import CALL, Tale, line_of, talk
from tests.unit.conduct.endings import OFFER, ended_for_abuse, warned

Run = Callable[..., Result]


def kept(store: Store, tale: Tale) -> None:
    """Put a call and its facts into the database."""
    line = tale.line
    with store.transaction() as session:
        session.add(agent_of(line, MORNING, number=1))
        row = {"carrier_sid": "CA-caller", "dialled": line.numbers[0], "receipt_number": "r1"}
        session.add(Call(id=CALL, line=line.id, arrived_at=MORNING, **row))
        session.flush()
        for offer in tale.offers:
            offer.agent_id = f"{line.id}-1"
            session.add(offer)
        session.flush()
        for fact in tale.facts:
            tell(session.connection(), fact)


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


@pytest.fixture
def run(command_line: Run, installed: None) -> Run:
    """Commands over the database of the test, whose data are those of the installation."""
    return lambda group, *words: command_line(group.name, *words)


def going_on(*, warnings: int = 0) -> Tale:
    tale = talk(line_of("dcgf"), until_talk=True)
    for turn in range(1, warnings + 1):
        warned(tale.tell("warning-asked", OFFER, 19 + turn, turn=turn), turn, 20 + turn)
    tale.offers[0].state, tale.offers[0].outcome, tale.offers[0].closed_at = OfferState.ACCEPTED, None, None
    return tale


def test_an_agent_ticks_and_takes_back(run: Run, store: Store) -> None:
    kept(store, going_on())
    said = run(calls, "tick", CALL, "--said", "greeting, thanks", "--unsay", "greeting")
    assert (said.exit_code, said.stdout) == (0, "ticked\n")
    both = run(calls, "tick", CALL, "--said", "resolved,unresolved")
    assert (both.exit_code, f"call {CALL}: " in both.stderr, "tick one" in both.stderr) == (1, True, True)
    strange = run(calls, "tick", CALL, "--said", "smile")
    assert strange.exit_code == 1
    assert "smile" in strange.stderr
    assert "further_questions" in strange.stderr
    assert run(calls, "tick", CALL).exit_code == 2
    other = run(calls, "tick", CALL, "--said", "thanks", "--offer", "c1-9")
    assert (other.exit_code, "c1-9" in other.stderr or "never talked" in other.stderr) == (1, True)


def test_a_call_that_is_not_there_is_said_so(run: Run, store: Store) -> None:
    for words in (("tick", "c9", "--said", "thanks"), ("warn", "c9"), ("end", "c9", "--because", "abuse")):
        refused = run(calls, *words)
        assert refused.exit_code == 1
        assert "there is no call c9" in refused.stderr


def test_warnings_come_one_at_a_time_and_an_ending_after_them(run: Run, store: Store) -> None:
    kept(store, going_on(warnings=2))
    early = run(calls, "end", CALL, "--because", "abuse")
    assert (early.exit_code, "2 of 3 warnings" in early.stderr) == (1, True)
    third = run(calls, "warn", CALL)
    assert (third.exit_code, third.stdout) == (0, "warning 3 is being played\n")
    again = run(calls, "warn", CALL)
    assert (again.exit_code, "is being played" in again.stderr) == (1, True)
    assert run(calls, "end", CALL, "--because", "boredom").exit_code == 2


def test_after_three_warnings_the_call_may_be_ended_once(run: Run, store: Store) -> None:
    kept(store, going_on(warnings=3))
    enough = run(calls, "warn", CALL)
    assert (enough.exit_code, "--because abuse" in enough.stderr) == (1, True)
    assert run(calls, "end", CALL, "--because", "abuse").exit_code == 0
    twice = run(calls, "end", CALL, "--because", "abuse")
    assert (twice.exit_code, "ended already" in twice.stderr) == (1, True)
    assert f"call {CALL}: " in twice.stderr


def test_a_reviewer_names_what_was_missing(run: Run, store: Store) -> None:
    kept(store, going_on())
    assert run(calls, "review", CALL, "--missing", "thanks").exit_code == 2
    nobody = run(calls, "review", CALL, "--missing", "thanks", "--by", " ")
    assert (nobody.exit_code, "--by" in nobody.stderr) == (1, True)
    with store.reading() as session:
        assert [fact.kind for fact in facts_of(session, CALL) if fact.kind == "closing-reviewed"] == []
    assert run(calls, "review", CALL, "--missing", "thanks", "--by", "이서연").stdout == "kept\n"
    assert run(calls, "review", CALL, "--said", "greeting", "--by", "이서연").exit_code == 1


def test_an_incident_is_listed_shown_and_objected_to(run: Run, store: Store) -> None:
    assert json.loads(run(incidents, "list", "--json").stdout) == []
    kept(store, ended_for_abuse(warnings=3))
    with store.transaction() as session:
        keep_incident(session, OFFER)
        keep_incident(session, OFFER)
    (entry,) = json.loads(run(incidents, "list", "--line", "dcgf", "--json").stdout)
    assert (entry["incident"], entry["warnings"], entry["lawful"], entry["keep_recording"]) == (OFFER, 3, True, True)
    assert "ended by us" in run(incidents, "list").stdout
    assert run(incidents, "appeal", OFFER, "--text", " ").exit_code == 2
    assert run(incidents, "appeal", OFFER, "--text", "폭언을 하지 않았습니다.").exit_code == 0
    second = run(incidents, "appeal", OFFER, "--text", "다시 말씀드립니다.")
    assert (second.exit_code, f"incidents show {OFFER}" in second.stderr) == (1, True)
    shown = json.loads(run(incidents, "show", OFFER, "--json").stdout)
    assert (shown["appeal"], shown["appeal_by"]) == ("폭언을 하지 않았습니다.", "caller")
    assert "폭언을 하지 않았습니다." in run(incidents, "show", OFFER).stdout
    gone = run(incidents, "show", "c9-1")
    assert (gone.exit_code, "there is no incident c9-1" in gone.stderr) == (1, True)
