"""The texts of a callback: to the customer when it was promised, slips and ends, and to officers as reminders."""

from collections.abc import Mapping
from datetime import datetime

from ivr.callbacks.rows import Callback
from ivr.calls.facts import Told
from ivr.directory.rows import Officer
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.messages.texts import Texts
from ivr.messages.writing import Outgoing

TEMPLATES: Mapping[str, str] = {
    "late": "callback-late",
    "kept": "callback-kept",
    "unreached": "callback-unreached",
    "withdrawn": "callback-withdrawn",
}
REMINDER, ESCALATED = "callback-reminder", "callback-escalated"


def written(moment: datetime) -> str:
    """A time as it stands in a text: local, to the minute."""
    return f"{moment.astimezone(SEOUL):%Y-%m-%d %H:%M}"


def to_customer(callback: Callback, about: str, message_id: str, *, line: Line) -> Outgoing:
    """What the customer is written; a notice that it will be later is written by `late_notice`."""
    values, template = {"receipt": callback.receipt_number}, TEMPLATES.get(about, line.texts.callback)
    if about == "promised":
        values |= {"until": written(callback.due_at), "masked": callback.number.masked}
    return Outgoing(message_id, line, callback.number, template, _subject(callback), values)


def late_notice(callback: Callback, late: Told, message_id: str, *, line: Line, texts: Texts) -> Outgoing:
    """The notice with reason and new time, as they stand in the fact that the time was moved (K20)."""
    values = {
        "receipt": callback.receipt_number,
        "reason": texts.say(f"callback_late.{late.detail['reason']}").text,
        "until": written(datetime.fromisoformat(late.detail["until"])),
    }
    return Outgoing(message_id, line, callback.number, TEMPLATES["late"], _subject(callback), values)


def to_officer(callback: Callback, officer: Officer, minutes: int, *, role: str, line: Line) -> Outgoing | None:
    """The reminder, where the officer has a number for such texts; 0 minutes tell of a slip too many."""
    if officer.reminder_number is None:
        return None
    message_id = f"{callback.id}-remind-{minutes}-{callback.due_at:%m%d%H%M}-{role}"
    values = {
        **({"minutes": str(minutes)} if minutes else {"slips": str(callback.slips)}),
        "receipt": callback.receipt_number,
        "until": written(callback.due_at),
        "masked": callback.number.masked,
    }
    template = REMINDER if minutes else ESCALATED
    return Outgoing(message_id, line, officer.reminder_number, template, _subject(callback), values)


def _subject(callback: Callback) -> str:
    return f"callback:{callback.id}"
