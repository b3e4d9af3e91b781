"""Lives a sketched campaign in virtual time, from its list of people to its close, in a store of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from carrier.options import Faults
from carrier.persons import PersonPlan
from commands.audience_files import opened_table
from commands.campaign_people import Invented, Story, list_of
from commands.campaign_plan import CampaignSketch
from commands.day import destination_of
from commands.demo import add_officers, agent_row, read_demo
from commands.world import Crew, Watchers, Worker, World
from config.files import SURVEYS, read_folder
from ivr.audiences.importing import Reading, import_table
from ivr.audiences.making import Listing, Watch
from ivr.audiences.rows import Origin
from ivr.campaigns.checking import Installed, check
from ivr.campaigns.launching import launch
from ivr.campaigns.lifecycle import Deed, Draft, approve, create, rehearsed
from ivr.campaigns.report import Report, report
from ivr.campaigns.rows import Campaign, CampaignState
from ivr.consents.recording import Revocation, withdraw
from ivr.consents.rows import Means, SuppressionScope
from ivr.consents.suppressing import Ban, suppress
from ivr.lines.model import Line
from ivr.numbers import PhoneNumber
from ivr.people.finding import known_person
from ivr.sealing import index_of
from ivr.store import Store
from ivr.surveys.copies import keep
from workers.dialler import SWEEP_EVERY, Dialler
from workers.keeping import Keeper

MAKER, SECOND = "maker", "second"
# Whoever answers at the line's own desk when somebody asks for an agent.
AT_THE_DESK = PersonPlan(answer_after=2.0, press_on_answer="1", presses=("1",), talk_seconds=120.0, linger=4.0)
LONGEST = timedelta(days=8)
LOOK_SECONDS = 300.0
NO_FAULTS = Faults()
FAULTS = Faults(
    callback_delay=0.05,
    callback_reorder=0.03,
    callback_duplicate=0.03,
    callback_drop=0.02,
    delay_seconds=(0.5, 8.0),
    rest_429=0.05,
    rest_error_before=0.02,
    rest_error_after=0.02,
)


@dataclass(frozen=True, slots=True)
class CampaignLived:
    """A campaign that was lived through: its world, its number, and what was said of it before the launch."""

    sketch: CampaignSketch
    world: World
    campaign_id: int
    before: Report


@dataclass(slots=True)
class Diallers:
    """A crew of relay and workers, and one dialler beside them."""

    others: Crew
    dialler: Dialler
    dial_at: datetime | None = None
    next_due: datetime | None = None

    def ring(self) -> None:
        """Something may be due."""
        self.others.ring()

    def work(self, now: datetime) -> datetime | None:
        """Keep and dial everything due; returns when there is next something to do."""
        if self.dial_at is not None and self.dial_at <= now:
            # Where nobody is left to dial, the next sweep closes the campaign.
            self.dial_at = self.dialler.work(now) or now + SWEEP_EVERY
        others = self.others.work(now)
        self.next_due = min((due for due in (others, self.dial_at) if due is not None), default=None)
        return self.next_due

    def begin(self, now: datetime) -> None:
        """A campaign runs from now on: look at once."""
        self.dial_at = now


def live_campaign(
    sketch: CampaignSketch,
    store: Store,
    *,
    faults: Faults = NO_FAULTS,
    look: Callable[[World], None] = lambda _world: None,
) -> CampaignLived:
    """Live a campaign in an empty store until it is closed, at most eight days; `look` is called every five minutes."""
    world, crew = _world_of(sketch, store)
    world.carrier.network.faults = faults
    _staff(sketch.line, world)
    audience_id = read_lists(sketch, world)
    tell_stories(sketch, world)
    world.run_for((sketch.begins - world.now()).total_seconds())
    answer_as_sketched(sketch, world)
    campaign_id, before = approved_campaign(sketch, world, audience_id)
    if before.eligible:
        launch(store, campaign_id, world.board.calendar, deed=Deed(SECOND, world.now()))
        crew.begin(world.now())
    for one, seconds in sketch.changes.items():
        world.carrier.network.after(seconds, partial(_change_mind, sketch, world, one))
    while _is_running(world, campaign_id) and world.now() - sketch.begins < LONGEST:
        world.run_for(LOOK_SECONDS)
        look(world)
    world.run_until_quiet()
    return CampaignLived(sketch, world, campaign_id, before)


def installed_for(world: World) -> Installed:
    """What campaigns of a world are checked against."""
    return Installed(world.lines, world.surveys, read_folder(SURVEYS), world.board.calendar)


def _world_of(sketch: CampaignSketch, store: Store) -> tuple[World, Diallers]:
    crews: list[Diallers] = []

    def crew(of_world: Store, keeper: Keeper) -> Diallers:
        dialler = Dialler(of_world, keeper.carrier, keeper.house, keeper.clock, keeper.ring_bell)
        crews.append(Diallers(Worker(of_world, keeper), dialler))
        return crews[-1]

    world = World(store.engine, seed=sketch.seed, start=sketch.arrives.astimezone(UTC), watchers=Watchers(crew=crew))
    return world, crews[0]


def _staff(line: Line, world: World) -> None:
    demo = read_demo()
    agents = [one for one in demo.agents if one.line == line.id]
    supervisors = [one for one in demo.supervisors if one.line == line.id]
    with world.store.transaction() as session:
        session.add_all(agent_row(one, line, world.now()) for one in agents)
        session.flush()
        add_officers(session, agents, supervisors)
    for one in agents:
        world.carrier.network.handset(destination_of(one)).plan = AT_THE_DESK


def read_lists(sketch: CampaignSketch, world: World) -> int:
    """Read the list of the line, and one of another line that has the consent of some of the same people."""
    elsewhere = next(line for line in world.lines if line.id != sketch.line.id)
    theirs = [replace(one, story=Story.AGREED) for one in sketch.people if one.story is Story.ELSEWHERE]
    if theirs:
        _read_list(sketch, world, elsewhere, theirs)
    return _read_list(sketch, world, sketch.line, sketch.people)


def _read_list(sketch: CampaignSketch, world: World, line: Line, people: Sequence[Invented]) -> int:
    """As `charterline audiences import` does it."""
    text = list_of(people, purposes=sketch.terms.purposes, starts=sketch.starts)
    with TemporaryDirectory(prefix="charterline-list-") as folder:
        path = Path(folder) / "people.csv"
        path.write_text(text, encoding="utf-8")
        with opened_table(path) as table:
            listing = Listing(line.id, path.stem, Origin.IMPORT, path.name, MAKER)
            return import_table(world.store, listing, table, reading=Reading(), watch=Watch(world.now))


def tell_stories(sketch: CampaignSketch, world: World) -> None:
    """What happened to people after the list was read: withdrawn, or suppressed."""
    for one in sketch.people:
        if one.story is Story.WITHDREW:
            withdraw_everything(sketch.line, world, one)
        elif one.story in {Story.SUPPRESSED, Story.SUPPRESSED_HERE}:
            here = one.story is Story.SUPPRESSED_HERE
            scope = SuppressionScope.INSTITUTION if here else SuppressionScope.EVERYBODY
            with world.store.transaction() as session:
                index = index_of(session, PhoneNumber.parse(one.number))
                ban = Ban(scope, index, "simulated", line=sketch.line.id if here else "")
                suppress(session, ban, by=MAKER, at=world.now())


def withdraw_everything(line: Line, world: World, one: Invented) -> None:
    """As the page behind a link does it."""
    with world.store.transaction() as session:
        person = known_person(session, line.id, PhoneNumber.parse(one.number), at=world.now())
        withdraw(session, person.id, Revocation(Means.WEB, f"web-{one.ordinal}", "caller"), at=world.now())
    world.worker.ring()


def _change_mind(sketch: CampaignSketch, world: World, one: Invented) -> None:
    withdraw_everything(sketch.line, world, one)


def answer_as_sketched(sketch: CampaignSketch, world: World) -> None:
    """Give everybody the mood of the first day now, and those of the other days when they come."""
    network = world.carrier.network
    for one in sketch.people:
        handset = network.handset(one.number)
        first, *others = sketch.moods(one)
        handset.plan = first
        for days, mood in enumerate(others, start=1):
            network.at(sketch.begins + timedelta(days=days, hours=-1), partial(_change_mood, world, one, mood))


def _change_mood(world: World, one: Invented, mood: PersonPlan) -> None:
    world.carrier.network.handset(one.number).plan = mood


def approved_campaign(sketch: CampaignSketch, world: World, audience_id: int) -> tuple[int, Report]:
    """Make, check, rehearse and approve, as the commands do it, each step by who may take it."""
    made = Deed(MAKER, world.now())
    draft = Draft(
        line=sketch.line.id,
        name=sketch.questionnaire.title,
        kind=sketch.kind.id,
        questionnaire=sketch.questionnaire.id,
        audience_id=audience_id,
        plan=sketch.plan,
        terms=sketch.terms,
        firm=sketch.firm,
    )
    with world.store.transaction() as session:
        keep(session, sketch.questionnaire, by=MAKER, at=world.now())
        campaign_id = create(session, draft, made).id
        check(session, campaign_id, installed_for(world), deed=made)
        rehearsed(session, campaign_id, {"people": 0}, deed=made)
        approve(session, campaign_id, Deed(SECOND, world.now()))
        campaign = session.get_one(Campaign, campaign_id)
        before = report(session, campaign, world.board.calendar, at=world.now())
    return campaign_id, before


def _is_running(world: World, campaign_id: int) -> bool:
    with world.store.reading() as session:
        return session.get_one(Campaign, campaign_id).state in {CampaignState.RUNNING, CampaignState.PAUSED}
