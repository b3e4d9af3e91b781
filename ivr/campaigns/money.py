"""Money: a dial's place on the bill, and the calls that a firm has left this month (promises A18, A19, A22)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from ivr.base import ROW_LOCK
from ivr.billing.noting import note_answer
from ivr.calls.rows import Call
from ivr.campaigns.rows import Allowance, Campaign, Charge, ChargeState, Dial
from ivr.campaigns.terms import Terms, terms_of
from ivr.lines.hours import SEOUL, moment_of
from ivr.promises import insert_for
from ivr.surveys.rows import Disposition

COUNTING = (ChargeState.RESERVED, ChargeState.BILLABLE)


def month_of(at: datetime) -> str:
    """The month of a moment in Seoul: 2026-11."""
    return f"{at.astimezone(SEOUL):%Y-%m}"


def reserve(session: Session, campaign: Campaign, dial_id: str, *, at: datetime) -> bool:
    """Hold a dial's price and, where the firm's calls are limited, one of the calls left this month.

    False, and nothing held, where none is left: what the firm's customers called, what is owed and what is held count
    together, under the lock of the month's row. The same dial twice is held once.
    """
    if session.get(Charge, dial_id) is not None:
        return True
    return bool(reserve_all(session, campaign, [dial_id], at=at))


def reserve_all(session: Session, campaign: Campaign, dial_ids: Sequence[str], *, at: datetime) -> Sequence[str]:
    """`reserve` for dials that are being begun together and are new; gives those that are held, the first ones."""
    terms = terms_of(campaign)
    if not terms.is_free and terms.monthly_calls is not None:
        dial_ids = dial_ids[: max(0, _left(session, campaign, terms, at))]
    held = {
        "campaign_id": campaign.id,
        "line": campaign.line,
        "firm": campaign.firm or "",
        "month": month_of(at),
        "state": ChargeState.RESERVED,
        "price": 0 if terms.is_free else terms.price,
        "is_free": terms.is_free,
    }
    if dial_ids:
        session.execute(insert(Charge), [{"dial_id": dial, **held} for dial in dial_ids])
    return dial_ids


def settle(session: Session, dial_id: str, disposition: Disposition, *, at: datetime) -> None:
    """Put a dial on the bill where its answers are complete, free of charge for a happy call; strike it out else.

    Only what is held is settled: once more, or a dial without a charge, changes nothing.
    """
    charge = session.get(Charge, dial_id, with_for_update=ROW_LOCK)
    if charge is None or charge.state is not ChargeState.RESERVED:
        return
    charge.state = _end_of(charge, disposition)
    charge.settled_at = at
    _note(session, charge, at)


def settle_late(session: Session, dial: Dial, *, at: datetime) -> bool:
    """Put a dial that was struck out on the bill after all: its answers were completed after it was over.

    False, and it stays struck out, where none of the firm's calls of the dial's own month is left (A18). Anything but
    what was struck out stays as it is.
    """
    charge = session.get(Charge, dial.id, with_for_update=ROW_LOCK)
    if charge is None or charge.state is not ChargeState.VOID:
        return True
    campaign = session.get_one(Campaign, dial.campaign_id)
    terms = terms_of(campaign)
    is_limited = not charge.is_free and terms.monthly_calls is not None
    if is_limited and _left(session, campaign, terms, dial.dialled_at) < 1:
        return False
    charge.state, charge.settled_at = _end_of(charge, Disposition.COMPLETED), at
    _note(session, charge, at)
    return True


def calls_left(session: Session, campaign: Campaign, at: datetime) -> int | None:
    """The calls that the campaign's firm has left this month; None where there is no limit."""
    terms = terms_of(campaign)
    if terms.is_free or terms.monthly_calls is None:
        return None
    allowed = session.get(Allowance, (campaign.line, campaign.firm or "", month_of(at)))
    calls = terms.monthly_calls if allowed is None or allowed.calls is None else allowed.calls
    return max(0, calls - _used(session, campaign, terms, at))


def allow(session: Session, line: str, firm: str, *, month: str, calls: int) -> None:
    """Set how many calls a firm has in a month (YYYY-MM), in place of the line's own number."""
    adding = insert_for(session.get_bind().dialect.name, Allowance).values(
        line=line, firm=firm, month=month, calls=calls
    )
    session.execute(adding.on_conflict_do_update(index_elements=["line", "firm", "month"], set_={"calls": calls}))


def _note(session: Session, charge: Charge, at: datetime) -> None:
    """A firm's complete answer is usage, which its month's statement counts."""
    if charge.firm and charge.state is not ChargeState.VOID:
        session.flush()
        note_answer(session, charge.dial_id, at=at)


def _end_of(charge: Charge, disposition: Disposition) -> ChargeState:
    if disposition is not Disposition.COMPLETED:
        return ChargeState.VOID
    return ChargeState.FREE if charge.is_free else ChargeState.BILLABLE


def _left(session: Session, campaign: Campaign, terms: Terms, at: datetime) -> int:
    """The calls left, the month's row being locked until the transaction ends."""
    key = {"line": campaign.line, "firm": campaign.firm or "", "month": month_of(at)}
    adding = insert_for(session.get_bind().dialect.name, Allowance).values(**key, calls=None)
    session.execute(adding.on_conflict_do_nothing(index_elements=["line", "firm", "month"]))
    locking = select(Allowance).filter_by(**key).with_for_update(key_share=True)
    allowance = session.execute(locking, execution_options={"populate_existing": True}).scalar_one()
    calls = terms.monthly_calls or 0 if allowance.calls is None else allowance.calls
    return calls - _used(session, campaign, terms, at)


def _used(session: Session, campaign: Campaign, terms: Terms, at: datetime) -> int:
    first = at.astimezone(SEOUL).date().replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    calls = select(func.count()).where(
        Call.line == campaign.line,
        Call.arrived_at >= moment_of(first, 0),
        Call.arrived_at < moment_of(after, 0),
    )
    if campaign.firm:
        calls = calls.where(Call.firm == campaign.firm)
    charges = select(func.count()).where(
        Charge.line == campaign.line,
        Charge.firm == (campaign.firm or ""),
        Charge.month == month_of(at),
        Charge.state.in_(COUNTING),
        ~Charge.is_free,
    )
    return (session.scalar(calls) or 0) + (session.scalar(charges) or 0)
