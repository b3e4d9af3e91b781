"""The way of a supervisor's softphone into the room of a talk, and out of it."""

from ivr.addresses import Address, address
from ivr.calls.talk import Talk
from ivr.identifiers import room_of
from ivr.monitoring.rows import Mode
from ivr.prompts import Attend, HangUp, Prompt


def attend(ids: dict[str, str], *, call: str, mode: Mode, agent_leg: str) -> tuple[Prompt, ...]:
    """Into the room; `ids` are those of the address (call, line, offer), where the call is the monitoring's own id."""
    events = address(Address.ROOM, call=call, line=ids["line"], offer=ids["offer"])
    then = address(Address.AGENT_MONITOR_OVER, **ids)
    coach = agent_leg if mode is Mode.WHISPER else ""
    return (Attend(room_of(ids["offer"]), ids["call"], events, then, is_muted=mode is Mode.LISTEN, coach=coach),)


def dismissed(talk: Talk) -> tuple[Prompt, ...]:
    """There is no talk any more: say so, and end."""
    return (talk.say("whisper.over"), HangUp())
