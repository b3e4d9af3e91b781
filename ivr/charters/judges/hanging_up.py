"""Did the customer hang up first (promise D8)? A hang-up on a call that was already dead is nobody's fault."""

from datetime import timedelta

from ivr.calls.facts import Told
from ivr.calls.record import Party
from ivr.charters.judges.judgement import Finding, Found, Judgement, found
from ivr.charters.model import Standard
from ivr.charters.view import CallView, OfferView

# Twilio, ReasonParticipantLeft: these were ordered by us or failed by themselves.
NOT_BY_HAND = frozenset({"conference_ended_via_api", "participant_updated_via_api", "participant_add_failed"})
STAMPS_APART = timedelta(seconds=1)
# The weakest finding of several talks is that of the call.
WEAKEST = (Finding.MISSED, Finding.INDETERMINATE, Finding.EXEMPT, Finding.MET)


def customer_hangs_up_first(standard: Standard, view: CallView) -> Judgement:
    """Judge every talk of the call; a call has the finding of the weakest."""
    if not view.talks:
        return found(facts=[view.gone]).moot("call.not_answered")
    judged = [_of_talk(standard, view, offer) for offer in view.talks]
    return min(judged, key=lambda judgement: WEAKEST.index(judgement.finding))


def _of_talk(standard: Standard, view: CallView, offer: OfferView) -> Judgement:
    leaving = [fact for fact in view.told("room") if _is_leaving(fact, offer)]
    evidence = found(offer.id, facts=(*leaving, view.caller.ended, offer.leg.ended))
    match offer.hung_up_first:
        case Party.CUSTOMER if _is_in_order(leaving):
            if view.caller.ended and view.caller.ended.detail.get("status") == "failed":
                return evidence.excused(standard, "network_failure", otherwise="last.system")
            return evidence.met("last.customer")
        case Party.AGENT if _is_in_order(leaving):
            return _agent_left(standard, evidence, offer, leaving)
        case Party.SYSTEM:
            return evidence.excused(standard, "network_failure", otherwise="last.system")
        case _:
            return evidence.unknown("last.unknown")


def _agent_left(standard: Standard, evidence: Found, offer: OfferView, leaving: list[Told]) -> Judgement:
    reasons = {fact.detail.get("reason") for fact in leaving if fact.sid == offer.leg.sid}
    if offer.has_failed or reasons & NOT_BY_HAND:
        return evidence.excused(standard, "network_failure", otherwise="last.system")
    return evidence.missed("last.agent")


def _is_leaving(fact: Told, offer: OfferView) -> bool:
    return fact.detail.get("event") == "participant-leave" and fact.detail.get("offer") == offer.id


def _is_in_order(leaving: list[Told]) -> bool:
    """Whether the order of leaving is sure: by the room's own count, or by stamps that lie apart.

    Without both leavings the legs' ends have decided, which were held against each other already.
    """
    if len(leaving) < 2 or all(fact.sequence is not None for fact in leaving):
        return True
    stamps = [fact.said_at for fact in leaving if fact.said_at is not None]
    return len(stamps) == len(leaving) and max(stamps) - min(stamps) > STAMPS_APART
