"""The life of a campaign: who may do what when, and that what is refused leaves everything as it was."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, delete, func, select, text
from sqlalchemy.orm import Session

from ivr.audiences.rows import Audience, AudienceState, Member
from ivr.base import Refused
from ivr.campaigns.checking import Unfit, check
from ivr.campaigns.launching import launch
from ivr.campaigns.lifecycle import (
    Deed,
    approve,
    change,
    close,
    create,
    draft_of,
    locked,
    pause,
    rehearsed,
    resume,
)
from ivr.campaigns.plan import Plan
from ivr.campaigns.rows import Campaign, CampaignDeed, CampaignState, Target, TargetState
from ivr.campaigns.terms import terms_of
from ivr.consents.rows import Purpose
from ivr.store import Store
from tests.unit.campaigns.campaigning import (
    AT,
    CALENDAR,
    INSTALLED,
    MAKER,
    SECOND,
    approved,
    audience,
    campaign,
    checked,
    draft,
    drafted,
    running,
    targets,
)

Step = Callable[[Session, int, Deed], Campaign]


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


def refused(store: Store, id: int, step: Step, deed: Deed = SECOND) -> str:
    before = campaign(store, id)
    state, version = before.state, before.version
    with pytest.raises((Refused, Unfit)) as error, store.transaction() as session:
        step(session, id, deed)
    after = campaign(store, id)
    assert (after.state, after.version) == (state, version)
    return str(error.value)


def test_a_campaign_goes_its_way_and_leaves_deeds(store: Store) -> None:
    id = running(store, draft(audience(store, range(1, 8), agreed=range(1, 6))))
    assert campaign(store, id).state is CampaignState.RUNNING
    assert targets(store, id) == [1, 2, 3, 4, 5]
    with store.transaction() as session:
        pause(session, id, MAKER)
        resume(session, id, MAKER)
        close(session, id, MAKER, why="enough")
    with store.reading() as session:
        deeds = session.scalars(select(CampaignDeed.event).order_by(CampaignDeed.id)).all()
        states = set(session.scalars(select(Target.state)))
    assert deeds == ["create", "check", "rehearse", "approve", "begin-launch", "launch", "pause", "resume", "close"]
    assert states == {TargetState.DONE}


def test_the_check_freezes_questionnaire_and_terms(store: Store) -> None:
    id = checked(store, draft(audience(store, [1])))
    row = campaign(store, id)
    assert row.questionnaire_version is not None
    assert terms_of(row).purposes == (Purpose.HAPPY_CALL,)
    assert terms_of(row).is_free


def test_a_survey_of_the_shared_centre_costs_and_needs_consent_to_marketing(store: Store) -> None:
    firm = next(iter(INSTALLED.lines.by_id("ascentre").firms))
    list_id = audience(store, [1], line="ascentre")
    row = campaign(store, checked(store, draft(list_id, questionnaire="ascentre-repair", firm=firm)))
    terms = terms_of(row)
    assert terms.purposes == (Purpose.OPINION_SURVEY, Purpose.MARKETING_SURVEY)
    assert (terms.price, terms.monthly_calls, terms.is_free) == (1500, 200, False)
    with store.transaction() as session:
        kept = session.get_one(type(row), row.id)
        kept.terms = {**(kept.terms or {}), "dialled": ["+827010000043"]}
        assert terms_of(kept) == terms, "terms that were kept with the firm's numbers are read as before"


def test_a_reasoned_downgrade_makes_no_advertisement_of_loyalty_and_of_nothing_else(store: Store) -> None:
    firm = next(iter(INSTALLED.lines.by_id("ascentre").firms))
    list_id = audience(store, [1], line="ascentre")
    plan = Plan(downgrade_reason="No word of it promotes anything.")
    row = campaign(store, checked(store, draft(list_id, plan, "ascentre-loyalty", firm)))
    assert (row.purpose, terms_of(row).survey_class) == (Purpose.MARKETING_SURVEY, "marketing")
    promotion = drafted(store, draft(list_id, plan, "ascentre-promotion", firm))
    assert "stays it" in refused(store, promotion, lambda session, id, deed: check(session, id, INSTALLED, deed=deed))


def test_a_draft_with_faults_stays_a_draft_and_all_are_named(store: Store) -> None:
    list_id = audience(store, [1])
    plan = Plan(groups={"nobody": 3}, ends_on=date(2026, 11, 22))
    id = drafted(store, draft(list_id, plan))
    with store.transaction() as session:
        session.get_one(Audience, list_id).state = AudienceState.MAKING
        session.execute(delete(Member))
    said = refused(store, id, lambda session, id, deed: check(session, id, INSTALLED, deed=deed))
    for words in ("making", "nobody is on the audience", "no hour", "groups.nobody"):
        assert words in said


def test_a_questionnaire_of_another_line_or_kind_is_refused(store: Store) -> None:
    list_id = audience(store, [1])
    wrong = replace(draft(list_id), questionnaire="ascentre-repair")
    id = drafted(store, wrong)
    said = refused(store, id, lambda session, id, deed: check(session, id, INSTALLED, deed=deed))
    assert "use one kind" in said
    assert "not for dcgf" in said


@pytest.mark.parametrize("name", ["maker", " Maker ", "MAKER", "\uff4d\uff41\uff4b\uff45\uff52"])
def test_whoever_made_it_cannot_approve_it(store: Store, name: str) -> None:
    id = checked(store, draft(audience(store, [1])))
    with store.transaction() as session:
        rehearsed(session, id, {}, deed=Deed("maker", AT))
    assert "somebody else" in refused(store, id, approve, Deed(name, AT))


def test_whoever_changed_or_checked_it_cannot_approve_it(store: Store) -> None:
    id = checked(store, draft(audience(store, [1])))
    with store.transaction() as session:
        change(session, id, draft_of(locked(session, id)), deed=Deed("changer", AT))
        check(session, id, INSTALLED, deed=Deed("checker", AT))
        rehearsed(session, id, {}, deed=Deed("maker", AT))
    for name in ("maker", "changer", "checker"):
        assert "somebody else" in refused(store, id, approve, Deed(name, AT))


def test_approval_needs_a_rehearsal_newer_than_the_last_change(store: Store) -> None:
    id = checked(store, draft(audience(store, [1])))
    assert "rehearse" in refused(store, id, approve)
    with store.transaction() as session:
        rehearsed(session, id, {}, deed=MAKER)
        change(session, id, draft_of(locked(session, id)), deed=Deed("maker", AT + timedelta(hours=1)))
        check(session, id, INSTALLED, deed=Deed("maker", AT + timedelta(hours=1)))
    assert "rehearse" in refused(store, id, approve, Deed("second", AT + timedelta(hours=2)))
    with store.transaction() as session:
        rehearsed(session, id, {}, deed=Deed("maker", AT + timedelta(hours=1)))
        approve(session, id, Deed("second", AT + timedelta(hours=2)))
        late = change(session, id, draft_of(locked(session, id)), deed=Deed("maker", AT + timedelta(hours=3)))
    assert late.state is CampaignState.DRAFT
    assert (late.approved_by, late.checked_by, late.rehearsed_at) == (None, None, None)


def test_a_draft_cannot_be_rehearsed_or_approved(store: Store) -> None:
    id = drafted(store, draft(audience(store, [1])))
    assert "check it" in refused(store, id, lambda session, id, deed: rehearsed(session, id, {}, deed=deed))
    refused(store, id, approve)


@pytest.mark.parametrize("make", [drafted, checked])
def test_a_launch_without_approval_changes_nothing(store: Store, make: Callable[..., int]) -> None:
    id = make(store, draft(audience(store, [1])))
    with pytest.raises(Refused, match="second person"):
        launch(store, id, CALENDAR, deed=MAKER)
    assert targets(store, id) == []
    assert campaign(store, id).launched_at is None


def test_a_launch_to_nobody_is_refused_and_nothing_is_half_done(store: Store) -> None:
    id = approved(store, draft(audience(store, [1, 2], agreed=[]), Plan(cut_off=5)))
    with pytest.raises(Refused, match="nobody of the audience"):
        launch(store, id, CALENDAR, deed=SECOND)
    row = campaign(store, id)
    assert (row.state, row.launched_at, row.chosen_at) == (CampaignState.APPROVED, None, None)
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Target)) == 0


def test_a_plan_that_is_over_is_not_launched(store: Store) -> None:
    id = approved(store, draft(audience(store, [1]), Plan(ends_on=date(2026, 11, 24))))
    with pytest.raises(Refused, match="no hour"):
        launch(store, id, CALENDAR, deed=Deed("second", AT + timedelta(days=2)))
    assert targets(store, id) == []


def test_after_the_launch_has_begun_the_sample_is_locked(store: Store) -> None:
    id = running(store, draft(audience(store, [1, 2])))
    given = draft_of(campaign(store, id))
    assert "locked" in refused(store, id, lambda session, id, deed: change(session, id, given, deed=deed))


def test_an_audience_of_another_line_is_refused(store: Store) -> None:
    list_id = audience(store, [1], line="kibo")
    with pytest.raises(Refused, match="dcgf has no audience"), store.transaction() as session:
        create(session, draft(list_id), MAKER)


def test_a_closed_campaign_stays_closed(store: Store) -> None:
    id = running(store, draft(audience(store, [1])))
    with store.transaction() as session:
        close(session, id, MAKER, why="done")
    for step in (approve, pause, resume, lambda session, id, deed: close(session, id, deed, why="again")):
        refused(store, id, step)


def test_closing_a_million_targets_may_take_longer_than_a_request(postgresql_engine: Engine) -> None:
    store = Store(postgresql_engine)
    id = running(store, draft(audience(store, [1])))
    with store.transaction() as session:
        close(session, id, SECOND, why="enough")
        assert session.scalar(text("SHOW statement_timeout")) == "2min"
