"""The conversation in which an agent records the own announcement, hears it, and accepts it or tries again."""

from ivr.addresses import Address
from ivr.calls.talk import Talk
from ivr.prompts import Ask, HangUp, Play, Prompt, Record

LONGEST_CLIP_SECONDS = 15
ACCEPT, AGAIN, HEAR = "1", "2", "*"
# A voicemail that picked up must not record itself for hours.
MOST_STEPS = 12


def ask_clip(talk: Talk, agent: str, example: str) -> tuple[Prompt, ...]:
    """Say what to speak, and record it."""
    return (talk.say("clip.instruction", example=example), _record(talk, agent))


def ask_clip_again(talk: Talk, agent: str, reason: str) -> tuple[Prompt, ...]:
    """Record once more (`clip.again`, or `clip.nothing` where nothing was heard)."""
    return (talk.say(reason), _record(talk, agent))


def play_back(talk: Talk, agent: str, *, clip: str, url: str) -> tuple[Prompt, ...]:
    """Let the agent hear the recording and decide."""
    then = talk.to(Address.CLIP_KEY, agent=agent, clip=clip)
    return (Ask((talk.say("clip.hear"), Play(url), talk.say("clip.choice")), then, seconds=8),)


def ask_choice(talk: Talk, agent: str, clip: str) -> tuple[Prompt, ...]:
    """Ask once more for accept or again."""
    then = talk.to(Address.CLIP_KEY, agent=agent, clip=clip)
    return (Ask((talk.say("clip.choice"),), then, seconds=8),)


def enough(talk: Talk) -> tuple[Prompt, ...]:
    """Too many turns: end without a recording accepted."""
    return (talk.say("farewell.end"), HangUp())


def saved(talk: Talk) -> tuple[Prompt, ...]:
    """Confirm and end."""
    return (talk.say("clip.saved"), HangUp())


def unknown_agent(talk: Talk) -> tuple[Prompt, ...]:
    """The agent is not in the directory any more."""
    return (talk.say("clip.unknown_agent"), HangUp())


def _record(talk: Talk, agent: str) -> Record:
    return Record(talk.to(Address.CLIP_RECORDED, agent=agent), LONGEST_CLIP_SECONDS)
