"""Requests that are signed and strange: a person always hears something useful, an event is never an error."""

from itertools import product
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine

from ivr.addresses import Address
from ivr.identifiers import call_id
from tests.http.board import CALL_SID, KIBO, Moment, Signed, arriving, board_over
from tests.http.hearing import hears
from tests.sizes import a_part

CALL = call_id(CALL_SID)
# After the queue or the room there may be nothing left to say.
MAY_BE_SILENT = {
    *(Address.LEFT, Address.AGENT_AFTER, Address.AGENT_DIAL_AFTER, Address.THANKED, Address.ENDING_HEARD),
    # Heard beside a talk that goes on.
    *(Address.NOTICE, Address.NOTICE_HEARD, Address.AGENT_AWAITS),
}
SPOILT = ("", "nobody", "-1", "9" * 30, "\x00", "가")
EVERY = 5
DOCUMENTS: list[Address] = [entry for entry in Address if not entry.is_event and entry is not Address.MESSAGE_IN]
OURS = {
    "call": CALL,
    "line": "kibo",
    "step": "2",
    "menu": "main",
    "team": "guarantee",
    "turn": "1",
    "tries": "1",
    "cause": "abuse",
    "number": "1",
    "waited": "5",
    "offer": f"{CALL}-1",
    "agent": "nobody",
    "clip": "RE-none",
}


@pytest.fixture
def wire(engine: Engine) -> Signed:
    return Signed.to(board_over(engine, Moment()))


def at(address: Address, **changes: str) -> str:
    return f"{address.value}?{urlencode({**OURS, **changes})}"


def assert_useful(text: str) -> None:
    """Somebody hears words or is led on, and is not left with an empty document."""
    assert any(line.startswith(("say", "ask", "go", "hold", "connect", "leave", "record")) for line in hears(text)), (
        text
    )


@pytest.mark.parametrize("to", ["", "+1", "sip:x@y", "+82" + "9" * 40, "전화", "\x00", "+821544112", "null"])
def test_a_call_to_an_unknown_number_is_told_so(wire: Signed, to: str) -> None:
    answer = wire.post(Address.INCOMING.value, arriving(To=to))
    assert answer.status_code == 200
    assert hears(answer.text)[-1] == "hang up"


@pytest.mark.parametrize(
    "caller",
    ["", "anonymous", "+266696687", "Restricted", "+82", "sip:x@y", "\x00", "9" * 5000, "+1", "전화", "-", "112"],
)
def test_a_caller_with_any_kind_of_number_is_greeted(wire: Signed, caller: str) -> None:
    answer = wire.post(Address.INCOMING.value, arriving(From=caller))
    assert answer.status_code == 200
    assert hears(answer.text)[-1] == "go /voice/menu?menu=main"


@pytest.mark.parametrize("sid", ["", "x" * 5000, "\x00", "CA1' OR 1=1", "전화"])
def test_a_call_with_a_strange_id_hears_something(wire: Signed, sid: str) -> None:
    answer = wire.post(Address.INCOMING.value, arriving(CallSid=sid))
    assert answer.status_code == 200
    assert_useful(answer.text)


def test_a_call_without_an_id_hears_something(wire: Signed) -> None:
    answer = wire.post(Address.INCOMING.value, {"To": KIBO})
    assert answer.status_code == 200
    assert_useful(answer.text)


@pytest.mark.parametrize("status", ["", "dreaming", "COMPLETED", "x" * 5000, "\x00", "in-progress "])
@pytest.mark.parametrize("entry", [Address.STATUS, Address.ROOM, Address.MESSAGE_STATUS])
def test_an_unknown_event_is_no_error(wire: Signed, entry: Address, status: str) -> None:
    form = arriving(CallStatus=status, StatusCallbackEvent=status, MessageStatus=status, MessageSid="SM1")
    answer = wire.post(at(entry, message="m-1"), form)
    assert answer.status_code in {204, 503}


def test_an_unknown_state_of_a_leg_is_acknowledged(wire: Signed) -> None:
    assert wire.post(at(Address.STATUS), arriving(CallStatus="dreaming")).status_code == 204


@pytest.mark.parametrize("entry", DOCUMENTS)
def test_an_address_of_ours_about_a_call_that_never_was_still_says_something(wire: Signed, entry: Address) -> None:
    answer = wire.post(at(entry), arriving(Digits="1"))
    assert answer.status_code == 200
    if entry not in MAY_BE_SILENT:
        assert_useful(answer.text)


@pytest.mark.parametrize("entry", DOCUMENTS)
def test_a_spoilt_address_still_says_something(wire: Signed, entry: Address) -> None:
    tried = list(product(sorted(set(OURS) - {"call"}), SPOILT))
    # In a check every name and every value, though not every one with each other; other ones at each address.
    first = DOCUMENTS.index(entry) % EVERY
    for name, value in a_part(tried[first:] + tried[:first], every=EVERY):
        answer = wire.post(at(entry, **{name: value}), arriving(CallStatus="in-progress", Digits="5"))
        assert answer.status_code == 200, (name, value)
        if entry not in MAY_BE_SILENT:
            assert_useful(answer.text)


def test_an_address_without_anything_apologises_and_hands_a_caller_on(wire: Signed) -> None:
    answer = wire.post(Address.KEY.value, arriving(CallStatus="in-progress"))
    assert answer.status_code == 200
    assert any(line.startswith("transfer +825110000001") for line in hears(answer.text))


def test_an_agents_leg_is_never_transferred_to_the_public_number(wire: Signed) -> None:
    answer = wire.post(Address.AGENT_KEY.value, arriving(CallStatus="in-progress"))
    assert answer.status_code == 200
    assert not any(line.startswith("transfer") for line in hears(answer.text))


@pytest.mark.parametrize("digits", ["0" * 5000, "*", "#", "w", "１", "\x00", "1 OR 1"])
@pytest.mark.parametrize(
    "entry", [Address.KEY, Address.WAIT, Address.CALLBACK_NUMBER, Address.AGENT_KEY, Address.AGAIN_KEY]
)
def test_strange_keys_are_answered(wire: Signed, entry: Address, digits: str) -> None:
    wire.post(Address.INCOMING.value, arriving())
    answer = wire.post(at(entry), arriving(Digits=digits))
    assert answer.status_code == 200
    assert_useful(answer.text)
