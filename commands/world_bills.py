"""The firms of a centre in a world: under contract, called by their own numbers, and billed for what was handled."""

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from datetime import datetime
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from commands.demo_centre import BY, read_centre, register_firms, sign_all
from commands.demo_traffic import DemoCentre
from commands.world import World
from commands.world_plan import WorldPlan
from ivr.billing.closing import CLOSED_AT
from ivr.billing.drawing import Bill
from ivr.billing.months import end_of, month_at
from ivr.billing.recounting import recounted
from ivr.billing.refusing import BillRefused
from ivr.billing.rows import LineKind, Usage, UsageKind
from ivr.billing.statements import bills_of, close_month
from ivr.calls.rows import Call, Offer
from ivr.firms.working import Work
from ivr.identifiers import call_id
from ivr.lines.firms import Firm
from ivr.lines.model import Line
from ivr.reports.quarters import Month

# Of the callers of a centre, this share dials the number of a firm.
SHARE_OF_FIRMS = 0.5


@cache
def _centre() -> DemoCentre:
    """Read once in a process: nothing of it ever changes."""
    return read_centre()


def put_under_contract(session: Session, line: Line, at: datetime) -> None:
    """Register the firms of a centre, and sign their contracts; nothing on a line that is none."""
    if line.centre is not None:
        work, centre = Work(session, line, BY, at), _centre()
        register_firms(work, centre)
        sign_all(work, centre)


def firm_called_by(plan: WorldPlan, ordinal: int, line: Line) -> Firm | None:
    """The firm whose number a caller dials; None for who dials the line's."""
    dice = plan.dice(f"firm {ordinal}")
    with_numbers = [firm for firm in line.firms.values() if firm.numbers]
    if not with_numbers or dice.random() >= SHARE_OF_FIRMS:
        return None
    return dice.choice(with_numbers)


def the_bill_comes_out(
    world: World, line_id: str, began_at: datetime, *, unserved: Set[str] = frozenset()
) -> list[str]:
    """Every handled call is on the bill of its firm once, and the month closes as its preview says.

    Of legs that were left `unserved` we may know that they were on their way into a room, and not that they never came.
    """
    line, month = world.lines.by_id(line_id), month_at(began_at)
    if line.centre is None:
        return []
    with world.store.reading() as session:
        wrong = [
            *_wrong_calls(session, world, line, but=_unsure(session, unserved)),
            *_recounted(session, line, month),
        ]
        previewed = bills_of(session, line, sorted(line.firms), month=str(month), at=world.now())
    return [*wrong, *_wrong_closing(world, line, month, previewed)]


def _unsure(session: Session, unserved: Set[str]) -> set[str]:
    """The calls of these legs, of callers and of agents."""
    of_agents = session.scalars(select(Offer.call_id).where(Offer.leg_sid.in_(unserved)))
    return {*of_agents, *(call_id(sid) for sid in unserved)}


def _wrong_calls(session: Session, world: World, line: Line, *, but: Set[str]) -> Iterator[str]:
    """By the carrier's own record: who talked with an agent as the customer of a firm counts as one call of it."""
    legs = world.carrier.network.calls.values()
    talked = {call_id(leg.sid) for leg in legs if leg.route.direction == "inbound" and leg.talks}
    asked = (
        select(Usage.source, Usage.firm, func.sum(Usage.quantity))
        .where(Usage.line == line.id, Usage.kind == UsageKind.CALL)
        .group_by(Usage.source, Usage.firm)
    )
    counted = {(source, firm): int(quantity) for source, firm, quantity in session.execute(asked) if quantity}
    handled = {(call.id, call.firm): 1 for call in session.scalars(select(Call)) if call.firm and call.id in talked}
    for call, firm in sorted(counted.keys() | handled.keys()):
        times, due = counted.get((call, firm), 0), handled.get((call, firm), 0)
        if times != due and call not in but:
            yield f"call {call} is {times} times on the bill of {firm} instead of {due}"


def _recounted(session: Session, line: Line, month: Month) -> Iterator[str]:
    for one in recounted(session, line, month):
        yield f"usage {one.kind.value} {one.source} of {one.firm} is {one.quantity} off in {one.month}"


class _TakenBackError(Exception):
    """Ends a transaction that must leave nothing behind."""


def _wrong_closing(world: World, line: Line, month: Month, previewed: Mapping[str, Bill]) -> list[str]:
    """Close the month as on the first of the next, and take it back."""
    wrong: list[str] = []
    try:
        with world.store.transaction() as session:
            wrong += _closed_otherwise(session, line, month, previewed)
            raise _TakenBackError
    except _TakenBackError:
        return wrong
    except BillRefused as refused:
        return [f"the month {month} cannot be closed: {refused}"]


def _closed_otherwise(session: Session, line: Line, month: Month, previewed: Mapping[str, Bill]) -> Iterator[str]:
    closed = close_month(session, line, str(month), by=BY, at=end_of(month) + CLOSED_AT)
    made = {one.firm: one for one in closed.made}
    for firm in sorted(line.firms):
        # A world at the end of a month may have lived into the next, and seen it closed.
        bill, statement = previewed[firm], previewed[firm].statement or made.get(firm)
        owed = statement.owed if statement is not None else 0
        if owed != bill.total.owed:
            yield f"{firm} owes {bill.total.owed} won by the preview and {owed} by the statement of {month}"
    handled = Counter({firm: _handled(bill) for firm, bill in previewed.items()})
    used = select(Usage.firm, func.sum(Usage.quantity)).where(Usage.kind == UsageKind.CALL, Usage.month == str(month))
    for firm, quantity in session.execute(used.group_by(Usage.firm)):
        if handled[firm] != int(quantity):
            yield f"the bill of {firm} names {handled[firm]} handled calls instead of {quantity}"


def _handled(bill: Bill) -> int:
    line = bill.of_kind(LineKind.SERVICE)
    return line.amount.quantity if line is not None else 0
