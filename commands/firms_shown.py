"""`charterline firms`: how firms, their contracts and the comparison of costs are printed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from commands.shared import local_time
from ivr.firms.comparison import CostTable
from ivr.firms.registration import hyphenated
from ivr.firms.rows import FirmEvent, Security
from ivr.firms.standing import Held, Standing
from ivr.rounding import rounded

# Any: what is printed as JSON.
Entry = Mapping[str, Any]


def firm_entry(standing: Standing) -> Entry:
    """A firm as printed; whom to ask there is not among it."""
    entry, present = standing.entry, standing.present
    return {
        "firm": entry.id,
        "name": entry.name,
        "registration": hyphenated(entry.registration),
        "products": entry.products,
        "is_manufacturer": entry.is_manufacturer,
        "is_made_here": entry.is_made_here,
        "is_of_group": entry.is_of_group,
        "is_regulated": entry.is_regulated,
        "selected_on": str(entry.selected_on),
        "reviewed_on": str(entry.reviewed_on) if entry.reviewed_on else None,
        "year": standing.year,
        "support_until": str(standing.support.last_day),
        "longest_until": str(standing.support.longest_last_day),
        "contract": contract_entry(present) if present else None,
        "due": [{"what": due.what, "by": str(due.by), "contract": due.contract_id or None} for due in standing.dues],
    }


def contract_entry(held: Held) -> Entry:
    """A contract with its band, its amounts in won, and what stands behind it."""
    contract = held.contract
    return {
        "contract": contract.id,
        "state": contract.state.value,
        "first_day": str(contract.first_day),
        "last_day": str(held.last_day),
        "monthly_calls": contract.monthly_calls,
        "bands": held.month.bands,
        "service_fee": held.month.service,
        "base_fee": held.month.base,
        "signed_at": local_time(contract.signed_at) if contract.signed_at else None,
        "clauses": contract.clauses,
        "published_on": str(contract.published_on) if contract.published_on else None,
        "why": contract.why,
        "securities": [security_entry(one) for one in held.securities],
    }


def security_entry(security: Security) -> Entry:
    """What was left for a contract."""
    return {
        "security": security.id,
        "kind": security.kind.value,
        "needed": security.needed,
        "amount": security.amount,
        "proof": security.proof,
        "due_on": str(security.due_on),
        "received_on": str(security.received_on),
        "returned_on": str(security.returned_on) if security.returned_on else None,
        "carried_to": security.carried_to,
    }


def event_entry(event: FirmEvent) -> Entry:
    """Something that was done."""
    said = {"at": local_time(event.at), "by": event.by, "what": event.what}
    return {**said, "contract": event.contract_id, "detail": event.detail}


def firm_line(standing: Standing) -> str:
    """A firm in one line of a list."""
    entry, present = standing.entry, standing.present
    held = f"{present.contract.first_day}..{present.last_day} band {present.month.bands}" if present else "no contract"
    due = f"  due: {', '.join(f'{due.what} {due.by}' for due in standing.dues)}" if standing.dues else ""
    return f"{entry.id:<12} {entry.name}  year {standing.year}  {held}{due}"


def firm_lines(standing: Standing, events: Sequence[FirmEvent]) -> Iterator[str]:
    """A firm with its contracts and what was done, line by line."""
    for name, value in firm_entry(standing).items():
        if name not in {"contract", "due"}:
            yield f"{name:<16} {', '.join(value) if isinstance(value, list) else value}"
    for due in standing.dues:
        yield f"due              {due.what} by {due.by} {due.contract_id}"
    for held in standing.contracts:
        contract = held.contract
        days = f"{contract.first_day}..{held.last_day}"
        yield (
            f"contract {contract.id}  {contract.state.value:<8} {days}  {contract.monthly_calls:,} calls a month, "
            f"band {held.month.bands}: {held.month.service:,} + {held.month.base:,} won"
        )
        for one in held.securities:
            since = f"returned {one.returned_on}" if one.returned_on else f"carried to {one.carried_to or '-'}"
            won = f"{one.amount:,} of {one.needed:,} won"
            yield f"  {one.kind.value} {one.id}: {won}, received {one.received_on}, {since}"
    for event in events:
        said = ", ".join(f"{name} {value}" for name, value in event.detail.items())
        yield f"  {local_time(event.at)}  {event.what:<9} {event.contract_id or '-':<21} {event.by}  {said}"


def table_entry(table: CostTable) -> Entry:
    """The comparison: exact amounts in won, and the figures that the document prints."""
    return {
        "calls_per_day": table.calls_per_day,
        "monthly_calls": table.monthly_calls,
        "bands": table.month.bands,
        "agents": rounded(table.agents, 2),
        "agents_elsewhere": table.other_agents,
        "supervisors": table.supervisors,
        "costs": [{"cost": cost.id, "elsewhere": cost.other, "here": cost.ours} for cost in table.costs],
        "support": table.support,
        "elsewhere": table.other.exact,
        "here": table.ours.exact,
        "excess": table.excess.exact,
        "printed": {
            "elsewhere_millions": rounded(table.other.millions, 1),
            "here_millions": rounded(table.ours.millions, 1),
            "excess_millions": rounded(table.excess.millions, 1),
            "elsewhere_monthly_millions": rounded(table.other.monthly_millions, 3),
            "here_monthly_millions": rounded(table.ours.monthly_millions, 3),
            "here_percent": rounded(table.share * 100, 1),
            "excess_percent": rounded(table.excess_share * 100, 0),
            "people": rounded(table.everybody, 1),
        },
    }


def table_lines(table: CostTable) -> Iterator[str]:
    """The comparison as a table in won, with its printed figures below."""
    yield f"{table.calls_per_day} calls a day, {table.monthly_calls:,} a month: band {table.month.bands}"
    yield f"{'won a year':<12} {'elsewhere':>14} {'here':>14}"
    for cost in table.costs:
        yield f"{cost.id:<12} {cost.other:>14,} {cost.ours:>14,}"
    yield f"{'sum':<12} {table.other.exact:>14,} {table.ours.exact:>14,}"
    for name, value in table_entry(table)["printed"].items():
        yield f"  {name.replace('_', ' ')}: {value}"
    yield f"  support: {table.support:,} won; agents here {rounded(table.agents, 2)}, elsewhere {table.other_agents}"
    yield "  the document prints the monthly sums as thousands of won: millions are meant"
