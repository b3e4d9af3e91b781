"""The conversation of notices: a warning or the notice of time beside the talk, and the words that end a call."""

from ivr.addresses import Address
from ivr.calls.talk import Talk
from ivr.conduct.reading import Cause
from ivr.lines.conduct import ConductRule
from ivr.numbers import PhoneNumber
from ivr.prompts import Go, Prompt, Say

ENDINGS = {
    Cause.ABUSE: "conduct.ended_abuse",
    Cause.HARASSMENT: "conduct.ended_harassment",
    Cause.TIME_CAP: "conduct.ended_time",
}


def notice_words(talk: Talk, cause: Cause, number: int) -> Say:
    """The words of a notice; the last warning before a call may be ended says so."""
    rule = talk.line.conduct
    if cause is Cause.TIME_CAP:
        return _time_words(talk, rule)
    if cause is Cause.HARASSMENT:
        return talk.say("conduct.harassment")
    if number >= rule.warnings:
        return talk.say("conduct.abuse_last")
    return talk.say("conduct.abuse_first" if number == 1 else "conduct.abuse_second")


def _time_words(talk: Talk, rule: ConductRule) -> Say:
    if not rule.longest:
        return talk.say("conduct.time_only", minutes=rule.notice_after // 60)
    return talk.say("conduct.time", minutes=rule.longest // 60)


def play_notice(talk: Talk, said: Say, offer: str, *, cause: Cause, turn: int) -> tuple[Prompt, ...]:
    """Say a notice to the caller alone; fetching the next document proves that it was heard to its end."""
    return (said, Go(talk.to(Address.NOTICE_HEARD, offer=offer, cause=cause.value, turn=turn)))


def ending_words(talk: Talk, cause: Cause) -> Say:
    """Why the call is ended, how else the caller is served, and where to object."""
    line = talk.line
    number = PhoneNumber.parse(line.number).national
    return talk.say(ENDINGS[cause], institution=line.spoken_institution, number=number)


def end_with(talk: Talk, said: Say, offer: str) -> tuple[Prompt, ...]:
    """Say it, then end."""
    return (said, Go(talk.to(Address.ENDING_HEARD, offer=offer)))
