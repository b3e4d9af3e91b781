"""What usage rests on: calls by their rows of figures, answers by their charges, texts by what providers took."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from ivr.billing.rows import UsageKind
from ivr.callbacks.rows import Callback
from ivr.calls.record import Outcome
from ivr.calls.rows import Call
from ivr.campaigns.rows import Campaign, Charge, ChargeState, Dial
from ivr.cases.rows import Case
from ivr.figures.rows import CallFigure, OfferFigure
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.messages.rows import Message, MessageAttempt
from ivr.messages.states import AttemptOutcome
from ivr.repairs.rows import Repair
from ivr.surveys.rows import Interview

MINUTE_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Source:
    """A call, a dial or a text of a line: how much of `kind` it came to, for which firm ("" for none), and when."""

    kind: UsageKind
    id: str
    line: str
    firm: str
    quantity: int
    happened_at: datetime


def calls_of(session: Session, line_id: str, call_ids: Sequence[str]) -> list[Source]:
    """For each call one of handled calls (an agent answered) and one of minutes: each begun one of talk and holds."""
    talked = func.coalesce(OfferFigure.talk_ms, 0) + func.coalesce(OfferFigure.hold_ms, 0)
    asked = (
        select(
            CallFigure.call_id,
            CallFigure.firm,
            CallFigure.outcome,
            CallFigure.arrived_at,
            func.sum(talked).filter(OfferFigure.is_talk),
        )
        .outerjoin(OfferFigure, OfferFigure.call_id == CallFigure.call_id)
        .where(CallFigure.call_id.in_(call_ids), CallFigure.line == line_id)
        .group_by(CallFigure.call_id)
        .order_by(CallFigure.arrived_at, CallFigure.call_id)
    )
    found = []
    for call, firm, outcome, at, milliseconds in session.execute(asked):
        is_handled = outcome is Outcome.ANSWERED
        minutes = -(-int(milliseconds or 0) // MINUTE_MS) if is_handled else 0
        found += [
            Source(UsageKind.CALL, call, line_id, firm, int(is_handled), at),
            Source(UsageKind.MINUTE, call, line_id, firm, minutes, at),
        ]
    return found


def answers_of(session: Session, dial_ids: Sequence[str]) -> list[Source]:
    """For each dial for a firm one: of a happy call (A22) or of an answer; 1 where it is complete (A19), else 0."""
    asked = (
        select(Charge.dial_id, Charge.line, Charge.firm, Charge.state, Charge.is_free, Dial.dialled_at)
        .join(Dial, Dial.id == Charge.dial_id)
        .where(Charge.dial_id.in_(dial_ids), Charge.firm != "")
        .order_by(Charge.dial_id)
    )
    return [
        Source(
            UsageKind.HAPPY if is_free else UsageKind.ANSWER,
            dial,
            line,
            firm,
            int(state in {ChargeState.BILLABLE, ChargeState.FREE}),
            at,
        )
        for dial, line, firm, state, is_free, at in session.execute(asked)
    ]


def texts_of(session: Session, line: Line, messages: Sequence[Message]) -> list[Source]:
    """For each text about something of a firm's that a provider has taken, one; at the moment it was first taken."""
    firms = _firms_of(session, line, messages)
    about = [message.id for message in messages if firms.get(message.id)]
    taken = (
        select(MessageAttempt.message_id, func.min(MessageAttempt.closed_at))
        .where(MessageAttempt.message_id.in_(about), MessageAttempt.outcome == AttemptOutcome.ACCEPTED)
        .group_by(MessageAttempt.message_id)
        .order_by(MessageAttempt.message_id)
    )
    return [Source(UsageKind.TEXT, id, line.id, firms[id], 1, at) for id, at in session.execute(taken) if at]


def _firms_of(session: Session, line: Line, messages: Sequence[Message]) -> Mapping[str, str]:
    """The firm of each message: of the call, callback, case, repair or campaign that its subject names."""
    subjects = {message.id: message.subject.partition(":") for message in messages}
    found: dict[str, str] = {}
    for kind, owned in OWNERS.items():
        ids = {message: id for message, (named, _, id) in subjects.items() if named == kind}
        owners = _owned(session, owned, ids.values())
        firms = {id: firm or _by_number(line, dialled, arrived_at) for id, firm, dialled, arrived_at in owners}
        found |= {message: firms.get(id, "") for message, id in ids.items()}
    return found


# Any: the columns of a query have no common type.
Owned: TypeAlias = Select[Any, Any, Any, Any]


def _owned(
    session: Session, owned: Owned, ids: Iterable[str]
) -> Iterable[tuple[str, str, str | None, datetime | None]]:
    wanted = sorted(set(ids))
    if not wanted:
        return []
    id_column = owned.selected_columns[0]
    found = session.execute(owned.where(id_column.in_(wanted)))
    return [(str(id), firm or "", dialled, arrived_at) for id, firm, dialled, arrived_at in found]


def _by_number(line: Line, dialled: str | None, arrived_at: datetime | None) -> str:
    """Calls of a time when it was not kept on them are of the firm whose number was dialled, if it was one still."""
    firm = line.firm_of(dialled) if dialled else None
    if firm is None or (arrived_at is not None and firm.is_over(arrived_at.astimezone(SEOUL).date())):
        return ""
    return firm.id


# By the kind of subject: the id that it names, the firm kept with it, and which number was dialled when.
OWNERS: Final[Mapping[str, Owned]] = {
    "call": select(Call.id, Call.firm, Call.dialled, Call.arrived_at),
    "callback": select(Callback.id, Call.firm, Call.dialled, Call.arrived_at).join(Call, Call.id == Callback.call_id),
    "case": select(Case.id, Call.firm, Call.dialled, Call.arrived_at).join(Call, Call.id == Case.call_id),
    "repair": select(Repair.id, Repair.firm, Call.dialled, Call.arrived_at).outerjoin(Call, Call.id == Repair.call_id),
    "interview": select(Interview.id, func.coalesce(Campaign.firm, Call.firm), Call.dialled, Call.arrived_at)
    .outerjoin(Campaign, Campaign.id == Interview.campaign_id)
    .outerjoin(Call, Call.id == Interview.call_id),
}
