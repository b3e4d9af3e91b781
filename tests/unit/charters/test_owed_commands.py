"""Judging what is owed by command, its figures, its report, and whoever was served before an appointment."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import Engine

from ivr.calls.offers import OfferOutcome
from ivr.calls.rows import Call, Offer, OfferState
from ivr.charters.reading_owed import owed_views
from ivr.charters.verdicts import verdicts_of
from ivr.deadlines import WorkingTime
from ivr.store import Store
from tests.charter.owed_table import ID, OwedCase, owed_cases, write
from tests.http.board import words

Run = Callable[..., Result]


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


def kept(store: Store, id: str) -> OwedCase:
    case = next(case for case in owed_cases() if case.id == id)
    with store.transaction() as session:
        write(session, case)
    return case


def printed(result: Result) -> Any:  # whatever the command prints
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_one_callback_is_judged_with_its_attempts(command_line: Run, installed: None, store: Store) -> None:
    kept(store, "callbacks/in-time")
    first = printed(command_line("judge", "--callback", ID, "--json"))
    again = printed(command_line("judge", "--callback", ID, "--json"))
    assert (first["calls"], first["owed"], first["judged"]) == (0, 2, first["changed"])
    assert again == {**first, "changed": 0}
    with store.reading() as session:
        found = {one.key: one.verdict.value for one in verdicts_of(session, ID)}
        assert {one.key for one in verdicts_of(session, f"{ID}-1")} == {"D9", "D9.verified"}
    assert (found["D6"], found["D1"]) == ("met", "met")


def test_a_period_holds_what_came_in_on_its_days(command_line: Run, installed: None, store: Store) -> None:
    kept(store, "cases/question-in-time")
    before = printed(command_line("judge", "--from", "2026-11-20", "--to", "2026-11-22", "--json"))
    on_day = printed(command_line("judge", "--from", "2026-11-23", "--to", "2026-11-23", "--json"))
    everything = printed(command_line("judge", "--all", "--institution", "kibo", "--json"))
    elsewhere = printed(command_line("judge", "--all", "--institution", "dcgf", "--json"))
    assert on_day["owed"] == 1
    assert on_day["changed"] == on_day["judged"] > 0
    assert everything == {**on_day, "changed": 0}
    assert before == elsewhere == {"judged": 0, "changed": 0, "calls": 0, "owed": 0}


def test_wrong_usage_is_told(command_line: Run, installed: None, store: Store) -> None:
    assert command_line("judge", "--case", "nothing").exit_code == 1
    assert "there is no case nothing" in command_line("judge", "--case", "nothing").stderr
    assert command_line("judge", "--case", "c", "--all").exit_code == 2
    assert command_line("judge").exit_code == 2


def test_figures_count_callbacks_by_first_ring_and_by_talk(command_line: Run, installed: None, store: Store) -> None:
    kept(store, "callbacks/first-call-in-time")
    days = ("--from", "2026-11-23", "--to", "2026-11-23", "--line", "dcgf")
    (day,) = printed(command_line("figures", "callbacks", *days, "--json"))
    parts = {"requested": 1, "completed": 1, "first_in_time": 1, "reached_in_time": 0, "withdrawn": 0, "open": 0}
    assert day == {"line": "dcgf", "day": "2026-11-23", **parts}
    assert printed(command_line("figures", "callbacks", *days, "--part", "first_in_time", "--json")) == [ID]
    assert "kept 1 (100.0 %)" in command_line("figures", "callbacks", *days).stdout
    other = ("--from", "2026-11-24", "--to", "2026-11-25")
    assert "no callbacks" in command_line("figures", "callbacks", *other).stdout
    assert command_line("figures", "callbacks", "--from", "2026-11-25", "--to", "2026-11-24").exit_code == 2


def test_a_report_opens_down_to_callbacks(command_line: Run, installed: None, store: Store) -> None:
    case = kept(store, "callbacks/slipped-after-a-notice")
    assert command_line("judge", "--all").exit_code == 0
    quarter = ("--institution", "dcgf", "--quarter", "2026Q4")
    (entry,) = printed(command_line("report", "calls", *quarter, "--promise", "D6", "--verdict", "missed", "--json"))
    assert (entry["call"], entry["subject"], entry["arrived_at"][:10]) == (ID, ID, f"{case.came_at:%Y-%m-%d}")
    assert "상담원이 모두 통화 중" in entry["reason"]
    known = {proof["key"]: proof["words"] for proof in entry["evidence"]}
    assert known[ID] == f"접수 기록 {ID}"
    assert known["leg:ringing"] == "고객의 전화가 울리기 시작함"
    assert known["callback-late:1"] == "늦어지는 사유와 새 시각을 고객께 알림"
    written = command_line("report", "charter", *quarter, "--output", "-")
    assert written.exit_code == 0, written.output
    assert ID in written.stdout


def test_an_appointment_is_overtaken_by_whoever_was_served_first(store: Store) -> None:
    case = kept(store, "callbacks/kibo-booked")
    with store.transaction() as session:
        line = case.own_line
        row = {"carrier_sid": "CA1", "dialled": line.numbers[0], "receipt_number": "r1"}
        session.add(Call(id="c1", line=line.id, arrived_at=case.came_at, **row))
        session.flush()
        session.add(
            Offer(
                id="c1-1",
                call_id="c1",
                ordinal=1,
                agent_id="kibo-1",
                state=OfferState.OVER,
                outcome=OfferOutcome.FINISHED,
                team=next(iter(line.teams)),
                made_at=case.came_at + timedelta(seconds=30),
            )
        )
        session.flush()
        (view,) = owed_views(session, "callback", [ID], time=WorkingTime(line, words()[2]))
        assert getattr(view, "served_before", None) == ("c1-1",)
