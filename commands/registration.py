"""Pointing the numbers of all lines, at whichever carrier, to our webhooks."""

from collections.abc import Iterable

from twilio.rest import Client

from ivr.addresses import Address
from ivr.lines.model import Line


def register_numbers(carrier: Client, lines: Iterable[Line], base_url: str) -> None:
    """Create each number the carrier does not have yet and bring all of them up to date."""
    present = {number.phone_number: number.sid for number in carrier.incoming_phone_numbers.list()}
    for line in lines:
        addresses = {
            "friendly_name": line.institution,
            "voice_url": base_url + Address.INCOMING.value,
            "status_callback": base_url + Address.STATUS.value,
            "sms_url": base_url + Address.MESSAGE_IN.value,
        }
        for number in line.numbers:
            if number in present:
                carrier.incoming_phone_numbers(present[number]).update(**addresses)
            else:
                carrier.incoming_phone_numbers.create(phone_number=number, **addresses)
