"""How a text message and the orders given for it are shown."""

from datetime import datetime
from typing import Any

from ivr.lines.hours import SEOUL
from ivr.messages.rows import Message, MessageAttempt

Entry = dict[str, Any]  # Any: values of an entry as JSON has them


def message_entry(message: Message) -> Entry:
    """A message without its words; the number is masked."""
    return {
        "id": message.id,
        "subject": message.subject,
        "line": message.line,
        "template": message.template,
        "to": message.recipient.masked,
        "state": message.state.value,
        "error": message.error,
        "mended": message.mended,
        "provider": message.provider,
        "attempts": message.attempts,
        "again_of": message.again_of,
        "written_at": message.written_at.isoformat(),
        "worth_until": message.worth_until.isoformat(),
        "delivered_at": message.delivered_at.isoformat() if message.delivered_at else None,
    }


def attempt_entry(attempt: MessageAttempt) -> Entry:
    """One order to a provider, and what it came to."""
    return {
        "provider": attempt.provider,
        "made_at": attempt.made_at.isoformat(),
        "outcome": attempt.outcome.value,
        "unanswered": attempt.unanswered,
        "error": attempt.error,
    }


def row_of(entry: Entry) -> str:
    """A message in one line."""
    why = f"  {entry['error']}" if entry["error"] else ""
    provider = entry["provider"] or "-"
    return (
        f"{entry['id']}  {_time(entry['written_at'])}  {entry['line']:<12} {entry['template']:<22} "
        f"{entry['to']:<14} {entry['state']:<11} {provider}{why}"
    )


def in_words(entry: Entry) -> str:
    """A message with its text and its orders, for people."""
    lines = [row_of(entry), f"  about {entry['subject']}, worth sending until {_time(entry['worth_until'])}"]
    if entry["mended"]:
        lines.append(f"  signs that no telephone shows were replaced: {entry['mended']}")
    lines += [f"  | {line}" for line in entry["text"].split("\n")]
    for order in entry["orders"]:
        error = f" ({order['error']})" if order["error"] else ""
        unheard = ", not answered at first" if order["unanswered"] else ""
        lines.append(f"  {_time(order['made_at'])}  {order['provider']}: {order['outcome']}{error}{unheard}")
    return "\n".join(lines)


def _time(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(SEOUL):%m-%d %H:%M:%S}"
