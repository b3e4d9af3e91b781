"""The cases of the table lived through in one world: calls overlap, each team takes one case at a time."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine, update

from carrier.outgoing import Outcome, Request
from carrier.persons import PersonPlan
from commands.world import World
from config.files import HOLIDAYS, read_file
from ivr.agents.rows import Agent, AgentSkill, AgentState
from ivr.identifiers import call_id
from ivr.lines.calendar import load_calendar
from ivr.lines.callbacks import CallbackRule
from ivr.lines.hours import Open, is_open
from ivr.lines.model import Line, Lines
from ivr.numbers import PhoneNumber
from tests.charter.desk import Desk
from tests.charter.playing import NO_TELEPHONE, Fetch, Play, agent_person
from tests.charter.script import read_span
from tests.charter.table import Again, CallPlan, Case, LinePage, Way
from tests.http.board import words

NAMES = ("강하늘", "남궁서", "도예린", "마은결", "배시우")
# Nothing of the table takes longer; a way is kept free so long before a call that must come at its hour.
LONGEST_CASE = timedelta(minutes=45)
STEP = 1.0
# The last look at a call with missing events comes half an hour after it.
EVENING = 3600.0


@dataclass(frozen=True, slots=True)
class Lived:
    """A call of a case as it was lived; `part` 0 is the case's first call."""

    case: Case
    part: int
    call: str
    is_known: bool

    @property
    def plan(self) -> CallPlan:
        """What the table has of this call."""
        return self.case.calls[self.part]


@dataclass(eq=False)
class _Running:
    case: Case
    part: int
    way: str
    play: Play
    agents: list[str]
    over_since: datetime | None = None


@dataclass(eq=False)
class _Due:
    at: datetime
    case: Case
    part: int
    way: str
    caller: str


