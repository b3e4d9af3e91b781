"""Lives one planned world in virtual time, in an empty store of its own, until everything promised in it is over."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from wsgiref.types import WSGIApplication

from sqlalchemy import select

from carrier.legs import Misdialled
from carrier.persons import PersonPlan
from commands.campaign_living import (
    MAKER,
    SECOND,
    CampaignLived,
    answer_as_sketched,
    approved_campaign,
    read_lists,
    tell_stories,
    withdraw_everything,
)
from commands.campaign_people import Invented
from commands.comings import come_or_go
from commands.day import destination_of
from commands.demo import Demo, DemoAgent, add_officers, agent_row, read_demo
from commands.desks import Desks
from commands.world import Watchers, World
from commands.world_bills import put_under_contract
from commands.world_console import WorldConsole
from commands.world_crew import WorldCrew
from commands.world_fallback import FALLBACK_URL
from commands.world_faults import Troubles
from commands.world_people import Caller, WorldSketch, absence_of, caller_of, moods_of
from commands.world_plan import WorldFault, WorldPlan
from ivr.accounts.access_log import Access, log_access
from ivr.accounts.rows import Act
from ivr.agents.moves import AgentEvent
from ivr.callbacks.rows import Callback
from ivr.campaigns.launching import launch
from ivr.campaigns.lifecycle import Deed, close
from ivr.campaigns.plan import Plan
from ivr.campaigns.rows import Campaign, CampaignState
from ivr.lines.model import Line
from ivr.store import Store
from ivr.surveys.model import UnknownQuestionnaire
from workers.keeping import Keeper

LOOK_SECONDS = 15.0
# A wish of the evening is kept on the next working day; nothing of a world is longer under way.
LONGEST = timedelta(days=5)
# Long enough for every question about a leg whose end was lost, and for every look at a verdict.
REST_SECONDS = 4000.0
LAUNCH_AFTER = 30.0
CLOSE_AFTER = 300.0
SIGHTS = 4
WHY = "the world is over"


@dataclass(slots=True)
class WorldLived:
    """A world that was lived through. `withdrawn_at` says when who took everything back, in true time."""

    plan: WorldPlan
    world: World
    troubles: Troubles
    console: WorldConsole
    campaign: CampaignLived | None = None
    withdrawn_at: dict[str, datetime] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)


def live_world(plan: WorldPlan, store: Store, *, look: Callable[[World], Sequence[str]]) -> WorldLived:
    """Live through the world; what `look` finds wrong every 15 s of its busy stretch is kept in `seen`."""
    troubles, crews = Troubles(plan), list[WorldCrew]()

    def crew(of_world: Store, keeper: Keeper) -> WorldCrew:
        crews.append(WorldCrew(of_world, keeper, troubles))
        return crews[-1]

    desks, console = Desks(plan.seed), WorldConsole(troubles)

    def watch(app: WSGIApplication) -> WSGIApplication:
        return console.watch(desks.watch(app))

    fallback = FALLBACK_URL if WorldFault.WEB in plan.faults else ""
    watchers = Watchers(watch, troubles.over, crew, wait=troubles.wait, fallback_url=fallback)
    world = World(store.engine, seed=plan.seed, start=plan.begins.astimezone(UTC), watchers=watchers)
    desks.world, line = world, world.lines.by_id(plan.line)
    lived = WorldLived(plan, world, troubles, console)
    with crews[0].living_in(world):
        _staff(lived, line)
        for ordinal in plan.callers:
            _await(caller_of(plan, ordinal, line=line, calendar=world.board.calendar), world)
        _watch_records(plan, line, world)
        _plan_campaign(lived, line, crews[0])
        troubles.begin(world)
        _pass_time(lived, look)
        troubles.end(world)
        _see_it_out(lived)
    return lived


@cache
def _demo() -> Demo:
    """Read once in a process: nothing of it ever changes."""
    return read_demo()


def _staff(lived: WorldLived, line: Line) -> None:
    plan, world, demo = lived.plan, lived.world, _demo()
    of_line = [one for one in demo.agents if one.line == line.id]
    staff = {ordinal: of_line[ordinal % len(of_line)] for ordinal in plan.agents}
    with world.store.transaction() as session:
        session.add_all(agent_row(one, line, world.now()) for one in staff.values())
        session.flush()
        add_officers(session, _alone(staff.values()), [one for one in demo.supervisors if one.line == line.id])
        put_under_contract(session, line, world.now())
    lived.console.open(world, line, staff.values())
    network = world.carrier.network
    for ordinal, one in staff.items():
        for at, mood in moods_of(plan, ordinal):
            network.after(at, partial(_answer_like_this, world, destination_of(one), mood))
        absence = absence_of(plan, ordinal)
        if absence is not None:
            _be_away(lived, one, absence)


def _be_away(lived: WorldLived, one: DemoAgent, absence: tuple[float, float]) -> None:
    """At the console, where the agent has a telephone; a softphone without an open page would be put away by itself."""
    if one.softphone is None:
        lived.console.leave_and_come(one.id, absence)
        return
    network = lived.world.carrier.network
    back_at = network.now + timedelta(seconds=absence[1])
    network.after(absence[0], partial(come_or_go, lived.world, one.id, AgentEvent.LEAVE, until=back_at))
    network.after(absence[1], partial(come_or_go, lived.world, one.id, AgentEvent.COME))


def _alone(staff: Iterable[DemoAgent]) -> list[DemoAgent]:
    """The same agents; whoever has a deputy that is not there has none."""
    there = {one.id: one for one in staff}
    return [one if one.deputy in there else one.model_copy(update={"deputy": None}) for one in there.values()]


def _answer_like_this(world: World, address: str, mood: PersonPlan) -> None:
    world.carrier.network.handset(address).plan = mood


def _await(caller: Caller, world: World) -> None:
    network = world.carrier.network
    network.handset(caller.number).plan = caller.at_home
    for at in caller.at:
        network.after(at, partial(_dial, caller, world))
    for at in caller.impatient:
        network.after(at, partial(_press, caller, world))


def _dial(caller: Caller, world: World) -> None:
    # Who is in a call with us does not ring us.
    with suppress(Misdialled):
        handset = world.carrier.network.handset(caller.number)
        handset.dial(caller.dials, plan=caller.person, withheld=caller.withheld)


def _press(caller: Caller, world: World) -> None:
    handset = world.carrier.network.handset(caller.number)
    if handset.state == "talking":
        handset.press("1")


def _watch_records(plan: WorldPlan, line: Line, world: World) -> None:
    """Now and then a supervisor sees a record, and the access log grows."""
    dice = plan.dice("sights")
    for number in range(SIGHTS):
        world.carrier.network.after(dice.uniform(0, plan.minutes * 60), partial(_see, line, world, number))


def _see(line: Line, world: World, number: int) -> None:
    access = Access(SECOND, line.id, Act.UNMASK, f"world:{number}", "a world is looked at")
    with world.store.transaction() as session:
        log_access(session, access, at=world.now())


def _plan_campaign(lived: WorldLived, line: Line, crew: WorldCrew) -> None:
    """A campaign of the line's happy call, where it has one and the plan has people."""
    plan, world = lived.plan, lived.world
    try:
        questionnaire = world.surveys.of(f"happy-{line.id}")
    except UnknownQuestionnaire:
        return
    if plan.people:
        terms = Plan(cps=0.05, concurrency=20, price=500)
        starts, kind = plan.begins.date(), world.surveys.kind_of(questionnaire)
        sketch = WorldSketch(line, kind, questionnaire, terms, starts, plan.seed, len(plan.people), only=plan.people)
        world.carrier.network.after(LAUNCH_AFTER, partial(_launch, lived, sketch, crew))


