"""Conferences (docs voice/api/conference-resource)."""

from __future__ import annotations

from flask import Blueprint

from carrier.conferences import Conference
from carrier.network import Network
from carrier.rest import shapes
from carrier.rest.door import Answer, resource
from carrier.rest.errors import RestError, gone
from carrier.rest.fields import Fields
from carrier.rest.pages import page

blueprint = Blueprint("conferences", __name__)


@resource(blueprint, "/Conferences.json", "GET")
def list_conferences(network: Network, fields: Fields) -> Answer:
    found = [
        room
        for room in reversed(network.conferences.values())
        if fields.text("FriendlyName") in ("", room.name)
        and fields.text("Status") in ("", room.status)
        and fields.in_time("DateCreated", room.created)
        and fields.in_time("DateUpdated", room.updated or room.created)
    ]
    return page("conferences", found, shape=shapes.conference, sid=lambda room: room.sid), 200


@resource(blueprint, "/Conferences/<sid>.json", "GET")
def read_conference(network: Network, fields: Fields, sid: str) -> Answer:
    return shapes.conference(find_conference(network, sid)), 200


@resource(blueprint, "/Conferences/<sid>.json", "POST")
def update_conference(network: Network, fields: Fields, sid: str) -> Answer:
    room = find_conference(network, sid)
    status = fields.text("Status")
    if status not in ("", "completed"):
        raise RestError(20001, detail="Status must be completed")
    if status:
        room.end("conference-ended-via-api")
    if fields.text("AnnounceUrl"):
        for participant in room.present:
            room.announce(participant, fields.url("AnnounceUrl"), fields.method("AnnounceMethod"))
    return shapes.conference(room), 200


def find_conference(network: Network, sid: str) -> Conference:
    """Return a conference by its sid, or a live one by its friendly name; raises 20404."""
    room = network.conferences.get(sid) or network.live_conference(sid)
    if room is None:
        raise gone(f"conference {sid}")
    return room
