"""The senders of texts with their registrations, and how long these still hold."""

from dataclasses import dataclass
from datetime import date

from flask import render_template

from console.messages.room import blueprint
from console.office import office
from console.visitor import STAFF, allowed, visitor
from ivr.lines.hours import SEOUL
from ivr.lines.senders import RENEW_AHEAD, RegisteredSender


@dataclass(frozen=True, slots=True)
class Registration:
    """One registration on a day: is it the line's present sender, and how many days it still holds."""

    sender: RegisteredSender
    is_used: bool
    left: int

    @property
    def tone(self) -> str:
        """That of its badge."""
        return "bad" if self.left < 0 else "warn" if self.left <= RENEW_AHEAD.days else "good"


@blueprint.get("/senders")
@allowed(*STAFF)
def senders() -> str:
    """Every registered sender of the line."""
    today = office().clock().astimezone(SEOUL).date()
    texts = visitor().line.texts
    rows = [_registration(one, today, used=one.number == texts.sender) for one in texts.senders]
    return render_template("messages/senders.html", rows=rows, texts=texts)


def _registration(sender: RegisteredSender, today: date, *, used: bool) -> Registration:
    return Registration(sender, used, (sender.expires_on - today).days)
