"""The words of refusing texts by telephone: by a key of the menu, or on the free number for just this."""

from ivr.addresses import Address
from ivr.calls.talk import Talk
from ivr.numbers import PhoneNumber
from ivr.optouts.rows import Scope
from ivr.prompts import Ask, Go, HangUp, Prompt

# What a key refuses; every other key, and silence, leaves everything as it is.
SCOPE_OF_KEY = {"1": Scope.INFORMATION, "3": Scope.ALL}
TRIES_ON_THE_FREE_NUMBER = 3


def to_refusal(talk: Talk, menu: str) -> tuple[Prompt, ...]:
    """Go to the question, and afterwards back to this menu."""
    return (Go(talk.to(Address.REFUSAL, menu=menu)),)


def ask(talk: Talk, menu: str) -> tuple[Prompt, ...]:
    """Say what would be refused, and ask."""
    return (Ask((talk.say("refusal.ask"),), talk.to(Address.REFUSAL_KEY, menu=menu)),)


def ask_on_free_number(talk: Talk, known: PhoneNumber | None, *, tries: int = 1) -> tuple[Prompt, ...]:
    """Somebody rang the free number for refusing: only 1 is asked for. A withheld number cannot be refused for."""
    if known is None:
        return (talk.say("refusal.withheld"), talk.say("farewell.end"), HangUp())
    question = talk.say("refusal.call", institution=talk.line.spoken_institution)
    return (Ask((question,), talk.to(Address.REFUSAL_KEY, tries=tries)),)


def after_key_on_free_number(talk: Talk, known: PhoneNumber | None, *, done: bool, tries: int) -> tuple[Prompt, ...]:
    """Done, or asked again a few times, or left as it is."""
    if done:
        return (talk.say("refusal.done"), HangUp())
    if known is None or tries >= TRIES_ON_THE_FREE_NUMBER:
        return (talk.say("refusal.kept"), HangUp())
    return ask_on_free_number(talk, known, tries=tries + 1)


def outcome_text(scope: str) -> str:
    """The id of what is said after the question: what is refused from now on, or that nothing is."""
    return {Scope.INFORMATION.value: "refusal.done", Scope.ALL.value: "refusal.done_all"}.get(scope, "refusal.kept")
