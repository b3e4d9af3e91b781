"""Calls and the Account resource (docs voice/api/call-resource)."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint

from carrier import callbacks, legs
from carrier.callbacks import CallbackTarget
from carrier.calls import Call, Entry, Route
from carrier.legs import Placement
from carrier.network import Network
from carrier.numbers import is_dialable
from carrier.rest import shapes
from carrier.rest.door import Answer, resource
from carrier.rest.errors import RestError, gone
from carrier.rest.fields import Fields
from carrier.rest.pages import page

blueprint = Blueprint("calls", __name__)
AMD_SECONDS = 3.0
LONGEST_TWIML = 4000
LONGEST_TIMEOUT = 600
# Twilio's magic numbers (docs iam/test-credentials).
_MAGIC_TO = {"+15005550001": 21217, "+15005550002": 21214, "+15005550003": 21215, "+15005550004": 21216}
_MAGIC_FROM = {"+15005550001": 21212}


@resource(blueprint, ".json", "GET")
def read_account(network: Network, fields: Fields) -> Answer:
    return shapes.account(network), 200


@resource(blueprint, "/Calls.json", "POST")
def create_call(network: Network, fields: Fields) -> Answer:
    to, from_ = addresses(network, fields)
    entry = _entry(fields)
    if not entry.url and not entry.twiml:
        raise RestError(21205, detail="give Url or Twiml")
    target = fields.callback()
    placement = placement_of(fields, target, lambda call: _answered(call, fields))
    call = legs.place(network, Route("outbound-api", from_, to), placement)
    call.entry = entry
    return shapes.call(call), 201


def addresses(network: Network, fields: Fields) -> tuple[str, str]:
    """Return To and From of an outgoing call; raises `RestError` by Twilio's rules and magic numbers."""
    to = fields.dialable("To", missing=21201, bad=21217)
    from_ = fields.required("From", 21213)
    if from_ in _MAGIC_FROM or not is_dialable(from_):
        raise RestError(_MAGIC_FROM.get(from_, 21212), detail=from_[:40])
    if not network.owns(from_) and not from_.startswith(("client:", "sip:")):
        raise RestError(21210, detail=from_)
    if to in _MAGIC_TO:
        raise RestError(_MAGIC_TO[to], detail=to)
    return to, from_


def placement_of(fields: Fields, target: CallbackTarget | None, answered: legs.Answered) -> Placement:
    """Return how a REST call is placed: Timeout (default 60, at most 600 s), TimeLimit, its callbacks."""
    return Placement(
        answered=answered,
        callback=target,
        timeout=float(min(fields.whole("Timeout", 60), LONGEST_TIMEOUT)),
        time_limit=float(fields.whole("TimeLimit", int(legs.TIME_LIMIT))),
        paced=True,
    )


def _entry(fields: Fields) -> Entry:
    twiml = fields.text("Twiml")
    if len(twiml) > LONGEST_TWIML:
        raise RestError(20001, detail=f"Twiml is longer than {LONGEST_TWIML} characters")
    return Entry(
        url=fields.url("Url"),
        method=fields.method("Method"),
        fallback_url=fields.url("FallbackUrl"),
        fallback_method=fields.method("FallbackMethod"),
        twiml=twiml,
    )


def _answered(call: Call, fields: Fields) -> None:
    network = call.network
    if fields.flag("Record", default=False):
        channels = 2 if fields.text("RecordingChannels") == "dual" else 1
        network.record(call, source="OutboundAPI", channels=channels, target=recording_target(fields))
    if not fields.text("MachineDetection"):
        legs.run_entry(call)
    elif fields.flag("AsyncAmd", default=False):
        legs.run_entry(call)
        call.timers.append(network.after(AMD_SECONDS, lambda: _tell_detected(call, fields)))
    else:
        call.answered_by = "human"
        call.timers.append(network.after(AMD_SECONDS, lambda: legs.run_entry(call)))


def recording_target(fields: Fields) -> CallbackTarget | None:
    """Return where RecordingStatusCallback points."""
    return fields.callback("Recording")


def _tell_detected(call: Call, fields: Fields) -> None:
    call.answered_by = "human"
    url = fields.url("AsyncAmdStatusCallback")
    if url:
        form = {
            "CallSid": call.sid,
            "AccountSid": call.network.account.sid,
            "AnsweredBy": call.answered_by,
            "MachineDetectionDuration": str(round(AMD_SECONDS * 1000)),
        }
        target = CallbackTarget(url, fields.method("AsyncAmdStatusCallbackMethod"))
        callbacks.send(call.network, target, form)


@resource(blueprint, "/Calls.json", "GET")
def list_calls(network: Network, fields: Fields) -> Answer:
    found = [call for call in reversed(network.calls.values()) if _fits(call, fields)]
    return page("calls", found, shape=shapes.call, sid=lambda call: call.sid), 200


def _fits(call: Call, fields: Fields) -> bool:
    shown = "queued" if call.status == "initiated" else call.status
    pairs = (
        ("To", call.route.to),
        ("From", call.route.from_),
        ("Status", shown),
        ("ParentCallSid", call.route.parent),
    )
    if any(fields.text(name) and fields.text(name) != value for name, value in pairs):
        return False
    return fields.in_time("StartTime", shapes.started(call)) and fields.in_time("EndTime", call.times.get("ended"))


@resource(blueprint, "/Calls/<sid>.json", "GET")
def read_call(network: Network, fields: Fields, sid: str) -> Answer:
    return shapes.call(find_call(network, sid)), 200


@resource(blueprint, "/Calls/<sid>.json", "POST")
def update_call(network: Network, fields: Fields, sid: str) -> Answer:
    call = find_call(network, sid)
    entry, status = _entry(fields), fields.text("Status")
    if sum(map(bool, (entry.url, entry.twiml, status))) > 1:
        raise RestError(20001, detail="give only one of Url, Twiml and Status")
    if entry.url or entry.twiml:
        _redirect(call, entry)
    elif status:
        _stop(call, status)
    if fields.text("StatusCallback"):
        call.callback = fields.callback()
    return shapes.call(call), 200


def _redirect(call: Call, entry: Entry) -> None:
    if call.status != "in-progress":
        raise RestError(21220, detail=f"call {call.sid} is {call.status}")
    kept = call.entry
    if not entry.fallback_url:
        entry = replace(entry, fallback_url=kept.fallback_url, fallback_method=kept.fallback_method)
    legs.redirect(call, entry)


def _stop(call: Call, status: str) -> None:
    waiting = call.status in ("queued", "initiated", "ringing")
    if status not in ("canceled", "completed"):
        raise RestError(20001, detail="Status must be canceled or completed")
    if waiting:
        legs.end(call, "canceled" if call.route.direction != "inbound" else status, by="api")
    elif status == "completed":
        legs.end(call, "completed", by="api")


@resource(blueprint, "/Calls/<sid>.json", "DELETE")
def delete_call(network: Network, fields: Fields, sid: str) -> Answer:
    if not find_call(network, sid).ended:
        raise RestError(20001, status=409, detail="the call has not ended")
    del network.calls[sid]
    return None, 204


def find_call(network: Network, sid: str) -> Call:
    """Return a call by its sid; raises 20404."""
    call = network.calls.get(sid)
    if call is None:
        raise gone(f"call {sid}")
    return call
