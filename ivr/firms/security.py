"""What stands behind a contract (A16): a bond or a deposit, in time, large enough, returned once at the end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.billing.rows import Statement
from ivr.firms.amounts import due_on, first_day_after, needed
from ivr.firms.contracts import last_day, locked_contract
from ivr.firms.refusing import FirmRefused, won
from ivr.firms.rows import Contract, ContractState, Security, SecurityKind
from ivr.firms.working import Work
from ivr.lines.centre import SecurityRule


@dataclass(frozen=True, slots=True)
class Left:
    """What a firm leaves: won, the day of its receipt, and the bond's number or the proof that no insurer bonds it."""

    kind: SecurityKind
    amount: int
    proof: str
    received_on: date


def securities_of(session: Session, contract_id: str) -> Sequence[Security]:
    """Everything that was left for a contract, in the order in which it was noted."""
    return session.scalars(select(Security).where(Security.contract_id == contract_id).order_by(Security.id)).all()


def standing(securities: Sequence[Security]) -> list[Security]:
    """What stands behind it still: neither returned nor carried on."""
    return [one for one in securities if one.returned_on is None and one.carried_to is None]


def least_of(work: Work, contract: Contract, kind: SecurityKind) -> int:
    """The least in won that stands behind a contract, by the prices of its first day."""
    prices = work.prices_on(contract.first_day)
    return needed(work.rule.security, prices, kind, monthly_calls=contract.monthly_calls)


def note_security(work: Work, id: str, left: Left) -> Security:
    """Note what was received for a draft or a signed contract; with what stands behind it already it must be enough.

    Raises `FirmRefused` for too little, for a deposit without proof, and for a contract that is over. A deposit that
    came late is noted as it came, and not signed upon.
    """
    contract = locked_contract(work.session, work.line.id, id)
    _refuse_unfit(work, contract, left)
    least = least_of(work, contract, left.kind)
    together = left.amount + sum(one.amount for one in standing(securities_of(work.session, id)))
    if together < least:
        _refuse_small(work.rule.security, contract, left.kind, together=together, least=least)
    return _add(work, contract, left, least=least)


def carry_deposit(work: Work, security_id: int, to: str) -> Security:
    """Let a deposit go on to stand behind a draft of the same firm; what is missing of it is noted beside it.

    Raises `FirmRefused` for a bond, which is for its own year, and for a deposit that was returned or carried before.
    """
    contract = locked_contract(work.session, work.line.id, to)
    earlier, before = _locked_security(work, security_id)
    fits = before.firm == contract.firm and before.id != to and contract.state is ContractState.DRAFT
    if earlier.kind is not SecurityKind.DEPOSIT or not fits:
        raise FirmRefused("not_carried")
    earlier.carried_to = to
    work.note(before, "carry", amount=earlier.amount, to=to)
    same = Left(earlier.kind, earlier.amount, earlier.proof, earlier.received_on)
    return _add(work, contract, same, least=least_of(work, contract, earlier.kind))


def return_security(work: Work, security_id: int, on: date) -> Security:
    """Note that a deposit was given back or a bond released, once: at the end, after the last statement, or replaced.

    Raises `FirmRefused` where it was returned before, is still needed, or the last month is not billed yet.
    """
    row, contract = _locked_security(work, security_id)
    work.refuse_future(on)
    for bound in _stood_behind(work.session, contract, row):
        rest = [one for one in standing(securities_of(work.session, bound.id)) if one.id != row.id]
        least = max((least_of(work, bound, one.kind) for one in rest), default=row.needed)
        if sum(one.amount for one in rest) < least and bound.state is not ContractState.DROPPED:
            _refuse_needed(work, bound, on)
    row.returned_on = on
    work.note(contract, "return", amount=row.amount, on=str(on))
    work.session.flush()
    return row


