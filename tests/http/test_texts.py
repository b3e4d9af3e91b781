"""Reports about texts as the carrier posts them: in any order, doubled, and followed up where one did not arrive."""

import random

import pytest
from sqlalchemy import Engine, select

from ivr.addresses import Address, address
from ivr.messages.rows import Message
from ivr.messages.states import MessageState
from ivr.messages.writing import Outgoing, write_message
from ivr.numbers import PhoneNumber
from ivr.promises import PromiseRow
from ivr.store import Store
from tests.http.board import CALLER, MORNING, Moment, Signed, board_over, words

OFFICER = {"department": "보증사업부", "name": "김서연", "title": "", "number": "1544-1120"}
STORY = ("queued", "sending", "sent", "delivered")


@pytest.fixture
def wire(engine: Engine) -> Signed:
    store, (texts, lines, _) = Store(engine), words()
    with store.transaction() as session:
        for number in range(100):
            to = PhoneNumber.parse(CALLER)
            outgoing = Outgoing(f"m{number}", lines.by_id("kibo"), to, "transfer", "agent:a1", OFFICER)
            write_message(session, texts, outgoing, at=MORNING)
    return Signed.to(board_over(engine, Moment()))


def report(wire: Signed, message: str, status: str, error: str = "") -> None:
    form = {"MessageSid": f"SM-{message}", "MessageStatus": status, "ErrorCode": error}
    answer = wire.post(address(Address.MESSAGE_STATUS, message=message), form, attempt=f"{message}-{status}")
    assert answer.status_code == 204


def test_receipts_replayed_in_a_hundred_random_orders_with_doubles_end_in_the_same_state(
    engine: Engine, wire: Signed
) -> None:
    chance = random.Random(7)
    for number in range(100):
        told = [*STORY, *chance.choices(STORY, k=3)]
        chance.shuffle(told)
        for status in told:
            report(wire, f"m{number}", status)
    with Store(engine).reading() as session:
        rows = session.scalars(select(Message)).all()
        assert {(row.state, row.error, row.delivered_at) for row in rows} == {(MessageState.DELIVERED, None, MORNING)}
        assert session.scalars(select(PromiseRow.key).where(PromiseRow.kind == "text-over")).all() == []


def test_what_did_not_arrive_is_followed_up_and_strange_reports_are_no_error(engine: Engine, wire: Signed) -> None:
    for status in ("undelivered", "undelivered", "failed", "sent"):
        report(wire, "m1", status, "30006")
    report(wire, "m2", "partially_delivered")
    report(wire, "nobody's", "delivered")
    with Store(engine).reading() as session:
        first, second = (session.get_one(Message, id) for id in ("m1", "m2"))
        assert (first.state, first.error, first.sid) == (MessageState.UNDELIVERED, "30006", "SM-m1")
        assert second.state is MessageState.WRITTEN
        keys = session.scalars(select(PromiseRow.key).where(PromiseRow.kind == "text-over").order_by(PromiseRow.key))
        assert keys.all() == ["text-over:m1:failed", "text-over:m1:undelivered"]


def test_a_verdict_that_waits_for_a_message_is_asked_for_when_it_arrives(engine: Engine, wire: Signed) -> None:
    form = {"MessageSid": "SM-m1", "MessageStatus": "delivered"}
    wire.post(address(Address.MESSAGE_STATUS, message="m1", about="callback"), form)
    with Store(engine).reading() as session:
        keys = session.scalars(select(PromiseRow.key).where(PromiseRow.kind == "text-over")).all()
    assert keys == ["text-over:m1:delivered"]
