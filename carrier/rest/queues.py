"""Queues and their members (docs voice/api/queue-resource, member-resource)."""

from __future__ import annotations

from flask import Blueprint

from carrier import legs
from carrier.calls import Entry
from carrier.network import Network
from carrier.queues import DEFAULT_SIZE, CallQueue, Member
from carrier.rest import shapes
from carrier.rest.door import Answer, resource
from carrier.rest.errors import RestError, gone
from carrier.rest.fields import Fields
from carrier.rest.pages import page

blueprint = Blueprint("queues", __name__)


@resource(blueprint, "/Queues.json", "POST")
def create_queue(network: Network, fields: Fields) -> Answer:
    name = fields.required("FriendlyName", 20001)
    if any(queue.name == name for queue in network.queues.values()):
        raise RestError(22003, detail=name)
    queue = network.queue_named(name)
    queue.max_size = fields.whole("MaxSize", DEFAULT_SIZE)
    return shapes.queue(queue), 201


@resource(blueprint, "/Queues.json", "GET")
def list_queues(network: Network, fields: Fields) -> Answer:
    return page("queues", list(network.queues.values()), shape=shapes.queue, sid=lambda queue: queue.sid), 200


@resource(blueprint, "/Queues/<sid>.json", "GET")
def read_queue(network: Network, fields: Fields, sid: str) -> Answer:
    return shapes.queue(_find(network, sid)), 200


@resource(blueprint, "/Queues/<sid>.json", "POST")
def update_queue(network: Network, fields: Fields, sid: str) -> Answer:
    queue = _find(network, sid)
    queue.name = fields.text("FriendlyName", queue.name)
    queue.max_size = fields.whole("MaxSize", queue.max_size)
    queue.updated = network.now
    return shapes.queue(queue), 200


@resource(blueprint, "/Queues/<sid>.json", "DELETE")
def delete_queue(network: Network, fields: Fields, sid: str) -> Answer:
    if _find(network, sid).members:
        raise RestError(22002)
    del network.queues[sid]
    return None, 204


@resource(blueprint, "/Queues/<sid>/Members.json", "GET")
def list_members(network: Network, fields: Fields, sid: str) -> Answer:
    queue = _find(network, sid)
    return page("queue_members", queue.members, shape=shapes.member, sid=lambda member: member.call.sid), 200


@resource(blueprint, "/Queues/<sid>/Members/<call>.json", "GET")
def read_member(network: Network, fields: Fields, sid: str, call: str) -> Answer:
    return shapes.member(_find_member(network, sid, call)), 200


@resource(blueprint, "/Queues/<sid>/Members/<call>.json", "POST")
def dequeue_member(network: Network, fields: Fields, sid: str, call: str) -> Answer:
    url = fields.url("Url")
    if not url:
        raise RestError(21205)
    member = _find_member(network, sid, call)
    shown = shapes.member(member)
    entry = member.call.entry
    legs.redirect(member.call, Entry(url, fields.method("Method"), entry.fallback_url, entry.fallback_method))
    return shown, 200


def _find(network: Network, sid: str) -> CallQueue:
    queue = network.queues.get(sid)
    if queue is None:
        raise gone(f"queue {sid}")
    return queue


def _find_member(network: Network, sid: str, call: str) -> Member:
    queue = _find(network, sid)
    for member in queue.members:
        if call in ("Front", member.call.sid):
            return member
    raise gone(f"member {call} of queue {sid}")
