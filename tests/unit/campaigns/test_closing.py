"""When a campaign closes by itself, and how far it is until then."""

import threading
import time
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, text, update

from ivr.campaigns import quotas
from ivr.campaigns.closing import ALL_DONE, ENOUGH, OVER, close_finished
from ivr.campaigns.forecast import Rates, dials_a_second, end_of, expected_dials
from ivr.campaigns.hours import dialling_times
from ivr.campaigns.plan import Plan
from ivr.campaigns.progress import progress
from ivr.campaigns.rows import Campaign, CampaignState, Dial, DialOutcome, DialState, Target, TargetState
from ivr.identifiers import dial_id
from ivr.store import Store
from ivr.surveys.rows import Disposition
from tests.unit.campaigns.campaigning import AT, CALENDAR, audience, campaign, draft, running


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


def dialled(store: Store, id: int, person: int, *, ended: bool = False, at: datetime = AT) -> None:
    """Somebody is being rung, or was and completed."""
    with store.transaction() as session:
        session.add(
            Dial(
                id=dial_id(id, person, 1),
                campaign_id=id,
                person_id=person,
                ordinal=1,
                line="dcgf",
                number_index=f"index {person}",
                state=DialState.OVER if ended else DialState.PLACED,
                dialled_at=at,
                ended_at=at if ended else None,
                outcome=DialOutcome.ANSWERED if ended else None,
            )
        )
        state = TargetState.DONE if ended else TargetState.DIALLING
        change(session.execute, id, person, state=state)


def change(execute: object, id: int, person: int, **values: object) -> None:
    """Change a target."""
    assert callable(execute)
    if values.get("state") is TargetState.DONE:
        values["disposition"] = Disposition.COMPLETED
    execute(update(Target).where(Target.campaign_id == id, Target.person_id == person).values(**values))
    execute(update(Campaign).where(Campaign.id == id).values(claimed_up_to=person))


def closed(store: Store, at: datetime = AT) -> list[int]:
    with store.transaction() as session:
        return close_finished(session, at)


def test_it_closes_once_everybody_is_done_with_and_not_before(store: Store) -> None:
    id = running(store, draft(audience(store, [1, 2, 3])))
    assert closed(store) == []
    dialled(store, id, 1, ended=True)
    dialled(store, id, 2, ended=True)
    assert closed(store) == [], "the third was never rung"
    dialled(store, id, 3)
    assert closed(store) == [], "a call is under way"
    with store.transaction() as session:
        session.execute(update(Dial).values(ended_at=AT))
        change(session.execute, id, 3, state=TargetState.PENDING, next_at=AT + timedelta(hours=1))
    assert closed(store) == [], "the third is to be rung again"
    with store.transaction() as session:
        change(session.execute, id, 3, state=TargetState.DONE, next_at=None)
    assert closed(store) == [id]
    row = campaign(store, id)
    assert (row.state, row.close_reason, row.closed_at) == (CampaignState.CLOSED, ALL_DONE, AT)
    assert closed(store) == []


def test_it_closes_once_enough_have_answered(store: Store) -> None:
    id = running(store, draft(audience(store, range(1, 9)), Plan(cut_off=1)))
    with store.transaction() as session:
        assert quotas.take(session, id, "g1")
    dialled(store, id, 1)
    assert closed(store) == [], "its place may be given back"
    with store.transaction() as session:
        session.execute(update(Dial).values(ended_at=AT))
        change(session.execute, id, 1, state=TargetState.DONE)
    assert closed(store) == [id]
    assert campaign(store, id).close_reason == ENOUGH


def test_full_groups_close_it_where_nobody_of_another_one_waits(store: Store) -> None:
    id = running(store, draft(audience(store, [1, 2, 4]), Plan(groups={"g1": 1})))
    with store.transaction() as session:
        assert quotas.take(session, id, "g1")
    dialled(store, id, 1, ended=True)
    assert closed(store) == [], "one of g2 waits"
    with store.transaction() as session:
        change(session.execute, id, 2, state=TargetState.DONE)
    assert closed(store) == [id]


def test_it_closes_after_its_last_day_but_ends_its_calls(store: Store) -> None:
    id = running(store, draft(audience(store, [1, 2]), Plan(ends_on=date(2026, 11, 23))))
    midnight = datetime.fromisoformat("2026-11-24T00:00:00+09:00")
    assert closed(store, midnight - timedelta(seconds=1)) == []
    dialled(store, id, 1)
    assert closed(store, midnight) == []
    with store.transaction() as session:
        session.execute(update(Dial).values(ended_at=midnight))
    assert closed(store, midnight) == [id]
    assert campaign(store, id).close_reason == OVER


def test_progress_counts_everybody_once(store: Store) -> None:
    id = running(store, draft(audience(store, range(1, 7)), Plan(cut_off=5)))
    dialled(store, id, 1, ended=True, at=AT - timedelta(seconds=30))
    dialled(store, id, 2, at=AT - timedelta(seconds=90))
    with store.reading() as session:
        far = progress(session, campaign(store, id), CALENDAR, at=AT)
    assert (far.targets, far.done, far.dials, far.open_dials) == (6, 1, 2, 1)
    assert sum(far.by_state.values()) == sum(far.by_disposition.values()) == 6
    assert far.by_outcome == {"answered": 1, "open": 1}
    assert far.quotas == {"": (0, 5)}
    assert far.rate == 1 / 60
    assert far.ends_at is not None
    assert far.ends_at > AT


def test_expected_dials_by_hand() -> None:
    rates = Rates(answered=0.5, completed=0.5)
    plan = Plan.model_validate({"limits": {"life": 2}, "retries": {"no_answer": {"tries": 5}}})
    # 100 are rung, 50 pick up; 50 are rung again, 25 pick up: 150 dials, 75 reached, half of them complete.
    assert expected_dials(plan, rates, eligible=100, answers=100) == (150.0, 37.5)
    dials, completed = expected_dials(plan, rates, eligible=100, answers=15)
    assert (round(dials), completed) == (60, 15.0)
    assert expected_dials(plan, rates, eligible=0, answers=0) == (0, 0)


def test_the_pace_is_bounded_by_open_calls() -> None:
    rates = Rates(answered=0.5, talk_seconds=80.0)
    assert dials_a_second(Plan(cps=50, concurrency=6), rates) == 0.1
    assert dials_a_second(Plan(cps=0.05, concurrency=6), rates) == 0.05


def test_the_end_lies_within_calling_hours() -> None:
    rates, plan = Rates(answered=0.5, talk_seconds=80.0), Plan(cps=1, concurrency=1000)
    evening = datetime.fromisoformat("2026-11-23T19:59:00+09:00")
    times = list(dialling_times(plan, CALENDAR, evening, line="dcgf"))
    assert end_of(plan, rates, times, dials=60) == datetime.fromisoformat("2026-11-23T20:00:00+09:00")
    assert end_of(plan, rates, times, dials=120) == datetime.fromisoformat("2026-11-24T10:01:00+09:00")
    assert end_of(plan, rates, [], dials=1) is None


def test_two_diallers_that_find_a_campaign_finished_at_once_close_it_once(postgresql_engine: Engine) -> None:
    store = Store(postgresql_engine)
    id = running(store, draft(audience(store, [1])))
    dialled(store, id, 1, ended=True)
    second: list[list[int]] = []
    other = threading.Thread(target=lambda: second.append(closed(store)))
    with store.transaction() as session:
        assert close_finished(session, AT) == [id]
        other.start()
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while not session.scalar(waiting) and other.is_alive():
            time.sleep(0.01)
    other.join()
    assert second == [[]]
