"""The sender of text messages: registered with a proof, for a time (Telecommunications Business Act, article 84-2)."""

from datetime import date, timedelta
from typing import Annotated

from pydantic import Field, model_validator

from ivr.lines.shapes import E164, Shape

RENEW_AHEAD = timedelta(days=30)


class RegisteredSender(Shape):
    """A number registered as a sender: `proof` names the certificate of the telecommunications provider."""

    number: E164
    proof: Annotated[str, Field(min_length=1)]
    registered_on: date
    expires_on: date

    @model_validator(mode="after")
    def _in_order(self) -> "RegisteredSender":
        if self.expires_on <= self.registered_on:
            raise ValueError("expires before it is registered: correct registered_on or expires_on")
        return self


def unfit(sender: str, senders: tuple[RegisteredSender, ...], *, today: date) -> str | None:
    """Why messages must not be sent from this number (E.164) on that day in Seoul; None when they may."""
    found = [one for one in senders if one.number == sender]
    if not found:
        return "sender not registered"
    if any(one.registered_on <= today <= one.expires_on for one in found):
        return None
    ran_out = any(today > one.expires_on for one in found)
    return "sender registration expired" if ran_out else "sender not yet registered"


def runs_out(sender: str, senders: tuple[RegisteredSender, ...], *, today: date) -> date | None:
    """The last day of a registration that ends within 30 days; None where there is more time."""
    last = max((one.expires_on for one in senders if one.number == sender), default=None)
    return last if last is not None and today <= last <= today + RENEW_AHEAD else None
