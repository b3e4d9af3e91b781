"""From the view of one ended call to its rows of figures: pure, so that the same facts always make the same rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ivr.calls.facts import Told
from ivr.calls.record import Outcome, outcome_of, was_turned_away
from ivr.calls.rows import OfferPurpose
from ivr.charters.view import CallView, OfferView
from ivr.figures.moments import milliseconds, moment
from ivr.figures.readings import marked, ring_readings, settled_at_once, who_hung_up
from ivr.figures.rows import Stage
from ivr.figures.rules import rules_of
from ivr.figures.talking import talk_times
from ivr.lines.actions import ToConsent, ToNumber, ToRefusal, ToSay, ToText
from ivr.lines.hours import SEOUL
from ivr.lines.menus import press

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The rows of one call, by the names of their columns."""

    call: Row
    offers: tuple[Row, ...]


def draw(view: CallView) -> Drawn:
    """The rows of an ended call; the view must have the later calls of its line's `figures.repeat_days`."""
    place: Row = {
        "call_id": view.id,
        "line": view.line.id,
        "day": view.day,
        "hour": view.arrived_at.astimezone(SEOUL).hour,
        "arrived_at": view.arrived_at,
        "product": _product(view),
        "firm": view.firm,
    }
    rang = [offer for offer in view.offers if offer.leg.ringing or offer.answered or offer.met]
    offers = (place | _offer(view.of(offer)) for offer in rang)
    return Drawn(place | _call(view), tuple(offers))


def _call(view: CallView) -> Row:
    outcome, rule = outcome_of(view.facts), view.line.figures
    stage, wait = _stage(view, outcome), _wait_ms(view)
    return {
        "team": view.wanted[0] if view.wanted else "",
        "outcome": outcome,
        "is_open": not any(fact.detail.get("closed") for fact in view.told("arrived")),
        "asked_for_agent": bool(view.told("wait")) or was_turned_away(view.facts),
        "stage": stage,
        "is_short": stage is Stage.QUEUE and wait is not None and wait < rule.short_abandon * 1000,
        "is_served": _is_served(view),
        "in_time": outcome is Outcome.ANSWERED and wait is not None and wait <= rule.answer_within * 1000,
        "wait_ms": wait,
        "rules": rules_of(view.line),
    }


def _offer(view: CallView) -> Row:
    offer, times = view.about, talk_times(view)
    return {
        "offer_id": offer.id,
        "agent": offer.agent_id,
        "team": _team(view, offer),
        "ring_ms": _ring_ms(offer),
        **ring_readings(view),
        "is_talk": offer.met,
        "talk_ms": times.talk_ms,
        "hold_ms": times.hold_ms,
        "wrap_ms": times.wrap_ms,
        "customer_first": who_hung_up(offer),
        "resolved": settled_at_once(view, offer),
        "marked": marked(view.facts, offer),
    }


def _ring_ms(offer: OfferView) -> int | None:
    """How long it rang until it was picked up; a colleague who was asked is in no figure of rings."""
    is_counted = offer.answered and offer.purpose is not OfferPurpose.CONSULT
    return offer.ring.milliseconds if is_counted and offer.ring else None


def _product(view: CallView) -> str:
    """The kind of product that was told last, by a key or with the firm; another firm has other products."""
    found = max((fact.sequence or 0 for fact in view.told("firm")), default=0)
    facts = [fact for kind in ("arrived", "firm", "key") for fact in view.told(kind)]
    told = [fact for fact in facts if fact.detail.get("product") and (fact.sequence or 0) >= found]
    last = max(told, key=lambda fact: (fact.sequence or 0, fact.received_at), default=None)
    return str(last.detail["product"]) if last else ""


def _team(view: CallView, offer: OfferView) -> str:
    asked = offer.asked or view.wanted
    return asked[0] if asked else ""


def _stage(view: CallView, outcome: Outcome) -> Stage:
    """Whoever asked for an agent gave up in the queue; in the menus nobody gave up who got what the menus have."""
    if outcome is not Outcome.ABANDONED:
        return Stage.NONE
    if view.told("wait"):
        return Stage.QUEUE
    return Stage.NONE if _is_served(view) else Stage.MENU


def _is_served(view: CallView) -> bool:
    """Whether a key gave an information, a text or another number."""
    return any(
        isinstance(_pressed(view, fact), ToSay | ToText | ToNumber | ToRefusal | ToConsent) for fact in view.told("key")
    )


def _pressed(view: CallView, fact: Told) -> object:
    menu, digits = str(fact.detail.get("menu", "")), str(fact.detail.get("digits", ""))
    return press(view.line, menu, digits) if menu in view.line.menus and digits else None


def _wait_ms(view: CallView) -> int | None:
    """From the queue's entry until the caller heard who answers, or gave up; by our clock where it can be trusted."""
    entered = next(iter(view.told("wait")), None)
    ends = min(_answer(view), default=moment(view.gone) if view.gone and not view.talks else None)
    return milliseconds(ends - entered.received_at) if entered and ends else None


def _answer(view: CallView) -> list[datetime]:
    first = view.talks[0].id if view.talks else None
    told: Iterable[Told] = (*view.told("announced"), *view.told("joining"))
    return [fact.received_at for fact in told if first is not None and fact.detail.get("offer") == first]
