"""Judging what is owed: which standards are about a callback, papers, a case, an outgoing call or a survey."""

from collections.abc import Iterator

from ivr.callbacks.rows import Origin
from ivr.charters.judges import calling_back, calling_out, receiving, recording, replying, surveying
from ivr.charters.judges.judgement import Judgement, found
from ivr.charters.judges.slipping import told_before_slip
from ivr.charters.judging import Judged
from ivr.charters.measures.callbacks import (
    AgreedTimeKept,
    AppointmentPriority,
    DeficiencyExplained,
    MemoComplete,
    OfficerTexted,
    ReasonTold,
    ReceiptSentWithin,
    ReturnedByOfficer,
)
from ivr.charters.measures.calls import CustomerVerified, IdentityAnnounced
from ivr.charters.measures.cases import (
    AcknowledgedWithin,
    AnsweredOrDirectedWithin,
    AnsweredWithin,
    Apologised,
    CaseRecorded,
    DueDateKept,
    HandlerNotified,
    KindRecorded,
    RatingInvited,
    ResultTold,
    ReviewStartedWithin,
    ToldBeforeSlip,
)
from ivr.charters.measures.surveys import (
    BilledWhenComplete,
    ConsentHeld,
    FreeOfCharge,
    RatingCredited,
    RequestedByFirm,
    SurveyKindDeclared,
    WithinMonthlyCalls,
)
from ivr.charters.model import Charter, Standard
from ivr.charters.terms import Scope
from ivr.charters.view_attempt import AttemptView
from ivr.charters.view_callback import CallbackView
from ivr.charters.view_case import CaseView
from ivr.charters.view_document import DocumentView
from ivr.charters.view_survey import SurveyView

AnyOwed = CallbackView | DocumentView | CaseView | AttemptView | SurveyView
"""Whatever is judged besides calls."""

# By which channel a wish to be called back came, in the words of the charters.
CHANNELS = {Origin.BOOKING: "web_booking", Origin.API: "web"}


def judge_owed(charter: Charter, version: int, view: AnyOwed) -> Iterator[Judged]:
    """Judge one matter by every standard of a version that is about it; raises `UnknownCharter`."""
    for standard in charter.standards(version):
        if concerns(standard, view):
            yield Judged(standard, view.id, judge(standard, view))


def concerns(standard: Standard, view: AnyOwed) -> bool:
    """Is the standard about matters like this one? What it leaves empty does not narrow."""
    if standard.scope != scope_of(view):
        return False
    if isinstance(view, AttemptView):
        # What a charter says of calls without naming a direction is about those that come in.
        return "outbound" in standard.applies.directions
    if isinstance(view, SurveyView):
        return is_about_dials(standard)
    return _is_of_channel(standard, view) and (not isinstance(view, CaseView) or _is_of_sort(standard, view))


def is_about_dials(standard: Standard) -> bool:
    """Is it about a campaign's calls? A rating is entered in a ledger after any call, also one that came in."""
    return standard.scope == "survey" and not isinstance(standard.measure, RatingCredited)


def judges_dials(charter: Charter) -> bool:
    """Does any version of the charter promise something of a campaign's calls?"""
    return any(is_about_dials(standard) for standard in charter.all)


def scope_of(view: AnyOwed) -> Scope:
    """What a verdict about it is about; an outgoing call is a call."""
    match view:
        case CallbackView():
            return "callback"
        case DocumentView():
            return "document"
        case CaseView():
            return "case"
        case AttemptView():
            return "call"
        case SurveyView():
            return "survey"


def judge(standard: Standard, view: AnyOwed) -> Judgement:
    """Judge one standard; a measure whose record is not kept is not applicable."""
    match view:
        case CallbackView():
            judgement = _callback(standard, view)
        case DocumentView():
            judgement = _document(standard, view)
        case CaseView():
            judgement = _answer(standard, view) or _work(standard, view)
        case AttemptView():
            judgement = _attempt(standard, view)
        case SurveyView():
            judgement = _survey(standard, view)
    return judgement or found(view.id).moot("call.not_kept")


