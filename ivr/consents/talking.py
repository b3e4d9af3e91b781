"""Taking a consent in a call: what it is for and what is kept is read out, 1 agrees, nothing else does."""

from ivr.addresses import Address
from ivr.calls.talk import Talk
from ivr.consents.rows import Purpose
from ivr.prompts import Ask, Go, Prompt

AGREES = "1"
SECONDS_TO_DECIDE = 7


def to_consent(talk: Talk, menu: str, purpose: Purpose) -> tuple[Prompt, ...]:
    """Go to the question, and afterwards back to this menu."""
    return (Go(talk.to(Address.CONSENT, menu=menu, purpose=purpose.value)),)


def ask(talk: Talk, menu: str, purpose: Purpose) -> tuple[Prompt, ...]:
    """Read purpose, items, retention and the right to refuse (PIPA, article 15, paragraph 2), and ask for a key.

    No key cuts the reading short: whoever agrees has heard to what.
    """
    wording = talk.texts.say("consent.version").text
    then = talk.to(Address.CONSENT_KEY, menu=menu, purpose=purpose.value, wording=wording)
    return (
        talk.say(f"consent.ask.{purpose.value}", institution=talk.line.spoken_institution),
        talk.say("consent.terms"),
        Ask((talk.say("consent.choice"),), then, seconds=SECONDS_TO_DECIDE),
    )


def outcome_text(*, agreed: bool) -> str:
    """The id of what is said after the question."""
    return "consent.agreed" if agreed else "consent.kept"
