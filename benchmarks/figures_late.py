"""How long a fact that comes late takes to be right in the sums, through relay and worker in virtual time."""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from benchmarks.people import add_agents, agent_phone, caller_phone
from benchmarks.signed_steps import LINE
from carrier.persons import PersonPlan
from commands.world import World
from ivr.calls.facts import Told, tell
from ivr.calls.rows import Fact
from ivr.figures.asking import Period, figures_of
from ivr.figures.sums import Figures
from ivr.identifiers import call_id
from ivr.promises import Promise, promise_all
from ivr.store import Store

EVER = Period(date(2026, 1, 1), date(2027, 12, 31))
LONGEST = 120
KEPT = ("subject", "key", "kind", "leg", "received_at", "sid", "said_at", "sequence", "detail")


def late_fact(store: Store, world: World) -> float:
    """Seconds from the telling of a lost "ringing" until its ring time stands in the sums of the day."""
    add_agents(store, world.lines.by_id(LINE), 1, at=world.now())
    world.carrier.network.handset(agent_phone(0)).plan = PersonPlan(answer_after=2.4, press_on_answer="1")
    caller = world.carrier.network.handset(caller_phone(0))
    made = caller.dial(world.lines.by_id(LINE).number, plan=PersonPlan(presses=("1",), talk_seconds=8))
    world.run_until_quiet()
    call = call_id(made.sid)
    with store.transaction() as session:
        late = _lose(session, f"{call}-1:ringing", call)
        promise_all(session, [Promise("judge", "judge:without", world.now(), {"call": call})])
    _let_work(world, 20)
    assert _measured(store).base("within_rings") == 0
    with store.transaction() as session:
        # One more than were ever told, as if this one had never come before.
        tell(session.connection(), replace(late, key="another", kind="another"))
        tell(session.connection(), late, promises=[Promise("follow", "follow:late", world.now(), {"call": call})])
    for second in range(LONGEST):
        if _measured(store).base("within_rings"):
            return float(second)
        _let_work(world, 1)
    raise RuntimeError(f"a late fact was not in the sums after {LONGEST} s")


def _lose(session: Session, key: str, call: str) -> Told:
    lost = session.get_one(Fact, (call, key))
    told = Told(**{name: getattr(lost, name) for name in KEPT})
    session.delete(lost)
    return told


def _let_work(world: World, seconds: float) -> None:
    world.worker.ring()
    world.run_for(seconds)


def _measured(store: Store) -> Figures:
    with store.reading() as session:
        return figures_of(session, [LINE], EVER)
