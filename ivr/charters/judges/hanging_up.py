"""Did the customer hang up first (promise D8)? A hang-up on a call that was already dead is nobody's fault."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from ivr.calls.facts import Told
from ivr.calls.record import Party, goes_to_ask
from ivr.charters.judges.ending import ended_lawfully
from ivr.charters.judges.judgement import Finding, Found, Judgement, found, keys
from ivr.charters.model import Standard
from ivr.charters.view import CallView, OfferView
from ivr.conduct.reading import SURVEY_HAND_OFF, by_relay, ended_for

# Twilio, ReasonParticipantLeft: these were ordered by us or failed by themselves.
NOT_BY_HAND = frozenset({"conference_ended_via_api", "participant_updated_via_api", "participant_add_failed"})
STAMPS_APART = timedelta(seconds=1)
# The weakest finding of several talks is that of the call.
WEAKEST = (Finding.MISSED, Finding.INDETERMINATE, Finding.EXEMPT, Finding.MET)


def customer_hangs_up_first(standard: Standard, view: CallView) -> Judgement:
    """Judge every talk that was not passed on to somebody; a call has the finding of the weakest."""
    if not view.talks:
        return found(facts=[view.gone]).moot("call.not_answered")
    talks = [offer for offer in view.talks if not offer.transferred]
    if not talks:
        return found(*(offer.id for offer in view.talks)).moot("last.passed_on")
    judged = [_of_talk(standard, view, offer) for offer in talks]
    return min(judged, key=lambda judgement: WEAKEST.index(judgement.finding))


def _of_talk(standard: Standard, view: CallView, offer: OfferView) -> Judgement:
    leaving = _last_leavings(view, offer)
    evidence = found(offer.id, facts=(*leaving, view.caller.ended, offer.leg.ended))
    ended = ended_for(view.facts, offer.id)
    if ended is not None:
        return _ended_by_us(standard, view, offer, Found((*evidence.evidence, ended.key)))
    match offer.hung_up_first:
        case Party.CUSTOMER if _is_in_order(leaving):
            if _caller_failed(view):
                return evidence.excused(standard, "network_failure", otherwise="last.system")
            return evidence.met("last.customer")
        case Party.AGENT if _is_in_order(leaving):
            return _agent_left(standard, view, offer, evidence)
        case Party.SYSTEM:
            return evidence.excused(standard, "network_failure", otherwise="last.system")
        case _:
            return evidence.unknown("last.unknown")


def _ended_by_us(standard: Standard, view: CallView, offer: OfferView, evidence: Found) -> Judgement:
    """The caller was taken out of the room: lawful only with the notices that the cause needs."""
    lawful = ended_lawfully(view, offer)
    if lawful is None:
        return evidence.missed("last.unwarned")
    proven = Found((*evidence.evidence, *keys(*lawful.facts)))
    return proven.excused(standard, lawful.exemption, otherwise="last.ended")


def _agent_left(standard: Standard, view: CallView, offer: OfferView, evidence: Found) -> Judgement:
    leaving = _last_leavings(view, offer)
    reasons = {fact.detail.get("reason") for fact in leaving if fact.sid == offer.leg.sid}
    if offer.has_failed or reasons & NOT_BY_HAND or _caller_failed(view):
        return evidence.excused(standard, "network_failure", otherwise="last.system")
    left_at = _left_at(leaving, offer)
    excuse = _excuse(standard, view, offer, evidence, left_at=left_at)
    if excuse is not None:
        return excuse
    dead_at = view.caller.ended.said_at if view.caller.ended else None
    if dead_at is not None and left_at is not None and dead_at < left_at - STAMPS_APART:
        # The room says otherwise than the carrier's stamp of the caller's end.
        return evidence.unknown("last.dead")
    return evidence.missed("last.agent")


def _excuse(
    standard: Standard, view: CallView, offer: OfferView, evidence: Found, *, left_at: datetime | None
) -> Judgement | None:
    """What allows an agent to leave first, each only with the facts that prove it."""
    lawful = ended_lawfully(view, offer)
    if lawful is not None and _before(lawful.asked, left_at):
        proven = Found((*evidence.evidence, *keys(*lawful.facts)))
        return proven.excused(standard, lawful.exemption, otherwise="last.ended")
    handed = [fact for fact in view.told(SURVEY_HAND_OFF) if fact.leg == offer.id and _before(fact, left_at)]
    if handed:
        return Found((*evidence.evidence, *keys(*handed))).excused(
            standard, "survey_hand_off", otherwise="last.unknown"
        )
    if by_relay(view.facts) and "relay_service" in standard.exemptions:
        proven = Found((*evidence.evidence, *keys(*view.told("arrived"))))
        return proven.excused(standard, "relay_service", otherwise="last.unknown")
    return None


def _before(fact: Told, left_at: datetime | None) -> bool:
    """Whether it was told before the agent left; stamps of whole seconds lie up to a second early."""
    return left_at is None or fact.received_at <= left_at + STAMPS_APART


def _left_at(leaving: Sequence[Told], offer: OfferView) -> datetime | None:
    own = [fact.said_at or fact.received_at for fact in leaving if fact.sid == offer.leg.sid]
    return max(own, default=offer.leg.ended_at)


def _caller_failed(view: CallView) -> bool:
    return view.caller.ended is not None and view.caller.ended.detail.get("status") == "failed"


def _last_leavings(view: CallView, offer: OfferView) -> list[Told]:
    """The last leaving of each party of the room; an agent's to ask a colleague was no end of the talk."""
    left = [fact for fact in view.told("room") if _is_leaving(fact, offer)]
    told = [fact for fact in left if not goes_to_ask(fact, offer.leg, view.facts)]
    last: dict[str | None, Told] = {}
    for fact in sorted(told, key=lambda fact: (fact.sequence or 0, fact.said_at or fact.received_at)):
        last[fact.sid] = fact
    return [fact for fact in told if last[fact.sid] is fact]


def _is_leaving(fact: Told, offer: OfferView) -> bool:
    return fact.detail.get("event") == "participant-leave" and fact.detail.get("offer") == offer.id


def _is_in_order(leaving: Sequence[Told]) -> bool:
    """Whether the order of leaving is sure: by the room's own count, or by stamps that lie apart.

    Without both leavings the legs' ends have decided, which were held against each other already.
    """
    if len(leaving) < 2 or all(fact.sequence is not None for fact in leaving):
        return True
    stamps = [fact.said_at for fact in leaving if fact.said_at is not None]
    return len(stamps) == len(leaving) and max(stamps) - min(stamps) > STAMPS_APART
