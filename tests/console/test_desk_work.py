"""What the desk shows of work that is more than one caller: a colleague who asks, and a customer who is rung."""

import pytest
from sqlalchemy import Engine

from carrier.persons import PersonPlan
from ivr.agents.rows import Agent
from ivr.base import ROW_LOCK
from ivr.callbacks.asking import Wish as Asked
from ivr.callbacks.asking import ask_callback
from ivr.callbacks.rows import Callback, Origin
from ivr.calls.rows import OfferState
from ivr.deadlines import WorkingTime
from ivr.dialling.starting import start_attempt
from ivr.identifiers import call_id
from ivr.numbers import PhoneNumber
from ivr.transfers.asking import Wish, ask
from ivr.transfers.rows import Manner
from tests.console.desk_stage import Desk, desk_over
from tests.people import CALLER, agent_of, agent_phone, picks_up
from tests.store_fixtures.databases import ON_SQLITE

pytestmark = ON_SQLITE


@pytest.fixture
def desk(engine: Engine) -> Desk:
    """A ready agent with a softphone."""
    return desk_over(engine)


def asks_for_a_call(desk: Desk) -> None:
    """A customer leaves the wish to be called."""
    wish = Asked("b-1", desk.line, next(iter(desk.line.teams)), Origin.API, PhoneNumber.parse(CALLER))
    with desk.world.store.transaction() as session:
        ask_callback(session, wish, calendar=desk.world.board.calendar, at=desk.world.now())
    desk.world.worker.ring()


def test_an_agent_who_asks_a_colleague_sees_that_and_the_caller_again(desk: Desk) -> None:
    made = desk.talks()
    with desk.world.store.transaction() as session:
        session.add(agent_of(desk.line, desk.world.now(), number=2))
    desk.world.carrier.network.handset(agent_phone(2)).plan = picks_up()
    with desk.world.store.transaction() as session:
        ask(session, call_id(made.sid), Wish("kibo-2", Manner.CONSULT), line=desk.line, at=desk.world.now())
    desk.world.worker.ring()
    desk.world.run_for(1)
    assert "동료를 부르고 있습니다" in desk.live()
    assert desk.post("hold", subject=desk.offer().id) == 409
    desk.until(lambda: 'data-phase="consulting"' in desk.live())
    assert "고객은 음악을 듣고 있습니다." in desk.live()
    desk.world.carrier.network.handset(agent_phone(2)).hang_up()
    desk.until(lambda: 'data-phase="talking"' in desk.live())


def test_an_agent_who_is_asked_sees_that_it_is_a_colleague(desk: Desk) -> None:
    """The other side: the caller is with somebody at a telephone, who asks the agent of the desk."""
    with desk.world.store.transaction() as session:
        agent = session.get_one(Agent, desk.agent_id)
        agent.skills.clear()
        session.add(agent_of(desk.line, desk.world.now(), number=2))
    network = desk.world.carrier.network
    network.handset(agent_phone(2)).plan = picks_up()
    made = network.handset(CALLER).dial(desk.line.number, plan=PersonPlan(presses=("1",), talk_seconds=None))
    desk.until(lambda: bool(made.talks))
    desk.world.run_for(1)
    with desk.world.store.transaction() as session:
        ask(session, call_id(made.sid), Wish(desk.agent_id, Manner.CONSULT), line=desk.line, at=desk.world.now())
    desk.world.worker.ring()
    desk.until(desk.rings)
    shown = desk.live()
    assert "동료의 문의" in shown
    assert 'class="counter' not in shown
    desk.handset.answer()
    desk.until(lambda: "동료가 묻고 있습니다" in desk.live())
    assert desk.post("hang-up", subject=desk.offer().id) == 200
    desk.until(lambda: desk.offer().state is OfferState.OVER)
    assert 'data-phase="ready"' in desk.live()


def test_a_callback_shows_its_customer_before_during_and_after(desk: Desk) -> None:
    network = desk.world.carrier.network
    asks_for_a_call(desk)
    desk.until(desk.rings)
    shown = desk.live()
    assert "콜백 발신" in shown
    assert "010-****-0001" in shown
    assert "안녕하십니까, 고객님. 기술보증기금 고객센터 김민수입니다." in shown
    network.handset(CALLER).plan = PersonPlan(answer_after=3.0, press_on_answer="1", talk_seconds=None)
    desk.handset.answer()
    desk.until(lambda: "고객 전화를 울리고 있습니다" in desk.live())
    desk.until(lambda: 'data-phase="talking"' in desk.live())
    with desk.world.store.reading() as session:
        subject = f"{session.query(Callback).one().id}-1"
    assert desk.post("hold", subject=subject) == 409
    assert desk.post("hang-up", subject=subject) == 200
    desk.until(lambda: 'data-phase="wrapping"' in desk.live())
    assert desk.post("finish") == 200
    assert 'data-phase="ready"' in desk.live()


def test_a_callback_that_is_dialled_from_an_absence_leads_back_to_it(desk: Desk) -> None:
    network = desk.world.carrier.network
    assert desk.post("leave", reason="training") == 200
    asks_for_a_call(desk)
    network.handset(CALLER).plan = PersonPlan(answer_after=3.0, press_on_answer="1", talk_seconds=8.0)
    working = WorkingTime(desk.line, desk.world.board.calendar)
    with desk.world.store.transaction() as session:
        callback = session.query(Callback).one()
        agent = session.get_one(Agent, desk.agent_id, with_for_update=ROW_LOCK)
        start_attempt(session, callback, agent, working=working, at=desk.world.now())
    desk.world.worker.ring()
    desk.until(lambda: desk.handset.call is not None)
    subject = desk.live().partition('data-subject="')[2].partition('"')[0]
    assert desk.post("reject", subject=subject, reason="other") == 200
    assert (desk.agent.state, desk.agent.reason) == ("away", "training")
    desk.until(lambda: desk.handset.call is None)
