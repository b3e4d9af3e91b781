"""What must hold of every callback that was dialled in a world, whatever the network did meanwhile."""

import itertools
from dataclasses import replace
from random import Random
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import select

from carrier.calls import Call as CarrierCall
from commands.world import World
from ivr.callbacks.rows import Callback
from ivr.calls.legs import read_leg
from ivr.calls.steps import CALLER
from ivr.dialling.closing import outcome_of
from ivr.dialling.following import follow_attempt
from ivr.dialling.known import AGENT, load
from ivr.dialling.rows import Attempt, AttemptOutcome, AttemptState


def leg_of(leg: CarrierCall) -> tuple[str, str] | None:
    """The attempt of a leg that was dialled, and whose telephone it is; None for any other leg."""
    if leg.callback is None or "/voice/dial/" not in leg.callback.url:
        return None
    asked = parse_qs(urlsplit(leg.callback.url).query)
    return asked["call"][0], asked["leg"][0]


def is_customers(leg: CarrierCall) -> bool:
    """Whether this is the telephone of a customer whom we ring."""
    found = leg_of(leg)
    return found is not None and found[1] == CALLER


def attempts_are_over(world: World) -> list[str]:
    """At the end no attempt is under way and every callback was kept, served or given up."""
    with world.store.reading() as session:
        attempts = session.scalars(select(Attempt).where(Attempt.state != AttemptState.OVER)).all()
        callbacks = session.scalars(select(Callback).where(Callback.closed_at.is_(None))).all()
    wrong = [f"attempt {attempt.id} is still {attempt.state.value}" for attempt in attempts]
    return wrong + [f"callback {callback.id} is still {callback.state.value}" for callback in callbacks]


def no_telephone_is_rung_twice(world: World) -> list[str]:
    """One leg for either side of an attempt, and no customer is rung while an earlier ringing goes on."""
    legs = world.carrier.network.calls.values()
    named = [found for leg in legs if (found := leg_of(leg))]
    wrong = [f"attempt {one[0]} rang the {one[1]} twice" for one in set(named) if named.count(one) > 1]
    rung = sorted((leg for leg in legs if is_customers(leg)), key=lambda leg: (leg.route.to, leg.times["created"]))
    for earlier, later in itertools.pairwise(rung):
        same = earlier.route.to == later.route.to
        if same and ("ended" not in earlier.times or later.times["created"] < earlier.times["ended"]):
            wrong.append(f"the legs {earlier.sid} and {later.sid} rang one customer at once")
    return wrong


def who_talked_was_reached(world: World) -> list[str]:
    """Nobody talks before having said who it is, and every talk is told as one."""
    wrong = []
    with world.store.reading() as session:
        for leg in filter(is_customers, world.carrier.network.calls.values()):
            attempt_id, _ = leg_of(leg) or ("", "")
            attempt = session.get_one(Attempt, attempt_id)
            if leg.talks and attempt.outcome is not AttemptOutcome.REACHED:
                wrong.append(f"attempt {attempt_id} was talked in and is recorded as {attempt.outcome}")
    return wrong


class _TakenBackError(Exception):
    """Ends a transaction that must leave nothing behind."""


def attempts_read_the_same_again(world: World, dice: Random) -> list[str]:
    """Following again changes nothing, and the facts give the same outcome in any order."""
    wrong: list[str] = []
    with world.store.reading() as session:
        rows = session.execute(select(Attempt.id, Attempt.line)).all()
    for row in rows:
        try:
            with world.store.transaction() as session:
                known = follow_attempt(session, row.id, line=world.lines.by_id(row.line), at=world.now())
                if any(session.is_modified(changed) for changed in session.dirty):
                    wrong.append(f"following {row.id} again changed it")
                before = load(session, row.id)
                facts = dice.sample(known.facts, len(known.facts))
                shuffled = replace(before, facts=facts, agent=read_leg(AGENT, facts), customer=read_leg(CALLER, facts))
                if outcome_of(shuffled) is not outcome_of(before):
                    wrong.append(f"attempt {row.id} reads differently when its facts come in another order")
                raise _TakenBackError
        except _TakenBackError:
            continue
    return wrong


def violations_of_dialling(world: World, dice: Random) -> list[str]:
    """Everything that is wrong with the callbacks of a world at its end."""
    return [
        *attempts_are_over(world),
        *no_telephone_is_rung_twice(world),
        *who_talked_was_reached(world),
        *attempts_read_the_same_again(world, dice),
    ]
