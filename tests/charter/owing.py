"""What the promises about calling back have in common: a customer who asked, and what the charter says of it."""

from ivr.calls.facts import Told, facts_of
from ivr.charters.verdicts import verdicts_of
from tests.people import never_picks_up
from tests.phone.conftest import Stage
from tests.phone.ringing import Ringing, asked, is_it, takes

HOUR = 3600


def called_back(stage: Stage, line: str) -> Ringing:
    """An agent dials at once, the customer is there, and they talk."""
    ringing = asked(stage(line), takes(), customer=is_it())
    ringing.rest()
    return ringing


def let_slip(stage: Stage, line: str) -> Ringing:
    """Nobody is there to dial within the hour; an hour later it is over."""
    ringing = asked(stage(line), customer=is_it())
    ringing.scene.world.run_for(2 * HOUR)
    return ringing


def unreached(stage: Stage, line: str) -> Ringing:
    """The customer never picks up."""
    ringing = asked(stage(line), takes(), customer=never_picks_up())
    ringing.scene.world.run_for(2 * HOUR)
    return ringing


def findings(ringing: Ringing, subject: str | None = None) -> dict[str, str]:
    """What was found of the callback, or of one of its attempts, by promise."""
    with ringing.scene.world.store.reading() as session:
        return {one.key: one.verdict.value for one in verdicts_of(session, subject or ringing.id)}


def reason(ringing: Ringing, promise: str) -> str:
    """Why it was found so."""
    with ringing.scene.world.store.reading() as session:
        return next(one.reason for one in verdicts_of(session, ringing.id) if one.key == promise)


def told(ringing: Ringing) -> list[Told]:
    """Everything told about the callback itself."""
    with ringing.scene.world.store.reading() as session:
        return facts_of(session, ringing.id)
