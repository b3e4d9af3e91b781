"""What the templates of the desk are given: the agent, the present work in words, the ring's limits, the customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from flask import abort
from sqlalchemy.orm import Session

from console.office import office
from console.visitor import visitor
from ivr.agents.rows import Agent, AgentState
from ivr.calls.facts import Told
from ivr.calls.rings import ring_limits
from ivr.calls.steps import CALLER
from ivr.conduct.language import language_of
from ivr.conduct.respite import RESPITE
from ivr.desks.changing import mark_of
from ivr.desks.history import History, history_of
from ivr.desks.seeing import Phase, Work, see
from ivr.lines.actions import ToGroup, ToQueue
from ivr.lines.announcement import announce, announce_outbound
from ivr.lines.firms import Firm
from ivr.lines.made_menus import all_menus
from ivr.lines.menus import SHARED_TEXTS
from ivr.lines.model import Line
from ivr.monitoring.asking import listeners
from ivr.monitoring.rows import Monitoring

RINGS: Final = frozenset({Phase.RINGING, Phase.CONNECTING})
TALKS: Final = frozenset({Phase.TALKING, Phase.CONSULTING, Phase.ENDING})


@dataclass(frozen=True, slots=True)
class Ring:
    """The ring as the counter on the page runs it; times in milliseconds, `limit_ms` by the line's own reading."""

    rung_at: datetime | None
    answered_at: datetime | None
    rings: int
    tone_ms: int
    pause_ms: int
    limit_ms: int
    reading: str

    @property
    def answered_ms(self) -> int | None:
        """From the ringing to the pick-up, as stored."""
        if self.rung_at is None or self.answered_at is None:
            return None
        return round((self.answered_at - self.rung_at) / timedelta(milliseconds=1))

    @property
    def is_late(self) -> bool:
        """It was picked up when the limit was over."""
        return self.answered_ms is not None and self.answered_ms >= self.limit_ms


@dataclass(frozen=True, slots=True)
class Sight:
    """The desk of one agent at one moment; `mark` changes with it (see `ivr.desks.changing`)."""

    agent: Agent
    line: Line
    mark: str
    work: Work | None = None
    ring: Ring | None = None
    history: History = field(default_factory=History)
    greeting: str = ""
    path: Sequence[tuple[str, str]] = ()
    product: str = ""
    language: str = ""
    until: datetime | None = None
    beside: Sequence[Monitoring] = ()

    @property
    def phase(self) -> str:
        """The phase of the work, else where the agent stands."""
        return self.work.phase.value if self.work else self.agent.state.value

    @property
    def tools(self) -> str:
        """Which tools belong beside it; while this stays the same they are left alone."""
        if self.work is None:
            return ""
        group = "ring" if self.work.phase in RINGS else "talk" if self.work.phase in TALKS else "wrap"
        return f"{self.work.subject}:{group}"

    @property
    def notice_at(self) -> datetime | None:
        """When the caller of this talk is told of the recommended time."""
        begun = self.work.begun_at if self.work else None
        return begun + timedelta(seconds=self.line.conduct.notice_after) if begun else None

    @property
    def team(self) -> str:
        """The name of the team that the customer asked for."""
        team = self.line.teams.get(self._asked[0] or "")
        return team.name if team else self._asked[0] or ""

    @property
    def skill(self) -> str:
        """The skill that the customer asked for, as the menu names it; empty where no key stands for it."""
        wanted = ToQueue(self._asked[0] or "", self._asked[1])
        entries = (entry for menu in self.line.menus.values() for entry in menu.keys.values())
        found = (entry.label for entry in entries if entry.action in {wanted, ToGroup(wanted.skill)})
        return next(found, "") if wanted.skill else ""

    @property
    def firm(self) -> str:
        """The client firm whose customer calls, where there is one."""
        firm = _firm(self.work, self.line) if self.work else None
        return firm.name if firm else ""

    @property
    def affiliation(self) -> str:
        """In whose name the customer is answered: the client firm's, else the institution's."""
        return self.firm or self.line.institution

    @property
    def _asked(self) -> tuple[str | None, str | None]:
        if self.work and self.work.offer:
            return self.work.offer.team, self.work.offer.skill
        if self.work and self.work.callback:
            return self.work.callback.team, self.work.callback.skill
        return None, None


