"""The defects: what would be wrong with the product if a rule were not there, and where it has to be noticed."""

from collections.abc import Callable, Sequence, Set
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from carrier.options import Faults
from commands.world_plan import WorldFault, WorldPlan
from ivr.agents.rows import Agent
from ivr.callbacks.ladder import Step
from ivr.calls.record import Outcome
from ivr.calls.rows import Offer, Waiting
from ivr.campaigns.rows import ChargeState
from ivr.orders import NOT_FOUND, FindCall, FindText, Order, Rejected
from ivr.promises import Promise
from tests.mutations.putting import FAR, Defect, Wrapping, in_hours, in_worlds, wrapped

CALLBACKS, CARRIER, KILLS = WorldFault.CALLBACKS, WorldFault.CARRIER, WorldFault.KILLS
DATABASE, REDIS, PAIRS = WorldFault.DATABASE, WorldFault.REDIS, WorldFault.PAIRS
SLIPPING = 2021
# Worlds of the centre and its firms.
CENTRE = (21, 59, 51, 5, 7)
_numbers = count()
# What stands there before: a function of any kind.
Rule = Callable[..., Any]


def _nothing(*_given: object, **_named: object) -> None:
    """Stands in the place of a rule that is not there."""


def _later(kinds: Set[str]) -> Wrapping:
    def change(promise_of: Rule, kind: str, offer: Offer, due_at: datetime, **named: str) -> Any:
        return promise_of(kind, offer, due_at + FAR if kind in kinds else due_at, **named)

    return wrapped(change)


def _blind_for(order: type[Order]) -> Wrapping:
    def change(look: Rule, self: object, asked: Order) -> Any:
        return Rejected(NOT_FOUND, "nothing", permanent=True) if isinstance(asked, order) else look(self, asked)

    return wrapped(change)


def _judged_by_chance(judge_call: Rule, *given: object) -> Any:
    return list(judge_call(*given))[next(_numbers) % 2 :]


def _seal_of_nothing(chain_of: Rule, session: Session, line: str) -> Any:
    chain = chain_of(session, line)
    chain.seal = ""
    return chain


def _anybody(_longest_idle: Rule, session: Session, place: Waiting, _teams: object) -> Agent | None:
    return session.scalars(select(Agent).where(Agent.line == place.line).order_by(Agent.id)).first()


def _unheard(_plan: WorldPlan) -> Faults:
    """A network from which little is heard: otherwise reports that come in time make up for the defect."""
    return Faults(callback_drop=0.7, rest_error_after=0.5)


