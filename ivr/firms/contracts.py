"""The contracts of firms: which one holds on a day, on which days one held, and whether another would overlap (A16)."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.base import ROW_LOCK
from ivr.firms.refusing import FirmRefused
from ivr.firms.registering import locked_firm
from ivr.firms.rows import Contract, ContractState

HOLDING = (ContractState.SIGNED, ContractState.ENDED)


def last_day(contract: Contract) -> date:
    """The last day on which a contract holds: that of its early end, where it has one."""
    return contract.ended_on or contract.last_day


def contracts_of(session: Session, line_id: str, firm_id: str) -> list[Contract]:
    """Every contract of a firm, drafts and dropped ones too, the latest first."""
    query = select(Contract).where(Contract.line == line_id, Contract.firm == firm_id)
    return list(session.scalars(query.order_by(Contract.first_day.desc(), Contract.made_at.desc(), Contract.id)))


def contract_days(session: Session, line_id: str, firm_id: str, *, first: date, last: date) -> list[tuple[date, date]]:
    """The spans of local days, both included, from `first` to `last` on which a firm was under a signed contract."""
    held = _held(session, line_id, firm_id, (first, last))
    spans = [(max(first, contract.first_day), min(last, last_day(contract))) for contract in held]
    return [span for span in spans if span[0] <= span[1]]


def locked_contract(session: Session, line_id: str, contract_id: str) -> Contract:
    """A contract of a line behind the lock of its firm's entry; raises `FirmRefused` where there is none."""
    found = session.get(Contract, contract_id)
    if found is None or found.line != line_id:
        raise FirmRefused("unknown_contract", id=contract_id)
    locked_firm(session, line_id, found.firm)
    return session.get_one(Contract, contract_id, with_for_update=ROW_LOCK, populate_existing=True)


def refuse_overlap(
    contracts: Sequence[Contract], first: date, last: date, *, but: str, states: Sequence[ContractState]
) -> None:
    """Raise `FirmRefused` where one of these contracts, `but` for one, is in one of the states on a day of the span."""
    for other in contracts:
        meets = other.first_day <= last and last_day(other) >= first
        if other.id != but and other.state in states and meets:
            days = {"first_day": str(other.first_day), "last_day": str(last_day(other))}
            raise FirmRefused("overlap", contract=other.id, **days)


def _held(session: Session, line_id: str, firm_id: str, days: tuple[date, date]) -> Sequence[Contract]:
    query = select(Contract).where(Contract.line == line_id, Contract.firm == firm_id, Contract.state.in_(HOLDING))
    query = query.where(Contract.first_day <= days[1], Contract.last_day >= days[0])
    return session.scalars(query.order_by(Contract.first_day)).all()
