"""The conversation in which an agent takes a call, is announced to the caller, and both meet in a room."""

from dataclasses import dataclass

from ivr.addresses import Address, address
from ivr.calls.queue import enqueue
from ivr.calls.talk import Talk
from ivr.identifiers import room_of
from ivr.prompts import Ask, Connect, Go, HangUp, Play, Prompt, Say

ACCEPT, REJECT = "1", "2"
QUEUE_AGAIN = "0"
TURNS_TO_DECIDE = 3
# A shorter wait is not worth the agent's time to hear of.
WORTH_SAYING_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Introduction:
    """How the agent is made known to the caller: the text, and the agent's own recording of it if there is one.

    `firm` is the client firm in whose name it is, as it is said.
    """

    text: str
    version: int
    clip_url: str | None
    firm: str = ""

    @property
    def evidence(self) -> str:
        """What kind of proof this gives: spoken by the system, or the agent's own recorded clip."""
        return "recorded clip" if self.clip_url else "spoken by the system"


def whisper(talk: Talk, offer: str, team: str, *, waited: int, turn: int) -> tuple[Prompt, ...]:
    """Tell an agent on a telephone who waits, and listen for accept or reject: a voicemail presses neither.

    A client firm's customer is told by the firm's name.
    """
    if turn > TURNS_TO_DECIDE:
        return (talk.say("whisper.declined"), HangUp())
    then = talk.to(Address.AGENT_KEY, offer=offer, team=team, waited=waited, turn=turn)
    if turn > 1:
        return (Ask((talk.say("whisper.again"),), then),)
    affiliation = talk.firm.spoken_name if talk.firm else talk.line.spoken_institution
    names = {"institution": affiliation, "team": talk.line.teams[team].name}
    if waited < WORTH_SAYING_SECONDS:
        return (Ask((talk.say("whisper.offer", **names),), then),)
    return (Ask((talk.say("whisper.offer_waited", **names, seconds=waited),), then),)


def agent_joins(talk: Talk, offer: str, *, listening: tuple[Prompt, ...] = ()) -> tuple[Prompt, ...]:
    """The agent waits in the room for the caller; `listening` is what a transcriber wants done before."""
    return (talk.say("whisper.connecting"), *listening, _room(talk, "agent", Address.AGENT_AFTER, offer))


def agent_dismissed(talk: Talk, reason: str) -> tuple[Prompt, ...]:
    """Tell the agent why there is nothing to talk about (`whisper.taken`, `.gone`, `.late`, `.declined`), and end."""
    return (talk.say(reason), HangUp())


def introduce(talk: Talk, offer: str, introduction: Introduction) -> tuple[Prompt, ...]:
    """Say affiliation, name and title to the caller; fetching the next document proves they were heard."""
    spoken = Say(introduction.text, talk.line.language)
    heard = Play(introduction.clip_url) if introduction.clip_url else spoken
    return (heard, Go(talk.to(Address.JOIN, offer=offer)))


def caller_joins(talk: Talk, offer: str) -> tuple[Prompt, ...]:
    """The caller enters the room, whose end is the caller's leaving."""
    return (_room(talk, "caller", Address.AFTER, offer),)


def back_to_queue(talk: Talk, team: str, skill: str | None) -> tuple[Prompt, ...]:
    """The agent is gone before the talk began: apologise and wait again at the old place."""
    return (talk.say("reconnect.queued"), *enqueue(talk, team, skill))


def offer_again(talk: Talk, team: str) -> tuple[Prompt, ...]:
    """The agent's leg ended during the talk: never leave the caller in silence."""
    then = talk.to(Address.AGAIN_KEY, team=team)
    return (Ask((talk.say("reconnect.offer"),), then),)


def again_or_end(talk: Talk, team: str, digits: str) -> tuple[Prompt, ...]:
    """0 leads back to the queue; anything else, or silence, ends the call with thanks."""
    if digits == QUEUE_AGAIN:
        return back_to_queue(talk, team, None)
    return farewell(talk)


def farewell(talk: Talk) -> tuple[Prompt, ...]:
    """Thank and end; fetching the next document proves that the thanks were heard to their end."""
    return (talk.say("farewell.thanks"), Go(talk.to(Address.THANKED)))


def _room(talk: Talk, label: str, after: Address, offer: str) -> Connect:
    events = address(Address.ROOM, call=talk.call, line=talk.line.id, offer=offer)
    return Connect(room_of(offer), label, events, talk.to(after, offer=offer))
