"""`soak`: a day and a night of calls in virtual time; nothing is left over, memory and rows grow by calls alone."""

import gc
import logging
import os
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import structlog
from sqlalchemy import func, select

from benchmarks.hotline import ground
from benchmarks.measured import Measured, at_most, show
from benchmarks.people import add_agents, agent_phone, caller_phone
from benchmarks.run import Run
from benchmarks.signed_steps import LINE
from benchmarks.stores import settings
from benchmarks.usage import memory_of
from carrier.memory import forget
from carrier.options import Faults
from carrier.persons import PersonPlan
from commands.world import World
from ivr.agents.rows import Agent, AgentState
from ivr.calls.rows import Call, Fact, Offer
from ivr.charters.rows import Verdict
from ivr.promises import PromiseRow
from ivr.sealing import Keyring
from ivr.store import make_engine

DAY_SECONDS, QUARTERS, AGENTS = 24 * 3600.0, 4, 10
# A worker that died keeps a promise for half a minute; what is older is stuck.
LEASE = timedelta(seconds=60)
REMEMBERED = timedelta(minutes=30)
FAULTS = Faults(
    callback_delay=0.05, callback_duplicate=0.05, callback_drop=0.05, delay_seconds=(0.5, 8.0), rest_429=0.05
)
TABLES = {"facts": Fact, "promises": PromiseRow, "verdicts": Verdict}


@dataclass(frozen=True, slots=True)
class Seen:
    """How things stand after a quarter: memory in MiB, rows by table, calls, and what is left over."""

    memory: float
    rows: dict[str, int]
    calls: int
    stuck: int


def soak(run: Run) -> None:
    """Answered and given up by turns, with doubled, late and lost reports and refused orders."""
    # Refusals are part of such a day.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    for kind in run.databases:
        with ground(kind) as base:
            environment = settings(base.database_url, base.redis_url, base.place)
            engine = make_engine(
                base.database_url, keyring=Keyring.from_secrets(environment["CHARTERLINE_SECRET_KEYS"])
            )
            try:
                _live(kind, World(engine, seed=1), run.many(480, when_quick=40))
            finally:
                engine.dispose()


def _live(kind: str, world: World, calls: int) -> None:
    add_agents(world.store, world.lines.by_id(LINE), AGENTS, at=world.now())
    for number in range(AGENTS):
        world.carrier.network.handset(agent_phone(number)).plan = PersonPlan(answer_after=2.0, press_on_answer="1")
    world.carrier.network.faults = FAULTS
    dice, quarters = Random("soak"), []
    for quarter in range(QUARTERS):
        for number in range(calls // QUARTERS):
            _call(world, quarter * calls + number, dice)
            world.run_for(DAY_SECONDS / calls)
        world.run_until_quiet()
        forget(world.carrier.network, world.now() - REMEMBERED)
        quarters.append(_seen(world))
    _show(kind, quarters)


def _call(world: World, number: int, dice: Random) -> None:
    gives_up = dice.random() < 0.2
    talk = dice.uniform(20, 120)
    plan = PersonPlan(presses=("1",), talk_seconds=talk, hang_up_after=dice.uniform(2, 25) if gives_up else 600.0)
    world.carrier.network.handset(caller_phone(number)).dial(world.lines.by_id(LINE).number, plan=plan)


def _seen(world: World) -> Seen:
    at = world.now()
    overdue = select(func.count()).where(PromiseRow.done_at.is_(None), PromiseRow.due_at < at - LEASE)
    endless = select(func.count()).where(Call.ended_at.is_(None), Call.arrived_at < at - timedelta(minutes=10))
    unfinished = select(func.count()).where(Offer.closed_at.is_(None), Offer.made_at < at - timedelta(minutes=10))
    busy = select(func.count()).where(Agent.state != AgentState.READY, Agent.state_since < at - timedelta(minutes=10))
    with world.store.reading() as session:
        stuck = sum(session.scalar(question) or 0 for question in (overdue, endless, unfinished, busy))
        rows = {name: session.scalar(select(func.count()).select_from(table)) or 0 for name, table in TABLES.items()}
        calls = session.scalar(select(func.count()).select_from(Call)) or 0
    gc.collect()
    return Seen(memory_of(os.getpid()).uss, rows, calls, stuck)


def _show(kind: str, quarters: list[Seen]) -> None:
    first, last = quarters[0], quarters[-1]
    stuck = max(seen.stuck for seen in quarters)
    show(Measured("soak_stuck", kind, stuck, "rows", rounds=last.calls, goal=at_most(0)))
    grown = last.memory - quarters[1].memory
    show(Measured("soak_memory_growth", kind, grown, "MiB USS in the second half", min=first.memory, max=last.memory))
    for name in TABLES:
        per_call = [seen.rows[name] / max(seen.calls, 1) for seen in quarters]
        show(Measured(f"soak_{name}", kind, per_call[-1], "rows/call", min=min(per_call), max=max(per_call)))
