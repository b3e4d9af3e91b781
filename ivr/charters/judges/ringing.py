"""Was the telephone answered before it had rung so many times (promises K4, D4, T7)?"""

from typing import assert_never

from ivr.calls.offers import OfferOutcome
from ivr.calls.record import TURNED_DOWN
from ivr.calls.rings import Reading, RingTime, ring_limits, ring_time
from ivr.calls.rows import OfferPurpose
from ivr.charters.judges.judgement import Found, Judgement, found, keys
from ivr.charters.measures.calls import RingToAnswer
from ivr.charters.model import Standard
from ivr.charters.view import CallView, OfferView


def ring_to_answer(standard: Standard, measure: RingToAnswer, view: CallView) -> Judgement:
    """Judge one offer by the cadence and the reading of its line; the rings are those of the charter."""
    offer = view.about
    limit = limit_ms(measure, view)
    evidence = found(offer.id, facts=(offer.leg.ringing, offer.leg.pick_up))
    if offer.purpose is OfferPurpose.CONSULT:
        return evidence.moot("ring.consult")
    if offer.answered:
        return _answered(evidence, offer.ring, limit)
    if offer.leg.ringing is None:
        return evidence.moot("ring.not_rung")
    return _unanswered(standard, view, limit)


def limit_ms(measure: RingToAnswer, view: CallView) -> int:
    """The limit in milliseconds: never starting, not finished, or the whole cycle of the last ring."""
    rule = view.line.ring
    limits = ring_limits(rings=measure.rings, tone_ms=rule.tone_ms, pause_ms=rule.pause_ms)
    match rule.reading:
        case "strict":
            return limits.strict
        case "literal":
            return limits.literal
        case "customary":
            return limits.customary


def _answered(evidence: Found, ring: RingTime | None, limit: int) -> Judgement:
    if ring is None:
        return evidence.unknown("ring.unmeasured")
    measured = Found(evidence.evidence, ring.milliseconds)
    times = {"seconds": seconds(ring.milliseconds), "limit": seconds(limit)}
    match ring.read(limit):
        case Reading.MET:
            return measured.met("ring.met", **times)
        case Reading.MISSED:
            return measured.missed("ring.late", **times)
        case Reading.INDETERMINATE | Reading.NOT_APPLICABLE:
            return measured.unknown("ring.straddles", **times, uncertainty=seconds(ring.uncertainty))
        case unreachable:
            assert_never(unreachable)


def _unanswered(standard: Standard, view: CallView, limit: int) -> Judgement:
    """Nobody took it: was it turned down, left to ring too long, or was there no time to take it?"""
    offer = view.about
    ended = offer.leg.ended
    evidence = found(offer.id, facts=(offer.leg.ringing, offer.leg.pick_up, ended))
    if offer.outcome in TURNED_DOWN:
        return evidence.missed("ring.turned_down")
    if offer.has_failed:
        return evidence.excused(standard, "network_failure", otherwise="ring.network")
    if offer.outcome in {None, OfferOutcome.WITHDRAWN.value}:
        return _withdrawn(standard, view, limit)
    rang = _rang_until(offer, view)
    if rang is None or rang.read(limit) is Reading.MET:
        return evidence.moot("ring.stopped", limit=seconds(limit))
    return evidence.missed("ring.unanswered", limit=seconds(limit))


def _rang_until(offer: OfferView, view: CallView) -> RingTime | None:
    """How long it rang unheard: to the end of its leg, or where that was never told, to our giving up."""
    ringing, ended = offer.leg.ringing, offer.leg.ended
    if ringing is None:
        return None
    if ended is not None and not _asked_late(ended.detail, stamped=ended.said_at is not None):
        return ring_time(ringing, ended)
    return offer.rang_until_closed


def _withdrawn(standard: Standard, view: CallView, limit: int) -> Judgement:
    """The caller left while it rang: in time to excuse it, or after the limit had passed."""
    offer, gone = view.about, view.gone
    evidence = Found(keys(offer.leg.ringing, offer.leg.pick_up, gone))
    # A pick-up ends the ringing: whoever has not pressed a key yet when the caller leaves has not let it ring.
    rang = offer.ring
    if offer.leg.ringing and gone and not _asked_late(gone.detail, stamped=gone.said_at is not None):
        until_gone = ring_time(offer.leg.ringing, gone)
        rang = min((time for time in (rang, until_gone) if time), key=lambda time: time.milliseconds, default=None)
    reading = rang.read(limit) if rang else Reading.INDETERMINATE
    match reading:
        case Reading.MET:
            return evidence.excused(standard, "caller_gone", otherwise="ring.caller_gone")
        case Reading.MISSED:
            return evidence.missed("ring.unanswered", limit=seconds(limit))
        case Reading.INDETERMINATE | Reading.NOT_APPLICABLE:
            return evidence.unknown("ring.caller_gone")
        case unreachable:
            assert_never(unreachable)


def _asked_late(detail: dict[str, object], *, stamped: bool) -> bool:
    """Whether an end was learnt by asking, without a stamp: it came at some time before we asked."""
    return bool(detail.get("asked")) and not stamped


def seconds(milliseconds: int) -> str:
    """Milliseconds as seconds for people, exact to the millisecond: 7, 6.9, 2.394."""
    return f"{milliseconds / 1000:.3f}".rstrip("0").rstrip(".")
