"""How firms stand on a day: the contract that holds, its band, what stands behind it, and what is to be done soon."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.billing.prices import PriceHistory, price_history
from ivr.firms.amounts import MonthEstimate, due_on, month_estimate
from ivr.firms.contracts import HOLDING, last_day
from ivr.firms.registering import standing_exclusions
from ivr.firms.rows import Contract, ContractState, FirmEntry, Security, SecurityKind
from ivr.firms.security import standing
from ivr.firms.support import Support, support_of
from ivr.firms.working import rule_of
from ivr.lines.model import Line

SOON: Final = timedelta(days=60)
"""So long before the end of a contract or of the support it is told that something follows or nothing does."""


@dataclass(frozen=True, slots=True)
class Due:
    """Something to be done by a local day: `what` is ineligible, security, sign, publish, renew, review or return."""

    what: str
    by: date
    contract_id: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A contract with everything that was left for it and what a month of it costs by the prices of its first day."""

    contract: Contract
    securities: Sequence[Security]
    month: MonthEstimate

    @property
    def last_day(self) -> date:
        """The last day on which it holds."""
        return last_day(self.contract)

    @property
    def secured(self) -> int:
        """What stands behind it now, in won."""
        return sum(one.amount for one in standing(self.securities))


@dataclass(frozen=True, slots=True)
class Standing:
    """A firm on a day; `present` holds now, or is the next one to begin, None without either."""

    entry: FirmEntry
    support: Support
    year: int
    contracts: Sequence[Held]
    present: Held | None
    dues: Sequence[Due]


def standings(session: Session, line: Line, entries: Sequence[FirmEntry], *, day: date) -> list[Standing]:
    """These firms of a line as they stand on a local day, in the order given, in three queries for all of them."""
    history = price_history(session, line)
    ids = [entry.id for entry in entries]
    query = select(Contract).where(Contract.line == line.id, Contract.firm.in_(ids))
    contracts = session.scalars(query.order_by(Contract.first_day.desc(), Contract.made_at.desc())).all()
    known = [contract.id for contract in contracts]
    left = session.scalars(select(Security).where(Security.contract_id.in_(known)).order_by(Security.id)).all()
    held = [_held(one, [row for row in left if row.contract_id == one.id], history) for one in contracts]
    return [_standing(line, entry, [one for one in held if one.contract.firm == entry.id], day) for entry in entries]


def _held(contract: Contract, left: Sequence[Security], history: PriceHistory) -> Held:
    prices = history.on(contract.first_day)
    return Held(contract, left, month_estimate(prices, contract.monthly_calls))


def _standing(line: Line, entry: FirmEntry, held: Sequence[Held], day: date) -> Standing:
    support = support_of(rule_of(line), entry.selected_on, entry.reviewed_on)
    coming = [one for one in held if one.contract.state in HOLDING and one.last_day >= day]
    present = min(coming, key=lambda one: one.contract.first_day, default=None)
    dues = sorted(_dues(line, entry, held, day=day), key=lambda due: due.by)
    return Standing(entry, support, support.year_on(day), held, present, dues)


def _dues(line: Line, entry: FirmEntry, held: Sequence[Held], *, day: date) -> Iterator[Due]:
    if standing_exclusions(line, entry):
        yield Due("ineligible", day)
    for one in held:
        yield from _dues_of(line, one, day)
    yield from _what_follows(line, entry, held, day)


def _dues_of(line: Line, held: Held, day: date) -> Iterator[Due]:
    contract = held.contract
    if contract.state is ContractState.DRAFT:
        kinds = {one.kind for one in standing(held.securities)} or {SecurityKind.DEPOSIT}
        by = min(due_on(rule_of(line).security, kind, contract.first_day) for kind in kinds)
        yield Due("sign", contract.first_day, contract.id) if held.secured else Due("security", by, contract.id)
    if contract.state is ContractState.SIGNED and contract.published_on is None and held.last_day >= day:
        yield Due("publish", contract.first_day, contract.id)
    is_over = contract.state is ContractState.DROPPED or (contract.state in HOLDING and held.last_day < day)
    if is_over and held.secured:
        yield Due("return", min(held.last_day, day), contract.id)


def _what_follows(line: Line, entry: FirmEntry, held: Sequence[Held], day: date) -> Iterator[Due]:
    """What comes after the latest contract: another one, or a review before it, while there are years left."""
    ends = [one.last_day for one in held if one.contract.state is not ContractState.DROPPED]
    support = support_of(rule_of(line), entry.selected_on, entry.reviewed_on)
    last = max(ends, default=None)
    if last is None or not day <= last <= day + SOON or last >= support.longest_last_day:
        return
    yield Due("renew" if last < support.last_day else "review", last)
