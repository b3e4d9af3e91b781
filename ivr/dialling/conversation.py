"""The two conversations of an attempt: the agent is told who asked, the customer is greeted and asked who it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ivr.addresses import Address, address
from ivr.calls.talk import Talk
from ivr.identifiers import room_of
from ivr.lines.firms import Firm
from ivr.lines.hours import SEOUL
from ivr.prompts import Ask, Connect, Go, HangUp, Prompt, Say

DIAL, LATER = "1", "2"
MYSELF, SOMEBODY_ELSE = "1", "2"
CALL_AGAIN = "1"
TURNS_TO_DECIDE = 3
# Whoever has pressed nothing so often is a machine, or does not wish to talk.
TURNS_TO_SAY = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """What the agent is told of a callback: the team, since when the customer waits, and the time that was told.

    `firm` is the client firm whose customer asked.
    """

    team: str
    since: datetime
    due_at: datetime
    firm: Firm | None = None


def who_asks(talk: Talk, asked: Asked, at: datetime) -> tuple[Say, ...]:
    """Tell the agent who wishes to be called; the number is never said."""
    now = at.astimezone(SEOUL)
    affiliation = asked.firm.spoken_name if asked.firm else talk.line.spoken_institution
    names = {"institution": affiliation, "team": talk.line.teams[asked.team].name}
    return (
        talk.say("dialling.asked", **names, since=(asked.since.astimezone(SEOUL), now)),
        talk.say("dialling.due", due=(asked.due_at.astimezone(SEOUL), now)),
    )


def ask_agent(talk: Talk, parts: Sequence[Say], *, turn: int) -> tuple[Prompt, ...]:
    """Ask an agent on a telephone for a key: a voicemail presses none, and nobody is dialled for it."""
    if turn > TURNS_TO_DECIDE:
        return leave_it(talk)
    then = talk.to(Address.AGENT_DIAL_KEY, turn=turn)
    return (Ask((*parts, talk.say("dialling.choice")), then),)


def leave_it(talk: Talk) -> tuple[Prompt, ...]:
    """Confirm that it is left for later, and end."""
    return agent_told(talk, "later")


def agent_waits(talk: Talk, parts: Sequence[Say] = ()) -> tuple[Prompt, ...]:
    """The agent waits in the room while the customer's telephone rings."""
    return (*parts, talk.say("dialling.placing"), _room(talk, "agent", Address.AGENT_DIAL_AFTER))


def agent_told(talk: Talk, reason: str) -> tuple[Prompt, ...]:
    """Tell the agent why there is nobody to talk to, and end."""
    return (talk.say(f"dialling.{reason}"), HangUp())


def greet(talk: Talk, greeting: str, name: str | None) -> tuple[Prompt, ...]:
    """Greet with affiliation, name and title, and ask who it is, before a word of the matter (D9).

    No key cuts the greeting short: whoever answers the question has heard it.
    """
    asked = talk.say("dialling.check_name", name=name) if name else talk.say("dialling.check")
    return (Say(greeting, talk.line.language), Ask((asked,), talk.to(Address.DIAL_CHECK, turn=1)))


def after_check(talk: Talk, digits: str, turn: int) -> tuple[Prompt, ...]:
    """The right person goes on to the room; anybody else, and a machine, hears nothing of the matter."""
    if digits == MYSELF:
        return (Go(talk.to(Address.DIAL_JOIN)),)
    if digits == SOMEBODY_ELSE:
        return (talk.say("dialling.other"), HangUp())
    if turn >= TURNS_TO_SAY:
        return (talk.say("dialling.unsure"), HangUp())
    return (Ask((talk.say("dialling.again"),), talk.to(Address.DIAL_CHECK, turn=turn + 1)),)


def customer_joins(talk: Talk) -> tuple[Prompt, ...]:
    """The customer enters the room, whose end is the customer's leaving."""
    return (_room(talk, "caller", Address.DIAL_AFTER),)


def apologise(talk: Talk) -> tuple[Prompt, ...]:
    """The agent has gone before the talk began: we call again."""
    return (talk.say("dialling.sorry"), HangUp())


def offer_again(talk: Talk) -> tuple[Prompt, ...]:
    """The agent's leg ended during the talk: the customer says whether there was more to talk about."""
    return (Ask((talk.say("dialling.cut"),), talk.to(Address.DIAL_AGAIN)),)


def again_or_end(talk: Talk, digits: str) -> tuple[Prompt, ...]:
    """1 has us call again; anything else ends with thanks."""
    return (talk.say("dialling.will_call"), HangUp()) if digits == CALL_AGAIN else farewell(talk)


def farewell(talk: Talk) -> tuple[Prompt, ...]:
    """Thank and end."""
    return (talk.say("dialling.thanks"), HangUp())


def too_late(talk: Talk) -> tuple[Prompt, ...]:
    """The telephone was picked up when the attempt was over already."""
    return (talk.say("dialling.missed"), HangUp())


def _room(talk: Talk, label: str, after: Address) -> Connect:
    events = address(Address.DIAL_ROOM, call=talk.call, line=talk.line.id)
    return Connect(room_of(talk.call), label, events, talk.to(after))
