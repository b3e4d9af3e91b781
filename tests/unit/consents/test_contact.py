"""May somebody be contacted: each rule by hand, at the second at which it begins and ends."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from ivr.campaigns.rows import DialOutcome
from ivr.consents.contact import Exclusion, Occasion, eligible, may_contact, may_contact_all
from ivr.consents.recording import Revocation, erase, withdraw
from ivr.consents.rows import (
    Channel,
    Consent,
    Hours,
    Means,
    Purpose,
    RegisterEntry,
    RegisterImport,
    Standing,
    SuppressionScope,
)
from ivr.consents.suppressing import Ban, lift, standing_bans, suppress
from ivr.numbers import PhoneNumber
from ivr.optouts.refusing import Refusal, refuse
from ivr.optouts.rows import Scope, Way
from ivr.people.rows import Person
from ivr.promises import PromiseRow
from ivr.store import Store
from tests.unit.consents.people import (
    CAMPAIGN,
    GIVEN,
    HAPPY_CALL,
    NOON,
    NUMBER,
    add_person,
    agree,
    dialled,
    seoul,
    why,
    wish_for,
)

SECOND = timedelta(seconds=1)


def test_consent_allows_what_was_agreed_to_and_nothing_else(store: Store, person: Person) -> None:
    assert why(store, person) is None
    assert why(store, person, wish_for([Purpose.OPINION_SURVEY])) is Exclusion.NO_CONSENT
    assert why(store, person, wish_for([Purpose.HAPPY_CALL, Purpose.ADVERTISING])) is Exclusion.NO_CONSENT
    assert why(store, person, replace(HAPPY_CALL, channel=Channel.TEXT)) is Exclusion.NO_CONSENT
    assert why(store, person, replace(HAPPY_CALL, line="dcgf")) is Exclusion.UNKNOWN_PERSON


def test_the_permission_names_the_consent_of_the_first_purpose(store: Store, person: Person) -> None:
    with store.transaction() as session:
        survey = agree(session, person, Purpose.OPINION_SURVEY)
        happy = agree(session, person, given_at=GIVEN + SECOND)
        both = wish_for([Purpose.OPINION_SURVEY, Purpose.HAPPY_CALL])
        assert may_contact(session, both, person.id, at=NOON).consent_id == survey.id
        assert may_contact(session, HAPPY_CALL, person.id, at=NOON).consent_id == happy.id


def test_nobody_unknown_is_contacted(store: Store, person: Person) -> None:
    with store.transaction() as session:
        permissions = may_contact_all(session, HAPPY_CALL, [person.id, 999], at=NOON)
    assert [permissions[id].why for id in (person.id, 999)] == [None, Exclusion.UNKNOWN_PERSON]
    assert permissions[999].consent_id is None


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("20:59:59", None),
        ("20:59:59.999999", None),
        ("21:00:00", Exclusion.NO_NIGHT_CONSENT),
        ("00:00:00", Exclusion.NO_NIGHT_CONSENT),
        ("07:59:59.999999", Exclusion.NO_NIGHT_CONSENT),
        ("08:00:00", None),
    ],
)
def test_the_night_begins_and_ends_at_the_second(
    store: Store, person: Person, time: str, expected: Exclusion | None
) -> None:
    at = seoul("2026-11-23", time)
    assert why(store, person, at=at) is expected
    with store.transaction() as session:
        agree(session, person, hours=Hours.NIGHT)
    assert why(store, person, at=at) is None


def test_consent_for_the_night_alone_is_none_for_the_day(store: Store) -> None:
    with store.transaction() as session:
        person = add_person(session)
        agree(session, person, hours=Hours.NIGHT)
    assert why(store, person, at=seoul("2026-11-23", "22:00")) is Exclusion.NO_CONSENT
    assert why(store, person) is Exclusion.NO_CONSENT


@pytest.mark.parametrize(
    ("given", "last_day", "day_after"),
    [
        ("2024-11-24", "2026-11-23", "2026-11-24"),
        ("2024-02-29", "2026-02-27", "2026-02-28"),
        ("2025-02-28", "2027-02-27", "2027-02-28"),
    ],
)
def test_consent_holds_to_the_end_of_its_last_day_in_seoul(
    store: Store, given: str, last_day: str, day_after: str
) -> None:
    with store.transaction() as session:
        person = add_person(session)
        agree(session, person, given_at=seoul(given, "23:59:59"))
        agree(session, person, hours=Hours.NIGHT, given_at=seoul(given, "23:59:59"))
    assert why(store, person, at=seoul(last_day, "23:59:59.999999")) is None
    assert why(store, person, at=seoul(day_after, "00:00:00")) is Exclusion.EXPIRED


def test_withdrawing_counts_at_once_and_an_older_consent_does_not_come_back(store: Store, person: Person) -> None:
    with store.transaction() as session:
        agree(session, person, given_at=GIVEN + timedelta(days=1))
        revoked = Revocation(Means.KEY, "call:1", "caller", (Purpose.HAPPY_CALL,))
        assert withdraw(session, person.id, revoked, at=NOON - SECOND) == 2
    assert why(store, person) is Exclusion.WITHDRAWN
    with store.transaction() as session:
        agree(session, person, given_at=NOON - timedelta(hours=1), how=Means.IMPORT)
    assert why(store, person) is Exclusion.WITHDRAWN, "a list brought a consent older than the withdrawal"
    with store.transaction() as session:
        agree(session, person, given_at=NOON)
    assert why(store, person) is None


def test_refusing_everything_outlives_a_later_list_but_not_a_later_wish(store: Store, person: Person) -> None:
    with store.transaction() as session:
        withdraw(session, person.id, Revocation(Means.KEY, "call:1", "caller"), at=NOON - timedelta(days=2))
        agree(session, person, given_at=NOON - timedelta(days=1), how=Means.IMPORT)
    assert why(store, person) is Exclusion.SUPPRESSED_HERE
    with store.transaction() as session:
        agree(session, person, given_at=NOON, how=Means.KEY)
    assert why(store, person) is None


def test_whoever_was_forgotten_stays_out_even_when_a_list_brings_the_number_back(store: Store, person: Person) -> None:
    with store.transaction() as session:
        erase(session, person.id, by="test", at=NOON)
        again = add_person(session)
        agree(session, again, given_at=GIVEN + SECOND, how=Means.IMPORT)
    assert again.id != person.id
    assert why(store, person) is Exclusion.ERASED
    assert why(store, again) is Exclusion.SUPPRESSED_HERE


@pytest.mark.parametrize(
    ("ban", "expected"),
    [
        ({"scope": SuppressionScope.EVERYBODY}, Exclusion.SUPPRESSED),
        ({"scope": SuppressionScope.INSTITUTION, "line": "kibo"}, Exclusion.SUPPRESSED_HERE),
        ({"scope": SuppressionScope.INSTITUTION, "line": "dcgf"}, None),
        ({"scope": SuppressionScope.CAMPAIGN, "line": "kibo", "campaign_id": CAMPAIGN}, Exclusion.SUPPRESSED_CAMPAIGN),
        ({"scope": SuppressionScope.CAMPAIGN, "line": "kibo", "campaign_id": 8}, None),
    ],
)
def test_a_suppressed_number_is_not_rung_until_it_is_lifted(
    store: Store, person: Person, ban: dict[str, object], expected: Exclusion | None
) -> None:
    index = store.keyring.index(NUMBER)
    with store.transaction() as session:
        suppress(session, Ban(number_index=index, why="complaint", **ban), by="test", at=NOON)  # type: ignore[arg-type]
    assert why(store, person) is expected
    with store.transaction() as session:
        lift(session, standing_bans(index), at=NOON)
    assert why(store, person) is None


def test_whoever_refused_every_text_is_not_rung_either(store: Store, person: Person) -> None:
    with store.transaction() as session:
        refuse(session, Refusal("kibo", NUMBER, Scope.INFORMATION, Way.KEY, "c1:1"), at=GIVEN)
        refuse(session, Refusal("dcgf", NUMBER, Scope.ALL, Way.KEY, "c2:1"), at=GIVEN)
    assert why(store, person) is None
    with store.transaction() as session:
        refuse(session, Refusal("kibo", NUMBER, Scope.ALL, Way.KEY, "c1:2"), at=GIVEN)
    assert why(store, person) is Exclusion.OPTED_OUT


def test_a_number_that_cannot_be_rung_is_not(store: Store) -> None:
    with store.transaction() as session:
        emergency = add_person(session, PhoneNumber.parse("112"))
        agree(session, emergency)
    assert why(store, emergency) is Exclusion.NOT_CALLABLE


@pytest.mark.parametrize("age", [None, timedelta(days=31), timedelta(days=31, microseconds=1), -SECOND])
def test_telesales_needs_a_register_of_the_last_31_days(store: Store, person: Person, age: timedelta | None) -> None:
    selling = wish_for([Purpose.HAPPY_CALL, Purpose.TELESALES])
    with store.transaction() as session:
        agree(session, person, Purpose.TELESALES)
        if age is not None:
            session.add(RegisterImport(checked_at=NOON - age, imported_at=NOON, imported_by="test", entries=0))
    assert why(store, person, selling) is (None if age == timedelta(days=31) else Exclusion.REGISTER_STALE)
    with store.transaction() as session:
        session.add(RegisterEntry(number_index=store.keyring.index(NUMBER), import_id=1))
    assert why(store, person, selling) is Exclusion.ON_REGISTER
    assert why(store, person) is None, "the register is for telesales alone"


def test_a_calendar_day_begins_at_midnight_in_seoul(store: Store, person: Person) -> None:
    limit = wish_for([Purpose.HAPPY_CALL], per_day=1, rolling_day=9, life=9, across=9)
    with store.transaction() as session:
        dialled(session, person, seoul("2026-11-22", "23:59:59.999999"), campaign=8)
    assert why(store, person, limit) is None
    with store.transaction() as session:
        dialled(session, person, seoul("2026-11-23", "00:00:00"), campaign=8)
    assert why(store, person, limit) is Exclusion.DAY_LIMIT


def test_a_rolling_day_is_24_hours_to_the_second(store: Store, person: Person) -> None:
    limit = wish_for([Purpose.HAPPY_CALL], per_day=9, rolling_day=1, life=9, across=9)
    with store.transaction() as session:
        dialled(session, person, NOON, campaign=8)
    assert why(store, person, limit, at=NOON + timedelta(days=1) - SECOND) is Exclusion.ROLLING_LIMIT
    assert why(store, person, limit, at=NOON + timedelta(days=1)) is None


def test_a_life_is_one_campaign_and_across_are_all_of_them(store: Store, person: Person) -> None:
    life = wish_for([Purpose.HAPPY_CALL], per_day=9, rolling_day=9, life=1, across=9)
    across = wish_for([Purpose.HAPPY_CALL], per_day=9, rolling_day=9, life=9, across=1)
    with store.transaction() as session:
        dialled(session, person, NOON - timedelta(days=29), campaign=8)
    assert why(store, person, life) is None, "the dial was another campaign's"
    assert why(store, person, across) is Exclusion.ACROSS_LIMIT
    assert why(store, person, across, at=NOON + timedelta(days=1) - SECOND) is Exclusion.ACROSS_LIMIT
    assert why(store, person, across, at=NOON + timedelta(days=1)) is None
    with store.transaction() as session:
        dialled(session, person, GIVEN)
    assert why(store, person, life) is Exclusion.LIFE_LIMIT


def test_the_number_is_counted_and_not_the_person(store: Store, person: Person) -> None:
    with store.transaction() as session:
        elsewhere = add_person(session, line="dcgf")
        dialled(session, elsewhere, NOON - SECOND, campaign=8)
    assert why(store, person) is Exclusion.DAY_LIMIT


def test_an_order_that_the_carrier_refused_counts_for_nothing(store: Store, person: Person) -> None:
    with store.transaction() as session:
        dialled(session, person, NOON - SECOND, outcome=DialOutcome.NOT_PLACED)
    assert why(store, person) is None


def test_what_stands_without_an_entry_in_the_ledger_allows_nothing(store: Store, person: Person) -> None:
    with store.transaction() as session:
        session.execute(update(Standing).values(consent_id=4711))
    assert why(store, person) is Exclusion.UNPROVEN


def test_a_clock_set_back_before_the_consent_allows_nothing(store: Store, person: Person) -> None:
    assert why(store, person, at=GIVEN - SECOND) is Exclusion.UNPROVEN


def test_missing_values_exclude(store: Store, person: Person) -> None:
    with store.transaction() as session:
        session.execute(update(Person).values(number_index=None))
    assert why(store, person) is Exclusion.NOT_CALLABLE
    with store.transaction() as session:
        session.execute(delete(Person))
    assert why(store, person) is Exclusion.UNKNOWN_PERSON


def test_choosing_leaves_out_what_passes_within_a_day(store: Store, person: Person) -> None:
    with store.transaction() as session:
        dialled(session, person, NOON + timedelta(hours=10))
    at = seoul("2026-11-23", "22:30")
    asked = eligible(HAPPY_CALL, at, occasion=Occasion.CHOOSING)
    people = asked.of_people()
    with store.reading() as session:
        chosen = session.execute(select(asked.consent_id).select_from(people).where(*asked.conditions)).scalars().all()
        reasons = session.execute(select(asked.why).select_from(people)).scalars().all()
        assert chosen == [session.query(Consent.id).scalar()]
    assert reasons == [None]
    assert why(store, person, at=at) is Exclusion.NO_NIGHT_CONSENT


def test_what_is_refused_to_one_institution_is_not_refused_to_another_that_knows_the_number(store: Store) -> None:
    with store.transaction() as session:
        here, there = add_person(session), add_person(session, line="dcgf")
        for person in (here, there):
            agree(session, person)
        withdraw(session, here.id, Revocation(Means.KEY, "call", "caller"), at=NOON)
    assert why(store, here) is Exclusion.SUPPRESSED_HERE
    assert why(store, there, replace(HAPPY_CALL, line="dcgf")) is None
    with store.transaction() as session:
        ban = Ban(SuppressionScope.EVERYBODY, store.keyring.index(NUMBER), "complaint")
        suppress(session, ban, by="test", at=NOON)
        stopped = session.scalars(select(PromiseRow.args).where(PromiseRow.kind == "stop-dials")).all()
    assert why(store, there, replace(HAPPY_CALL, line="dcgf")) is Exclusion.SUPPRESSED
    assert {args["person"] for args in stopped} == {here.id, there.id}
