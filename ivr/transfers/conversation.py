"""The conversations of a transfer: the caller who is told and passed on, and two agents who speak meanwhile."""

from ivr.addresses import Address, address
from ivr.calls.queue import line_up
from ivr.calls.talk import Talk
from ivr.identifiers import room_of
from ivr.prompts import Ask, Connect, Go, HangUp, Prompt, Say
from ivr.transfers.following import TO_BACK, TO_MEET
from ivr.transfers.words import Officer, Words

ACCEPT, REJECT = "1", "2"
TURNS_TO_DECIDE = 3


def tell_caller(talk: Talk, transfer: str, words: Words) -> tuple[Prompt, ...]:
    """Say to whom the caller is passed on; fetching the next document proves that it was heard to its end."""
    before = (Say(words.before, talk.language),) if words.before else ()
    return (*before, Say(words.text, words.language), Go(talk.to(Address.TRANSFER_HEARD, transfer=transfer)))


def go_on(talk: Talk, next_: str, *, offer: str | None, place: tuple[str, str | None]) -> tuple[Prompt, ...]:
    """After the words: to the agent who waits in the room, into the queue for that agent, or back."""
    if next_ == TO_MEET and offer is not None:
        return (Go(talk.to(Address.MEET, offer=offer)),)
    if next_ == TO_BACK:
        return come_back(talk, place)
    return (line_up(talk, *place),)


def come_back(talk: Talk, place: tuple[str, str | None]) -> tuple[Prompt, ...]:
    """It did not work: apologise, and wait again at the old place."""
    return (talk.say("transfer.failed"), line_up(talk, *place))


def ask_colleague(talk: Talk, offer: str, asking: Officer, *, turn: int) -> tuple[Prompt, ...]:
    """Tell an agent on a telephone which colleague asks, and listen for accept or reject."""
    if turn > TURNS_TO_DECIDE:
        return (talk.say("whisper.declined"), HangUp())
    then = talk.to(Address.AGENT_ASKED_KEY, offer=offer, turn=turn)
    if turn > 1:
        return (Ask((talk.say("whisper.again"),), then),)
    return (Ask((talk.say("whisper.asked", department=asking.department, name=asking.name),), then),)


def colleague_joins(talk: Talk, offer: str) -> tuple[Prompt, ...]:
    """The agent who is asked waits in the room of this offer, for the colleague and then for the caller."""
    return (talk.say("whisper.consulting"), _room(talk, "agent", room=offer, leg=offer))


def consult(talk: Talk, first: str, second: str) -> tuple[Prompt, ...]:
    """The agent who asks joins the colleague; the caller hears music meanwhile."""
    return (talk.say("whisper.consulting"), _room(talk, "colleague", room=second, leg=first))


def return_to_caller(talk: Talk, first: str) -> tuple[Prompt, ...]:
    """The agent who asked is brought back to the caller on hold."""
    return (talk.say("whisper.back"), _room(talk, "agent", room=first, leg=first))


def released(talk: Talk) -> tuple[Prompt, ...]:
    """Tell an agent who was asked that there is nothing more to talk about, and end."""
    return (talk.say("whisper.released"), HangUp())


def _room(talk: Talk, label: str, *, room: str, leg: str) -> Connect:
    """The room of one offer, for the leg of the same or of another."""
    events = address(Address.ROOM, call=talk.call, line=talk.line.id, offer=room)
    return Connect(room_of(room), label, events, talk.to(Address.AGENT_AFTER, offer=leg))
