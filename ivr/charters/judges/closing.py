"""Was the caller asked for further questions and thanked before the call ended (promise D7)?"""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.calls.facts import Told
from ivr.calls.holding import is_held
from ivr.calls.record import Party
from ivr.charters.judges.ending import ended_lawfully
from ivr.charters.judges.judgement import Found, Judgement, found, keys
from ivr.charters.measures.calls import ClosingSaid
from ivr.charters.model import Standard
from ivr.charters.view import CallView, OfferView
from ivr.conduct.ticks import REVIEWED, last_words, ticks_of

THANKS = "thanks"
# The kinds of evidence, in the order in which they are named.
TICKED, HEARD, SPOKEN, LISTENED = "ticked", "heard", "spoken", "reviewed"


@dataclass(frozen=True, slots=True)
class _Closing:
    """What is on record of the closing words: by part the kinds of evidence, and the facts that hold it."""

    kinds: Mapping[str, tuple[str, ...]]
    facts: tuple[Told, ...]
    denied: frozenset[str]


def closing_said(standard: Standard, measure: ClosingSaid, view: CallView) -> Judgement:
    """Judge the last talk of the call, at whose end the words are due.

    Words that are neither ticked nor heard are not on record, which proves nothing: only a person who listened can
    say that they were missing.
    """
    if not view.talks:
        return found(facts=[view.gone]).moot("call.not_answered")
    offer = view.talks[-1]
    if offer.transferred:
        return found(offer.id).moot("closing.passed_on")
    closing = _read(view, offer)
    evidence = Found((offer.id, *keys(*closing.facts)))
    denied = tuple(part for part in measure.parts if part in closing.denied)
    if denied:
        return evidence.missed("closing.missed", parts=denied)
    missing = tuple(part for part in measure.parts if not closing.kinds.get(part))
    if missing:
        return _incomplete(standard, view, evidence, offer, missing=missing)
    named = {kind for part in measure.parts for kind in closing.kinds[part]}
    kinds = tuple(kind for kind in (TICKED, HEARD, SPOKEN, LISTENED) if kind in named)
    return evidence.met("closing.met", parts=tuple(measure.parts), kinds=kinds)


def _read(view: CallView, offer: OfferView) -> _Closing:
    ticks = ticks_of(view.facts, offer.id)
    reviews = last_words(view.facts, REVIEWED, offer.id)
    heard = offer.closing_heard or frozenset()
    thanked = view.told("thanked")
    kinds = {
        part: tuple(
            kind
            for kind, holds in (
                (TICKED, part in ticks),
                (HEARD, part in heard),
                (SPOKEN, part == THANKS and bool(thanked)),
                (LISTENED, part in reviews and bool(reviews[part].detail.get("said"))),
            )
            if holds
        )
        for part in {*ticks, *heard, *reviews, THANKS}
    }
    denied = frozenset(part for part, fact in reviews.items() if not fact.detail.get("said"))
    return _Closing(kinds, (*ticks.values(), *reviews.values(), *thanked), denied)


def _incomplete(
    standard: Standard, view: CallView, evidence: Found, offer: OfferView, *, missing: tuple[str, ...]
) -> Judgement:
    lawful = ended_lawfully(view, offer)
    if lawful is not None:
        with_it = Found((*evidence.evidence, *keys(*lawful.facts)))
        return with_it.excused(standard, lawful.exemption, otherwise="closing.ended")
    if _has_failed(view, offer):
        with_it = Found((*evidence.evidence, *keys(view.caller.ended, offer.leg.ended)))
        return with_it.excused(standard, "network_failure", otherwise="closing.network")
    if offer.hung_up_first is Party.CUSTOMER and is_held(view.facts, offer.id):
        with_it = Found((*evidence.evidence, *keys(*view.told("held"), view.gone)))
        return with_it.excused(standard, "caller_gone", otherwise="closing.cut")
    return evidence.unknown(
        "closing.not_on_record" if offer.closing_heard is None else "closing.unheard", parts=missing
    )


def _has_failed(view: CallView, offer: OfferView) -> bool:
    caller_failed = view.caller.ended is not None and view.caller.ended.detail.get("status") == "failed"
    return caller_failed or offer.has_failed
