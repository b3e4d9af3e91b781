"""The conversation that takes down a wish to be called back, with the number read back to the caller."""

from datetime import datetime

from ivr.addresses import Address
from ivr.calls.talk import Talk
from ivr.lines.hours import SEOUL
from ivr.numbers import BadNumber, PhoneNumber
from ivr.prompts import Ask, Go, HangUp, Prompt, Say

LONGEST_NUMBER = 12
TRIES_FOR_A_NUMBER = 3
YES, OTHER_NUMBER, CANCEL = "1", "2", "3"
STANDING, CLOSED, OPEN = "callback.standing", "callback.accepted_closed", "callback.accepted"
"""What a confirmed wish is answered with: there was one already, nobody works now, or it is taken down."""


def to_wish(talk: Talk, team: str) -> tuple[Prompt, ...]:
    """Go to the start of this conversation."""
    return (Go(talk.to(Address.CALLBACK, team=team)),)


def offer_number(talk: Talk, team: str, known: PhoneNumber | None) -> tuple[Prompt, ...]:
    """Read back the number the call came from, or ask for one where it was withheld or cannot be called."""
    if known is None:
        return ask_number(talk, team, tries=1)
    then = talk.to(Address.CALLBACK_KEY, team=team)
    return (Ask((talk.say("callback.confirm", number=known.national),), then),)


def offer_standing(talk: Talk, team: str, due_at: datetime, *, at: datetime) -> tuple[Prompt, ...]:
    """Tell a caller to whom a call is promised already by when, and let them keep, change or cancel it."""
    then = talk.to(Address.CALLBACK_KEY, team=team, standing=1)
    return (Ask((_with_time(talk, "callback.standing_offer", due_at, at),), then),)


def ask_number(talk: Talk, team: str, *, tries: int, before: tuple[Say, ...] = ()) -> tuple[Prompt, ...]:
    """Listen for a number, ended with "#"."""
    then = talk.to(Address.CALLBACK_NUMBER, team=team, tries=tries)
    asked = talk.say("callback.ask_number")
    return (Ask((*before, asked), then, digits=LONGEST_NUMBER, seconds=8, finish_on="#"),)


def check_number(talk: Talk, team: str, number: PhoneNumber) -> tuple[Prompt, ...]:
    """Read a typed number back."""
    then = talk.to(Address.CALLBACK_KEY, team=team)
    return (Ask((talk.say("callback.check_number", number=number.national),), then),)


def after_bad_number(talk: Talk, team: str, tries: int) -> tuple[Prompt, ...]:
    """Ask once more, or say how else to reach us and end."""
    if tries >= TRIES_FOR_A_NUMBER:
        return (talk.say("callback.bad_number"), talk.say("farewell.end"), HangUp())
    return ask_number(talk, team, tries=tries + 1, before=(talk.say("callback.bad_number"),))


def confirmed(talk: Talk, text_id: str, due_at: datetime, *, at: datetime) -> tuple[Prompt, ...]:
    """Say by when we call back, in the words of STANDING, CLOSED or OPEN, and end."""
    return (_with_time(talk, text_id, due_at, at), HangUp())


def cancelled(talk: Talk) -> tuple[Prompt, ...]:
    """Say that nobody will call, and end."""
    return (talk.say("callback.withdrawn"), HangUp())


def _with_time(talk: Talk, text_id: str, due_at: datetime, at: datetime) -> Say:
    return talk.say(text_id, due=(due_at.astimezone(SEOUL), at.astimezone(SEOUL)))


def typed_number(digits: str) -> PhoneNumber | None:
    """The number a caller typed, if it is one that people can be called on."""
    try:
        number = PhoneNumber.parse(digits)
    except BadNumber:
        return None
    return number if number.may_be_called else None
