"""`charterline bills` and `charterline statement`: how bills are printed."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from commands.shared import local_time
from console.bills.reckoned import how_reckoned, named, unit_of
from console.bills.showing import Client, ShownBill, sums_of
from console.words import ENGLISH, load_wording
from ivr.billing.drawing import Bill
from ivr.billing.opening import Opened
from ivr.billing.prices import Listed
from ivr.billing.reckoning import BillLine

# Any: what is printed as JSON.
Entry: TypeAlias = dict[str, Any]


def bill_entry(shown: ShownBill) -> Entry:
    """A firm's month with its lines, in won; `parts` are what each was reckoned from."""
    bill = shown.bill
    return {
        **summary_entry(shown.client, bill),
        "contracts": [{"first": str(first), "last": str(last)} for first, last in shown.contracts],
        "lines": [line_entry(number, line) for number, line in shown.numbered],
        "corrections": [
            {"line": one.ordinal, "owed": one.owed, "reason": one.reason, "billed_in": one.billed_in}
            for one in shown.corrections
        ],
    }


def line_entry(number: int, line: BillLine) -> Entry:
    """One line of a bill."""
    amount = line.amount
    return {
        "line": number,
        "kind": line.kind.value,
        "quantity": amount.quantity,
        "gross": amount.gross,
        "support": amount.support,
        "owed": amount.owed,
        "reckoned": how_reckoned(line, load_wording()[ENGLISH].say),
        "parts": list(line.parts),
        "detail": dict(line.detail),
    }


def summary_entry(client: Client, bill: Bill) -> Entry:
    """A firm's month in one entry."""
    sums, made = sums_of(bill), bill.statement
    return {
        "line_id": bill.line,
        "firm": client.id,
        "name": client.name,
        "month": bill.month,
        "statement": made.id if made else None,
        "made_at": made.made_at.isoformat() if made else None,
        "calls": sums.calls,
        "bands": sums.bands,
        "gross": sums.gross,
        "support": sums.support,
        "owed": sums.owed,
        "faults": list(bill.faults),
    }


def bill_lines(shown: ShownBill) -> Iterator[str]:
    """A firm's month in words."""
    say, bill = load_wording()[ENGLISH].say, shown.bill
    state = f"{bill.statement.id}, closed {local_time(bill.statement.made_at)}" if bill.statement else "not closed yet"
    yield f"{shown.client.name} ({shown.client.id}), {bill.month}: {bill.total.owed:,} won owed; {state}"
    for number, line in shown.numbered:
        amount = line.amount
        yield (
            f"{number:>3}  {named(line, say):<34} {amount.quantity:>9,}{unit_of(line, say):<6}"
            f" {amount.gross:>13,} - {amount.support:>13,} = {amount.owed:>12,}"
        )
        yield from (f"       {sentence}" for sentence in how_reckoned(line, say))
    yield from (f"  !  {say(f'bills.fault.{fault}')}" for fault in bill.faults)
    yield say("bills.rounding")


def summary_line(client: Client, bill: Bill) -> str:
    """A firm's month in one line."""
    sums = sums_of(bill)
    state = "closed" if bill.is_closed else "open"
    faults = " ".join(f"! {fault}" for fault in bill.faults)
    calls = "-" if sums.calls is None else f"{sums.calls:,}"
    said = f"{client.id:<12} {bill.month}  {state:<6} {calls:>7} calls {sums.owed:>12,} won  {client.name} {faults}"
    return said.rstrip()


def row_entry(opened: Opened) -> Entry:
    """One usage row."""
    usage = opened.usage
    return {
        "key": usage.key,
        "kind": usage.kind.value,
        "source": usage.source,
        "receipt": opened.receipt,
        "quantity": usage.quantity,
        "happened_at": usage.happened_at.isoformat(),
        "noted_at": usage.noted_at.isoformat(),
    }


def prices_entry(listed: Listed) -> Entry:
    """One list of prices."""
    return {
        "version": listed.version,
        "since": listed.since.isoformat(),
        "reason": listed.reason,
        "made_by": listed.made_by,
        "prices": listed.prices.model_dump(),
    }
