"""Talks that were ended by us, told second by second: warnings, the asking, the words that ended them."""

from dataclasses import replace

from ivr.calls.steps import CALLER
from tests.unit.charters.tales import TALKS_AT, Tale, line_of, talk

OFFER = "c1-1"


def _aside(tale: Tale, kind: str, leg: str, after: float, /, **detail: str | int) -> Tale:
    """A fact that is no step of the caller."""
    tale.tell(kind, leg, after, **detail)
    tale.facts[-1] = replace(tale.facts[-1], sequence=None)
    return tale


def warned(tale: Tale, turn: int, after: float, *, cause: str = "abuse") -> Tale:
    """A warning that was heard to its end."""
    return _aside(tale, "warning-heard", OFFER, after, cause=cause, turn=turn)


def asked_to_end(tale: Tale, after: float, *, cause: str = "abuse", needed: int = 3) -> Tale:
    """The agent asks for the ending."""
    return _aside(tale, "ending-asked", OFFER, after, cause=cause, needed=needed, turn=1)


def taken_out(tale: Tale, after: float, *, cause: str = "abuse") -> Tale:
    """Our order takes the caller out of the room; the room ends, and the caller hears why."""
    tale.leaves(CALLER, OFFER, after, number=6, reason="participant_updated_via_api")
    tale.leaves(OFFER, OFFER, after, number=7, reason="moderator_ended_conference")
    tale.tell("ended-for", CALLER, after + 0.3, offer=OFFER, out_of=OFFER, cause=cause, ends=True)
    return tale.event(OFFER, "completed", after + 1).event(CALLER, "completed", after + 12)


def ended_for_abuse(*, warnings: int, needed: int = 3, cause: str = "abuse", heard_as: str | None = None) -> Tale:
    """So many warnings (heard for another cause where one is given), then the ending."""
    tale = talk(line_of("dcgf"), until_talk=True)
    for turn in range(1, warnings + 1):
        warned(tale, turn, TALKS_AT + turn * 10, cause=heard_as or cause)
    asked_to_end(tale, TALKS_AT + 50, cause=cause, needed=needed)
    return taken_out(tale, TALKS_AT + 51, cause=cause)


def ended_for_time(*, notice: float | None = 900, after: float = 1201, needed: int = 1200) -> Tale:
    """The notice of time was heard so many seconds into the talk, and the call ended so many after its beginning."""
    tale = talk(line_of("dcgf"), until_talk=True)
    if notice is not None:
        _aside(tale, "time-heard", OFFER, TALKS_AT + notice, cause="time-cap", turn=1)
    asked_to_end(tale, TALKS_AT + after, cause="time-cap", needed=needed)
    return taken_out(tale, TALKS_AT + after + 1, cause="time-cap")


def left_by_the_agent(tale: Tale, at: float) -> Tale:
    """The agent's own hand ends the talk."""
    tale.leaves(OFFER, OFFER, at, number=6).leaves(CALLER, OFFER, at + 1, number=7)
    return tale.event(OFFER, "completed", at).event(CALLER, "completed", at + 9)
