"""`charterline judge` as an operator uses it: over all calls, some days, one institution, and wrong usage."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, delete, func, select, update

from commands.judge import judge
from ivr.calls.facts import tell
from ivr.calls.rows import Call
from ivr.charters.rows import Verdict
from ivr.store import Store
from tests.http.board import MORNING
from tests.people import agent_of
from tests.unit.charters.tales import line_of, talk

CALLS = 120
Run = Callable[..., Result]


def add_call(store: Store, number: int) -> None:
    """One answered call of its own day, kept under its own names."""
    line = line_of("kibo" if number % 2 else "dcgf")
    tale, name = talk(line), f"c{number}x"
    with store.transaction() as session:
        at = MORNING + timedelta(days=number % 3)
        row = {"carrier_sid": name, "dialled": line.numbers[0], "receipt_number": name, "ended_at": at}
        session.add(Call(id=name, line=line.id, arrived_at=at, **row))
        session.flush()
        for offer in tale.offers:
            offer.id, offer.call_id, offer.agent_id = f"{name}-1", name, f"{line.id}-1"
            session.add(offer)
        session.flush()
        for fact in tale.facts:
            detail = {key: f"{name}-1" if value == "c1-1" else value for key, value in fact.detail.items()}
            key, leg = (text.replace("c1-1", f"{name}-1") for text in (fact.key, fact.leg))
            tell(session.connection(), replace(fact, subject=name, key=key, leg=leg, detail=detail))


@pytest.fixture
def run(engine: Engine, installed: None) -> Run:
    """The command over a database with 120 calls of three days at two institutions."""
    store = Store(engine)
    with store.transaction() as session:
        session.add_all([agent_of(line_of(line), MORNING, number=1) for line in ("kibo", "dcgf")])
    for number in range(CALLS):
        add_call(store, number)
    return lambda *arguments: CliRunner().invoke(judge, arguments)


def printed(result: Result) -> dict[str, int]:
    assert result.exit_code == 0, result.output
    answer: dict[str, int] = json.loads(result.stdout)
    return answer


def test_all_calls_are_judged_once_and_judging_again_changes_nothing(run: Run, engine: Engine) -> None:
    first = printed(run("--all", "--json"))
    # Three standards are about a call at kibo (K3, K4, K5), four at dcgf (D4, D5, D7, D8).
    assert first == {"judged": 60 * 3 + 60 * 4, "changed": 60 * 3 + 60 * 4, "calls": CALLS, "owed": 0}
    assert printed(run("--all", "--json")) == {**first, "changed": 0}
    with Store(engine).transaction() as session:
        session.execute(update(Verdict).where(Verdict.subject == "c1x").values(reason="-"))
        session.execute(delete(Verdict).where(Verdict.subject == "c2x"))
    assert printed(run("--all", "--json"))["changed"] == 2 + 3


def test_days_are_local_and_both_included(run: Run, engine: Engine) -> None:
    assert printed(run("--from", "2026-11-23", "--to", "2026-11-24", "--json"))["calls"] == 80
    with Store(engine).reading() as session:
        days = session.execute(select(Verdict.day, func.count()).group_by(Verdict.day)).all()
    assert sorted(str(day) for day, _ in days) == ["2026-11-23", "2026-11-24"]


def test_one_institution_alone_by_a_version_of_its_charter(run: Run) -> None:
    told = run("--all", "--institution", "kibo", "--version", "1")
    assert told.stdout.strip() == "60 calls, 180 verdicts, 180 changed"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--all"),
        (["--from", "2026-11-23"], "--to"),
        (["--all", "--from", "2026-11-23"], "--all"),
        (["--from", "2026-11-24", "--to", "2026-11-23"], "lies after"),
        (["--all", "--version", "2"], "--institution"),
    ],
)
def test_wrong_usage_is_told_in_words(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(judge, arguments)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize("arguments", [["--institution", "nobody"], ["--institution", "kibo", "--version", "9"]])
def test_a_charter_or_version_that_there_is_not_is_refused_by_name(run: Run, arguments: list[str]) -> None:
    result = run("--all", *arguments)
    assert result.exit_code == 1
    assert arguments[-1] in result.stderr
