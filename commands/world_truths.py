"""What must hold of every world whatever happened in it: checked on the database and on the carrier's own record."""

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from datetime import datetime, timedelta
from itertools import chain
from random import Random
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import select

from carrier.calls import Call as CarrierCall
from carrier.calls import Talk
from carrier.hearing import Heard
from commands.world import World
from commands.world_agreement import (
    following_again_changes_nothing,
    order_makes_no_difference,
    records_agree_with_the_truth,
)
from commands.world_dialled import is_customers, leg_of, violations_of_dialling
from ivr.agents.rows import Agent, AgentState
from ivr.calls.record import Outcome
from ivr.calls.rows import Call, Offer, OfferPurpose, OfferState, Waiting, WaitingState
from ivr.dialling.rows import Attempt
from ivr.identifiers import call_id
from ivr.messages.rows import Message
from ivr.promises import PromiseRow

LONGEST_SILENCE = 60.0
# Two agents, while one passes a caller on to the other.
PASSING = 2
LATE = timedelta(seconds=60)
SOUND = {"say", "play", "ring"}
# An agent who has a customer dialled waits in the room to its music.
DIALLED_SOUND = SOUND | {"hold"}
RECEIPTS = {None, "Accepted", "Found", "Rejected", "Unknown"}
Span = tuple[datetime, datetime]
# Promises about an offer that do not look at its agent.
FREE_NOBODY = ("time-notice", "incident")


def agents_are_held_by_something(world: World, *, away: Set[str] | None = frozenset()) -> list[str]:
    """At any moment: an agent who is not ready has a promise that will look at the last offer or attempt.

    Nothing has to look at those who are `away` (ids, or None for everybody) by their own wish.
    """
    with world.store.reading() as session:
        busy = session.scalars(select(Agent).where(Agent.state != AgentState.READY)).all()
        if not busy:
            return []
        undone = select(PromiseRow).where(PromiseRow.done_at.is_(None), PromiseRow.kind.not_in(FREE_NOBODY))
        open_promises = [(row.kind, row.args) for row in session.scalars(undone)]
        given = [session.execute(select(each.agent_id, each.id, each.made_at)).all() for each in (Offer, Attempt)]
    latest = {made.agent_id: made.id for made in sorted(chain(*given), key=lambda made: made.made_at)}
    held = {str(args.get("attempt") or args.get("offer") or args.get("leg")) for _, args in open_promises}
    followed = {args["call"] for kind, args in open_promises if kind == "follow"}
    return [
        f"agent {agent.id} is {agent.state.value} since {agent.state_since.time()} and nothing will free it"
        for agent in busy
        if latest.get(agent.id) not in held
        and str(latest.get(agent.id)).rpartition("-")[0] not in followed
        and not (agent.state is AgentState.AWAY and (away is None or agent.id in away))
    ]


def everything_is_at_rest(world: World, *, made_good: Set[str] = frozenset()) -> list[str]:
    """At the end: agents ready, calls closed with an outcome, nobody waiting, nothing overdue or failed.

    A promise that was kept after all may name what it failed with before, if it is one of `made_good`.
    """
    at = world.now()
    with world.store.reading() as session:
        wrong = [
            f"agent {agent.id} is left {agent.state.value} ({agent.reason})"
            for agent in session.scalars(select(Agent).where(Agent.state != AgentState.READY))
        ]
        for call in session.scalars(select(Call).where(Call.ended_at.is_(None) | Call.outcome.is_(None))):
            wrong.append(f"call {call.id} has not ended or has no outcome")
        for place in session.scalars(select(Waiting).where(Waiting.state != WaitingState.LEFT)):
            wrong.append(f"call {place.call_id} is still {place.state.value}")
        for offer in session.scalars(select(Offer).where(Offer.state != OfferState.OVER)):
            wrong.append(f"offer {offer.id} is still {offer.state.value}")
        for promise in session.scalars(select(PromiseRow)):
            if promise.done_at is None and promise.due_at < at - LATE:
                wrong.append(f"promise {promise.key} is overdue since {promise.due_at.time()}")
            if promise.outcome not in RECEIPTS and not (promise.done_at and promise.outcome in made_good):
                wrong.append(f"promise {promise.key} failed with {promise.outcome}")
    wrong += [f"the leg {call.sid} never ended" for call in world.carrier.network.calls.values() if not call.ended]
    return wrong