def refuse_unsecured(work: Work, contract: Contract) -> None:
    """Raise `FirmRefused` unless enough stands behind a contract that was received in time."""
    rows, rule = standing(securities_of(work.session, contract.id)), work.rule.security
    least = {kind: least_of(work, contract, kind) for kind in SecurityKind}
    if not rows:
        bond, deposit = SecurityKind.BOND, SecurityKind.DEPOSIT
        days = {f"{kind.value}_due": str(due_on(rule, kind, contract.first_day)) for kind in SecurityKind}
        raise FirmRefused("no_security", bond=won(least[bond]), deposit=won(least[deposit]), **days)
    for row in rows:
        _refuse_late(rule, row, contract.first_day)
    together, most = sum(row.amount for row in rows), max(least[row.kind] for row in rows)
    if together < most:
        kind = next(row.kind for row in rows if least[row.kind] == most)
        _refuse_small(rule, contract, kind, together=together, least=most)


def _add(work: Work, contract: Contract, left: Left, *, least: int) -> Security:
    row = Security(contract_id=contract.id, kind=left.kind, needed=least, amount=left.amount, noted_by=work.by)
    row.proof, row.received_on = left.proof.strip()[:120], left.received_on
    row.due_on = due_on(work.rule.security, left.kind, contract.first_day)
    work.session.add(row)
    work.note(contract, "security", kind=left.kind.value, amount=left.amount)
    work.session.flush()
    return row


def _refuse_unfit(work: Work, contract: Contract, left: Left) -> None:
    if contract.state not in {ContractState.DRAFT, ContractState.SIGNED}:
        raise FirmRefused("not_due", contract=contract.id, state=contract.state.value)
    if left.amount <= 0:
        raise FirmRefused("amount", amount=left.amount)
    if not left.proof.strip():
        raise FirmRefused("no_proof" if left.kind is SecurityKind.DEPOSIT else "no_number")
    work.refuse_future(left.received_on)


def _refuse_late(rule: SecurityRule, row: Security, first: date) -> None:
    due = due_on(rule, row.kind, first)
    if row.received_on <= due:
        return
    days = {"received_on": str(row.received_on), "due_on": str(due)}
    if row.kind is SecurityKind.BOND:
        raise FirmRefused("bond_late", received_on=days["received_on"], due_on=str(first))
    raise FirmRefused(
        "deposit_late", **days, months=rule.due_months, first_day=str(first_day_after(rule, row.received_on))
    )


def _refuse_small(rule: SecurityRule, contract: Contract, kind: SecurityKind, *, together: int, least: int) -> None:
    values = {"amount": won(together), "needed": won(least)}
    counts = {"months": rule.months, "calls": contract.monthly_calls}
    if kind is SecurityKind.DEPOSIT:
        raise FirmRefused("deposit_small", **values, **counts, least=won(rule.least_deposit))
    raise FirmRefused("bond_small", **values, **counts)


def _stood_behind(session: Session, contract: Contract, row: Security) -> Iterator[Contract]:
    """The contract of a security, and those from which it was carried on: a draft that was dropped frees nothing."""
    yield contract
    same = (Security.amount == row.amount, Security.proof == row.proof, Security.received_on == row.received_on)
    carried = select(Security).where(Security.carried_to == contract.id, Security.id < row.id, *same)
    for before in session.scalars(carried).all():
        yield from _stood_behind(session, session.get_one(Contract, before.contract_id), before)


def _refuse_needed(work: Work, contract: Contract, on: date) -> None:
    last = last_day(contract)
    if contract.state is ContractState.DRAFT or last >= work.today:
        raise FirmRefused("still_needed", contract=contract.id, last_day=str(last))
    if on <= last:
        raise FirmRefused("return_early", last_day=str(last))
    month = f"{last:%Y-%m}"
    made = select(Statement.id).where(Statement.line == contract.line, Statement.firm == contract.firm)
    if work.session.scalar(made.where(Statement.month == month)) is None:
        raise FirmRefused("no_statement", month=month)


def _locked_security(work: Work, security_id: int) -> tuple[Security, Contract]:
    """A security that stands still, and its contract; all changes of a firm wait for each other at its entry."""
    row = work.session.get(Security, security_id)
    if row is None:
        raise FirmRefused("unknown_security", id=security_id)
    contract = locked_contract(work.session, work.line.id, row.contract_id)
    work.session.refresh(row)
    if row.returned_on is not None:
        raise FirmRefused("returned", returned_on=str(row.returned_on))
    if row.carried_to is not None:
        raise FirmRefused("carried", contract=row.carried_to)
    return row, contract
