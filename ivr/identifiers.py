"""Opaque names derived from the carrier's own ids, so that a repeated request finds the same row."""

import base64
import hashlib

RECEIPT_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def call_id(carrier_sid: str) -> str:
    """The id of the call whose first leg the carrier calls `carrier_sid`: 21 characters, starting with c."""
    return "c" + _name("call", carrier_sid)


def callback_id(source: str) -> str:
    """The id of the callback that somebody asked for in `source`, a call or a request: 21 characters."""
    return "b" + _name("callback", source)


def booking_id(source: str) -> str:
    """The id of the booking that was made in `source`, a request: 21 characters, starting with k."""
    return "k" + _name("booking", source)


def document_id(line: str, reference: str) -> str:
    """The id of the papers that another system of a line calls `reference`: 21 characters, starting with d."""
    return "d" + _name("document", f"{line}:{reference}")


def room_of(offer: str) -> str:
    """The conference name of an offer, so that two agents never meet; it says nothing about the people in it."""
    return "r" + _name("room", offer)


def case_id(reference: str) -> str:
    """The id of the case that its sender calls `reference`: 21 characters, starting with v."""
    return "v" + _name("case", reference)


def dial_id(campaign: int, person: int, ordinal: int) -> str:
    """The id of a campaign's attempt to ring a person: 21 characters, starting with l."""
    return "l" + _name("dial", f"{campaign}:{person}:{ordinal}")


def contract_id(line: str, firm: str, ordinal: int) -> str:
    """The id of a firm's contract, the how manieth it is: 21 characters, starting with o."""
    return "o" + _name("contract", f"{line}:{firm}:{ordinal}")


def repair_id(reference: str) -> str:
    """The id of the repair that its sender calls `reference`: 21 characters, starting with p."""
    return "p" + _name("repair", reference)


def receipt_number(call: str, day: str) -> str:
    """A number that a citizen can read back: the day as MMDD and six characters without lookalikes."""
    value = int.from_bytes(hashlib.sha256(f"receipt:{call}".encode()).digest()[:8])
    letters = ""
    for _ in range(6):
        value, rest = divmod(value, len(RECEIPT_LETTERS))
        letters += RECEIPT_LETTERS[rest]
    return f"{day}-{letters}"


def _name(kind: str, text: str) -> str:
    digest = hashlib.sha256(f"{kind}:{text}".encode()).digest()
    return base64.b32encode(digest).decode().lower()[:20]
