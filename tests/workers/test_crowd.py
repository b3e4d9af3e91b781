"""While callers wait for workers, campaigns rest."""

from datetime import timedelta

from sqlalchemy import Engine, delete

from ivr.health.crowd import IN_TIME, PASSED_OVER
from ivr.promises import Promise, PromiseRow, promise_all
from tests.workers import campaign as made
from tests.workers.campaign import Group
from tests.workers.kept import Works
from workers.dialler import Dialler


def test_while_callers_wait_for_workers_nobody_is_rung_for_a_campaign(engine: Engine) -> None:
    works, one = Works.over(engine), Group(1)
    keeper, clock = works.keeper, works.clock
    dialler = Dialler(works.store, keeper.carrier, keeper.house, clock, lambda: None)
    made.agreed(works.store, one, at=clock.at)
    made.running(works.store, made.plan(), one, at=clock.at)
    late = clock.at - IN_TIME - timedelta(seconds=1)
    with works.store.transaction() as session:
        promise_all(session, [Promise("place", f"place:{number}", late, {}) for number in range(PASSED_OVER + 1)])
    dial_for(dialler, works, 2)
    assert made.dials(works.store) == []
    with works.store.transaction() as session:
        session.execute(delete(PromiseRow).where(PromiseRow.kind == "place"))
    dial_for(dialler, works, 2)
    assert len(made.dials(works.store)) == 1


def dial_for(dialler: Dialler, works: Works, seconds: int) -> None:
    """The dialler does what is due for so long."""
    for _ in range(2 * seconds):
        dialler.work(works.clock.at)
        works.clock.pass_time(0.5)
