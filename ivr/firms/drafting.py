"""A contract before it is signed: drafted for a year, changed while it is a draft, dropped."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.billing.rows import Usage, UsageKind
from ivr.firms.contracts import contract_days, contracts_of, last_day, locked_contract, refuse_overlap
from ivr.firms.eligibility import refuse_ineligible
from ivr.firms.moves import ContractEvent, after
from ivr.firms.refusing import FirmRefused
from ivr.firms.registering import declared_by, firm_of, locked_firm
from ivr.firms.rows import Contract, ContractState, FirmEntry
from ivr.firms.support import last_day_of, months_after, support_of
from ivr.firms.working import Work, rule_of
from ivr.identifiers import contract_id
from ivr.lines.model import Line

OPEN = (ContractState.DRAFT, ContractState.SIGNED, ContractState.ENDED)
LEAST_REASON = 2


@dataclass(frozen=True, slots=True)
class Terms:
    """From which local day on, and how many handled calls a month are expected."""

    first_day: date
    monthly_calls: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """The next contract as it would be: `monthly_calls` from the usage of `months` whole months, None without any."""

    first_day: date
    last_day: date
    monthly_calls: int | None
    months: int


def draft(work: Work, firm_id: str, terms: Terms) -> Contract:
    """Draft a contract.

    Raises `FirmRefused` for a firm that may not join, days beyond the support, and an overlap, and `BillRefused` for a
    first day that has no prices.
    """
    line, entry = work.line.id, locked_firm(work.session, work.line.id, firm_id)
    ordinal = len(contracts_of(work.session, line, firm_id)) + 1
    contract = Contract(id=contract_id(line, firm_id, ordinal), line=line, firm=firm_id, state=ContractState.DRAFT)
    contract.made_at, contract.made_by, contract.clauses = work.at, work.by, {}
    _set_terms(work, entry, contract, terms=terms)
    work.session.add(contract)
    work.note(contract, "draft", **_told(contract))
    work.session.flush()
    return contract


def redraft(work: Work, id: str, terms: Terms) -> Contract:
    """Give a draft other terms, as after a deposit that came late; raises as `draft` does."""
    contract = locked_contract(work.session, work.line.id, id)
    contract.state = after(contract, ContractEvent.REDRAFT)
    _set_terms(work, firm_of(work.session, work.line.id, contract.firm), contract, terms=terms)
    work.note(contract, ContractEvent.REDRAFT, **_told(contract))
    work.session.flush()
    return contract


def drop(work: Work, id: str, why: str) -> Contract:
    """Give up a draft, or a signed contract that has not begun; raises `FirmRefused` for any other, or no reason."""
    contract = locked_contract(work.session, work.line.id, id)
    state = after(contract, ContractEvent.DROP)
    if contract.state is ContractState.SIGNED and contract.first_day <= work.today:
        raise FirmRefused("begun", contract=id, first_day=str(contract.first_day))
    contract.state, contract.why = state, reason_in(why)
    work.note(contract, ContractEvent.DROP, why=contract.why)
    work.session.flush()
    return contract


def propose(session: Session, line: Line, firm_id: str, *, day: date, first_day: date | None = None) -> Proposal:
    """The contract from `first_day` on; without one it follows the last contract, or begins on `day`, the present one.

    The calls of a month are the mean of the year before (A16), of its whole months under contract, rounded up.
    Raises `FirmRefused` where the support is over or needs a review first.
    """
    entry, rule = firm_of(session, line.id, firm_id), rule_of(line)
    over = [last_day(one) for one in contracts_of(session, line.id, firm_id) if one.state in OPEN]
    following = max(day, entry.selected_on, *(end + timedelta(days=1) for end in over))
    first = first_day or following
    last = last_day_of(rule, support_of(rule, entry.selected_on, entry.reviewed_on), first)
    calls, months = _mean_month(session, entry, day)
    return Proposal(first, last, calls, months)


def reason_in(text: str) -> str:
    """A reason without the spaces around it; raises `FirmRefused` for none worth the name."""
    reason = " ".join(text.split())
    if len(reason) < LEAST_REASON:
        raise FirmRefused("no_reason")
    return reason[:300]


def _set_terms(work: Work, entry: FirmEntry, contract: Contract, *, terms: Terms) -> None:
    refuse_ineligible(work.line, work.rule, declared_by(entry))
    if terms.monthly_calls < 0:
        raise FirmRefused("calls", calls=terms.monthly_calls)
    support = support_of(work.rule, entry.selected_on, entry.reviewed_on)
    last = last_day_of(work.rule, support, terms.first_day)
    work.prices_on(terms.first_day)
    with work.session.no_autoflush:
        known = contracts_of(work.session, entry.line, entry.id)
    refuse_overlap(known, terms.first_day, last, but=contract.id, states=OPEN)
    contract.first_day, contract.last_day, contract.monthly_calls = terms.first_day, last, terms.monthly_calls


def _mean_month(session: Session, entry: FirmEntry, day: date) -> tuple[int | None, int]:
    begin = day.replace(day=1)
    months = [months_after(begin, -back) for back in range(12, 0, -1)]
    whole = [first for first in months if _is_whole(session, entry, first)]
    if not whole:
        return None, 0
    query = select(func.coalesce(func.sum(Usage.quantity), 0)).where(
        Usage.line == entry.line,
        Usage.firm == entry.id,
        Usage.kind == UsageKind.CALL,
        Usage.month.in_([f"{first:%Y-%m}" for first in whole]),
    )
    return -(-session.scalars(query).one() // len(whole)), len(whole)


def _is_whole(session: Session, entry: FirmEntry, first: date) -> bool:
    last = months_after(first, 1) - timedelta(days=1)
    spans = contract_days(session, entry.line, entry.id, first=first, last=last)
    return sum((end - begin).days + 1 for begin, end in spans) == last.day


def _told(contract: Contract) -> dict[str, str | int]:
    days: dict[str, str | int] = {"first_day": str(contract.first_day), "last_day": str(contract.last_day)}
    return {**days, "monthly_calls": contract.monthly_calls}
