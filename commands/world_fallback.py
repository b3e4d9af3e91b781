"""The static documents that the people of a world hear while the web is away: callers, and those whom we ring."""

from collections.abc import Iterator, Set
from datetime import timedelta
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

from carrier.calls import Call as CarrierCall
from commands.world import World
from config.files import FALLBACK, ORDERED_FALLBACK
from ivr.addresses import Address

# Apart from the service.
STATIC_HOST = "http://static.example/"
FALLBACK_URL = STATIC_HOST + FALLBACK.name
REFUSED = "connection refused"
EVENTS = frozenset(entry.value for entry in Address if entry.is_event)
# A leg that the carrier ended this soon after it found fault with a document was dropped for it.
AT_ONCE = timedelta(seconds=1)


def static_document(url: str) -> bytes:
    """The file that an installation publishes at this address."""
    name = urlsplit(url).path.rpartition("/")[2]
    return next(file for file in (FALLBACK, ORDERED_FALLBACK) if file.name == name).read_bytes()


@cache
def _first_words(document: Path) -> str:
    said = ElementTree.parse(document).find("Say")  # noqa: S314 - our own file
    return (said.text or "").strip() if said is not None else ""


def callers_hear_the_fallback(world: World, unserved: Set[str]) -> list[str]:
    """Every caller for whom nobody answered heard the static document, or hung up; so did whoever we rang."""
    legs = world.carrier.network.calls
    return [wrong for sid in sorted(unserved) if sid in legs for wrong in _wrong_with(world, legs[sid])]


def _wrong_with(world: World, leg: CarrierCall) -> Iterator[str]:
    if leg.ended_by == "person":
        return
    if leg.route.direction == "inbound" and not (_heard(leg, FALLBACK) or _was_told_more(world, leg)):
        yield f"the caller's leg {leg.sid} heard nothing when the web was away"
    if leg.route.direction == "outbound-api" and _was_dropped(world, leg):
        yield f"the {leg.route.direction} leg {leg.sid} was dropped without a word when the web was away"


def _was_told_more(world: World, leg: CarrierCall) -> bool:
    """Whether somebody was spoken to after the carrier asked in vain: an order of ours sent the leg elsewhere."""
    in_vain = [one.at for one in world.carrier.network.alerts if one.call == leg.sid and one.level == "error"]
    return bool(in_vain) and any(piece.kind == "say" and piece.at >= max(in_vain) for piece in leg.heard)


def _heard(leg: CarrierCall, document: Path) -> bool:
    return any(piece.text == _first_words(document) for piece in leg.heard)


def _was_dropped(world: World, leg: CarrierCall) -> bool:
    """Whether the carrier ended the leg at once for want of a document: then no other one was there to be heard."""
    if "ended" not in leg.times or leg.ended_by != "document":
        return False
    faults = (one for one in world.carrier.network.alerts if one.call == leg.sid and one.level == "error")
    return any(
        timedelta() <= leg.times["ended"] - one.at < AT_ONCE and urlsplit(one.url).path not in EVENTS for one in faults
    )
