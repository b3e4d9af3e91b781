"""Judges a world that was lived through: every truth that must hold of it, read from its rows and from the carrier."""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from datetime import datetime, time, timedelta
from random import Random
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from carrier.calls import Call as CarrierCall
from commands.campaign_counted import RANG_LATE, calls_of, count_campaign
from commands.campaign_living import CampaignLived
from commands.campaign_people import Story
from commands.world import World
from commands.world_agreement import (
    following_again_changes_nothing,
    order_makes_no_difference,
    records_agree_with_the_truth,
)
from commands.world_bills import the_bill_comes_out
from commands.world_dialled import violations_of_dialling
from commands.world_fallback import EVENTS, callers_hear_the_fallback
from commands.world_faults import STEPS
from commands.world_living import WorldLived
from commands.world_plan import WorldFault
from commands.world_truths import (
    LONGEST_SILENCE,
    every_call_is_known,
    everything_is_at_rest,
    no_text_is_doubled,
    nobody_is_given_twice,
    nobody_is_left_in_silence,
    said_sorry,
)
from ivr.accounts.access_log import first_broken
from ivr.accounts.rows import AccessEntry
from ivr.addresses import Address
from ivr.callbacks.rows import Callback
from ivr.callbacks.telling import ASKED_AGAIN, PROMISED
from ivr.calls.facts import facts_of
from ivr.calls.rows import Call
from ivr.charters.verdicts import judge_calls
from ivr.charters.verdicts_owed import Matters, judge_matters
from ivr.deadlines import WorkingTime
from ivr.dialling.rows import Attempt
from ivr.lines.hours import SEOUL
from workers.relay import HAND_AGAIN_AFTER
from workers.verdicts import installed_rules

# The daytime of a plan that names no hours, by the wall clock.
OPENS, CLOSES = time(10, 0), time(20, 0)
# What a promise failed with while the database was away, or its answer to a commit was lost.
AWAY = frozenset({OperationalError.__name__})
# A leg that the carrier ended this soon after it found fault with a document was dropped for it.
AT_ONCE = timedelta(seconds=1)
# Until a worker that died is there again, and has come to what was handed out to it.
ROUNDS_SECONDS = 5.0


class _TakenBackError(Exception):
    """Ends a transaction that must leave nothing behind."""


def violations_of_world(lived: WorldLived) -> list[str]:
    """Everything that is wrong with a world at its end, in words, and what was seen meanwhile."""
    world, unserved = lived.world, lived.troubles.unserved
    dice = Random(lived.plan.seed)  # noqa: S311 - a world can be judged again
    checks: Iterator[Sequence[str]] = iter(
        (
            lived.seen,
            everything_is_at_rest(world, made_good=AWAY if _has(lived, WorldFault.DATABASE) else frozenset()),
            nobody_is_given_twice(world, by_stamps=not _has(lived, WorldFault.CLOCK)),
            nobody_is_left_in_silence(world, longest=_longest_silence(lived)),
            nobody_is_dropped(world, but=unserved),
            callers_hear_the_fallback(world, unserved & _left_waiting(world)) if _has(lived, WorldFault.WEB) else [],
            said_sorry(world),
            no_text_is_doubled(world),
            _records_agree(lived),
            following_again_changes_nothing(world),
            order_makes_no_difference(world, dice),
            every_call_is_known(world, but=unserved),
            violations_of_dialling(world, dice),
            every_wish_is_a_promise(world),
            verdicts_come_out_the_same(world, lived.plan.line),
            the_access_log_is_whole(world, lived.plan.line),
            lived.console.what_was_kept_is_there(),
            the_bill_comes_out(world, lived.plan.line, lived.plan.begins, unserved=unserved),
            list(_wrong_with_campaign(lived, lived.campaign)) if lived.campaign is not None else [],
        )
    )
    return list(dict.fromkeys(wrong for found in checks for wrong in found))


def _has(lived: WorldLived, fault: WorldFault) -> bool:
    return fault in lived.plan.faults


def _left_waiting(world: World) -> Set[str]:
    """The legs that got no answer, nor by a second try, where they listened for one; the carrier has its own music."""
    heard_in_vain = STEPS - {Address.WAIT.value}
    alerts = (alert for alert in world.carrier.network.alerts if alert.level == "error")
    return {alert.call for alert in alerts if urlsplit(alert.url).path in heard_in_vain}


def _longest_silence(lived: WorldLived) -> float:
    """An order whose worker died in the middle of it is given again after half a minute, and not before."""
    died = {WorldFault.KILLS, WorldFault.DATABASE, WorldFault.REDIS, WorldFault.CLOCK} & set(lived.plan.faults)
    return LONGEST_SILENCE + (HAND_AGAIN_AFTER.total_seconds() + ROUNDS_SECONDS if died else 0.0)


def _records_agree(lived: WorldLived) -> list[str]:
    """A clock that steps while a telephone rings leaves no true time in our stamps: then there is nothing to agree."""
    return [] if _has(lived, WorldFault.CLOCK) else records_agree_with_the_truth(lived.world)


