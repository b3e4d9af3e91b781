"""The JSON of each resource, as in Twilio's v2010 OpenAPI document."""

from __future__ import annotations

from datetime import datetime

from carrier.callbacks import rfc2822
from carrier.calls import Call
from carrier.conferences import Conference, Participant
from carrier.lines import Line
from carrier.messages import Message
from carrier.network import Network
from carrier.queues import CallQueue, Member
from carrier.recordings import Recording
from carrier.transcriptions import Transcription

VERSION = "2010-04-01"
_PARTICIPANT_STATUS = {
    "queued": "queued",
    "initiated": "connecting",
    "ringing": "ringing",
    "in-progress": "connected",
    "completed": "complete",
}


def base(network: Network) -> str:
    """Return the path of the account, to which resource paths are added."""
    return f"/{VERSION}/Accounts/{network.account.sid}"


def date(moment: datetime | None) -> str | None:
    """Write a date as Twilio does (RFC 2822), or None."""
    return None if moment is None else rfc2822(moment)


def account(network: Network) -> dict[str, object]:
    """Return the Account resource."""
    path, created = base(network), date(network.started)
    names = ("calls", "conferences", "incoming_phone_numbers", "messages", "queues", "recordings")
    return {
        "auth_token": network.account.auth_token,
        "date_created": created,
        "date_updated": created,
        "friendly_name": "Local carrier",
        "owner_account_sid": network.account.sid,
        "sid": network.account.sid,
        "status": "active",
        "subresource_uris": {name: f"{path}/{_pascal(name)}.json" for name in names},
        "type": "Full",
        "uri": f"{path}.json",
    }


def call(one: Call) -> dict[str, object]:
    """Return the Call resource."""
    path = f"{base(one.network)}/Calls/{one.sid}"
    line = one.network.lines.get(one.route.to if one.route.direction == "inbound" else one.route.from_)
    names = (
        "events", "notifications", "payments", "recordings", "siprec", "streams", "transcriptions",
        "user_defined_message_subscriptions", "user_defined_messages",
    )  # fmt: skip
    return {
        "sid": one.sid,
        "date_created": date(one.times["created"]),
        "date_updated": date(max(one.times.values())),
        "parent_call_sid": one.route.parent or None,
        "account_sid": one.network.account.sid,
        "to": one.route.to,
        "to_formatted": one.route.to,
        "from": one.route.from_,
        "from_formatted": one.route.from_,
        "phone_number_sid": line.sid if line else None,
        "status": "queued" if one.status == "initiated" else one.status,
        "start_time": date(started(one)),
        "end_time": date(one.times.get("ended")),
        "duration": str(one.duration) if one.ended else None,
        "price": None,
        "price_unit": "USD",
        "direction": one.route.direction,
        "answered_by": one.answered_by or None,
        "api_version": VERSION,
        "forwarded_from": one.route.forwarded_from or None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": str(round(one.queue_seconds * 1000)),
        "trunk_sid": None,
        "uri": f"{path}.json",
        "subresource_uris": {name: f"{path}/{_pascal(name)}.json" for name in names},
    }


def started(one: Call) -> datetime | None:
    """Return when a call left the queue; an incoming one, when it came."""
    return one.times.get("initiated") or (one.times["created"] if one.route.direction == "inbound" else None)


def message(one: Message) -> dict[str, object]:
    """Return the Message resource."""
    path = f"{base(one.network)}/Messages/{one.sid}"
    return {
        "body": one.body,
        "num_segments": str(one.num_segments),
        "direction": one.direction,
        "from": one.from_ or None,
        "to": one.to,
        "date_updated": date(one.updated),
        "price": None,
        "error_message": "Unreachable destination handset" if one.error_code else None,
        "uri": f"{path}.json",
        "account_sid": one.network.account.sid,
        "num_media": "0",
        "status": one.status,
        "messaging_service_sid": one.service or None,
        "sid": one.sid,
        "date_sent": date(one.sent),
        "date_created": date(one.created),
        "error_code": one.error_code,
        "price_unit": "USD",
        "api_version": VERSION,
        "subresource_uris": {"media": f"{path}/Media.json", "feedback": f"{path}/Feedback.json"},
    }


def queue(one: CallQueue) -> dict[str, object]:
    """Return the Queue resource."""
    path = f"{base(one.network)}/Queues/{one.sid}"
    return {
        "date_updated": date(one.updated),
        "current_size": len(one.members),
        "friendly_name": one.name,
        "uri": f"{path}.json",
        "account_sid": one.network.account.sid,
        "average_wait_time": one.average_wait,
        "sid": one.sid,
        "date_created": date(one.created),
        "max_size": one.max_size,
        "subresource_uris": {"members": f"{path}/Members.json"},
    }


