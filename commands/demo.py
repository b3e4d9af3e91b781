"""The demo: agents and callers of `config/demo.toml`, put into the database and made known to the carrier."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

import httpx
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session
from twilio.rest import Client

from commands.demo_accounts import add_accounts, demo_password
from commands.demo_centre import seed_centre
from commands.opened import Opened, open_installation
from commands.registration import register_numbers
from config.clock import system_clock
from config.files import DEMO, read_file
from config.settings import Settings
from ivr.accounts.rows import Role
from ivr.agents.aside import step_aside
from ivr.agents.rows import Agent, AgentSkill, AgentState
from ivr.directory.rows import Officer, OfficerRole
from ivr.lines.model import Line
from ivr.numbers import PhoneNumber

SECONDS_FOR_THE_CARRIER = 10.0


class DemoPerson(BaseModel):
    """A caller of the demo."""

    model_config = ConfigDict(extra="forbid")
    name: str
    number: str


class DemoAgent(BaseModel):
    """An agent of the demo, with a telephone or a softphone; of these teams of the line, without any of all."""

    model_config = ConfigDict(extra="forbid")
    line: str
    id: str
    name: str
    department: str
    title: str
    teams: tuple[str, ...] = ()
    phone: str | None = None
    softphone: str | None = None
    direct_number: str | None = None
    duties: str = ""
    deputy: str | None = None
    reminders: str | None = None


class DemoSupervisor(BaseModel):
    """A supervisor of the demo, who takes no calls."""

    model_config = ConfigDict(extra="forbid")
    line: str
    id: str
    name: str
    department: str
    title: str
    reminders: str


class DemoAccount(BaseModel):
    """Somebody who signs in at the console and is no agent; agents sign in under their own ids.

    `firm` is the client firm of who is of one.
    """

    model_config = ConfigDict(extra="forbid")
    id: str
    name: str
    lines: list[str]
    role: Role
    officer: str | None = None
    firm: str = ""


class Demo(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")
    callers: list[DemoPerson]
    agents: list[DemoAgent]
    supervisors: list[DemoSupervisor]
    accounts: list[DemoAccount]


def read_demo() -> Demo:
    """Read config/demo.toml."""
    return Demo.model_validate(read_file(DEMO))


def seed(settings: Settings) -> None:
    """Put the demo's agents into the database, ready to take calls; those already there are left alone."""
    opened = open_installation(settings)
    at = system_clock()
    with opened.store.transaction() as session:
        for agent in read_demo().agents:
            if session.get(Agent, agent.id) is None:
                session.add(agent_row(agent, opened.lines.by_id(agent.line), at, teams=agent.teams))
        session.flush()
        demo = read_demo()
        add_officers(session, demo.agents, demo.supervisors)
        seed_centre(session, opened.lines, at=at)
        for line in opened.lines:
            # Nobody is at a desk while the hotline stands still.
            step_aside(session, line.id, (), at=at)
    add_accounts(opened.store, demo, demo_password(settings), at=at)


def agent_row(agent: DemoAgent, line: Line, at: datetime, *, teams: Collection[str] = ()) -> Agent:
    """An agent of the demo as a row, ready and in these teams of the line; without any in all, as who is alone."""
    return Agent(
        id=agent.id,
        line=line.id,
        name=agent.name,
        department=agent.department,
        title=agent.title,
        phone=PhoneNumber.parse(agent.phone) if agent.phone else None,
        softphone=agent.softphone,
        direct_number=PhoneNumber.parse(agent.direct_number).e164 if agent.direct_number else None,
        state=AgentState.READY,
        state_since=at,
        idle_since=at,
        skills=list(_skills(line, teams or line.teams)),
    )


