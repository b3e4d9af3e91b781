"""The carrier's entries attacked: whole conversations in which each request is followed by spoilt ones, all signed."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from hypothesis import strategies as st
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from ivr.addresses import Address
from ivr.base import Refused
from ivr.transfers.asking import NoTransfer
from tests.contract.twiml_lint import Context, lint
from tests.fuzz.strange import Pairs, spoilt, unreadable, written
from tests.guards.tree import ROOT
from tests.http.board import BASE_URL, FORM, TOKEN, Signed
from tests.http.hearing import leads_to
from tests.http.transcript import Transcript
from tests.store_fixtures.databases import empty
from webhooks.signature import sign

CALLS: Final = ROOT / "tests" / "http" / "calls"
# Who fetches the document decides what may stand in it.
CONTEXTS: Final[Mapping[Address, Context]] = {Address.WAIT: "wait", Address.MESSAGE_IN: "messaging"}
# Documents: everything but the events that nobody listens at.
ANSWERED: Final = frozenset(entry for entry in Address if not entry.is_event) | {Address.MESSAGE_IN}

# What addresses of ours say of a step, and what the carrier sends with one, whichever entry it is.
TOLD: Final[Mapping[str, str]] = {
    **{"call": "c1", "line": "kibo", "step": "1", "menu": "main", "team": "guarantee", "turn": "1", "tries": "1"},
    **{"cause": "abuse", "number": "1", "waited": "5", "offer": "c1-1", "agent": "kibo-1", "clip": "RE-none"},
    **{"language": "ko", "said": "1", "skill": "guarantee", "message": "m-1"},
}
SENT: Final[Mapping[str, str]] = {
    **{"CallSid": "CA1", "From": "+821010000001", "To": "+827010000001", "CallStatus": "in-progress", "Digits": "1"},
    **{"QueueResult": "bridged", "QueueSid": "QU1", "StatusCallbackEvent": "completed", "SequenceNumber": "1"},
    **{"Timestamp": "Mon, 23 Nov 2026 01:00:00 +0000", "RecordingUrl": "https://carrier.example/RE1"},
    **{"RecordingSid": "RE1", "RecordingDuration": "5"},
    **{"MessageSid": "SM1", "MessageStatus": "delivered", "ErrorCode": "30003"},
}


@cache
def conversations() -> tuple[Path, ...]:
    """Every conversation: together they visit every address."""
    return tuple(sorted(CALLS.glob("*.toml")))


def send(wire: Signed, address: str, body: bytes, pairs: Pairs) -> TestResponse:
    """Post a body as it is, signed over these fields."""
    headers = {"X-Twilio-Signature": sign(BASE_URL + address, pairs, token=TOKEN)}
    return wire.client.post(address, data=body, content_type=FORM, headers=headers)


def fault_of(entry: Address, answer: TestResponse) -> str:
    """What is wrong with the answer to something that was signed; empty where nothing is."""
    if entry.is_event and answer.status_code != 200:
        return "" if answer.status_code in {204, 503} else f"an event is answered with {answer.status_code}"
    if entry not in ANSWERED or answer.status_code != 200 or not answer.content_type.startswith("text/xml"):
        return f"answered with {answer.status_code} {answer.content_type}"
    return "; ".join(lint(answer.text, context=CONTEXTS.get(entry, "voice")))


@dataclass
class Attacked(Transcript):
    """A conversation that goes on as written, though spoilt requests are sent after each of its own."""

    data: st.DataObject | None = None
    each: int = 1

    def live(self) -> None:
        """All its steps, whatever becomes of them."""
        for step in self.story["step"]:
            self.clock.pass_time(step.get("after", 1))
            self.play(step)

    def play(self, step: dict[str, Any]) -> dict[str, Any]:
        """One step; what is asked at a desk may have become impossible."""
        if "ask" in step:
            with suppress(Refused, NoTransfer):
                self._ask(step["ask"])
        if "post" not in step:
            return {"orders": self._work(step)}
        who = step.get("who", "caller")
        address = self._address(step["post"], who).partition("#")[0]
        form = {**self._about(who), **step.get("form", {})}
        answer = self.wire.post(address, form)
        if answer.status_code == 200:
            self.addresses.update(leads_to(answer.text))
        for _ in range(self.each):
            attack(self.wire, address, tuple(form.items()), data=self.data)
        return {}


def attack(wire: Signed, address: str, form: Pairs, *, data: st.DataObject | None) -> None:
    """Send one spoilt copy of a request, or a body that is no form; raises AssertionError for a wrong answer."""
    assert data is not None
    path, _, query = address.partition("?")
    entry = Address(path)
    if data.draw(st.integers(0, 9)) == 0:
        answer = send(wire, address, data.draw(unreadable), ())
        assert answer.status_code == 403, f"{entry.name}: unreadable, and answered with {answer.status_code}"
        return
    told = tuple(parse_qsl(query, keep_blank_values=True))
    if data.draw(st.booleans()):
        told = data.draw(spoilt(told))
    pairs = data.draw(spoilt(form))
    answer = send(wire, f"{path}?{urlencode(told)}" if told else path, written(pairs), pairs)
    fault = fault_of(entry, answer)
    assert not fault, f"{entry.name} {told} {pairs}: {fault}"


def attack_a_conversation(engine: Engine, data: st.DataObject) -> None:
    """One conversation over an empty database, spoilt."""
    empty(engine)
    file = data.draw(st.sampled_from(conversations()))
    Attacked(file, engine, data=data).live()


def attack_every_entry(wire: Signed, data: st.DataObject) -> None:
    """One request out of nothing to each entry, in the order of the addresses."""
    for entry in Address:
        attack(wire, f"{entry.value}?{urlencode(TOLD)}", tuple(SENT.items()), data=data)
