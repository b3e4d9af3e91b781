"""Who may enter the register of a centre, and what the rule says to those who may not."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from ivr.firms.eligibility import Declared
from ivr.firms.refusing import FirmRefused
from ivr.firms.registering import Registration, change, firms_of
from ivr.firms.working import events_of, rule_of
from ivr.store import Store
from tests.http.board import words
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.firms.register import FIRM, KITCHEN, SELECTED, Register, number_of, rule_broken

pytestmark = ON_SQLITE
INTERMEDIATE = "사업 참가 제한 품목: 건설자재, 부품 등 중간재"


@pytest.fixture
def register(engine: Engine) -> Register:
    """An empty register."""
    return Register(Store(engine))


def test_all_seventeen_kinds_may_join(register: Register) -> None:
    products = tuple(register.line.products)
    assert len(products) == 17
    register.register(declared=Declared(products=products))
    with register.store.reading() as session:
        assert [tuple(entry.products) for entry in firms_of(session, "ascentre")] == [products]


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        (Declared(("kitchen", "materials")), INTERMEDIATE),
        (Declared(("clothes",)), "의류/식품"),
        (Declared(("food",)), "의류/식품"),
        (Declared(("unclear",)), "판단하기 곤란"),
        (replace(KITCHEN, is_manufacturer=False), "'제조' 미등록"),
        (replace(KITCHEN, is_made_here=False), "해외 공장 OEM"),
        (replace(KITCHEN, is_of_group=True), "대기업 계열기업"),
        (replace(KITCHEN, is_regulated=True), "신용 불량"),
    ],
)
def test_what_is_excluded_is_refused_with_the_text_of_the_rule(
    register: Register, declared: Declared, told: str
) -> None:
    with pytest.raises(FirmRefused, match=told) as refused:
        register.register(declared=declared)
    assert refused.value.rule == "excluded"
    with register.store.reading() as session:
        assert firms_of(session, "ascentre") == []


def test_products_are_named_and_known(register: Register) -> None:
    assert rule_broken(register.register, declared=Declared(())) == "no_products"
    assert rule_broken(register.register, declared=Declared(("rockets",))) == "unknown_product"


def test_a_firm_has_one_id_and_one_number(register: Register) -> None:
    register.register(number=number_of(1))
    assert rule_broken(register.register, number=number_of(2)) == "known"
    assert rule_broken(register.register, "nuri", number=number_of(1)) == "registered"
    wrong = [
        rule_broken(register.register, id, number=number_of(3)) for id in ("", "H", "한빛", "new", "a" * 41, "a/b")
    ]
    assert wrong == ["bad_id"] * 6


def test_an_entry_says_what_became_of_it_and_keeps_what_was_changed(register: Register) -> None:
    register.register()
    group = replace(KITCHEN, products=("kitchen", "home"), is_of_group=True)
    with register.work() as work:
        entry = change(work, FIRM, Registration("한빛", number_of(9), group, SELECTED))
        assert (entry.contact, entry.is_of_group) == ("홍길동", True)
    with register.store.reading() as session:
        newest = events_of(session, "ascentre", FIRM)[0]
    assert newest.what == "change"
    assert newest.detail["products"] == "kitchen → kitchen, home"
    # Who has become part of a large company gets no further contract.
    assert rule_broken(register.draft, date(2026, 2, 1)) == "excluded"


def test_a_line_that_is_no_centre_has_no_firms(register: Register) -> None:
    assert rule_broken(rule_of, words()[1].by_id("kibo")) == "no_centre"
