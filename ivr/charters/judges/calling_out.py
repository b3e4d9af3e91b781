"""Outgoing calls: greeting, affiliation, name and title (D9), and the check who the customer is before the matter."""

from ivr.charters.judges.judgement import Judgement
from ivr.charters.judges.timing import evidence_of, excused
from ivr.charters.measures.calls import IdentityAnnounced
from ivr.charters.model import Standard
from ivr.charters.view_attempt import AttemptView


def identity_announced(standard: Standard, measure: IdentityAnnounced, view: AttemptView) -> Judgement:
    """All parts in the words as given, heard to their end: the customer was asked for a key after them."""
    made, heard = view.announced, view.heard_out
    if made is None:
        return _never_greeted(standard, view)
    if heard is None and view.customer.ended is not None:
        return excused(standard, view, "caller_gone", facts=(made, view.customer.ended))
    evidence = evidence_of(view, made, heard, view.met)
    if heard is None and view.met is None:
        return evidence.unknown("identity.cut")
    said = str(made.detail.get("parts", "")).split()
    missing = tuple(part for part in measure.parts if part not in said)
    if missing:
        return evidence.missed("identity.incomplete", parts=missing)
    return evidence.met("outbound.greeted", parts=tuple(measure.parts))


def _never_greeted(standard: Standard, view: AttemptView) -> Judgement:
    if view.met is not None:
        return evidence_of(view, view.met).missed("identity.silent")
    return evidence_of(view, view.customer.ended).moot("outbound.not_answered")


def customer_verified(view: AttemptView) -> Judgement:
    """Nobody came into the agent's room without having said to be the right one."""
    met, confirmed = view.met, view.confirmed
    if met is None:
        denied = view.first("customer-other", "customer-unsure")
        if denied is not None:
            return evidence_of(view, denied).met("verified.kept_out")
        return evidence_of(view, view.customer.ended).moot("outbound.not_answered")
    evidence = evidence_of(view, confirmed, met)
    if confirmed is None or confirmed.received_at > met.received_at:
        return evidence.missed("verified.missed")
    return evidence.met("verified.met")
