"""The ledger: what it takes and refuses, what stands by it, and what it promises."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete, select, text, true, update
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from ivr.consents.contact import may_contact_all
from ivr.consents.recording import BadConsent, Grant, Revocation, erase, expiry, grant, withdraw
from ivr.consents.rows import Consent, Means, Purpose, Standing, Suppression, SuppressionScope, Withdrawal
from ivr.consents.standing import standing_by_ledger
from ivr.consents.suppressing import Ban
from ivr.people.rows import Person
from ivr.promises import PromiseRow
from ivr.store import Store
from tests.unit.consents.people import GIVEN, HAPPY_CALL, NOON, add_person, agree, seoul

EVERYTHING = Revocation(Means.KEY, "call:1", "caller")


def promised(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(PromiseRow.kind).order_by(PromiseRow.id)))


@pytest.mark.parametrize(
    ("given", "ends"),
    [
        ("2024-11-22", "2026-11-22"),
        ("2024-02-29", "2026-02-28"),
        ("2024-02-28", "2026-02-28"),
        ("2026-02-28", "2028-02-28"),
        ("2025-12-31", "2027-12-31"),
    ],
)
def test_a_consent_ends_two_years_less_a_day_after_it_was_given(given: str, ends: str) -> None:
    for time in ("00:00:00", "23:59:59.999999"):
        assert expiry(seoul(given, time)) == seoul(ends, "00:00:00")


@pytest.mark.parametrize("table", [Consent, Withdrawal])
def test_the_database_refuses_to_change_or_delete_an_entry(store: Store, person: Person, table: type) -> None:
    with store.transaction() as session:
        withdraw(session, person.id, EVERYTHING, at=NOON)
    for change in (update(table).values(recorded_by="somebody else"), delete(table)):
        with pytest.raises(DBAPIError, match="only grows"), store.transaction() as session:
            session.execute(change)


@pytest.mark.parametrize(
    ("given", "at", "says"),
    [
        ("2026-11-24T00:00:00", "2026-11-23T23:59:59", "not given yet"),
        ("2024-11-22T12:00:00", "2026-11-22T00:00:00", "ran out"),
    ],
)
def test_a_consent_of_the_future_or_of_long_ago_is_refused(store: Store, given: str, at: str, says: str) -> None:
    one = Grant(Purpose.HAPPY_CALL, Means.PAPER, "1", "p", "s", seoul(*given.split("T")), "test")
    with store.transaction() as session:
        person = add_person(session)
    with pytest.raises(BadConsent, match=says), store.transaction() as session:
        grant(session, person.id, one, at=seoul(*at.split("T")))
    with store.reading() as session:
        assert session.scalars(select(Consent)).all() == []
        assert session.scalars(select(Standing)).all() == []


def test_the_same_consent_entered_again_is_one_entry(store: Store, person: Person) -> None:
    with store.transaction() as session:
        again = agree(session, person)
    with store.reading() as session:
        assert [row.id for row in session.scalars(select(Consent))] == [again.id]


def test_withdrawing_one_purpose_leaves_the_others_and_suppresses_nobody(store: Store, person: Person) -> None:
    with store.transaction() as session:
        agree(session, person, Purpose.OPINION_SURVEY)
        one = Revocation(Means.AGENT, "asked", "test", (Purpose.HAPPY_CALL,))
        assert withdraw(session, person.id, one, at=NOON) == 1
        assert withdraw(session, person.id, one, at=NOON) == 0
    with store.reading() as session:
        assert [row.purpose for row in session.scalars(select(Standing))] == [Purpose.OPINION_SURVEY]
        assert session.scalars(select(Suppression)).all() == []


def test_refusing_everything_ends_what_rings_and_promises_the_notice(store: Store, person: Person) -> None:
    with store.transaction() as session:
        withdraw(session, person.id, EVERYTHING, at=NOON)
        withdraw(session, person.id, EVERYTHING, at=NOON + timedelta(hours=1))
    made = promised(store)
    assert made.count("stop-dials") == 2
    assert made.count("consents-told") == 3
    with store.reading() as session:
        (suppressed,) = session.scalars(select(Suppression))
        assert (suppressed.scope, suppressed.why) == (SuppressionScope.INSTITUTION, "withdrawn")


def test_whoever_withdraws_waits_for_the_dialler_who_asked_first(postgresql_engine: Engine) -> None:
    store = Store(postgresql_engine)
    with store.transaction() as session:
        person = add_person(session)
        agree(session, person)
    with store.transaction() as dialler, Session(postgresql_engine) as session:
        assert may_contact_all(dialler, HAPPY_CALL, [person.id], at=NOON)[person.id].is_given
        session.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            withdraw(session, person.id, EVERYTHING, at=NOON)
    with store.transaction() as session:
        withdraw(session, person.id, EVERYTHING, at=NOON)
    with store.transaction() as dialler:
        assert not may_contact_all(dialler, HAPPY_CALL, [person.id], at=NOON)[person.id].is_given


def test_erasing_leaves_the_mark_alone_and_is_refused_a_second_time(store: Store, person: Person) -> None:
    with store.transaction() as session:
        index = person.number_index
        erase(session, person.id, by="test", at=NOON)
    with store.reading() as session:
        left = session.get_one(Person, person.id)
        assert (left.number, left.number_index, left.name, left.erased_at) == (None, None, None, NOON)
        assert session.scalars(select(Standing)).all() == []
        assert session.scalars(select(Suppression.number_index)).all() == [index]
    for nobody, says in ((person.id, "forgotten on"), (4711, "nobody has the id")):
        with pytest.raises(BadConsent, match=says), store.transaction() as session:
            erase(session, nobody, by="test", at=NOON)
    with pytest.raises(BadConsent, match="forgotten"), store.transaction() as session:
        agree(session, person, given_at=NOON)


def test_what_stands_can_be_made_anew_from_the_ledger(store: Store, person: Person) -> None:
    with store.transaction() as session:
        agree(session, person, given_at=GIVEN + timedelta(days=2))
        agree(session, person, given_at=GIVEN + timedelta(days=1))
    with store.reading() as session:
        (made,) = session.execute(standing_by_ledger(true())).all()
        (stands,) = session.scalars(select(Standing))
        assert (made.consent_id, made.expires_at) == (stands.consent_id, stands.expires_at)
        newest = session.scalars(select(Consent).order_by(Consent.given_at.desc())).first()
        assert newest is not None
        assert stands.consent_id == newest.id


@pytest.mark.parametrize(
    ("scope", "line", "campaign"),
    [
        (SuppressionScope.EVERYBODY, "kibo", 0),
        (SuppressionScope.INSTITUTION, "", 0),
        (SuppressionScope.CAMPAIGN, "kibo", 0),
    ],
)
def test_a_suppression_says_exactly_for_whom_it_is(scope: SuppressionScope, line: str, campaign: int) -> None:
    with pytest.raises(ValueError, match="does not go with"):
        Ban(scope, "index", "why", line=line, campaign_id=campaign)