@dataclass(eq=False)
class Stage:
    """One institution's line in one world. Every call has agents of its own, who leave when it is over."""

    world: World
    line: Line
    page: LinePage
    dice: random.Random
    running: dict[str, _Running] = field(default_factory=dict)
    due: list[_Due] = field(default_factory=list)
    lived: list[Lived] = field(default_factory=list)
    people: int = 0
    most_at_once: int = 0

    def __post_init__(self) -> None:
        """Stand between the carrier and the service, and watch all telephones."""
        self._fetch: Fetch = self.world.carrier.fetch
        self._calendar = load_calendar(read_file(HOLIDAYS))
        self._hours: dict[datetime, bool] = {}
        self.began = self.world.now()
        self.world.carrier.fetch = self._carry
        self.world.carrier.network.watchers.append(self._look)

    def live(self, cases: Iterable[Case]) -> list[Lived]:
        """Live through the cases in about this order; returns every call of them."""
        waiting = list(cases)
        while waiting or self.due or self.running:
            self._end_what_is_over()
            self._begin_what_can(waiting)
            self.most_at_once = max(self.most_at_once, len(self.running))
            if self.running:
                self.world.run_for(STEP)
            elif waiting or self.due:
                self._sleep(waiting)
        self.world.run_for(EVENING)
        return self.lived

    # -- beginning and ending --------------------------------------------------------------------------------

    def _begin_what_can(self, waiting: list[Case]) -> None:
        for due in sorted(self.due, key=lambda due: due.at):
            if due.at > self.world.now() or due.way in self.running:
                continue
            self.due.remove(due)
            self._begin(due.case, due.part, due.way, due.caller)
        for case in list(waiting):
            way = self._free_way(case)
            if way is not None:
                waiting.remove(case)
                self.people += 1
                self._begin(case, 0, way, f"+8210{20_000_000 + self.people:08d}")
            elif len(self.running) >= len(self.page.ways):
                return

    def _free_way(self, case: Case) -> str | None:
        now = self.world.now()
        wanted = [case.way] if case.way else [way for way in self.page.ways if way != "operator"]
        if case.queue_full:
            # Nobody else's queue may be closed by it.
            teams = [way.team for way in self.page.ways.values()]
            wanted = [way for way in wanted if teams.count(self.page.ways[way].team) == 1]
        kept = {due.way for due in self.due if due.at < now + LONGEST_CASE}
        free = [way for way in wanted if way not in self.running and way not in kept]
        return self.dice.choice(free) if free and self._fits(case, now) else None

    def _fits(self, case: Case, at: datetime) -> bool:
        """Whether the line is open, or closed, as each call of the case wants it, and stays so for a while."""
        return all(
            self._is_open(at + self._later(plan) + ahead) is not plan.closed
            for plan in case.calls
            for ahead in (timedelta(), LONGEST_CASE)
        )

    def _is_open(self, at: datetime) -> bool:
        minute = at.replace(second=0, microsecond=0)
        if minute not in self._hours:
            self._hours[minute] = isinstance(is_open(self.line, self._calendar, at), Open)
        return self._hours[minute]

    @staticmethod
    def _later(plan: CallPlan) -> timedelta:
        return read_span(plan.after) if isinstance(plan, Again) else timedelta()

    def _begin(self, case: Case, part: int, way: str, caller: str) -> None:
        plan, network = case.calls[part], self.world.carrier.network
        agents = self._hire(plan, self.page.ways[way])
        numbers = {who: number for who, (_, number, _) in agents.items()}
        desk = Desk(self.world, self.line, {who: id for who, (id, _, _) in agents.items()})
        play = Play(plan, network, caller, numbers, desk)
        play.names = {who: name for who, (_, _, name) in agents.items()}
        self.running[way] = _Running(case, part, way, play, [id for id, _, _ in agents.values()])
        if plan.queue_full:
            network.queue_named(f"{self.line.id}-{self.page.ways[way].team}").max_size = 0
        keys = self._keys(plan, way)
        network.after(self.dice.random(), lambda: play.begin(self.line.number, keys))
        if part == 0:
            for number, later in enumerate(case.again, start=1):
                due = self.world.now() + self._later(later)
                self.due.append(_Due(due, case, number, self._way_again(later, way), caller))

    def _keys(self, plan: CallPlan, way: str) -> tuple[str, ...]:
        keys = self.page.ways[way].keys
        if plan.presses is None:
            return keys
        return tuple(key for pressed in plan.presses for key in (keys if pressed == "way" else (pressed,)))

    def _way_again(self, later: Again, way: str) -> str:
        if later.by != "other":
            return way
        return next(name for name, one in self.page.ways.items() if one.team != self.page.ways[way].team)

    def _end_what_is_over(self) -> None:
        now = self.world.now()
        for way, one in list(self.running.items()):
            if not one.play.is_over():
                one.over_since = None
            elif one.over_since is None:
                one.over_since = now
            elif now - one.over_since >= timedelta(seconds=one.play.settling()):
                self._end(way, one)

    def _end(self, way: str, one: _Running) -> None:
        del self.running[way]
        if one.play.plan.queue_full:
            name = f"{self.line.id}-{self.page.ways[way].team}"
            self.world.carrier.network.queue_named(name).max_size = 1000
        call = one.play.call
        assert call is not None
        is_known = "answered" in call.times
        self.lived.append(Lived(one.case, one.part, call_id(call.sid), is_known))
        away = {"state": AgentState.AWAY, "reason": "over", "state_since": self.world.now()}
        with self.world.store.transaction() as session:
            session.execute(update(Agent).where(Agent.id.in_(one.agents)).values(away))

    def _sleep(self, waiting: list[Case]) -> None:
        """Nothing is under way: pass the time until the next call can come."""
        moment = self.world.now()
        latest = min((due.at for due in self.due), default=None)
        while True:
            moment += timedelta(minutes=5)
            if latest is not None and moment >= latest:
                moment = max(latest, self.world.now())
                break
            if any(self._fits(case, moment) for case in waiting):
                break
        self.world.run_for((moment - self.world.now()).total_seconds())

    # -- people ----------------------------------------------------------------------------------------------

    def _hire(self, plan: CallPlan, way: Way) -> dict[str, tuple[str, str, str]]:
        """Agents for one call, who can do just what is asked for: by `agent N`, id, number and name."""
        hired: dict[str, tuple[str, str, str]] = {}
        at = self.world.now()
        with self.world.store.transaction() as session:
            for place, agent in enumerate(plan.agents, start=1):
                self.people += 1
                name = NAMES[place - 1]
                number = NO_TELEPHONE if agent.cannot_be_rung else f"+8270{11_000_000 + self.people:08d}"
                softphone = f"{self.line.id}-{self.people}" if agent.softphone else None
                row = Agent(
                    id=f"{self.line.id}-{self.people}",
                    line=self.line.id,
                    name=name,
                    department=self.line.teams[way.team].department,
                    title=agent.title,
                    phone=None if softphone else PhoneNumber.parse(number),
                    softphone=softphone,
                    state=AgentState.READY,
                    state_since=at,
                    idle_since=at - timedelta(seconds=60 - place),
                    skills=[AgentSkill(team=way.team, skill=way.skill)],
                )
                session.add(row)
                address = f"client:{softphone}" if softphone else number
                hired[f"agent {place}"] = (row.id, address, name)
                self._place_at_telephone(agent.on_the_telephone, address, agent_person(agent))
        return hired

    def _place_at_telephone(self, busy: bool, address: str, person: PersonPlan) -> None:
        handset = self.world.carrier.network.handset(address)
        handset.plan = person
        if busy:
            other = next(line for line in self.world.lines if line.id != self.line.id)
            handset.dial(other.number, plan=PersonPlan(hang_up_after=60.0))

    # -- what is watched -------------------------------------------------------------------------------------

    def _look(self, number: str) -> None:
        for one in self.running.values():
            one.play.look(number)

    def _carry(self, request: Request) -> Outcome:
        sid = dict(request.form).get("CallSid", "")
        for one in self.running.values():
            who = one.play.who(sid)
            if who:
                return one.play.carry(request, who, self._fetch)
        return self._fetch(request)


def stage(engine: Engine, line: str, page: LinePage, *, seed: int) -> Stage:
    """A stage on an empty database, on which nobody is called back by itself: cases share the line, not the agents."""
    by_hand = {"callbacks": CallbackRule(serve="list")}
    world = World(engine, seed=seed, lines=Lines(one.model_copy(update=by_hand) for one in words()[1]))
    return Stage(world, world.lines.by_id(line), page, random.Random(seed))
