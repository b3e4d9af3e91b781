"""Contracts of a year: within the support, never two at once, signed upon security that comes back at the end."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from ivr.billing.refusing import BillRefused
from ivr.firms.amounts import due_on, first_day_after
from ivr.firms.clauses import CLAUSES
from ivr.firms.contracts import contract_days
from ivr.firms.drafting import Terms, draft, propose, redraft
from ivr.firms.refusing import RULES, FirmRefused
from ivr.firms.registering import Registration, change
from ivr.firms.rows import ContractState
from ivr.firms.security import Left, note_security
from ivr.firms.signing import note_published
from ivr.firms.working import rule_of
from ivr.promises import PromiseRow
from ivr.store import Store
from tests.http.board import words
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.firms.register import BOND, DEPOSIT, FIRM, KITCHEN, SELECTED, Register, number_of, rule_broken

FIRST = date(2026, 3, 1)
# Four months of band 10 and the base fee.
FOUR_MONTHS = 4 * (1_125_000 + 50_000)


@pytest.fixture
def register(engine: Engine) -> Register:
    """A register with one firm."""
    found = Register(Store(engine))
    found.register()
    return found


@ON_SQLITE
def test_a_contract_is_for_a_year_and_ends_with_the_support(register: Register) -> None:
    assert register.contract(register.draft(FIRST)).last_day == date(2027, 2, 28)
    assert register.contract(register.draft(date(2028, 6, 1))).last_day == date(2029, 1, 4)
    assert rule_broken(register.draft, date(2026, 1, 4)) == "before_support"
    assert rule_broken(register.draft, date(2029, 1, 5)) == "review_needed"
    register.today = date(2028, 12, 1)
    register.review(date(2028, 11, 30))
    assert register.contract(register.draft(date(2029, 1, 5))).last_day == date(2030, 1, 4)
    assert register.contract(register.draft(date(2030, 6, 1))).last_day == date(2031, 1, 4)
    assert rule_broken(register.draft, date(2031, 1, 5)) == "support_over"


@ON_SQLITE
def test_a_review_is_of_a_day_that_can_be(register: Register) -> None:
    assert rule_broken(register.review, SELECTED) == "review_early"
    assert rule_broken(register.review, SELECTED + timedelta(days=1)) == "future_day"


@ON_SQLITE
def test_no_two_contracts_overlap(register: Register) -> None:
    first = register.signed(FIRST)
    for day in (FIRST, date(2027, 2, 28), date(2026, 1, 6)):
        assert rule_broken(register.draft, day) == "overlap"
    register.end(first, date(2026, 8, 31))
    assert rule_broken(register.draft, date(2026, 8, 31)) == "overlap"
    second = register.draft(date(2026, 9, 1))
    register.drop(second)
    assert register.state(register.draft(date(2026, 9, 1))) is ContractState.DRAFT


@ON_SQLITE
def test_a_day_without_prices_has_no_contract(register: Register) -> None:
    register.today = date(2017, 12, 1)
    register.register("early", number="124-81-00998")
    with register.work() as work, pytest.raises(BillRefused) as refused:
        draft(work, "early", Terms(date(2017, 12, 15), 10))
    assert refused.value.rule == "price_gap"


@ON_SQLITE
def test_nothing_is_signed_without_its_clauses_and_security(register: Register) -> None:
    contract = register.draft(FIRST)
    assert rule_broken(register.sign, contract, CLAUSES[1:]) == "clauses"
    assert rule_broken(register.sign, contract, (*CLAUSES, "more")) == "unknown_clause"
    with pytest.raises(FirmRefused, match=r"4,700,000 won.*deposit of at least 4,700,000 won, due by 2026-02-01"):
        register.sign(contract)
    assert rule_broken(register.leave, contract, BOND, FOUR_MONTHS - 1) == "bond_small"
    register.leave(contract, BOND, FOUR_MONTHS)
    register.sign(contract)
    signed = register.contract(contract)
    assert (signed.state, signed.clauses) == (ContractState.SIGNED, dict.fromkeys(CLAUSES, "2026-01-05"))
    assert rule_broken(register.sign, contract) == "move"
    assert rule_broken(register.sign, "nothing") == "unknown_contract"


@ON_SQLITE
def test_a_small_firm_deposits_three_million_all_the_same(register: Register) -> None:
    contract = register.draft(FIRST, 150)
    with pytest.raises(FirmRefused, match="at least 3,000,000 won, are 3,000,000 won"):
        register.leave(contract, DEPOSIT, 2_999_999)
    register.leave(contract, DEPOSIT, 3_000_000)
    register.sign(contract)
    other = register.draft(date(2027, 3, 1), 150)
    assert rule_broken(register.leave, other, BOND, 649_999) == "bond_small"
    register.leave(other, BOND, 650_000)


@ON_SQLITE
def test_a_deposit_is_there_a_month_before(register: Register) -> None:
    contract, register.today = register.draft(FIRST), date(2026, 2, 2)
    register.leave(contract, DEPOSIT, FOUR_MONTHS)
    with pytest.raises(FirmRefused, match=r"came on 2026-02-02 and was due by 2026-02-01.* on 2026-03-02 or later"):
        register.sign(contract)
    with register.work() as work:
        redraft(work, contract, Terms(date(2026, 3, 2), 2_000))
    register.sign(contract)
    assert register.contract(contract).last_day == date(2027, 3, 1)


@ON_SQLITE
def test_a_bond_is_left_before_the_first_day(register: Register) -> None:
    contract, register.today = register.draft(FIRST), FIRST
    register.leave(contract, BOND, FOUR_MONTHS)
    assert rule_broken(register.sign, contract) == "bond_late"


@ON_SQLITE
def test_more_calls_need_more_security_and_it_may_be_topped_up(register: Register) -> None:
    contract = register.draft(FIRST, 1_800)
    register.leave(contract, BOND, 4 * (9 * 112_500 + 50_000))
    with register.work() as work:
        redraft(work, contract, Terms(FIRST, 1_801))
    assert rule_broken(register.sign, contract) == "bond_small"
    register.leave(contract, BOND, 450_000)
    register.sign(contract)


@ON_SQLITE
def test_what_is_left_says_what_it_is(register: Register) -> None:
    contract = register.draft(FIRST)
    assert rule_broken(register.leave, contract, BOND, 0) == "amount"
    assert rule_broken(register.leave, contract, BOND, FOUR_MONTHS, on=date(2026, 1, 6)) == "future_day"
    with register.work() as work:
        assert rule_broken(note_security, work, contract, Left(DEPOSIT, 5_000_000, " ", SELECTED)) == "no_proof"
    register.drop(contract)
    assert rule_broken(register.leave, contract, BOND, FOUR_MONTHS) == "not_due"


@ON_SQLITE
def test_a_deposit_comes_back_once_after_the_last_statement(register: Register) -> None:
    contract = register.draft(FIRST)
    deposit = register.leave(contract, DEPOSIT, FOUR_MONTHS)
    register.sign(contract)
    assert rule_broken(register.give_back, deposit) == "still_needed"
    register.today = date(2026, 6, 10)
    register.end(contract, date(2026, 6, 20))
    register.today = date(2026, 7, 2)
    assert rule_broken(register.give_back, deposit) == "no_statement"
    register.bill("2026-06")
    assert rule_broken(register.give_back, deposit, date(2026, 6, 20)) == "return_early"
    register.give_back(deposit)
    assert register.security(deposit).returned_on == date(2026, 7, 2)
    assert rule_broken(register.give_back, deposit) == "returned"


@ON_SQLITE
def test_a_deposit_goes_on_to_the_next_contract_and_is_then_returned_there(register: Register) -> None:
    first = register.draft(FIRST)
    deposit = register.leave(first, DEPOSIT, FOUR_MONTHS)
    register.sign(first)
    second = register.draft(date(2027, 3, 1), 2_200)
    carried = register.carry(deposit, second)
    assert (rule_broken(register.give_back, deposit), rule_broken(register.carry, deposit, second)) == ("carried",) * 2
    assert rule_broken(register.sign, second) == "deposit_small"
    register.leave(second, DEPOSIT, 450_000)
    register.sign(second)
    assert rule_broken(register.give_back, carried) == "still_needed"


@ON_SQLITE
def test_a_deposit_that_was_carried_to_a_dropped_draft_is_bound_by_the_contract_before(register: Register) -> None:
    first = register.draft(FIRST)
    deposit = register.leave(first, DEPOSIT, FOUR_MONTHS)
    register.sign(first)
    second = register.draft(date(2027, 3, 1))
    carried = register.carry(deposit, second)
    register.drop(second)
    assert rule_broken(register.give_back, carried) == "still_needed"
    third = register.draft(date(2027, 3, 1))
    again = register.carry(carried, third)
    register.drop(third)
    assert rule_broken(register.give_back, again) == "still_needed"
    register.today = date(2027, 3, 2)
    assert rule_broken(register.give_back, again) == "no_statement"
    register.bill("2027-02")
    register.give_back(again)


@ON_SQLITE
def test_what_stays_behind_a_contract_is_enough_for_what_it_is(register: Register) -> None:
    contract = register.draft(FIRST, 100)
    bond = register.leave(contract, BOND, 2_500_000)
    register.leave(contract, DEPOSIT, 800_000)
    register.sign(contract)
    # Enough of a bond for so few calls, and too little of a deposit, which is three million at least.
    assert rule_broken(register.give_back, bond) == "still_needed"


@ON_SQLITE
def test_a_draft_that_has_come_to_outlast_the_support_is_not_signed(register: Register) -> None:
    register.today = date(2026, 1, 20)
    contract = register.draft(date(2028, 6, 1))
    assert register.contract(contract).last_day == date(2029, 1, 4)
    register.leave(contract, BOND, FOUR_MONTHS)
    with register.work() as work:
        change(work, FIRM, Registration("한빛가전", number_of(1), KITCHEN, date(2025, 12, 1)))
    assert rule_broken(register.sign, contract) == "support_shorter"
    with register.work() as work:
        redraft(work, contract, Terms(date(2028, 6, 1), 2_000))
    register.sign(contract)
    assert register.contract(contract).last_day == date(2028, 11, 30)


@ON_SQLITE
def test_what_was_replaced_or_never_needed_comes_back_at_once(register: Register) -> None:
    contract = register.draft(FIRST)
    deposit = register.leave(contract, DEPOSIT, FOUR_MONTHS)
    register.leave(contract, BOND, FOUR_MONTHS)
    register.sign(contract)
    register.give_back(deposit)
    dropped = register.draft(date(2027, 3, 1))
    bond = register.leave(dropped, BOND, FOUR_MONTHS)
    register.drop(dropped)
    register.give_back(bond)


@ON_SQLITE
def test_ending_and_dropping_have_their_days(register: Register) -> None:
    contract = register.signed(FIRST)
    assert rule_broken(register.end, contract, date(2026, 1, 4)) == "end_past"
    assert rule_broken(register.end, contract, date(2026, 2, 28)) == "not_begun"
    assert rule_broken(register.end, contract, date(2027, 2, 28)) == "end_after"
    register.today = FIRST
    assert rule_broken(register.drop, contract) == "begun"
    register.end(contract, FIRST)
    assert (register.state(contract), rule_broken(register.end, contract, FIRST)) == (ContractState.ENDED, "move")


@ON_SQLITE
def test_a_month_without_a_call_is_promised_to_be_closed_once_a_contract_is_signed(register: Register) -> None:
    register.signed(FIRST)
    with register.store.reading() as session:
        (promise,) = session.scalars(select(PromiseRow))
    assert (promise.kind, promise.args) == ("close-month", {"line": "ascentre", "month": "2026-03"})


@ON_SQLITE
def test_days_under_contract_are_those_signed_for_cut_at_the_early_end(register: Register) -> None:
    first = register.signed(FIRST)
    register.end(first, date(2026, 8, 15))
    register.signed(date(2026, 9, 1))
    register.draft(date(2027, 9, 1))
    begin, over = date(2026, 8, 1), date(2026, 9, 30)
    with register.store.reading() as session:
        spans = contract_days(session, "ascentre", FIRM, first=begin, last=over)
        assert spans == [(begin, date(2026, 8, 15)), (date(2026, 9, 1), over)]
        days = (date(2026, 8, 15), date(2026, 8, 16), date(2027, 9, 1))
        held = [contract_days(session, "ascentre", FIRM, first=day, last=day) != [] for day in days]
        assert held == [True, False, False]
        assert contract_days(session, "ascentre", "nuri", first=begin, last=over) == []


@ON_SQLITE
def test_the_next_year_is_proposed_by_the_usage_of_the_last(register: Register) -> None:
    with register.store.reading() as session:
        proposal = propose(session, register.line, FIRM, day=SELECTED)
        assert (proposal.first_day, proposal.monthly_calls) == (SELECTED, None)
    register.signed(date(2026, 3, 10))
    for month, count in {"2026-03": 9_000, "2026-04": 1_000, "2026-05": 1_401, "2026-06": 7_000}.items():
        register.calls(month, count)
    with register.store.reading() as session:
        proposal = propose(session, register.line, FIRM, day=date(2026, 6, 20))
    assert (proposal.first_day, proposal.last_day) == (date(2027, 3, 10), date(2028, 3, 9))
    # April and May are the whole months: March began with a contract of its tenth, June goes on.
    assert (proposal.monthly_calls, proposal.months) == (1_201, 2)


@ON_SQLITE
def test_the_publication_is_noted_once_it_is_signed(register: Register) -> None:
    contract = register.draft(FIRST)
    with register.work() as work:
        assert rule_broken(note_published, work, contract, SELECTED) == "published_early"
    register.leave(contract, BOND, FOUR_MONTHS)
    register.sign(contract)
    with register.work() as work:
        note_published(work, contract, SELECTED)
    assert register.contract(contract).published_on == SELECTED


def test_of_two_who_register_the_same_at_once_one_is_refused(postgresql_engine: Engine) -> None:
    register = Register(Store(postgresql_engine))

    def at_once(ids: tuple[str, str]) -> list[str]:
        together = threading.Barrier(2, timeout=10)

        def enter(id: str) -> str:
            together.wait()
            return rule_broken(register.register, id, number=number_of(len(ids[0])))

        with ThreadPoolExecutor(2) as threads:
            return sorted(threads.map(enter, ids))

    assert at_once(("hanbit", "hanbit")) in (["", "known"], ["", "registered"])
    assert at_once(("nuri", "haon")) == ["", "registered"]


def test_of_two_who_draft_the_same_days_at_once_one_is_refused(register: Register) -> None:
    told: list[str] = []

    def drafting() -> None:
        told.append(rule_broken(register.draft, FIRST))

    threads = [threading.Thread(target=drafting) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["", "overlap"]


def test_a_deposit_is_due_a_month_before_even_at_the_end_of_months() -> None:
    rule = rule_of(words()[1].by_id("ascentre")).security
    assert due_on(rule, DEPOSIT, date(2026, 3, 31)) == date(2026, 2, 28)
    for day in (date(2026, 1, 28) + timedelta(days=step) for step in range(40)):
        first = first_day_after(rule, day)
        assert due_on(rule, DEPOSIT, first) >= day
        assert due_on(rule, DEPOSIT, first - timedelta(days=1)) < day


def test_every_refusal_is_one_sentence_without_a_full_stop() -> None:
    assert [rule for rule, said in RULES.items() if said.endswith(".") or not said] == []
