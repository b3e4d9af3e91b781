"""The way from an agent's memo to the promise to call back (D6): who, which number, about what, by when."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.base import Refused
from ivr.callbacks.asking import Wish, ask_callback
from ivr.callbacks.memo import Lacking, Memo
from ivr.callbacks.rows import Callback, Origin
from ivr.calls.rows import Call, Offer
from ivr.identifiers import callback_id
from ivr.lines.calendar import Calendar
from ivr.lines.model import Line
from ivr.messages.size import clean
from ivr.numbers import PhoneNumber


class BadMemo(Refused):
    """A memo lacks a part and the code why; the message names each."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What an agent took down. The same `mark` (of a page, or a moment) about the same call is the same memo.

    Without `call_id` there must be a `number`; left out with it, it is the caller's. `team` left out is that of the
    last talk of the call, or the line's own.
    """

    mark: str
    call_id: str | None = None
    team: str | None = None
    name: str | None = None
    number: PhoneNumber | None = None
    content: str | None = None
    lacking: dict[str, Lacking] = field(default_factory=dict)
    why: str | None = None
    not_before: datetime | None = None
    due_at: datetime | None = None


def promise_by_memo(session: Session, noted: Noted, *, line: Line, calendar: Calendar, at: datetime) -> Callback:
    """Promise to call back by a memo, or join the promise that is open for this number; raises `Refused`."""
    call = session.get(Call, noted.call_id) if noted.call_id else None
    number = noted.number or (call.caller if call else None)
    memo = Memo(_text(noted.name), number, _text(noted.content), noted.lacking)
    faults = list(memo.faults())
    if faults or memo.number is None:
        raise BadMemo("; ".join(faults))
    wish = Wish(
        id=callback_id(f"memo:{noted.call_id}:{noted.mark}"),
        line=line,
        team=noted.team or team_of_call(session, call) or line.team,
        origin=Origin.MEMO,
        number=memo.number,
        not_before=noted.not_before,
        due_at=noted.due_at,
        call_id=noted.call_id,
        customer=memo.name,
        content=memo.content,
        reason=noted.why,
        lacking={part: code.value for part, code in memo.lacking.items()},
    )
    return ask_callback(session, wish, calendar=calendar, at=at)


def team_of_call(session: Session, call: Call | None) -> str | None:
    """The team of the last talk of a call."""
    if call is None:
        return None
    return session.scalar(select(Offer.team).where(Offer.call_id == call.id).order_by(Offer.ordinal.desc()).limit(1))


def _text(given: str | None) -> str | None:
    return clean(given).strip() or None if given else None