def nobody_is_dropped(world: World, *, but: Set[str] = frozenset()) -> list[str]:
    """No leg ends because the carrier found fault with what we answered, or got no answer; `but` for those legs."""
    legs = world.carrier.network.calls
    wrong = []
    for alert in world.carrier.network.alerts:
        leg, path = legs.get(alert.call), urlsplit(alert.url).path
        # Nobody listens for the answer to an event.
        if leg is None or leg.sid in but or alert.level != "error" or leg.ended_by == "person" or path in EVENTS:
            continue
        if "ended" in leg.times and timedelta() <= leg.times["ended"] - alert.at < AT_ONCE:
            wrong.append(f"the {leg.route.direction} leg {leg.sid} was dropped: {alert.code} {alert.message} at {path}")
    return wrong


def every_wish_is_a_promise(world: World) -> list[str]:
    """Who confirmed on the telephone to be called back has a callback, or joined one."""
    with world.store.reading() as session:
        promised = {
            fact.detail.get("call")
            for callback in session.scalars(select(Callback.id))
            for fact in facts_of(session, callback)
            if fact.kind in {PROMISED, ASKED_AGAIN}
        }
        return [
            f"the wish of call {call} became no promise"
            for call in session.scalars(select(Call.id))
            if call not in promised and any(fact.kind == "callback-wished" for fact in facts_of(session, call))
        ]


def verdicts_come_out_the_same(world: World, line_id: str) -> list[str]:
    """Judging every call, callback and attempt again changes no verdict."""
    wrong: list[str] = []
    try:
        with world.store.transaction() as session:
            wrong += _changed_verdicts(session, world, line_id)
            raise _TakenBackError
    except _TakenBackError:
        return wrong


def _changed_verdicts(session: Session, world: World, line_id: str) -> Iterator[str]:
    line, rules = world.lines.by_id(line_id), installed_rules()
    for call in session.scalars(select(Call.id).order_by(Call.id)).all():
        if judge_calls(session, [call], line=line, rules=rules).changed:
            yield f"judged again, call {call} has other verdicts"
    working = WorkingTime(line, world.board.calendar)
    callbacks = session.scalars(select(Callback.id).order_by(Callback.id)).all()
    attempts = session.scalars(select(Attempt.id).order_by(Attempt.id)).all()
    for matters in (Matters("callback", callbacks), Matters("attempt", attempts)):
        for id in matters.ids:
            judged = judge_matters(session, Matters(matters.scope, [id]), time=working, rules=rules)
            if judged.tally.changed:
                yield f"judged again, {matters.scope} {id} has other verdicts"


def the_access_log_is_whole(world: World, line_id: str) -> list[str]:
    """The chain of the access log holds from its first entry to its last."""
    with world.store.reading() as session:
        broken = first_broken(session, line_id)
        entries = session.scalars(select(AccessEntry.id)).all()
    wrong = [f"the access log is broken at entry {broken}"] if broken is not None else []
    return wrong if entries else [*wrong, "the access log is empty, though records were seen"]


def _wrong_with_campaign(lived: WorldLived, campaign: CampaignLived) -> Iterator[str]:
    for one in count_campaign(campaign)["disagreements"]:
        # Where our clock steps, only true times tell what came first: they are compared below.
        if not (one.endswith(RANG_LATE) and _has(lived, WorldFault.CLOCK)):
            yield f"the campaign's sums: {one}"
    allowed = {one.number for one in campaign.sketch.people if one.story is Story.AGREED}
    calls = sorted(calls_of(campaign), key=lambda call: (call.route.to, call.times["created"]))
    for call in calls:
        number, at = call.route.to, call.times["created"]
        if number not in allowed:
            yield f"{number[-4:]} was rung by the campaign without a consent that holds"
        if number in lived.withdrawn_at and at > lived.withdrawn_at[number]:
            yield f"{number[-4:]} was rung {at - lived.withdrawn_at[number]} after taking everything back"
        if not OPENS <= at.astimezone(SEOUL).time() < CLOSES:
            yield f"{number[-4:]} was rung at {at.astimezone(SEOUL):%H:%M:%S}, outside the hours of the plan"
    yield from _rung_too_often(calls)


def _rung_too_often(calls: Sequence[CarrierCall]) -> Iterator[str]:
    """One leg a dial, and one dial a day for each person (the plan's limit)."""
    dials = Counter(dial for call in calls if (dial := _dial_of(call)))
    yield from (f"dial {dial} rang {times} times" for dial, times in dials.items() if times > 1)
    for earlier, later in itertools.pairwise(calls):
        if earlier.route.to == later.route.to and _day(earlier) == _day(later):
            yield f"{later.route.to[-4:]} was rung twice on one day by the campaign"


def _dial_of(call: CarrierCall) -> str | None:
    if call.callback is None:
        return None
    asked = parse_qs(urlsplit(call.callback.url).query)
    return next((asked[name][0] for name in ("dial", "call") if name in asked), None)


def _day(call: CarrierCall) -> datetime:
    return call.times["created"].astimezone(SEOUL).replace(hour=0, minute=0, second=0, microsecond=0)