def _launch(lived: WorldLived, sketch: WorldSketch, crew: WorldCrew) -> None:
    world, network = lived.world, lived.world.carrier.network
    audience_id = read_lists(sketch, world)
    tell_stories(sketch, world)
    answer_as_sketched(sketch, world)
    campaign_id, before = approved_campaign(sketch, world, audience_id)
    lived.campaign = CampaignLived(sketch, world, campaign_id, before)
    if before.eligible:
        launch(world.store, campaign_id, world.board.calendar, deed=Deed(SECOND, world.now()))
        crew.begin_dialling(world.now())
    for one, seconds in sketch.changes.items():
        network.after(seconds, partial(_take_back, lived, sketch, one))
    network.after(CLOSE_AFTER, partial(_close, world, campaign_id))


def _take_back(lived: WorldLived, sketch: WorldSketch, one: Invented) -> None:
    withdraw_everything(sketch.line, lived.world, one)
    lived.withdrawn_at[one.number] = lived.world.now()


def _close(world: World, campaign_id: int) -> None:
    with world.store.transaction() as session:
        if session.get_one(Campaign, campaign_id).state is not CampaignState.CLOSED:
            close(session, campaign_id, Deed(MAKER, world.now()), why=WHY)


def _pass_time(lived: WorldLived, look: Callable[[World], Sequence[str]]) -> None:
    world, seen = lived.world, dict[str, None]()
    for _ in range(int(lived.plan.minutes * 60 / LOOK_SECONDS)):
        world.run_for(LOOK_SECONDS)
        seen.update(dict.fromkeys(look(world)))
    lived.seen = list(seen)


def _see_it_out(lived: WorldLived) -> None:
    world, begun = lived.world, lived.world.now()
    world.worker.ring()
    has_more = True
    # Somebody may ring again in the long rest, and wish to be called back.
    while has_more and world.now() - begun < LONGEST:
        world.run_until_quiet()
        while world.now() - begun < LONGEST and _has_more_to_come(world):
            world.run_for(600)
        world.run_until_quiet()
        world.run_for(REST_SECONDS)
        has_more = _has_more_to_come(world)


def _has_more_to_come(world: World) -> bool:
    with world.store.reading() as session:
        open_callbacks = select(Callback.id).where(Callback.closed_at.is_(None)).limit(1)
        open_campaigns = select(Campaign.id).where(Campaign.state == CampaignState.RUNNING).limit(1)
        return any(session.scalars(query).first() is not None for query in (open_callbacks, open_campaigns))
