"""Messages (docs messaging/api/message-resource)."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint

from carrier.callbacks import CallbackTarget
from carrier.messages import FINAL, Message, send_out
from carrier.network import Network
from carrier.numbers import is_e164, is_landline
from carrier.rest import shapes
from carrier.rest.door import Answer, resource
from carrier.rest.errors import RestError, gone
from carrier.rest.fields import Fields, moment
from carrier.rest.pages import page

blueprint = Blueprint("messages", __name__)
LONGEST = 1600
# Twilio's magic numbers (docs iam/test-credentials).
_MAGIC_FROM = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
_MAGIC_TO = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}


@resource(blueprint, "/Messages.json", "POST")
def create_message(network: Network, fields: Fields) -> Answer:
    to = fields.required("To", 21604)
    body = fields.required("Body", 21602)
    from_, service = fields.text("From"), fields.text("MessagingServiceSid")
    if not from_ and not service:
        raise RestError(21603)
    if len(body) > LONGEST:
        raise RestError(21617)
    _check_numbers(network, from_, to)
    wait = _wait_seconds(network, fields, service)
    url = fields.url("StatusCallback")
    target = CallbackTarget(url) if url else None
    message = send_out(network, {"From": from_, "To": to, "Body": body, "MessagingServiceSid": service}, target)
    if wait is None:
        message.send()
    else:
        message.status = "scheduled"
        network.after(wait, lambda: _send_scheduled(message))
    return shapes.message(message), 201


def _check_numbers(network: Network, from_: str, to: str) -> None:
    if from_ in _MAGIC_FROM or (from_ and not network.owns(from_)):
        raise RestError(_MAGIC_FROM.get(from_, 21606), detail=from_[:40])
    if to in _MAGIC_TO or not is_e164(to):
        raise RestError(_MAGIC_TO.get(to, 21211), detail=to[:40])
    if is_landline(to):
        raise RestError(21614, detail=to)
    if (to, from_) in network.unsubscribed:
        raise RestError(21610, detail=to)


def _wait_seconds(network: Network, fields: Fields, service: str) -> float | None:
    if not fields.text("ScheduleType") and not fields.text("SendAt"):
        return None
    if fields.text("ScheduleType") != "fixed" or not fields.text("SendAt"):
        raise RestError(35126)
    if not service:
        raise RestError(35118)
    ahead = moment(fields.text("SendAt"), 35114) - network.now
    if not timedelta(seconds=300) <= ahead <= timedelta(days=35):
        raise RestError(35114)
    return ahead.total_seconds()


def _send_scheduled(message: Message) -> None:
    if message.status == "scheduled":
        message.send()


@resource(blueprint, "/Messages.json", "GET")
def list_messages(network: Network, fields: Fields) -> Answer:
    found = [
        message
        for message in reversed(network.messages.values())
        if fields.text("To") in ("", message.to)
        and fields.text("From") in ("", message.from_)
        and fields.in_time("DateSent", message.sent)
    ]
    return page("messages", found, shape=shapes.message, sid=lambda message: message.sid), 200


@resource(blueprint, "/Messages/<sid>.json", "GET")
def read_message(network: Network, fields: Fields, sid: str) -> Answer:
    return shapes.message(_find(network, sid)), 200


@resource(blueprint, "/Messages/<sid>.json", "POST")
def update_message(network: Network, fields: Fields, sid: str) -> Answer:
    message = _find(network, sid)
    if fields.text("Status") == "canceled":
        message.cancel()
    elif fields.has("Body") and not fields.text("Body"):
        message.body = ""
    return shapes.message(message), 200


@resource(blueprint, "/Messages/<sid>.json", "DELETE")
def delete_message(network: Network, fields: Fields, sid: str) -> Answer:
    if _find(network, sid).status not in FINAL:
        raise RestError(20001, status=409, detail="the message is still on its way")
    del network.messages[sid]
    return None, 204


def _find(network: Network, sid: str) -> Message:
    message = network.messages.get(sid)
    if message is None:
        raise gone(f"message {sid}")
    return message