def member(one: Member) -> dict[str, object]:
    """Return the Member resource."""
    return {
        "call_sid": one.call.sid,
        "date_enqueued": date(one.since),
        "position": one.position,
        "uri": f"{base(one.queue.network)}/Queues/{one.queue.sid}/Members/{one.call.sid}.json",
        "wait_time": one.wait_seconds,
        "queue_sid": one.queue.sid,
    }


def conference(one: Conference) -> dict[str, object]:
    """Return the Conference resource."""
    path = f"{base(one.network)}/Conferences/{one.sid}"
    return {
        "account_sid": one.network.account.sid,
        "date_created": date(one.created),
        "date_updated": date(one.updated or one.created),
        "api_version": VERSION,
        "friendly_name": one.name,
        "region": "us1",
        "sid": one.sid,
        "status": one.status,
        "uri": f"{path}.json",
        "subresource_uris": {
            "participants": f"{path}/Participants.json",
            "recordings": f"{path}/Recordings.json",
        },
        "reason_conference_ended": one.reason_ended or None,
        "call_sid_ending_conference": one.ended_by_call or None,
    }


def participant(one: Participant) -> dict[str, object]:
    """Return the Participant resource."""
    room = one.conference
    return {
        "account_sid": room.network.account.sid,
        "call_sid": one.call.sid,
        "label": one.seat.label or None,
        "call_sid_to_coach": one.coach or None,
        "coaching": bool(one.coach),
        "conference_sid": room.sid,
        "date_created": date(one.created),
        "date_updated": date(one.updated or one.created),
        "end_conference_on_exit": one.end_on_exit,
        "muted": one.muted,
        "hold": one.hold,
        "start_conference_on_enter": one.seat.start_on_enter,
        "status": _PARTICIPANT_STATUS.get(one.call.status, "failed"),
        "queue_time": str(round(one.call.queue_seconds * 1000)),
        "uri": f"{base(room.network)}/Conferences/{room.sid}/Participants/{one.call.sid}.json",
    }


def recording(one: Recording) -> dict[str, object]:
    """Return the Recording resource."""
    done = one.status in ("completed", "absent")
    return {
        "account_sid": one.network.account.sid,
        "api_version": VERSION,
        "call_sid": one.call,
        "conference_sid": one.conference or None,
        "date_created": date(one.started),
        "date_updated": date(one.updated or one.started),
        "start_time": date(one.started),
        "duration": str(one.seconds) if done else None,
        "sid": one.sid,
        "price": None,
        "price_unit": "USD",
        "status": one.status,
        "channels": one.channels,
        "source": one.source,
        "error_code": None,
        "uri": f"{one.path}.json",
        "encryption_details": None,
    }


def account_recording(one: Recording) -> dict[str, object]:
    """Return the Recording resource of the account's list, with its media."""
    names = ("add_on_results", "transcriptions")
    return {
        **recording(one),
        "media_url": one.network.options.public_url + one.path,
        "subresource_uris": {name: f"{one.path}/{_pascal(name)}.json" for name in names},
    }


def call_recording(one: Recording) -> dict[str, object]:
    """Return the Recording resource of a call's list, with its track."""
    return {**recording(one), "track": one.track}


def transcription(one: Transcription) -> dict[str, object]:
    """Return the Transcription resource of a call."""
    network = one.call.network
    return {
        "sid": one.sid,
        "account_sid": network.account.sid,
        "call_sid": one.call.sid,
        "name": one.asked.name or None,
        "status": one.status,
        "date_updated": date(one.updated or network.now),
        "uri": f"{base(network)}/Calls/{one.call.sid}/Transcriptions/{one.sid}.json",
    }


def line(network: Network, one: Line) -> dict[str, object]:
    """Return the IncomingPhoneNumber resource."""
    path = f"{base(network)}/IncomingPhoneNumbers/{one.sid}"
    return {
        "account_sid": network.account.sid,
        "address_sid": None,
        "address_requirements": "none",
        "api_version": VERSION,
        "beta": False,
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "date_created": date(one.created),
        "date_updated": date(one.updated),
        "friendly_name": one.name,
        "identity_sid": None,
        "phone_number": one.number,
        "origin": "twilio",
        "sid": one.sid,
        "sms_application_sid": None,
        "sms_fallback_method": one.sms_fallback_method,
        "sms_fallback_url": one.sms_fallback_url or None,
        "sms_method": one.sms_method,
        "sms_url": one.sms_url or None,
        "status_callback": one.status_callback or None,
        "status_callback_method": one.status_callback_method,
        "trunk_sid": None,
        "uri": f"{path}.json",
        "voice_receive_mode": "voice",
        "voice_application_sid": None,
        "voice_caller_id_lookup": False,
        "voice_fallback_method": one.entry.fallback_method,
        "voice_fallback_url": one.entry.fallback_url or None,
        "voice_method": one.entry.method,
        "voice_url": one.entry.url or None,
        "emergency_status": "Active",
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "bundle_sid": None,
        "status": "in-use",
        "subresource_uris": {"assigned_add_ons": f"{path}/AssignedAddOns.json"},
    }


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))
