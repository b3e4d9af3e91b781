"""Lives a planned hour in virtual time, and what follows from it until every callback is over."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeAlias

from sqlalchemy import select

from carrier.legs import Misdialled
from carrier.persons import PersonPlan
from commands.comings import come_or_go
from commands.day import destination_of
from commands.demo import add_officers, agent_row, read_demo
from commands.fate import Fate
from commands.hour_plan import LONGEST_CALL, Asking, Change, HourPlan, Way
from commands.mortals import Mortals
from commands.tempers import ways_from
from commands.world import Watchers, World
from ivr.agents.moves import AgentEvent
from ivr.callbacks.asking import Wish, ask_callback, open_callback
from ivr.callbacks.closing import withdraw
from ivr.callbacks.rows import Callback, Origin
from ivr.identifiers import callback_id
from ivr.numbers import PhoneNumber
from ivr.store import Store
from workers.keeping import Keeper

# The last wish of the hour is due an hour later, and may slip several times.
LONGEST = timedelta(hours=7)
LOOK_SECONDS = 60.0
BY_CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class HourLived:
    """An hour that was lived through: its world, as it stands at the end, and what was killed in it."""

    plan: HourPlan
    world: World
    fate: Fate | None


def live_hour(plan: HourPlan, store: Store, *, fate: Fate | None = None, look: Callable[[World], None]) -> HourLived:
    """Live the hour in an empty store; with a fate, processes are killed by it. `look` is called every minute."""
    with world_of(store, plan.start.astimezone(UTC), seed=plan.seed, fate=fate) as world:
        _staff(plan, world)
        for asking in plan.askings:
            _await(plan, asking, world)
        for absence in plan.absences:
            world.carrier.network.after(absence.leaves, partial(come_or_go, world, absence.agent, AgentEvent.LEAVE))
            world.carrier.network.after(absence.comes, partial(come_or_go, world, absence.agent, AgentEvent.COME))
        while world.now() - plan.start < timedelta(seconds=plan.lasts) or _has_more_to_come(plan, world):
            world.run_for(LOOK_SECONDS)
            look(world)
        world.run_until_quiet()
    return HourLived(plan, world, fate)


@contextmanager
def world_of(store: Store, start: datetime, *, seed: int, fate: Fate | None) -> Iterator[World]:
    """A world over a store, from a moment (UTC) on; with a fate, what lives in it is mortal as long as the block."""
    if fate is None:
        yield World(store.engine, seed=seed, start=start)
        return
    crew: list[Mortals] = []

    def mortal(of_world: Store, keeper: Keeper) -> Mortals:
        crew.append(Mortals(of_world, keeper, fate))
        return crew[-1]

    world = World(store.engine, seed=seed, start=start, watchers=Watchers(crew=mortal))
    with crew[0].living_in(world):
        yield world


def _staff(plan: HourPlan, world: World) -> None:
    supervisors = [one for one in read_demo().supervisors if one.line == plan.line.id]
    with world.store.transaction() as session:
        session.add_all(agent_row(one, plan.line, world.now()) for one in plan.staff)
        session.flush()
        add_officers(session, plan.staff, supervisors)
    for one, mood in plan.moods():
        world.carrier.network.handset(destination_of(one)).plan = mood


def _await(plan: HourPlan, asking: Asking, world: World) -> None:
    """Put everything that a customer does on the agenda."""
    network = world.carrier.network
    for since, mood in asking.moods:
        network.after(since, partial(_answer_like_this, world, asking.number, mood))
    network.after(asking.at, partial(_ASK[asking.way], plan, asking, world))
    if asking.change is not None:
        seconds, change = asking.change
        network.after(seconds, partial(_CHANGE[change], plan, asking, world))


def _answer_like_this(world: World, number: str, mood: PersonPlan) -> None:
    world.carrier.network.handset(number).plan = mood


def _ask_in_the_queue(plan: HourPlan, asking: Asking, world: World) -> None:
    ways = ways_from(plan.line, plan.line.start).to_queue
    _dial(plan, asking, world, (*ways[0], "1", "1"))


def _ask_in_the_menu(plan: HourPlan, asking: Asking, world: World) -> None:
    ways = ways_from(plan.line, plan.line.start)
    _dial(plan, asking, world, (*ways.to_callback[0], "1") if ways.to_callback else (*ways.to_queue[0], "1", "1"))


def _ask_by_memo(plan: HourPlan, asking: Asking, world: World) -> None:
    """As `charterline callbacks memo` does it."""
    number = PhoneNumber.parse(asking.number)
    wish = Wish(callback_id(f"memo {asking.number}"), plan.line, plan.line.team, Origin.MEMO, number)
    with world.store.transaction() as session:
        ask_callback(session, wish, calendar=world.board.calendar, at=world.now())
    world.worker.ring()


def _ring_us(plan: HourPlan, asking: Asking, world: World) -> None:
    _dial(plan, asking, world, ways_from(plan.line, plan.line.start).to_queue[0])


def _dial(plan: HourPlan, asking: Asking, world: World, keys: tuple[str, ...]) -> None:
    caller = PersonPlan(presses=keys, talk_seconds=30.0, hang_up_after=LONGEST_CALL)
    # Who is rung by us at this very moment does not ring us.
    with suppress(Misdialled):
        world.carrier.network.handset(asking.number).dial(plan.line.number, plan=caller)


def _withdraw(plan: HourPlan, asking: Asking, world: World) -> None:
    """As `charterline callbacks withdraw` does it."""
    with world.store.transaction() as session:
        callback = open_callback(session, plan.line, PhoneNumber.parse(asking.number))
        if callback is not None:
            withdraw(session, callback, BY_CUSTOMER, at=world.now())
    world.worker.ring()


def _has_more_to_come(plan: HourPlan, world: World) -> bool:
    if world.now() - plan.start > LONGEST:
        return False
    with world.store.reading() as session:
        return session.scalars(select(Callback.id).where(Callback.closed_at.is_(None)).limit(1)).first() is not None


_Act: TypeAlias = Callable[[HourPlan, Asking, World], None]
_ASK: Mapping[Way, _Act] = {Way.QUEUE: _ask_in_the_queue, Way.MENU: _ask_in_the_menu, Way.MEMO: _ask_by_memo}
_CHANGE: Mapping[Change, _Act] = {Change.RINGS_US: _ring_us, Change.WITHDRAWS: _withdraw}