def add_officers(session: Session, agents: Sequence[DemoAgent], supervisors: Sequence[DemoSupervisor]) -> None:
    """Put them into the directory; agents must be in the database already, officers that are there are left alone."""
    officers = [*(_officer(agent) for agent in agents), *(_supervisor(one) for one in supervisors)]
    fresh = {officer.id for officer in officers if session.get(Officer, officer.id) is None}
    session.add_all(officer for officer in officers if officer.id in fresh)
    session.flush()
    for agent in agents:
        if agent.id in fresh:
            session.get_one(Officer, agent.id).deputy_id = agent.deputy


def _officer(agent: DemoAgent) -> Officer:
    return Officer(
        id=agent.id,
        line=agent.line,
        name=agent.name,
        department=agent.department,
        title=agent.title,
        duties=agent.duties,
        number=PhoneNumber.parse(agent.direct_number).e164 if agent.direct_number else None,
        agent_id=agent.id,
        reminder_number=PhoneNumber.parse(agent.reminders) if agent.reminders else None,
    )


def _supervisor(one: DemoSupervisor) -> Officer:
    return Officer(
        id=one.id,
        line=one.line,
        name=one.name,
        department=one.department,
        title=one.title,
        role=OfficerRole.SUPERVISOR,
        reminder_number=PhoneNumber.parse(one.reminders),
    )


def _skills(line: Line, teams: Collection[str]) -> Iterator[AgentSkill]:
    for team in teams:
        for skill in ("", *line.teams[team].skills):
            yield AgentSkill(team=team, skill=skill)


def introduce(settings: Settings) -> str:
    """Register lines and telephones at the local carrier, and say in words what there is to try."""
    # Only here are people needed that answer by themselves.
    from commands.demo_people import demo_people

    opened = open_installation(settings)
    demo = read_demo()
    client = Client(settings.twilio_account_sid, settings.auth_tokens[0])
    client.api.base_url = settings.twilio_api_url
    register_numbers(client, opened.lines, base_url=settings.public_base_url, fallback_url=settings.fallback_url)
    with httpx.Client(base_url=settings.twilio_api_url, timeout=SECONDS_FOR_THE_CARRIER) as carrier:
        for line in opened.lines:
            alias = {"number": line.number, "to": line.numbers[0]}
            carrier.post("/admin/aliases", json=alias).raise_for_status()
        directory = {**_directory(opened, demo), "desk_url": settings.console_address}
        carrier.post("/admin/directory", json=directory).raise_for_status()
        carrier.put("/admin/people", json={"people": demo_people(opened.surveys)}).raise_for_status()
    return _words(settings, opened)


def _directory(opened: Opened, demo: Demo) -> dict[str, list[dict[str, str]]]:
    people = [{"name": caller.name, "number": PhoneNumber.parse(caller.number).e164} for caller in demo.callers]
    for agent in demo.agents:
        number = f"client:{agent.softphone}" if agent.softphone else PhoneNumber.parse(agent.phone or "").e164
        people.append({"name": f"{agent.department} {agent.name}", "number": number})
    lines = [{"name": line.institution, "number": line.number} for line in opened.lines]
    return {"lines": lines, "handsets": people}


def _words(settings: Settings, opened: Opened) -> str:
    carrier = f"http://127.0.0.1:{settings.carrier_port}"
    rows = [f"    {PhoneNumber.parse(line.number).national}  {line.institution}" for line in opened.lines]
    return "\n".join(
        [
            "The lines:",
            *rows,
            "",
            f"A telephone in the browser, caller and agent side by side:  {carrier}/",
            "A call by scripted people:  ./bin/charterline call 1544-1120 --press 1 --talk 8",
            "A happy call to the customers of the demo, who answer by themselves (docs/campaigns.md):",
            "    ./bin/charterline audiences import config/demo/customers.csv --line dcgf --by NAME",
            "",
            f"The console, where people of the demo are picked by a click:  {settings.console_address}/",
            "    By name and password:  kibo-3 (agent), kibo-lead (supervisor), kibo-audit (auditor), admin; password",
            f"    {demo_password(settings)}",
        ]
    )
