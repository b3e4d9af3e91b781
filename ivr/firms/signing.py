"""Signing a contract, with its clauses on personal data and something to stand behind it, and ending it early."""

from collections.abc import Collection
from datetime import date

from ivr.billing.closing import promise_month
from ivr.billing.mark import noting_moment
from ivr.firms.clauses import CLAUSES, refuse_missing
from ivr.firms.contracts import HOLDING, contracts_of, locked_contract, refuse_overlap
from ivr.firms.drafting import reason_in
from ivr.firms.eligibility import refuse_ineligible
from ivr.firms.moves import ContractEvent, after
from ivr.firms.refusing import FirmRefused
from ivr.firms.registering import declared_by, firm_of
from ivr.firms.rows import Contract, ContractState
from ivr.firms.security import refuse_unsecured
from ivr.firms.support import last_day_of, support_of
from ivr.firms.working import Work
from ivr.reports.quarters import month_of


def sign(work: Work, id: str, clauses: Collection[str]) -> Contract:
    """Sign a draft.

    Raises `FirmRefused` for anything but a draft, a firm that may not join, days beyond the support, days on which
    another signed contract holds, clauses that are missing (PIPA art. 26), and without security received in time (A16).
    """
    contract, rule = locked_contract(work.session, work.line.id, id), work.rule
    state, entry = after(contract, ContractEvent.SIGN), firm_of(work.session, work.line.id, contract.firm)
    refuse_ineligible(work.line, rule, declared_by(entry))
    last = last_day_of(rule, support_of(rule, entry.selected_on, entry.reviewed_on), contract.first_day)
    if contract.last_day > last:
        raise FirmRefused("support_shorter", last_day=str(last))
    others = contracts_of(work.session, work.line.id, contract.firm)
    refuse_overlap(others, contract.first_day, contract.last_day, but=id, states=HOLDING)
    refuse_missing(clauses)
    refuse_unsecured(work, contract)
    # A month that is being closed does not know of it: it is signed after that, and made good by the next statement.
    contract.state, contract.signed_by = state, work.by
    contract.signed_at = noting_moment(work.session, work.line.id, at=work.at)
    contract.clauses = dict.fromkeys(CLAUSES, str(work.today))
    # A month in which nobody calls is owed its base fee all the same.
    promise_month(work.session, work.line.id, month_of(max(contract.first_day, work.today)))
    work.note(contract, ContractEvent.SIGN)
    work.session.flush()
    return contract


def end(work: Work, id: str, on: date, *, why: str) -> Contract:
    """End a contract early, with its last day; raises `FirmRefused` for a day that is over or outside the contract."""
    contract = locked_contract(work.session, work.line.id, id)
    state = after(contract, ContractEvent.END)
    if on < work.today:
        raise FirmRefused("end_past", day=str(on))
    if on < contract.first_day:
        raise FirmRefused("not_begun", contract=id, first_day=str(contract.first_day))
    if on >= contract.last_day:
        raise FirmRefused("end_after", contract=id, last_day=str(contract.last_day))
    contract.state, contract.ended_on, contract.why = state, on, reason_in(why)
    work.note(contract, ContractEvent.END, on=str(on), why=contract.why)
    work.session.flush()
    return contract


def note_published(work: Work, id: str, on: date) -> Contract:
    """Note since when the firm names the centre as its processor in public (PIPA art. 26(2)); raises `FirmRefused`."""
    contract = locked_contract(work.session, work.line.id, id)
    work.refuse_future(on)
    if contract.state is not ContractState.SIGNED:
        raise FirmRefused("published_early", contract=id)
    contract.published_on = on
    work.note(contract, "publish", on=str(on))
    work.session.flush()
    return contract