def own_agent(session: Session) -> Agent:
    """The visitor's own agent on the line; ends the request with 404 where the account takes no calls there."""
    person = visitor()
    agent = session.get(Agent, person.agent_id) if person.agent_id else None
    if agent is None or agent.line != person.line.id:
        abort(404)
    return agent


def look(session: Session) -> Sight:
    """The visitor's desk as it is now. The mark is read first: what changes meanwhile is shown once more."""
    line = visitor().line
    agent_id = own_agent(session).id
    mark = mark_of(session, agent_id)
    agent = session.get_one(Agent, agent_id, populate_existing=True)
    work = see(session, agent)
    until = _until(agent, line)
    if work is None:
        return Sight(agent, line, mark, until=until)
    return Sight(
        agent,
        line,
        mark,
        work=work,
        ring=_ring(work, line),
        history=history_of(session, line.id, work.caller_index, without=work.call.id if work.call else None),
        greeting=_greeting(work, line, agent),
        path=_path(work.facts, line),
        product=_product(work.facts, line),
        language=language_of(work.facts, line) or "",
        until=until,
        beside=listeners(session, work.offer.id) if work.offer and work.phase in TALKS else (),
    )


def _until(agent: Agent, line: Line) -> datetime | None:
    """When the wrap-up or a rest that was earned ends by itself."""
    if agent.state is AgentState.WRAPPING:
        return agent.state_since + timedelta(seconds=line.wrap_up_seconds)
    if agent.state is AgentState.AWAY and agent.reason == RESPITE:
        return agent.state_since + timedelta(seconds=line.conduct.respite_seconds)
    return None


def _ring(work: Work, line: Line) -> Ring:
    rule = line.ring
    limits = ring_limits(rings=rule.rings, tone_ms=rule.tone_ms, pause_ms=rule.pause_ms)
    return Ring(
        rung_at=work.rung_at,
        answered_at=work.answered_at,
        rings=rule.rings,
        tone_ms=rule.tone_ms,
        pause_ms=rule.pause_ms,
        limit_ms=getattr(limits, rule.reading),
        reading=rule.reading,
    )


def _greeting(work: Work, line: Line, agent: Agent) -> str:
    """What the agent says first: affiliation, name and title in the institution's own words (K5, D5, T8, D9).

    To the customer of a client firm they are said in the firm's name.
    """
    names: Mapping[str, str] = {"department": agent.department, "name": agent.name, "title": agent.title}
    if work.attempt:
        return announce_outbound(line, **names, firm=_firm(work, line)).text
    return announce(line, **names, firm=_firm(work, line)).text


def _firm(work: Work, line: Line) -> Firm | None:
    return line.firms.get(work.call.firm) if work.call else None


def _path(facts: Sequence[Told], line: Line) -> list[tuple[str, str]]:
    """The keys that the customer pressed, each with what it stands for, in their order."""
    pressed = (fact for fact in facts if fact.kind == "key" and fact.leg == CALLER and fact.detail.get("digits"))
    ordered = sorted(pressed, key=lambda fact: fact.sequence or 0)
    return [(str(fact.detail["digits"]), _meaning(fact, line)) for fact in ordered]


def _meaning(fact: Told, line: Line) -> str:
    menu = all_menus(line).get(str(fact.detail.get("menu")))
    digits = str(fact.detail["digits"])
    if menu is not None and digits in menu.keys:
        return menu.keys[digits].label
    if digits in SHARED_TEXTS:
        return office().texts.of(line.id).say(SHARED_TEXTS[digits]).text
    return ""


def _product(facts: Sequence[Told], line: Line) -> str:
    """The name of the product that a key told last."""
    told = [str(fact.detail["product"]) for fact in facts if fact.detail.get("product")]
    product = line.products.get(told[-1]) if told else None
    return product.name if product else ""
