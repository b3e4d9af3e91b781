"""The story of a callback in sentences of the visitor's language."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.stories import Happening, Judged, in_order, judged, local_minute, names_of, texts_told
from console.visitor import visitor, wording
from ivr.accounts.rows import Role
from ivr.agents.rows import Agent
from ivr.callbacks.reading import Story
from ivr.callbacks.telling import (
    ASKED_AGAIN,
    ASSIGNED,
    ATTEMPTED,
    LATE,
    MISSED,
    OVER,
    PROMISED,
    REMINDED,
)
from ivr.calls.facts import Told
from ivr.charters.model import Charters
from ivr.dialling.rows import Attempt

# Any: the detail of a fact is JSON of several kinds.
Detail: TypeAlias = Mapping[str, Any]
Names: TypeAlias = Mapping[str, str]
TONES: Mapping[str, str] = {PROMISED: "calm", LATE: "warn", MISSED: "bad", REMINDED: "plain"}
GOOD_ENDS = frozenset({"reached", "called_in", "other_way"})


def happenings(session: Session, story: Story) -> list[Happening]:
    """Facts, tries and texts in one order."""
    names = names_of(session, _people(story.facts))
    agents = _agents_of(session, story.attempts)
    return in_order(_facts(story.facts, names, agents), texts_told(story.messages))


def verdicts(story: Story, charters: Charters) -> list[Judged]:
    """What was judged of it."""
    return judged(story.verdicts, charters)


def _agents_of(session: Session, attempts: Sequence[Attempt]) -> Names:
    """By attempt, the name of the agent who tried."""
    if not attempts:
        return {}
    ids = {attempt.agent_id for attempt in attempts}
    names = {id: name for id, name in session.execute(select(Agent.id, Agent.name).where(Agent.id.in_(ids)))}
    return {attempt.id: names[attempt.agent_id] for attempt in attempts}


def _people(facts: Sequence[Told]) -> Iterator[str | None]:
    for fact in facts:
        yield fact.detail.get("officer")
        yield fact.detail.get("before")


def _facts(facts: Sequence[Told], names: Names, agents: Names) -> Iterator[Happening]:
    for fact in facts:
        if fact.kind in SENTENCES:
            says, notes = SENTENCES[fact.kind](fact.detail, names, agents)
            yield Happening(fact.received_at, says, _tone(fact), tuple(filter(None, notes)))


def _tone(fact: Told) -> str:
    if fact.kind == OVER:
        return "good" if fact.detail["outcome"] in GOOD_ENDS else "warn"
    return TONES.get(fact.kind, "plain")


Sentence: TypeAlias = tuple[str, tuple[str, ...]]


def _promised(detail: Detail, names: Names, _agents: Names) -> Sentence:
    say = wording().say
    officer = detail.get("officer")
    notes = [
        say(f"callbacks.origin.{detail['origin']}"),
        say("callbacks.told.chosen") if detail.get("chosen") else "",
        say("callbacks.told.to", officer=names.get(officer, officer)) if officer else say("callbacks.told.to_nobody"),
        say(f"callbacks.why.{detail['reason']}") if detail.get("reason") else "",
        *(say(f"callbacks.lacking.{part}.{code}") for part, code in (detail.get("lacking") or {}).items()),
    ]
    return say("callbacks.told.promised", until=local_minute(detail["due"])), tuple(notes)


def _asked_again(detail: Detail, _names: Names, _agents: Names) -> Sentence:
    say = wording().say
    return say("callbacks.told.again", until=local_minute(detail["due"])), (
        say(f"callbacks.origin.{detail['origin']}"),
    )


def _assigned(detail: Detail, names: Names, _agents: Names) -> Sentence:
    say, before = wording().say, detail.get("before")
    notes = (
        say("callbacks.told.before", officer=names.get(before, before)) if before else "",
        _why(str(detail.get("why") or "")),
    )
    return say("callbacks.told.assigned", officer=names.get(detail["officer"], detail["officer"])), notes


def _why(written: str) -> str:
    """A word of ours in the visitor's language; what somebody wrote as it stands."""
    known = f"callbacks.given.{written.replace(': ', '_').replace(' ', '_')}"
    return wording().say(known) if wording().has(known) else written


def _reminded(detail: Detail, names: Names, _agents: Names) -> Sentence:
    say, officer = wording().say, detail["officer"]
    role = say(f"callbacks.role.{detail['role']}")
    if not detail["minutes"]:
        return say("callbacks.told.escalated", officer=names.get(officer, officer)), ()
    text = say("callbacks.told.reminded", minutes=detail["minutes"], officer=names.get(officer, officer), role=role)
    return text, ()


def _late(detail: Detail, _names: Names, _agents: Names) -> Sentence:
    say = wording().say
    notes = (say(f"callbacks.late.{detail['reason']}"), say("callbacks.told.by_itself") * (detail["by"] == "system"))
    return say("callbacks.told.late", due=local_minute(detail["due"]), until=local_minute(detail["until"])), notes


def _missed(detail: Detail, _names: Names, _agents: Names) -> Sentence:
    say = wording().say
    return say("callbacks.told.missed", due=local_minute(detail["due"])), (say(f"callbacks.late.{detail['reason']}"),)


def _attempted(detail: Detail, _names: Names, agents: Names) -> Sentence:
    say = wording().say
    result = say(f"callbacks.attempt.{detail['outcome']}")
    return say("callbacks.told.attempted", result=result, agent=agents.get(detail["attempt"], "")), ()


def _over(detail: Detail, _names: Names, _agents: Names) -> Sentence:
    say, by = wording().say, str(detail["by"])
    kind, _, rest = by.partition(":")
    note = "" if kind in {"attempt", "call"} and rest else say("callbacks.told.by", by=by)
    return say(f"callbacks.outcome.{detail['outcome']}"), (note,)


SENTENCES: Mapping[str, Callable[[Detail, Names, Names], Sentence]] = {
    PROMISED: _promised,
    ASKED_AGAIN: _asked_again,
    ASSIGNED: _assigned,
    REMINDED: _reminded,
    LATE: _late,
    MISSED: _missed,
    ATTEMPTED: _attempted,
    OVER: _over,
}


def may_read_whole_names() -> bool:
    """Whoever calls the customer, or sees to it, reads whole names; others see the first sign."""
    return visitor().may(Role.AGENT, Role.SUPERVISOR)
