"""Surveys by telephone: who ordered them, within which limit, of which kind, by whose consent, and at what cost."""

from ivr.campaigns.rows import ChargeState
from ivr.charters.judges.judgement import Found, Judgement, found
from ivr.charters.measures.surveys import ConsentHeld, SurveyKindDeclared, WithinMonthlyCalls
from ivr.charters.view_survey import Agreement, SurveyView
from ivr.consents.rows import Purpose

CONSENT = "consent:"
"""What the id of a consent follows, where it is evidence."""


def requested_by_firm(view: SurveyView) -> Judgement:
    """A firm stands on the campaign, which was made before the dial."""
    if view.is_happy_call:
        return _happy_call(view)
    if view.firm is None or view.ordered_at > view.came_at:
        return found(view.id).missed("survey.not_ordered")
    return found(view.id).met("survey.ordered")


def within_monthly_calls(measure: WithinMonthlyCalls, view: SurveyView) -> Judgement:
    """Calls and answers owed for left one over, even if all that were ringing at that second had been answered."""
    if view.is_happy_call:
        return _happy_call(view)
    if view.used is None:
        return found(view.id).moot("survey.no_firm")
    sure = view.used.calls + view.used.owed
    values = {"used": sure, "calls": measure.calls}
    evidence = Found((view.id,))
    if sure >= measure.calls:
        return evidence.missed("survey.over_limit", **values)
    if sure + view.used.held >= measure.calls:
        return evidence.unknown("survey.at_limit", **values, held=view.used.held)
    return evidence.met("survey.in_limit", **values)


def billed_when_complete(view: SurveyView) -> Judgement:
    """On the bill if and only if all was answered; an answer beyond the quota is nobody's to pay."""
    if view.is_happy_call:
        return _happy_call(view)
    evidence = found(view.id)
    match view.charge:
        case None:
            return evidence.unknown("survey.no_bill")
        case ChargeState.RESERVED:
            return evidence.unknown("survey.bill_open")
        case ChargeState.FREE:
            return evidence.moot("survey.free_kind")
        case ChargeState.BILLABLE:
            return _complete(view, evidence.met("survey.billed"), evidence.missed("survey.billed_incomplete"))
        case ChargeState.VOID:
            unbilled = evidence.met("survey.surplus") if view.is_surplus else evidence.missed("survey.not_billed")
            return _complete(view, unbilled, evidence.met("survey.unbilled"))


def survey_kind_declared(measure: SurveyKindDeclared, view: SurveyView) -> Judgement:
    """One of the kinds; those that are advertising were dialled as advertising."""
    if view.is_happy_call:
        return _happy_call(view)
    kind = view.declared
    if kind is None or kind not in measure.kinds:
        return found(view.id).missed("survey.other_kind")
    if kind in measure.advertising and not view.is_advertisement:
        return found(view.id).missed("survey.no_advertisement", parts=(kind,))
    return found(view.id).met("survey.declared", parts=(kind,))


def consent_held(measure: ConsentHeld, view: SurveyView) -> Judgement:
    """At the second of dialling the ledger had the consent: given, recorded, not taken back, not expired."""
    purpose = Purpose(measure.purpose)
    if view.is_happy_call and purpose is not Purpose.HAPPY_CALL:
        return _happy_call(view)
    agreement, given = view.ledger.at(view.came_at, purpose)
    evidence = found(view.id, *([f"{CONSENT}{given.id}"] if given else []))
    if agreement is Agreement.GIVEN:
        return evidence.met("survey.agreed", parts=(measure.purpose,))
    return evidence.missed(f"survey.{agreement.value}", parts=(measure.purpose,))


def free_of_charge(view: SurveyView) -> Judgement:
    """A happy call never comes on a bill, whether or not anybody answered."""
    if not view.is_happy_call:
        return found(view.id).moot("survey.no_happy_call")
    if view.charge is ChargeState.BILLABLE:
        return found(view.id).missed("survey.charged")
    if view.charge is ChargeState.RESERVED:
        return found(view.id).unknown("survey.bill_open")
    return found(view.id).met("survey.free")


def _complete(view: SurveyView, complete: Judgement, otherwise: Judgement) -> Judgement:
    return complete if view.is_complete else otherwise


def _happy_call(view: SurveyView) -> Judgement:
    return found(view.id).moot("survey.happy_call")