def nobody_is_given_twice(world: World, *, by_stamps: bool = True, apart: timedelta = timedelta()) -> list[str]:
    """Two people in every talk, one talk at a time for each, one leg per offer, one offer at a time per agent.

    An agent who passes a caller on may hear them for seconds, where the carrier was slow to be told to let go.

    The last is read from our own stamps: not with `by_stamps` false, after a clock has stepped. A stamp says when a
    worker began, so that those of two real ones may be `apart` although one waited for the other.
    """
    legs = world.carrier.network.calls
    with world.store.reading() as session:
        consults = set(session.scalars(select(Offer.id).where(Offer.purpose == OfferPurpose.CONSULT)))
    # By the carrier's record: of an order that nobody heard the answer of, the leg's name may be on no offer.
    asked = {leg.sid for leg in legs.values() if _offer_of(leg) in consults}
    wrong = [
        f"the leg {leg.sid} talked with {len(talk.others)} others, or with its own kind"
        for leg in legs.values()
        for talk in leg.talks
        if not (_is_of_two(leg, talk, legs, asked) or _is_passing_on(leg, talk, legs, asked))
    ]
    with world.store.reading() as session:
        given: list[Offer | Attempt] = [*session.scalars(select(Offer)), *session.scalars(select(Attempt))]
    # An offer that was withdrawn in the moment it was made takes no time.
    given.sort(key=lambda each: (each.agent_id, each.made_at, each.closed_at or world.now()))
    for earlier, later in itertools.pairwise(given) if by_stamps else ():
        same = earlier.agent_id == later.agent_id
        if same and (earlier.closed_at is None or later.made_at + apart < earlier.closed_at):
            wrong.append(f"agent {earlier.agent_id} had {earlier.id} and {later.id} at once")
    named = [offer for leg in legs.values() if (offer := _offer_of(leg))]
    wrong += [f"the offer {offer} rang twice" for offer in set(named) if named.count(offer) > 1]
    return wrong


def _is_of_two(leg: CarrierCall, talk: Talk, legs: Mapping[str, CarrierCall], asked: Set[str]) -> bool:
    """A caller and an agent, or two agents of whom one asks the other."""
    if len(talk.others) != 1:
        return False
    (other,) = talk.others
    outside = _is_outside(leg)
    return _is_outside(legs[other]) is not outside or (not outside and bool(asked & {leg.sid, other}))


def _is_passing_on(leg: CarrierCall, talk: Talk, legs: Mapping[str, CarrierCall], asked: Set[str]) -> bool:
    """A caller, who asked and who was asked: until the carrier hears that the agent who passes the caller on may go."""
    inside = [sid for sid in (leg.sid, *talk.others) if not _is_outside(legs[sid])]
    of_calls = {call for sid in inside if (call := _call_of(legs[sid]))}
    lasted = (talk.until or leg.network.now) - talk.at
    of_one_call = len(talk.others) == len(inside) == PASSING and len(of_calls) == 1
    return of_one_call and len(asked & {*inside}) == 1 and lasted.total_seconds() <= LONGEST_SILENCE


def nobody_is_left_in_silence(world: World, *, longest: float = LONGEST_SILENCE) -> list[str]:
    """Nobody on a live leg goes without a document or another person for longer than a minute, or `longest` seconds."""
    wrong = []
    for leg in world.carrier.network.calls.values():
        gap = longest_silence(leg, DIALLED_SOUND if leg_of(leg) else SOUND)
        if gap > longest:
            wrong.append(f"the {leg.route.direction} leg {leg.sid} was left in silence for {gap:.0f} s")
    return wrong


