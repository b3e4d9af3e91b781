"""The static document that callers of a world hear while the web is away."""

from collections.abc import Set
from functools import cache
from xml.etree import ElementTree

from commands.world import World
from config.files import FALLBACK

# Hosted apart from the service.
FALLBACK_URL = "http://static.example/fallback.xml"
REFUSED = "connection refused"


@cache
def fallback_document() -> bytes:
    """The file that an installation publishes."""
    return FALLBACK.read_bytes()


@cache
def _first_words() -> str:
    said = ElementTree.fromstring(fallback_document()).find("Say")  # noqa: S314 - our own file
    return (said.text or "").strip() if said is not None else ""


def callers_hear_the_fallback(world: World, unserved: Set[str]) -> list[str]:
    """Every caller for whom nobody answered heard the static document, or hung up."""
    legs = world.carrier.network.calls
    callers = (legs[sid] for sid in sorted(unserved) if sid in legs)
    return [
        f"the caller's leg {leg.sid} heard nothing when the web was away"
        for leg in callers
        if leg.route.direction == "inbound"
        and leg.ended_by != "person"
        and not any(piece.text == _first_words() for piece in leg.heard)
    ]
