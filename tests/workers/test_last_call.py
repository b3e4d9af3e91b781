"""Two diallers at a firm's one remaining call of the month: exactly one order leaves (A18)."""

import threading

from sqlalchemy import Engine, select

from ivr.campaigns.rows import Charge
from ivr.campaigns.terms import Terms
from ivr.consents.rows import Purpose
from ivr.orders import PlaceCall
from tests.workers import campaign as made
from tests.workers.campaign import Group
from tests.workers.kept import Works
from workers.dialler import Dialler

TERMS = Terms(survey_class="opinion", purposes=(Purpose.HAPPY_CALL,), price=1500, is_free=False, monthly_calls=1)


def test_two_diallers_at_one_remaining_call_place_exactly_one(engine: Engine) -> None:
    works, people = Works.over(engine), Group(6)
    works.clock.pass_time(3600)
    made.agreed(works.store, people, at=works.clock.at)
    made.running(works.store, made.plan(), people, at=works.clock.at, terms=TERMS)
    keeper, together = works.keeper, threading.Barrier(2)
    at = works.clock.at

    def dial() -> None:
        dialler = Dialler(keeper.store, keeper.carrier, keeper.house, keeper.clock, lambda: None)
        for _ in range(4):
            together.wait(30)
            dialler.work(at)

    threads = [threading.Thread(target=dial) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(isinstance(order, PlaceCall) for order in works.carrier.given) == 1
    with works.store.reading() as session:
        assert len(session.scalars(select(Charge)).all()) == 1
