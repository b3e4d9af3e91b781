"""Short words for the conduct of a talk: warn, end, tick, and what was heard and recorded of it."""

from collections.abc import Collection

import pytest

from carrier.calls import Call as CarrierCall
from carrier.persons import PersonPlan
from commands.conduct import in_words
from commands.record import CallEntry
from ivr.agents.rows import Agent
from ivr.calls.known import load
from ivr.conduct.protecting import ask_ending, ask_warning
from ivr.conduct.reading import Cause
from ivr.conduct.refusals import NotNow, Refusal
from ivr.conduct.rows import Incident
from ivr.conduct.ticking import Tick, tick
from ivr.identifiers import call_id
from ivr.numbers import PhoneNumber
from tests.people import customer
from tests.phone.scene import Scene


def talking(scene: Scene, plan: PersonPlan | None = None, *, number: str = "+821010000001") -> CarrierCall:
    """A caller who has talked with an agent for five seconds."""
    call = scene.dial(plan or customer("1", talk=None, linger=None), number=number)
    scene.until(lambda: bool(call.talks))
    scene.world.run_for(5)
    return call


def warn(scene: Scene, call: CarrierCall, cause: Cause = Cause.ABUSE) -> int:
    """Let the agent press the button, and the caller hear the warning to its end."""
    with scene.world.store.transaction() as session:
        known = load(session, call_id(call.sid))
        number = ask_warning(session, known, cause, line=scene.line, at=scene.world.now())
    scene.world.worker.ring()
    scene.world.run_for(15)
    return number


def end(scene: Scene, call: CarrierCall, cause: Cause) -> None:
    """Let the agent end the call."""
    with scene.world.store.transaction() as session:
        known = load(session, call_id(call.sid))
        ask_ending(session, known, cause, line=scene.line, at=scene.world.now())
    scene.world.worker.ring()
    scene.world.run_for(0)


def ticks(scene: Scene, call: CarrierCall, *parts: str, said: bool = True) -> None:
    """Let the agent tick what was said, or take ticks back."""
    with scene.world.store.transaction() as session:
        known = load(session, call_id(call.sid))
        tick(session, known, Tick(parts, said), line=scene.line, at=scene.world.now())
    scene.world.worker.ring()
    scene.world.run_for(0)


def refused(scene: Scene, call: CarrierCall, cause: Cause, *, ending: bool = True) -> Refusal:
    """Why the agent cannot do that now; it is also told in words."""
    with pytest.raises(NotNow) as caught:
        end(scene, call, cause) if ending else warn(scene, call, cause)
    assert "{" not in in_words(caught.value)
    return caught.value.reason


def incident(scene: Scene, call: CarrierCall, ordinal: int = 1) -> Incident | None:
    with scene.world.store.reading() as session:
        return session.get(Incident, f"{call_id(call.sid)}-{ordinal}")


def agent_of(scene: Scene, agent: str) -> Agent:
    with scene.world.store.reading() as session:
        return session.get_one(Agent, agent)


def verdict(record: CallEntry, promise: str) -> tuple[str, str]:
    (found,) = (one for one in record["verdicts"] if one["promise"] == promise)
    return found["verdict"], found["reason"]


def words(scene: Scene, *ids: str) -> list[str]:
    """What the catalogue says, with the line's own values."""
    number = PhoneNumber.parse(scene.line.number).national
    own: dict[str, str | int] = {"institution": scene.line.spoken_institution, "number": number}
    values: dict[str, dict[str, str | int]] = {"conduct.time": {"minutes": scene.line.conduct.longest // 60}}
    values |= {f"conduct.ended_{why}": own for why in ("abuse", "harassment", "time")}
    return [scene.words(id, **values.get(id, {})) for id in ids]


def conduct_heard(scene: Scene, heard: Collection[str]) -> list[str]:
    """The notices and endings among what was heard."""
    ids = [
        *("conduct.abuse_first", "conduct.abuse_second", "conduct.abuse_last", "conduct.harassment", "conduct.time"),
        *("conduct.ended_abuse", "conduct.ended_harassment", "conduct.ended_time"),
    ]
    named = dict(zip(words(scene, *ids), ids, strict=True))
    return [named[text] for text in heard if text in named]
