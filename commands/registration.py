"""Pointing the numbers of all lines, at whichever carrier, to our webhooks."""

from collections.abc import Iterable

from twilio.rest import Client

from ivr.addresses import Address, address
from ivr.lines.model import Line


def register_numbers(carrier: Client, lines: Iterable[Line], *, base_url: str, fallback_url: str = "") -> None:
    """Create each number the carrier does not have yet and bring all of them up to date.

    `fallback_url` is what callers hear when nothing of ours answers; without it the carrier drops them.
    """
    present = {number.phone_number: number.sid for number in carrier.incoming_phone_numbers.list()}
    for line in lines:
        addresses = {
            "friendly_name": line.institution,
            "voice_url": base_url + address(Address.INCOMING),
            "status_callback": base_url + address(Address.STATUS),
            "sms_url": base_url + address(Address.MESSAGE_IN),
        }
        if fallback_url:
            # A file on static hosting is not posted to.
            addresses |= {"voice_fallback_url": fallback_url, "voice_fallback_method": "GET"}
        for number in (*line.numbers, *filter(None, [line.texts.refusal_number])):
            if number in present:
                carrier.incoming_phone_numbers(present[number]).update(**addresses)
            else:
                carrier.incoming_phone_numbers.create(phone_number=number, **addresses)