def _callback(standard: Standard, view: CallbackView) -> Judgement | None:
    match standard.measure:
        case AnsweredWithin() as measure:
            return calling_back.answered_within(standard, measure, view)
        case AgreedTimeKept():
            return calling_back.agreed_time_kept(standard, view)
        case ToldBeforeSlip() as measure:
            return told_before_slip(standard, measure, view)
        case ReturnedByOfficer():
            return calling_back.returned_by_officer(standard, view)
        case MemoComplete() as measure:
            return calling_back.memo_complete(measure, view)
        case ReasonTold():
            return calling_back.reason_told(view)
        case AppointmentPriority():
            return calling_back.appointment_priority(standard, view)
        case _:
            return None


def _document(standard: Standard, view: DocumentView) -> Judgement | None:
    match standard.measure:
        case ReceiptSentWithin() as measure:
            return receiving.receipt_sent_within(standard, measure, view)
        case OfficerTexted() as measure:
            return receiving.officer_texted(standard, measure, view)
        case DeficiencyExplained() as measure:
            return receiving.deficiency_explained(standard, measure, view)
        case _:
            return None


def _answer(standard: Standard, view: CaseView) -> Judgement | None:
    """Measures of when and of what the customer was told the answer."""
    match standard.measure:
        case AnsweredWithin() as measure:
            return replying.answered_within(standard, measure, view)
        case AnsweredOrDirectedWithin() as measure:
            return replying.answered_or_directed_within(standard, measure, view)
        case DueDateKept():
            return replying.due_date_kept(standard, view)
        case AgreedTimeKept():
            return replying.agreed_time_kept(standard, view)
        case ToldBeforeSlip() as measure:
            return told_before_slip(standard, measure, view)
        case AcknowledgedWithin() as measure:
            return replying.acknowledged_within(standard, measure, view)
        case _:
            return None


def _work(standard: Standard, view: CaseView) -> Judgement | None:
    """Measures of how the case was worked on."""
    match standard.measure:
        case ReviewStartedWithin() as measure:
            return replying.review_started_within(standard, measure, view)
        case Apologised() as measure:
            return replying.apologised(standard, measure, view)
        case ResultTold() as measure:
            return replying.result_told(standard, measure, view)
        case CaseRecorded() as measure:
            return recording.case_recorded(standard, measure, view)
        case KindRecorded() as measure:
            return recording.kind_recorded(measure, view)
        case HandlerNotified() as measure:
            return recording.department_notified(standard, measure, view)
        case RatingInvited():
            return recording.rating_invited(standard, view)
        case _:
            return None


def _attempt(standard: Standard, view: AttemptView) -> Judgement | None:
    match standard.measure:
        case IdentityAnnounced() as measure:
            return calling_out.identity_announced(standard, measure, view)
        case CustomerVerified():
            return calling_out.customer_verified(view)
        case _:
            return None


def _survey(standard: Standard, view: SurveyView) -> Judgement | None:
    match standard.measure:
        case RequestedByFirm():
            return surveying.requested_by_firm(view)
        case WithinMonthlyCalls() as measure:
            return surveying.within_monthly_calls(measure, view)
        case BilledWhenComplete():
            return surveying.billed_when_complete(view)
        case SurveyKindDeclared() as measure:
            return surveying.survey_kind_declared(measure, view)
        case ConsentHeld() as measure:
            return surveying.consent_held(measure, view)
        case FreeOfCharge():
            return surveying.free_of_charge(view)
        case _:
            return None


def _is_of_channel(standard: Standard, view: CallbackView | DocumentView | CaseView) -> bool:
    channel = CHANNELS.get(view.origin, "phone") if isinstance(view, CallbackView) else view.channel
    return not standard.applies.channels or channel in standard.applies.channels


def _is_of_sort(standard: Standard, view: CaseView) -> bool:
    applies = standard.applies
    of_kind = not applies.kinds or view.kind in applies.kinds
    return of_kind and (not applies.topics or view.topic in applies.topics)