def longest_silence(leg: CarrierCall, sound: Set[str] = SOUND) -> float:
    """The longest stretch in seconds of a live leg without anything said or played, nor anybody to talk with."""
    begin, end = leg.times["created"], leg.times.get("ended", leg.network.now)
    spans = [_span(piece, end) for piece in leg.heard if piece.kind in sound]
    spans += [(talk.at, talk.until or end) for talk in leg.talks]
    longest, heard_until = timedelta(), leg.times.get("initiated", begin)
    for start, until in [*sorted(spans), (end, end)]:
        longest = max(longest, start - heard_until)
        heard_until = max(heard_until, until)
    return longest.total_seconds()


def nothing_failed_in_hearing(world: World) -> list[str]:
    """Nobody heard an apology, and the carrier found no fault with any answer."""
    alerts = world.carrier.network.alerts
    return said_sorry(world) + [f"alert {alert.code} {alert.message} at {alert.url}" for alert in alerts]


def said_sorry(world: World) -> list[str]:
    """Everybody who heard an apology."""
    network = world.carrier.network
    sorry = {world.texts.say("failure.apology").text, world.texts.say("failure.apology", "en-US").text}
    return [
        f"the leg {leg.sid} heard an apology"
        for leg in network.calls.values()
        if any(piece.text in sorry for piece in leg.heard)
    ]


def no_text_is_doubled(world: World) -> list[str]:
    """Every message that was written was sent once at the most, and never to a caller who was not answered.

    Whoever asks for the same text in two calls is written it twice.
    """
    sent = Counter((message.to, message.body) for message in world.carrier.network.messages.values())
    with world.store.reading() as session:
        written = Counter((message.recipient.e164, message.body) for message in session.scalars(select(Message)))
        wrong = [f"a text was sent {sent[one]} times" for one in sent - written]
        receipts = session.execute(select(Message.id, Call.outcome).join(Call, Call.id == Message.call_id)).all()
    wrong += [f"{row.id} for a call that was {row.outcome}" for row in receipts if _unearned(row.id, row.outcome)]
    return wrong


def _unearned(message: str, outcome: str | None) -> bool:
    return message.endswith("-receipt") and outcome != Outcome.ANSWERED


def every_call_is_known(world: World, *, but: Set[str] = frozenset()) -> list[str]:
    """Every caller whose first document was asked for has a call in the database, `but` for some legs."""
    with world.store.reading() as session:
        known = set(session.scalars(select(Call.id)))
    return [
        f"the caller's leg {leg.sid} has no call"
        for leg in world.carrier.network.calls.values()
        if leg.route.direction == "inbound" and "answered" in leg.times
        if leg.sid not in but and call_id(leg.sid) not in known
    ]


def violations_of(world: World, seed: int) -> list[str]:
    """Everything that is wrong with a world at its end."""
    dice = Random(seed)  # noqa: S311 - a world can be judged again
    checks: Iterable[list[str]] = (
        everything_is_at_rest(world),
        nobody_is_given_twice(world),
        nobody_is_left_in_silence(world),
        nothing_failed_in_hearing(world),
        no_text_is_doubled(world),
        records_agree_with_the_truth(world),
        following_again_changes_nothing(world),
        order_makes_no_difference(world, dice),
        every_call_is_known(world),
        violations_of_dialling(world, dice),
    )
    return [wrong for found in checks for wrong in found]


def _is_outside(leg: CarrierCall) -> bool:
    """Whether this is the telephone of a caller, a customer or somebody surveyed, not of an agent."""
    return leg.route.direction == "inbound" or is_customers(leg) or _is_surveyed(leg)


def _is_surveyed(leg: CarrierCall) -> bool:
    asked = parse_qs(urlsplit(leg.callback.url).query) if leg.callback is not None else {}
    return asked.get("leg") == ["person"]


def _offer_of(leg: CarrierCall) -> str | None:
    if leg.callback is None or leg.route.direction != "outbound-api":
        return None
    return parse_qs(urlsplit(leg.callback.url).query).get("offer", [None])[0]


def _call_of(leg: CarrierCall) -> str:
    """The call of the offer for which an agent's leg was ordered."""
    return (_offer_of(leg) or "").rpartition("-")[0]


def _span(piece: Heard, end: datetime) -> Span:
    return piece.at, piece.until or end
