"""IncomingPhoneNumbers (docs phone-numbers/api/incomingphonenumber-resource)."""

from __future__ import annotations

from functools import partial

from flask import Blueprint

from carrier.calls import Entry
from carrier.lines import Line
from carrier.network import Network
from carrier.numbers import is_e164
from carrier.rest import shapes
from carrier.rest.door import Answer, resource
from carrier.rest.errors import RestError, gone
from carrier.rest.fields import Fields
from carrier.rest.pages import page

blueprint = Blueprint("numbers", __name__)
_URLS = {"SmsUrl": "sms_url", "SmsFallbackUrl": "sms_fallback_url", "StatusCallback": "status_callback"}
_METHODS = {
    "SmsMethod": "sms_method",
    "SmsFallbackMethod": "sms_fallback_method",
    "StatusCallbackMethod": "status_callback_method",
}


@resource(blueprint, "/IncomingPhoneNumbers.json", "POST")
def create_number(network: Network, fields: Fields) -> Answer:
    number = fields.required("PhoneNumber", 21421)
    if not is_e164(number):
        raise RestError(21421, detail=number[:40])
    if number in network.lines:
        raise RestError(21422, detail=number)
    name = fields.text("FriendlyName") or number
    line = Line(network.dice.sid("PN"), number, name, network.now, network.now)
    _set(line, fields)
    network.lines[number] = line
    return shapes.line(network, line), 201


@resource(blueprint, "/IncomingPhoneNumbers.json", "GET")
def list_numbers(network: Network, fields: Fields) -> Answer:
    found = [
        line
        for line in network.lines.values()
        if fields.text("PhoneNumber") in line.number and fields.text("FriendlyName") in ("", line.name)
    ]
    shape = partial(shapes.line, network)
    return page("incoming_phone_numbers", found, shape=shape, sid=lambda line: line.sid), 200


@resource(blueprint, "/IncomingPhoneNumbers/<sid>.json", "GET")
def read_number(network: Network, fields: Fields, sid: str) -> Answer:
    return shapes.line(network, _find(network, sid)), 200


@resource(blueprint, "/IncomingPhoneNumbers/<sid>.json", "POST")
def update_number(network: Network, fields: Fields, sid: str) -> Answer:
    line = _find(network, sid)
    line.name = fields.text("FriendlyName") or line.name
    line.updated = network.now
    _set(line, fields)
    return shapes.line(network, line), 200


@resource(blueprint, "/IncomingPhoneNumbers/<sid>.json", "DELETE")
def delete_number(network: Network, fields: Fields, sid: str) -> Answer:
    del network.lines[_find(network, sid).number]
    return None, 204


def _set(line: Line, fields: Fields) -> None:
    old = line.entry
    line.entry = Entry(
        url=fields.url("VoiceUrl") if fields.has("VoiceUrl") else old.url,
        method=fields.method("VoiceMethod") if fields.has("VoiceMethod") else old.method,
        fallback_url=fields.url("VoiceFallbackUrl") if fields.has("VoiceFallbackUrl") else old.fallback_url,
        fallback_method=fields.method("VoiceFallbackMethod")
        if fields.has("VoiceFallbackMethod")
        else old.fallback_method,
    )
    for parameter, name in _URLS.items():
        if fields.has(parameter):
            setattr(line, name, fields.url(parameter))
    for parameter, name in _METHODS.items():
        if fields.has(parameter):
            setattr(line, name, fields.method(parameter))


def _find(network: Network, sid: str) -> Line:
    for line in network.lines.values():
        if line.sid == sid:
            return line
    raise gone(f"incoming phone number {sid}")
