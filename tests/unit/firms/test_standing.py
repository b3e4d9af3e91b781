"""What is to be done about firms, on which day, and which contract is shown as the present one."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from ivr.firms.registering import firms_of
from ivr.firms.standing import Standing, standings
from ivr.store import Store
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.firms.register import BOND, DEPOSIT, Register

pytestmark = ON_SQLITE
FOUR_MONTHS = 4_700_000


@pytest.fixture
def register(engine: Engine) -> Register:
    """A register with one firm."""
    found = Register(Store(engine))
    found.register()
    return found


def stands(register: Register, day: date) -> Standing:
    """The firm as it stands on a day."""
    with register.store.reading() as session:
        [found] = standings(session, register.line, firms_of(session, "ascentre"), day=day)
    return found


def dues(register: Register, day: date) -> dict[str, Any]:
    """What is to be done, by when."""
    return {due.what: str(due.by) for due in stands(register, day).dues}


def test_a_draft_waits_for_security_and_then_for_its_signature(register: Register) -> None:
    contract = register.draft(date(2026, 3, 1))
    assert dues(register, register.today) == {"security": "2026-02-01"}
    register.leave(contract, BOND, FOUR_MONTHS)
    assert dues(register, register.today) == {"sign": "2026-03-01"}
    register.sign(contract)
    assert dues(register, register.today) == {"publish": "2026-03-01"}


def test_a_contract_that_ends_soon_is_renewed_or_reviewed_for(register: Register) -> None:
    first = register.signed(date(2026, 3, 1))
    assert set(dues(register, date(2026, 12, 29))) == {"publish"}
    assert dues(register, date(2026, 12, 30))["renew"] == "2027-02-28"
    second = register.draft(date(2027, 3, 1))
    assert "renew" not in dues(register, date(2026, 12, 31))
    register.drop(second)
    register.end(first, date(2026, 3, 31))
    register.signed(date(2028, 4, 1))
    assert dues(register, date(2028, 12, 1))["review"] == "2029-01-04"
    register.today = date(2028, 12, 1)
    register.review(date(2028, 12, 1))
    assert dues(register, date(2028, 12, 1))["renew"] == "2029-01-04"


def test_what_is_over_gives_its_security_back(register: Register) -> None:
    contract = register.draft(date(2026, 3, 1))
    deposit = register.leave(contract, DEPOSIT, FOUR_MONTHS)
    register.sign(contract)
    assert "return" not in dues(register, date(2027, 2, 28))
    assert dues(register, date(2027, 3, 1))["return"] == "2027-02-28"
    register.today = date(2027, 3, 1)
    register.bill("2027-02")
    register.give_back(deposit)
    assert dues(register, date(2027, 3, 1)) == {}


def test_the_present_contract_is_the_one_that_holds_before_the_next(register: Register) -> None:
    assert stands(register, register.today).present is None
    first, second = register.signed(date(2026, 3, 1)), register.signed(date(2027, 3, 1))
    present = [stands(register, day).present for day in (date(2026, 2, 1), date(2027, 2, 28), date(2027, 3, 1))]
    assert [held.contract.id for held in present if held] == [first, first, second]
    assert stands(register, date(2028, 3, 1)).present is None
    held = stands(register, date(2027, 3, 1)).contracts
    assert [(one.contract.id, one.secured, one.month.bands) for one in held] == [
        (second, FOUR_MONTHS, 10),
        (first, FOUR_MONTHS, 10),
    ]