UNHEARD = ("commands.world_faults:network_faults", _unheard)
DEFECTS: Sequence[Defect] = (
    Defect(
        "an agent is not made ready again after a talk",
        [("ivr.calls.offers:promise_of", _later({"wrap-up"}))],
        in_worlds(CALLBACKS),
    ),
    Defect(
        "an agent who missed a call is never rung again",
        [("ivr.calls.offers:promise_of", _later({"rest"}))],
        in_worlds(CALLBACKS),
    ),
    Defect(
        "a caller is given to an agent who is not ready",
        [("ivr.agents.routing:_longest_idle", wrapped(_anybody))],
        in_worlds(CALLBACKS),
    ),
    Defect(
        "the end of a leg that was not told is never asked for",
        [("ivr.calls.offers:CHECK_EVERY", FAR), ("workers.checks:CHECK_EVERY", FAR)],
        in_worlds(CALLBACKS),
    ),
    Defect(
        "a call that was answered is closed as abandoned",
        [("ivr.calls.following:outcome_of", lambda _facts: Outcome.ABANDONED)],
        in_worlds(CALLBACKS),
    ),
    Defect(
        "a ring time is taken for exact",
        [("ivr.calls.record:ring_time", wrapped(lambda ring_time, *told: _exact(ring_time(*told))))],
        in_worlds(CALLBACKS),
    ),
    Defect(
        "a text that may have been sent is not looked for",
        [
            ("workers.twilio:TwilioCarrier._look", _blind_for(FindText)),
            ("commands.world_faults:network_faults", _unheard),
        ],
        in_worlds(CARRIER, KILLS),
    ),
    Defect(
        "a dial that may have been placed is not looked for",
        [("workers.twilio:TwilioCarrier._look", _blind_for(FindCall)), UNHEARD],
        in_worlds(CARRIER, KILLS, campaign=True),
    ),
    Defect(
        "a dial of which nothing is told stays open",
        [("workers.dialler_steps:sweep", lambda _session, at: 0), ("ivr.campaigns.settling:promise_all", _nothing)],
        in_worlds(CALLBACKS, CARRIER, KILLS, campaign=True),
    ),
    Defect(
        "what a dead worker had taken is not handed out again",
        [("workers.relay:HAND_AGAIN_AFTER", FAR), ("workers.relay:LOST_AFTER", FAR)],
        in_worlds(KILLS, REDIS),
    ),
    Defect(
        "a webhook does not wait for a database that restarts",
        [("webhooks.edge:LONGEST_RETRY_SECONDS", -1.0)],
        in_worlds(DATABASE),
    ),
    Defect(
        "the carrier is not told to try again",
        [("ivr.addresses:STEP_TRIES", "#rc=0"), ("ivr.addresses:EVENT_TRIES", "#rc=0")],
        in_worlds(KILLS),
    ),
    Defect(
        "a wish to be called back becomes no promise",
        [("ivr.callbacks.asking:_promise", _nothing)],
        in_worlds(CALLBACKS),
    ),
    Defect(
        "a verdict depends on how often one has judged",
        [("ivr.charters.verdicts:judge_call", wrapped(_judged_by_chance))],
        in_worlds(CALLBACKS),
    ),
    Defect(
        "an entry of the access log is sealed without the one before it",
        [("ivr.accounts.access_log:locked_chain", wrapped(_seal_of_nothing))],
        in_worlds(CALLBACKS),
    ),
    Defect(
        "whoever takes a consent back is rung all the same",
        [
            ("ivr.campaigns.beginning:_may_not", lambda _batch: {}),
            ("workers.dials:stopped", lambda *_given, **_named: frozenset()),
        ],
        in_worlds(CALLBACKS, campaign=True),
    ),
    Defect(
        "people are rung outside the hours of the plan",
        [
            ("ivr.campaigns.beginning:_held_together", _nothing),
            ("ivr.campaigns.claiming:may_dial_now", lambda *_given, **_named: True),
            ("workers.dialler_steps:dial_from", lambda _plan, _calendar, at, **_named: at),
        ],
        in_worlds(CALLBACKS, at=time(19, 59), campaign=True),
    ),
    Defect(
        "an answer that was broken off is billed",
        [("ivr.campaigns.money:_end_of", lambda _charge, _disposition: ChargeState.BILLABLE)],
        in_worlds(CALLBACKS, campaign=True),
    ),
    Defect(
        "a complete answer is struck off the bill",
        [("ivr.campaigns.money:_end_of", lambda _charge, _disposition: ChargeState.VOID)],
        in_worlds(CALLBACKS, campaign=True),
    ),
    Defect(
        "a handled call of a firm is on nobody's bill",
        [("workers.figures:note_calls", lambda *_given, **_named: 0)],
        in_worlds(CALLBACKS, seeds=CENTRE),
    ),
    Defect(
        "what an agent writes at the console is said to be kept and is not",
        [("console.talk.memos:keep", _nothing)],
        in_worlds(CALLBACKS),
    ),
    Defect(
        "nobody of ours and no document answers while the web is away",
        [("commands.world_living:FALLBACK_URL", "")],
        in_worlds(WorldFault.WEB),
    ),
    Defect(
        "nobody is reminded of a callback",
        [("ivr.callbacks.ladder:reminders", lambda *_given, **_named: [])],
        in_hours(SLIPPING),
    ),
    Defect(
        "the customer is told too late that a callback slips",
        [("ivr.callbacks.slipping:_text", wrapped(lambda text, *given: _put_off(text(*given))))],
        in_hours(SLIPPING),
    ),
    Defect(
        "a reminder comes ten seconds late",
        [("ivr.callbacks.ladder:reminders", wrapped(lambda steps, *given, **named: _late(steps(*given, **named))))],
        in_hours(SLIPPING),
    ),
)


def _exact(ring: Any) -> Any:
    return ring and replace(ring, uncertainty=0)


def _put_off(promise: Promise) -> Promise:
    return replace(promise, due_at=promise.due_at + FAR)


def _late(steps: Sequence[Step]) -> list[Step]:
    return [replace(step, at=step.at + timedelta(seconds=10)) for step in steps]
