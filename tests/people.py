"""Makes people for tests: agents in the database, callers and agents at their telephones."""

from collections.abc import Sequence
from datetime import datetime

from carrier.persons import PersonPlan
from commands.world import World
from ivr.agents.rows import Agent, AgentSkill, AgentState
from ivr.lines.model import Line
from ivr.numbers import PhoneNumber
from ivr.store import Store

NAMES = ("김민수", "이서연", "박지훈", "최유진", "정하은")
CALLER = "+821010000001"

Skill = tuple[str, str]


def agent_phone(number: int) -> str:
    """The telephone of the agent with this number."""
    return f"+82701000{100 + number:04d}"


def caller_phone(number: int) -> str:
    """The mobile telephone of the caller with this number; the first is `CALLER`."""
    return f"+8210{10000000 + number:08d}"


def every_skill(line: Line) -> list[Skill]:
    """Every team of a line with every skill in it; the empty skill stands for the team itself."""
    return [(team.id, skill) for team in line.teams.values() for skill in ("", *team.skills)]


def agent_of(
    line: Line, at: datetime, *, number: int, skills: Sequence[Skill] | None = None, softphone: str | None = None
) -> Agent:
    """A ready agent; the lower the number, the longer idle."""
    return Agent(
        id=f"{line.id}-{number}",
        line=line.id,
        name=NAMES[(number - 1) % len(NAMES)],
        department=next(iter(line.teams.values())).department,
        title="대리",
        phone=None if softphone else PhoneNumber.parse(agent_phone(number)),
        softphone=softphone,
        state=AgentState.READY,
        state_since=at,
        idle_since=at.replace(microsecond=number),
        skills=[AgentSkill(team=team, skill=skill) for team, skill in skills or every_skill(line)],
    )


def add_agents(store: Store, line: Line, at: datetime, count: int = 2) -> list[str]:
    """Put so many ready agents of every team into the database; returns their ids, longest idle first."""
    agents = [agent_of(line, at, number=number) for number in range(1, count + 1)]
    with store.transaction() as session:
        session.add_all(agents)
    return [agent.id for agent in agents]


def agents_behave(world: World, *plans: PersonPlan) -> None:
    """Let the agents, in order, behave like this in every call."""
    for number, plan in enumerate(plans, start=1):
        world.carrier.network.handset(agent_phone(number)).plan = plan


def picks_up(after: float = 2.4, **more: object) -> PersonPlan:
    """An agent who picks up after so many seconds and accepts with 1."""
    return PersonPlan(answer_after=after, press_on_answer="1", **more)  # type: ignore[arg-type]


def rejects(after: float = 2.0) -> PersonPlan:
    """An agent who picks up after so many seconds and rejects with 2."""
    return PersonPlan(answer_after=after, press_on_answer="2")


def voicemail(after: float = 4.0) -> PersonPlan:
    """A telephone that picks up by itself and presses nothing."""
    return PersonPlan(answer_after=after, linger=None)


def never_picks_up() -> PersonPlan:
    """A telephone that rings unheard."""
    return PersonPlan(answer_after=None)


def customer(*presses: str, talk: float | None = 20.0, **more: object) -> PersonPlan:
    """A caller who presses these keys and hangs up after so many seconds of talk."""
    return PersonPlan(presses=presses, talk_seconds=talk, **more)  # type: ignore[arg-type]
