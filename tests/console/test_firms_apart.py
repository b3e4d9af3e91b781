"""Who is of a client firm sees what is the firm's own, and of the house and of other firms nothing at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from werkzeug.routing import Rule

from console.visitor import roles_of
from ivr.accounts.keeping import BadAccount, Hand, grant
from ivr.accounts.rows import AccessEntry, Account, Grant, Role
from ivr.sealing import Keyring
from ivr.store import make_engine
from migrations.models import all_tables
from tests.console.asking import FORM, Place, plain, rules_of, values_of
from tests.console.other_firms import LINE, OfFirm, account_of, centre, fill_firm
from tests.console.people import Person
from tests.people import caller_phone
from tests.store_fixtures.databases import ON_SQLITE

pytestmark = ON_SQLITE
OWN, OTHER = "hanbit", "nuri"
# What the views of the house are asked for: whoever may not see them is turned away before any row is looked up.
ANYTHING = "1"


@pytest.fixture
def both(engine: Engine, tmp_path: Path) -> Place:
    """A centre in which two firms have rows."""
    return Place(engine, tmp_path / "both")


@pytest.fixture
def alone(tmp_path: Path, keyring: Keyring) -> Iterator[Place]:
    """The same centre without the other firm's rows."""
    engine = make_engine(f"sqlite:///{tmp_path / 'alone.db'}", keyring=keyring)
    all_tables().create_all(engine)
    yield Place(engine, tmp_path / "alone")
    engine.dispose()


@pytest.fixture
def filled(both: Place) -> tuple[OfFirm, OfFirm]:
    desk = centre(both.office)
    return fill_firm(both.office, desk, OWN, number=1), fill_firm(both.office, desk, OTHER, number=2)


def test_a_firm_asks_every_view_for_the_rows_of_another_and_learns_nothing(
    both: Place, alone: Place, filled: tuple[OfFirm, OfFirm]
) -> None:
    own, other = filled
    fill_firm(alone.office, centre(alone.office), OWN, number=1)
    there, here = both.enter(own.account), alone.enter(own.account)
    before = both.rows()
    asked = {rule.endpoint: _asked(both, there, rule, method, other) for rule, method in _of_firms(both)}
    assert asked == {rule.endpoint: _asked(alone, here, rule, method, other) for rule, method in _of_firms(both)}
    of_rows = {view for view in asked if f"{view}.id" in other.ids}
    assert {view[:3] for view in map(asked.__getitem__, of_rows)} == {"404"}
    assert len(of_rows) == len(other.ids)
    assert both.rows() == before


def test_a_firm_finds_its_own_rows_under_the_same_addresses(both: Place, filled: tuple[OfFirm, OfFirm]) -> None:
    own, _ = filled
    person = both.enter(own.account)
    for rule, method in _of_firms(both):
        if method == "GET":
            answer = _asked(both, person, rule, method, own)
            assert answer.startswith("200"), (rule.endpoint, answer[:300])
            assert caller_phone(1)[-8:] not in answer.replace("-", ""), rule.endpoint


def test_every_view_of_the_house_turns_a_firm_away(both: Place, filled: tuple[OfFirm, OfFirm]) -> None:
    own, _ = filled
    person, before = both.enter(own.account), both.rows()
    closed = [
        (rule, method)
        for rule, method in rules_of(both.app)
        if Role.FIRM not in _roles(both, rule) and _roles(both, rule)
    ]
    assert closed
    for rule, method in closed:
        with both.app.test_request_context():
            address = _address(both, rule, dict.fromkeys(rule.arguments, ANYTHING))
        with person.get(address) if method == "GET" else person.post(address, FORM) as answer:
            assert answer.status_code == 403, (rule.endpoint, method, answer.status_code)
    assert both.rows() == before


def test_a_form_of_a_firm_without_its_token_changes_nothing(both: Place, filled: tuple[OfFirm, OfFirm]) -> None:
    own, _ = filled
    person, before = both.enter(own.account), both.rows()
    for rule, method in _of_firms(both):
        for token in ("", "forged") if method == "POST" else ():
            answer = person.post(_address(both, rule, values_of(rule, own.ids)), {**FORM, "csrf": token})
            assert (rule.endpoint, answer.status_code) == (rule.endpoint, 400)
    assert both.rows() == before


def test_a_number_is_seen_by_the_firm_for_a_reason_that_is_kept(both: Place, filled: tuple[OfFirm, OfFirm]) -> None:
    own, _ = filled
    person = both.enter(own.account)
    address = f"/firm/calls/{own.ids['firm.call.id']}/number"
    assert caller_phone(1)[-8:] not in person.post(address).text.replace("-", "")
    assert caller_phone(1)[-8:] in person.post(address, {"reason": "출장 수리 약속"}).text.replace("-", "")
    with both.office.store.reading() as session:
        kept = session.query(AccessEntry).one()
    assert (kept.account_id, kept.reason, kept.subject) == (
        own.account,
        "출장 수리 약속",
        f"call:{own.ids['firm.call.id']}",
    )


def test_who_is_of_a_firm_has_no_other_role_there(both: Place) -> None:
    hand = Hand("command", both.office.clock())
    account = account_of(both.office, OWN)
    with both.office.store.transaction() as session:
        held = session.get_one(Account, account)
        for given, firm in (((LINE, Role.SUPERVISOR), ""), ((LINE, Role.FIRM), OTHER), (("kibo", Role.FIRM), "")):
            with pytest.raises(BadAccount):
                grant(session, held, given, hand=hand, firm=firm)
    with both.office.store.reading() as session:
        assert [(one.line, one.role, one.firm) for one in session.query(Grant)] == [(LINE, Role.FIRM, OWN)]


def _of_firms(place: Place) -> list[tuple[Rule, str]]:
    return [(rule, method) for rule, method in rules_of(place.app) if rule.endpoint.startswith("firm.")]


def _roles(place: Place, rule: Rule) -> frozenset[Role]:
    return roles_of(place.app.view_functions[rule.endpoint]) or frozenset()


def _asked(place: Place, person: Person, rule: Rule, method: str, firm: OfFirm) -> str:
    address = _address(place, rule, values_of(rule, firm.ids))
    return plain(person.get(address) if method == "GET" else person.post(address, FORM))


def _address(place: Place, rule: Rule, values: dict[str, str]) -> str:
    built = rule.build(values, append_unknown=False)
    assert built is not None, rule.endpoint
    return built[1]
