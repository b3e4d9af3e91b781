"""Signed requests of running calls, made ready beforehand as the bytes that go over the wire."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import TypeAlias
from urllib.parse import urlencode

from benchmarks.stores import ACCOUNT_SID, AUTH_TOKEN
from ivr.addresses import Address, address
from ivr.identifiers import call_id
from webhooks.signature import sign

StepsOf: TypeAlias = Callable[[str], Iterator[bytes]]

LINE, DID, TEAM = "kibo", "+827010000001", "guarantee"
# One caller's way through the menus of the line: right keys, back, repeat, a wrong key, silence.
KEYS = (
    ("main", "2"),
    ("extension", "#"),
    ("main", "3"),
    ("technology", "*"),
    ("main", "7"),
    ("main", ""),
    ("main", "5"),
    ("opinion", "1"),
)


class Calls:
    """Calls of one run that the webhooks at `port` are told about; every request is a step not yet told."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._number = 0

    def key_steps(self, count: int) -> tuple[list[bytes], list[bytes]]:
        """So many keys, and before them the arrivals of the calls in which they are pressed."""
        return self._steps(count, self._keys)

    def mixed_steps(self, count: int) -> tuple[list[bytes], list[bytes]]:
        """The same, every other step a turn of waiting in the queue."""
        return self._steps(count, self._keys_and_waits)

    def _steps(self, count: int, steps_of: StepsOf) -> tuple[list[bytes], list[bytes]]:
        sids = [self._next_sid() for _ in range(-(-count // len(KEYS)))]
        arrivals = [self._request(address(Address.INCOMING), sid, {"CallStatus": "ringing"}) for sid in sids]
        per_call = [list(steps_of(sid)) for sid in sids]
        # Neighbours in time belong to different calls, as they do on a busy line.
        mixed = (step for steps in zip(*per_call, strict=True) for step in steps)
        return arrivals, list(islice(mixed, count))

    def _keys(self, sid: str) -> Iterator[bytes]:
        for step, (menu, digits) in enumerate(KEYS, start=2):
            yield self._key(sid, step, menu, digits)

    def _keys_and_waits(self, sid: str) -> Iterator[bytes]:
        for step, (menu, digits) in enumerate(KEYS, start=2):
            yield self._key(sid, step, menu, digits) if step % 2 else self._wait(sid, step)

    def _key(self, sid: str, step: int, menu: str, digits: str) -> bytes:
        asked = address(Address.KEY, call=call_id(sid), line=LINE, step=step, menu=menu)
        return self._request(asked, sid, {"Digits": digits, "msg": "Gather", "FinishedOnKey": ""})

    def _wait(self, sid: str, step: int) -> bytes:
        turn = step // 2
        asked = address(Address.WAIT, call=call_id(sid), line=LINE, step=step, team=TEAM, turn=turn)
        queue = {"QueueSid": "QU" + "c" * 32, "QueuePosition": "1", "QueueTime": str(turn * 30)}
        return self._request(asked, sid, {**queue, "AvgQueueTime": "0", "CurrentQueueSize": "1"})

    def _next_sid(self) -> str:
        self._number += 1
        return f"CA{secrets.token_hex(4)}{self._number:024x}"

    def _request(self, asked: str, sid: str, more: Mapping[str, str]) -> bytes:
        path = asked.partition("#")[0]
        host = f"127.0.0.1:{self._port}"
        pairs = list({**_fields(sid), **more}.items())
        body = urlencode(pairs).encode()
        signature = sign(f"http://{host}{path}", pairs, token=AUTH_TOKEN)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
            "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\nX-Twilio-Signature: {signature}\r\n"
            f"I-Twilio-Idempotency-Token: {secrets.token_hex(16)}\r\n\r\n"
        )
        return head.encode() + body


def _fields(sid: str) -> dict[str, str]:
    """The form that Twilio sends with every step of an incoming call (docs/voice/twiml)."""
    number = f"+8210{int(sid[-8:], 16) % 10**8:08d}"
    place = {f"{side}{part}": "" for side in ("Caller", "Called", "From", "To") for part in ("City", "State", "Zip")}
    return {
        "AccountSid": ACCOUNT_SID,
        "ApiVersion": "2010-04-01",
        "CallSid": sid,
        "CallStatus": "in-progress",
        "Direction": "inbound",
        "From": number,
        "Caller": number,
        "To": DID,
        "Called": DID,
        "CallerCountry": "KR",
        "FromCountry": "KR",
        **place,
    }
