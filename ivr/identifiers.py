"""Opaque names derived from the carrier's own ids, so that a repeated request finds the same row."""

import base64
import hashlib

RECEIPT_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def call_id(carrier_sid: str) -> str:
    """The id of the call whose first leg the carrier calls `carrier_sid`: 21 characters, starting with c."""
    return "c" + _name("call", carrier_sid)


def room_of(offer: str) -> str:
    """The conference name of an offer, so that two agents never meet; it says nothing about the people in it."""
    return "r" + _name("room", offer)


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
