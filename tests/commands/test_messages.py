"""`charterline messages` as an operator uses it: what arrived, what did not, and what is done about it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import Engine, select

from ivr.messages.delivery import advance
from ivr.messages.rows import Message, MessageAttempt
from ivr.messages.states import AttemptOutcome, MessageState
from ivr.messages.writing import Outgoing, write_message
from ivr.numbers import PhoneNumber
from ivr.promises import PromiseRow
from ivr.store import Store
from tests.http.board import CALLER, MORNING, words

Run = Callable[..., Result]
OFFICER = {"department": "보증사업부", "name": "김서연😀", "title": "", "number": "1544-1120"}


@pytest.fixture
def store(engine: Engine, installed: None) -> Store:
    store = Store(engine)
    texts, lines, _ = words()
    with store.transaction() as session:
        for id, line in (("m1", "kibo"), ("m2", "kibo"), ("m3", "ksure")):
            number = PhoneNumber.parse(CALLER)
            outgoing = Outgoing(id, lines.by_id(line), number, "transfer", f"callback:{id}", OFFICER)
            write_message(session, texts, outgoing, at=MORNING)
        order = MessageAttempt(
            message_id="m2", ordinal=1, provider="nhn", made_at=MORNING, outcome=AttemptOutcome.REFUSED, error="-2312"
        )
        session.add(order)
        session.get_one(Message, "m2").attempts = 1
        session.execute(advance("m2", MessageState.FAILED, "-2312"))
    return store


def read(run: Run, *words: str) -> Any:  # JSON
    result = run("messages", *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_messages_are_listed_by_line_state_and_time_without_their_words_or_numbers(
    store: Store, command_line: Run
) -> None:
    assert {one["id"] for one in read(command_line, "list")} == {"m1", "m2", "m3"}
    assert {one["id"] for one in read(command_line, "list", "--line", "kibo")} == {"m1", "m2"}
    (failed,) = read(command_line, "list", "--state", "failed", "--since", "2026-11-23 10:00")
    assert (failed["id"], failed["error"], failed["to"]) == ("m2", "-2312", "010-****-0001")
    assert read(command_line, "list", "--since", "2026-11-23 10:01") == []
    shown = command_line("messages", "list").output
    assert "김서연" not in shown
    assert "-2312" in shown


def test_one_message_is_shown_with_its_text_and_every_order(store: Store, command_line: Run) -> None:
    shown = read(command_line, "show", "m2")
    assert (shown["orders"][0]["outcome"], shown["mended"]) == ("refused", "😀")
    assert "담당 보증사업부 김서연" in shown["text"]
    words = command_line("messages", "show", "m2").output
    assert "nhn: refused (-2312)" in words
    assert command_line("messages", "show", "m9").exit_code == 1


def test_only_what_proved_not_delivered_is_sent_again(store: Store, command_line: Run) -> None:
    again = read(command_line, "retry", "m2")
    assert (again["id"], again["again_of"], again["state"]) == ("m2~2", "m2", "written")
    refused = command_line("messages", "retry", "m1")
    assert refused.exit_code == 1
    assert "message m1 is written" in refused.output
    with store.reading() as session:
        keys = set(session.scalars(select(PromiseRow.key).where(PromiseRow.kind == "text")))
    assert "text:m2~2" in keys


def test_an_operator_takes_a_provider_out_and_lets_it_back(
    store: Store, command_line: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHARTERLINE_AGGREGATOR_KEY", "app")
    monkeypatch.setenv("CHARTERLINE_AGGREGATOR_SECRET", "a secret of the tests")
    assert "0 of 100, fixed" in command_line("messages", "providers", "set", "nhn", "--share", "0").output
    assert "70 of 100, usually 70" in command_line("messages", "providers", "free", "nhn").output
    found = {one["provider"]: one["share"] for one in read(command_line, "providers")}
    assert found == {"nhn": 70, "twilio": 30}
    assert command_line("messages", "providers", "set", "other", "--share", "5").exit_code == 1


def test_without_access_to_an_aggregator_the_carrier_is_alone(store: Store, command_line: Run) -> None:
    assert [one["provider"] for one in read(command_line, "providers")] == ["twilio"]


def test_a_text_is_measured_before_anybody_gets_it(command_line: Run) -> None:
    found = read(command_line, "check", "김똠방😀 안내")
    assert (found["text"], found["kind"], found["replaced"]) == ("김똠방 안내", "SMS", ["😀"])
    assert found["not_carried"] == {"twilio": ["똠"], "nhn": []}
    assert "LMS" in command_line("messages", "check", "--template", "receipt").output
    assert command_line("messages", "check", "가" * 1001).exit_code == 1
    assert command_line("messages", "check").exit_code == 2
    assert command_line("messages", "check", "--template", "nothing").exit_code == 1
