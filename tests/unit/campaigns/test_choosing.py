"""Choosing targets: the same people however it is interrupted, and none without their own consent."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, insert, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import object_session

from ivr.base import Refused
from ivr.campaigns.choosing import Course, Progress, choose
from ivr.campaigns.launching import begin_launch, finish_launch, launch
from ivr.campaigns.lifecycle import Deed, close
from ivr.campaigns.report import count_audience, report
from ivr.campaigns.rows import Campaign, CampaignState, Target
from ivr.consents.rows import Consent, Purpose, Standing, Suppression, SuppressionScope
from ivr.people.rows import Person
from ivr.store import Store
from tests.sizes import examples
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.campaigns.campaigning import (
    AT,
    CALENDAR,
    MAKER,
    SECOND,
    approved,
    audience,
    campaign,
    consent,
    draft,
    running,
    targets,
)

PEOPLE = range(1, 24)
AGREED = [ordinal for ordinal in PEOPLE if ordinal % 4]
MAY = [ordinal for ordinal in AGREED if ordinal != 7]


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


def ready(store: Store) -> int:
    """An approved campaign; the seventh of those who agreed is suppressed."""
    list_id = audience(store, PEOPLE, agreed=AGREED)
    with store.transaction() as session:
        session.add(
            Suppression(
                scope=SuppressionScope.INSTITUTION,
                line="dcgf",
                campaign_id=0,
                number_index=session.get_one(Person, 7).number_index,
                why="asked",
                added_at=AT,
                added_by="test",
            )
        )
    return approved(store, draft(list_id))


def killed_after(count: int) -> Callable[[Progress], None]:
    """Die once so many chunks are through."""
    seen: list[Progress] = []

    def watch(far: Progress) -> None:
        seen.append(far)
        if len(seen) > count:
            raise Killed

    return watch


def die_over_a_chunk(store: Store) -> None:
    """Die before the commit of what a chunk wrote."""
    with store.transaction() as session:
        session.execute(update(Campaign).values(chosen_up_to=12))
        session.flush()
        raise Killed


def test_a_choice_killed_after_any_chunk_ends_the_same(store: Store) -> None:
    id = ready(store)
    for count in range(5):
        with pytest.raises(Killed):
            launch(store, id, CALENDAR, deed=SECOND, course=Course(progress=killed_after(count), chunk=2))
        assert campaign(store, id).state is CampaignState.APPROVED
    assert launch(store, id, CALENDAR, deed=SECOND, course=Course(chunk=3))
    assert targets(store, id) == MAY
    row = campaign(store, id)
    assert (row.state, row.chosen_at, row.chosen_up_to) == (CampaignState.RUNNING, AT + timedelta(minutes=2), 23)


def test_a_chunk_that_dies_before_its_commit_leaves_nothing(store: Store) -> None:
    id = ready(store)
    with store.transaction() as session:
        begin_launch(session, id, CALENDAR, deed=SECOND)
    with pytest.raises(Killed):
        die_over_a_chunk(store)
    assert choose(store, id, at=AT)
    assert targets(store, id) == MAY


def test_a_choice_that_is_broken_off_rings_nobody_and_goes_on_later(store: Store) -> None:
    id = ready(store)
    seen: list[Progress] = []
    course = Course(progress=seen.append, should_stop=lambda: len(seen) > 2, chunk=5)
    assert not launch(store, id, CALENDAR, deed=SECOND, course=course)
    assert campaign(store, id).state is CampaignState.APPROVED
    assert [far.seen for far in seen] == [0, 5, 10]
    with store.transaction() as session, pytest.raises(Refused, match="launch it again"):
        finish_launch(session, id, SECOND)
    assert launch(store, id, CALENDAR, deed=SECOND)
    assert targets(store, id) == MAY


def test_closing_ends_a_choice(store: Store) -> None:
    id = ready(store)

    def closing(far: Progress) -> None:
        if far.seen >= 10:
            with store.transaction() as session:
                close(session, id, MAKER, why="not today")

    with pytest.raises(Refused, match="closed"):
        launch(store, id, CALENDAR, deed=SECOND, course=Course(progress=closing, chunk=5))
    assert campaign(store, id).state is CampaignState.CLOSED


def test_two_who_choose_at_once_choose_everybody_once(store: Store) -> None:
    id = ready(store)
    others: list[bool] = []

    def another(far: Progress) -> None:
        if far.seen == 4:
            others.append(choose(store, id, at=AT, course=Course(chunk=6)))

    assert launch(store, id, CALENDAR, deed=SECOND, course=Course(progress=another, chunk=4))
    assert others == [True]
    assert targets(store, id) == MAY


@pytest.mark.parametrize(
    ("person_id", "consent_id"),
    [
        pytest.param(1, 20, id="the consent of another person"),
        pytest.param(1, 11, id="for another purpose"),
        pytest.param(1, 999_999, id="no consent at all"),
        pytest.param(999, 10, id="another person"),
    ],
)
def test_the_database_refuses_a_target_without_its_own_consent(store: Store, person_id: int, consent_id: int) -> None:
    id = running(store, draft(audience(store, [1, 2])))
    with store.transaction() as session:
        session.add_all(consent(1, Purpose.OPINION_SURVEY))
    wrong = {"id": id, "person": person_id, "consent": consent_id}
    with store.transaction() as session:
        session.execute(text("DELETE FROM target WHERE person_id = 1"))
    row = text(
        'INSERT INTO target (campaign_id, person_id, consent_id, "group", state, disposition, attempts)'
        " VALUES (:id, :person, :consent, '', 'pending', 'registered', 0)"
    )
    with pytest.raises(DatabaseError, match="consent of its own person"), store.transaction() as session:
        session.execute(row, wrong)
    moved = text("UPDATE target SET person_id = :person, consent_id = :consent WHERE campaign_id = :id")
    with pytest.raises(DatabaseError, match="consent of its own person"), store.transaction() as session:
        session.execute(moved, wrong)
    with store.transaction() as session:
        session.execute(row, {"id": id, "person": 1, "consent": 10})


def test_one_bad_row_among_many_refuses_them_all(store: Store) -> None:
    id = running(store, draft(audience(store, [1, 2, 3])))
    with store.transaction() as session:
        session.execute(text("DELETE FROM target"))
    common = {"campaign_id": id, "group": "", "state": "pending", "disposition": "registered", "attempts": 0}
    rows = [{**common, "person_id": one, "consent_id": 10 * one if one < 3 else 10} for one in (1, 2, 3)]
    with pytest.raises(DatabaseError, match="consent of its own person"), store.transaction() as session:
        session.execute(insert(Target).values(rows))
    assert targets(store, id) == []


def test_the_purpose_of_a_campaign_with_targets_stays(store: Store) -> None:
    id = running(store, draft(audience(store, [1])))
    with pytest.raises(DatabaseError, match="cannot be changed"), store.transaction() as session:
        session.execute(text("UPDATE campaign SET purpose = 'advertising' WHERE id = :id"), {"id": id})


REASONS = st.sampled_from(["may", "none", "expired", "suppressed", "not callable", "erased", "elsewhere"])
WHY = {
    "none": "no-consent",
    "expired": "expired",
    "suppressed": "suppressed-here",
    "not callable": "not-callable",
    "erased": "erased",
    "elsewhere": "unknown-person",
}


@ON_SQLITE
@settings(max_examples=examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(REASONS, min_size=1, max_size=30))
def test_the_report_adds_up_and_is_what_is_chosen(engine: Engine, people: list[str]) -> None:
    store = Store(engine)
    with store.reading() as session:
        first = (session.scalar(select(func.max(Person.id))) or 0) + 1
    spoilt = dict(enumerate(people, start=first))
    list_id = audience(store, list(spoilt))
    with store.transaction() as session:
        for ordinal, how in spoilt.items():
            spoil(session.get_one(Person, ordinal), how)
    id = approved(store, draft(list_id))
    expected = [ordinal for ordinal, how in spoilt.items() if how == "may"]
    with store.reading() as session:
        found = report(session, campaign(store, id), CALENDAR, at=AT)
        counted = count_audience(session, campaign(store, id), AT)
    assert found.members == len(people) == found.eligible + sum(found.excluded.values())
    assert found.eligible == len(expected)
    assert found.excluded == {
        WHY[how]: people.count(how) for how in sorted(set(people) - {"may"}, key=lambda how: WHY[how])
    }
    assert sum(group.members for group in found.groups.values()) == len(people)
    assert sum(counted.values()) == len(people)
    if expected:
        launch(store, id, CALENDAR, deed=Deed("second", AT + timedelta(minutes=3)), course=Course(chunk=7))
    assert targets(store, id) == expected


def spoil(one: Person, how: str) -> None:
    """Give somebody a reason not to be contacted."""
    session = object_session(one)
    assert session is not None
    stands = session.scalars(select(Standing).where(Standing.person_id == one.id)).one()
    match how:
        case "none":
            session.delete(stands)
            session.flush()
        case "expired":
            stands.expires_at = AT - timedelta(seconds=1)
        case "suppressed":
            session.add(
                Suppression(
                    scope=SuppressionScope.INSTITUTION,
                    line="dcgf",
                    campaign_id=0,
                    number_index=one.number_index,
                    why="asked",
                    added_at=AT,
                    added_by="test",
                )
            )
        case "not callable":
            one.is_callable = False
        case "erased":
            one.erased_at, one.number, one.number_index = AT, None, None
        case "elsewhere":
            one.line = "kibo"
        case _:
            assert how == "may"
    assert session.get(Consent, one.id * 10) is not None
