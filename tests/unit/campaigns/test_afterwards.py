"""Answers completed on the web form after the telephone dial was over: counted and billed as far as calls are left."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from ivr.campaigns import money, quotas
from ivr.campaigns.ending import End, close
from ivr.campaigns.following import follow
from ivr.campaigns.rows import Campaign, Dial, DialOutcome, DialState, Target, TargetState
from ivr.campaigns.terms import Terms
from ivr.consents.rows import Purpose
from ivr.identifiers import dial_id
from ivr.store import Store
from ivr.surveys.rows import Disposition, Interview, InterviewOrigin
from tests.unit.campaigns.campaigning import AT, CALENDAR
from tests.workers import campaign as made
from tests.workers.campaign import Group

LATER = AT + timedelta(hours=2)
NEXT_MONTH = AT + timedelta(days=30)
LIMITED = Terms(survey_class="opinion", purposes=(Purpose.HAPPY_CALL,), price=1500, is_free=False, monthly_calls=2)
PEOPLE = Group(6)


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


def begun(store: Store, terms: Terms = LIMITED, cut_off: int = 9) -> int:
    """A running campaign that wants so many answers, nobody rung yet."""
    made.agreed(store, PEOPLE, at=AT)
    return made.running(store, made.plan(cut_off=cut_off, groups={"all": 8}), PEOPLE, at=AT, terms=terms)


def rung(store: Store, campaign_id: int, person: int, disposition: Disposition = Disposition.BREAKOFF) -> str:
    """The dial to a person, over with an interview that came so far."""
    id = dial_id(campaign_id, person, 1)
    with store.transaction() as session:
        campaign = session.get_one(Campaign, campaign_id)
        session.get_one(Target, (campaign_id, person)).state = TargetState.DIALLING
        dial = Dial(
            id=id,
            campaign_id=campaign_id,
            person_id=person,
            ordinal=1,
            line=campaign.line,
            number_index=f"index-{person}",
            state=DialState.PLACED,
            dialled_at=AT,
        )
        interview = Interview(
            id=id,
            questionnaire="q",
            version=1,
            line=campaign.line,
            origin=InterviewOrigin.CAMPAIGN,
            campaign_id=campaign_id,
            person_id=person,
            began_at=AT,
            ended_at=AT,
            disposition=disposition,
        )
        session.add_all([dial, interview])
        session.flush()
        assert quotas.take(session, campaign_id, "all")
        assert money.reserve(session, campaign, id, at=AT)
        close(session, dial, End(DialOutcome.ANSWERED, disposition), at=AT)
    return id


def answered_on_the_web(store: Store, dial: str) -> None:
    """The questions of a dial are all answered now, and the dial is followed, as a promise has it done, twice."""
    with store.transaction() as session:
        session.get_one(Interview, dial).disposition = Disposition.COMPLETED
    for _ in range(2):
        with store.transaction() as session:
            assert follow(session, dial, calendar=CALENDAR, at=LATER)


def test_late_answers_are_counted_and_billed_while_calls_are_left_and_kept_uncounted_after(store: Store) -> None:
    id = begun(store)
    early, first, second = (rung(store, id, person) for person in (1, 2, 3))
    rung(store, id, 4, Disposition.COMPLETED)
    answered_on_the_web(store, first)
    assert made.charges(store) == {"billable": 2, "void": 2}
    assert made.taken(store) == {"": 2, "all": 2}
    for dial in (second, early):
        answered_on_the_web(store, dial)
    assert made.charges(store) == {"billable": 2, "void": 2}
    assert made.taken(store) == {"": 2, "all": 2}
    done = {1: "rejected", 2: "completed", 3: "rejected", 4: "completed"}
    assert {person: made.targets(store)[person] for person in done} == {
        person: ("done", disposition) for person, disposition in done.items()
    }
    assert [made.whys(store)[person] for person in done] == ["allowance", "answered", "allowance", "answered"]
    with store.reading() as session:
        kept = session.scalars(select(Interview.disposition).where(Interview.id.in_((early, second)))).all()
    assert kept == [Disposition.COMPLETED] * 2


def test_a_late_answer_counts_in_the_month_of_its_dial(store: Store) -> None:
    """The calls of the month in which it came late are another matter."""
    id = begun(store)
    late = rung(store, id, 1)
    with store.transaction() as session:
        session.get_one(Interview, late).disposition = Disposition.COMPLETED
        for month, calls in ((money.month_of(AT), 1), (money.month_of(NEXT_MONTH), 0)):
            money.allow(session, made.LINE, "", month=month, calls=calls)
        assert follow(session, late, calendar=CALENDAR, at=NEXT_MONTH)
    assert made.charges(store) == {"billable": 1}
    with store.reading() as session:
        assert money.calls_left(session, session.get_one(Campaign, id), AT) == 0


def test_a_late_answer_to_a_free_call_uses_none(store: Store) -> None:
    free = LIMITED.model_copy(update={"is_free": True, "monthly_calls": 0, "price": 0})
    answered_on_the_web(store, rung(store, begun(store, free), 1))
    assert (made.charges(store), made.taken(store)) == ({"free": 1}, {"": 1, "all": 1})


def test_a_late_answer_beyond_the_quota_is_kept_uncounted(store: Store) -> None:
    id = begun(store, cut_off=1)
    late = rung(store, id, 1)
    rung(store, id, 2, Disposition.COMPLETED)
    answered_on_the_web(store, late)
    assert (made.targets(store)[1], made.whys(store)[1]) == (("done", "rejected"), "quota-full")
    assert (made.charges(store), made.taken(store)) == ({"billable": 1, "void": 1}, {"": 1, "all": 1})


def test_no_more_late_answers_are_billed_than_calls_are_left_however_many_come_at_once(store: Store) -> None:
    id = begun(store)
    dials = [rung(store, id, person) for person in PEOPLE.ids]
    with ThreadPoolExecutor(len(dials)) as threads:
        list(threads.map(lambda dial: answered_on_the_web(store, dial), dials))
    assert made.charges(store) == {"billable": 2, "void": 4}
    assert made.taken(store) == {"": 2, "all": 2}
