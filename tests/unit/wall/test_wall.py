"""The wall says what stands in the tables, of its own line alone, and nothing where there is nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from ivr.agents.rows import Agent, AgentState
from ivr.callbacks.rows import CallbackState
from ivr.calls.rings import Reading
from ivr.calls.rows import Waiting, WaitingState
from ivr.campaigns.rows import Campaign, CampaignState, Dial, DialState, Quota
from ivr.consents.rows import Purpose
from ivr.store import Store
from ivr.wall.reading import agents_now, now
from tests.http.board import MORNING, words
from tests.people import add_agents
from tests.unit.agents.people import later, waits, wishes
from tests.unit.figures.rows_by_hand import call, offer, write

KIBO, DCGF = (words()[1].by_id(line) for line in ("kibo", "dcgf"))
TODAY = MORNING.date()


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


def test_an_empty_line_has_an_empty_wall(store: Store) -> None:
    with store.reading() as session:
        wall = now(session, KIBO, MORNING)
        assert agents_now(session, KIBO, MORNING) == []
    assert (wall.queue.count, wall.queue.since, wall.talking, wall.arrived) == (0, None, 0, 0)
    assert (wall.staff.total, wall.callbacks.late, wall.cases.soon, wall.campaigns) == (0, 0, 0, ())
    assert wall.queue.longest(MORNING) == timedelta()
    assert wall.figures.share("within_rings") is None


def test_those_who_hold_are_counted_by_team_and_the_first_of_them_tells_the_wait(store: Store) -> None:
    for number, (team, state) in enumerate(
        (
            ("guarantee", WaitingState.WAITING),
            ("guarantee", WaitingState.OFFERED),
            ("guide", WaitingState.WAITING),
            ("guide", WaitingState.CONNECTED),
            ("guide", WaitingState.LEFT),
        )
    ):
        name = waits(store, f"c{number}", later(MORNING, 10 * number), team=team)
        with store.transaction() as session:
            session.get_one(Waiting, name).state = state
    with store.reading() as session:
        wall, other = now(session, KIBO, later(MORNING, 60)), now(session, DCGF, later(MORNING, 60))
    assert (wall.queue.count, dict(wall.queue.by_team)) == (3, {"guarantee": 2, "guide": 1})
    assert wall.queue.longest(wall.at) == timedelta(seconds=60)
    assert (wall.talking, wall.arrived) == (1, 5)
    assert (other.queue.count, other.talking, other.arrived) == (0, 0, 0)


def test_agents_stand_by_state_and_those_away_by_their_word(store: Store) -> None:
    ids = add_agents(store, KIBO, MORNING, 5)
    with store.transaction() as session:
        for id, state, reason in zip(
            ids,
            (AgentState.READY, AgentState.TALKING, AgentState.AWAY, AgentState.AWAY, AgentState.OFFERED),
            (None, None, "lunch", None, None),
            strict=True,
        ):
            agent = session.get_one(Agent, id)
            agent.state, agent.reason = state, reason
    with store.reading() as session:
        staff = now(session, KIBO, MORNING).staff
        people = agents_now(session, KIBO, MORNING, limit=4)
    assert (staff.total, staff.by_state[AgentState.AWAY], dict(staff.away)) == (5, 2, {"": 1, "lunch": 1})
    assert [person.state for person in people] == [
        AgentState.OFFERED,
        AgentState.TALKING,
        AgentState.READY,
        AgentState.AWAY,
    ]


def test_the_day_so_far_is_that_of_the_sums(store: Store) -> None:
    [agent] = add_agents(store, KIBO, MORNING, 1)
    known = {"day": TODAY, "arrived_at": MORNING}
    rows = [call(number, **known) for number in range(3)]
    write(
        store,
        [
            (rows[0], [offer(rows[0], agent=agent)]),
            (rows[1], [offer(rows[1], agent=agent, rings=Reading.MISSED)]),
            (rows[2], []),
        ],
    )
    with store.reading() as session:
        wall, [person] = now(session, KIBO, MORNING), agents_now(session, KIBO, MORNING)
        tomorrow = now(session, KIBO, MORNING + timedelta(days=1))
    assert (wall.figures.counted("within_rings"), wall.figures.base("within_rings")) == (1, 2)
    assert wall.figures.count("calls") == 3
    assert (person.talks, person.rings_met, person.rings_judged) == (2, 1, 2)
    assert tomorrow.figures.count("calls") == 0


def test_callbacks_are_late_or_soon_or_neither(store: Store) -> None:
    for name, minutes, state in (
        ("late", -1, CallbackState.WAITING),
        ("soon", 10, CallbackState.DIALLING),
        ("far", 40, CallbackState.WAITING),
        ("over", -5, CallbackState.REACHED),
    ):
        wishes(store, name, MORNING - timedelta(hours=1), due_at=MORNING + timedelta(minutes=minutes), state=state)
    with store.reading() as session:
        callbacks = now(session, KIBO, MORNING).callbacks
    assert (callbacks.late, callbacks.soon) == (1, 1)


def test_a_running_campaign_tells_how_far_it_is(store: Store) -> None:
    with store.transaction() as session:
        for id, line, state in (
            (1, "kibo", CampaignState.RUNNING),
            (2, "kibo", CampaignState.PAUSED),
            (3, "dcgf", CampaignState.RUNNING),
        ):
            session.add(_campaign(id, line, state))
        session.add(Quota(campaign_id=1, group="", wanted=50, taken=7))
        session.add(_dial("l1", ended=False))
        session.add(_dial("l2", ended=True))
    with store.reading() as session:
        [running] = now(session, KIBO, MORNING).campaigns
    assert (running.name, running.answers, running.wanted, running.ringing) == ("조사 1", 7, 50, 1)
    assert (running.done, running.targets) == (0, 0)


def _campaign(id: int, line: str, state: CampaignState) -> Campaign:
    return Campaign(
        id=id,
        line=line,
        name=f"조사 {id}",
        kind="happy_call",
        purpose=Purpose.HAPPY_CALL,
        questionnaire="happy-kibo",
        state=state,
        plan={},
        made_by="maker",
        made_at=MORNING,
        changed_by="maker",
        changed_at=MORNING,
    )


def _dial(id: str, *, ended: bool) -> Dial:
    return Dial(
        id=id,
        campaign_id=1,
        person_id=int(id[1:]),
        ordinal=1,
        line="kibo",
        number_index=id,
        state=DialState.OVER if ended else DialState.PLACED,
        dialled_at=MORNING,
        ended_at=MORNING if ended else None,
    )
