"""Callbacks: answered within the hour (D6), at the time told (K7, T2), by the officer (D1), with a memo (D6)."""

from datetime import datetime

from ivr.callbacks.rows import CallbackOutcome, Origin
from ivr.calls.facts import Told
from ivr.charters.judges.judgement import Judgement, Value
from ivr.charters.judges.timing import Kept, Slipped, Timing, clock, evidence_of, excused, running, timing, took
from ivr.charters.measures.callbacks import MemoComplete
from ivr.charters.measures.cases import AnsweredWithin
from ivr.charters.model import Standard
from ivr.charters.view_callback import CallbackView
from ivr.charters.view_owed import moment

NOT_TRIED, NO_REASON = "not_tried", "no_reason"


def answered_within(standard: Standard, measure: AnsweredWithin, view: CallbackView) -> Judgement:
    """The customer was reached within the limit; when the telephone first rang is told beside it."""
    if standard.basis is None:
        raise ValueError(f"{standard.id}: a limit needs a time basis, the check of charters sees to that")
    due = view.time.due(view.came_at, measure.within, standard.basis)
    return _worded(view, timing(standard, view, due=due, tellings=view.answered))


def agreed_time_kept(standard: Standard, view: CallbackView) -> Judgement:
    """The customer was answered by the time told first: one who is told of a later one has not agreed to it."""
    return _worded(view, timing(standard, view, due=view.promised_at, tellings=view.answered))


def _worded(view: CallbackView, found: Timing) -> Judgement:
    first = view.first_rang
    beside: dict[str, Value] = {"first": clock(moment(first)) if first else (NOT_TRIED,)}
    match found:
        case Kept(done, due):
            reason = "callback.met" if done.by == CallbackOutcome.REACHED else "callback.met_otherwise"
            return took(view, done, first).met(reason, done=clock(done.at), due=clock(due), **beside)
        case Slipped(done, due):
            why: tuple[str, ...] = (view.why_late or NO_REASON,)
            slips = view.told("callback-missed", "callback-late")
            evidence = took(view, done, first, *slips)
            if done is None:
                return evidence.missed("callback.unanswered", due=clock(due), why=why, **beside)
            return evidence.missed("callback.late", done=clock(done.at), due=clock(due), why=why, **beside)
        case judgement:
            return judgement


def returned_by_officer(standard: Standard, view: CallbackView) -> Judgement:
    """The officer in charge rang and reached the customer, or somebody else settled it."""
    over = view.over
    if over is None:
        return evidence_of(view).open(None, "officer.open")
    done = next(iter(view.answered), None)
    if done is None:
        return _not_returned(standard, view, over)
    reached = [one for one in view.tries if one.outcome == CallbackOutcome.REACHED]
    evidence = took(view, done)
    if reached and reached[-1].agent_id == view.officer_agent_id:
        return evidence.met("officer.met")
    return evidence.met("officer.colleague")


def _not_returned(standard: Standard, view: CallbackView, over: Told) -> Judgement:
    if view.withdrawn is not None:
        return excused(standard, view, "withdrawn", facts=(over,))
    if view.unreached:
        return excused(standard, view, "customer_unreachable", facts=view.unreached)
    if view.failed:
        return excused(standard, view, "network_failure", facts=view.failed)
    return evidence_of(view, over).missed("officer.missed")


def memo_complete(measure: MemoComplete, view: CallbackView) -> Judgement:
    """All parts are in an agent's memo, or why not; whoever asks by key or on the web writes no memo."""
    if view.origin is not Origin.MEMO:
        return evidence_of(view, view.asked).moot("memo.none")
    missing = tuple(part for part in measure.parts if part not in view.has and part not in view.lacking)
    if missing:
        return evidence_of(view, view.asked).missed("memo.missed", parts=missing)
    explained = tuple(part for part in measure.parts if part not in view.has)
    if explained:
        return evidence_of(view, view.asked).met("memo.explained", parts=explained)
    return evidence_of(view, view.asked).met("memo.met", parts=tuple(measure.parts))


def reason_told(view: CallbackView) -> Judgement:
    """The memo has the reason that the customer was told; who asked to be called back knew it."""
    evidence = evidence_of(view, view.asked)
    if view.origin is not Origin.MEMO:
        return evidence.moot("why.asked")
    return evidence.met("why.met") if view.reason else evidence.missed("why.missed")


def appointment_priority(standard: Standard, view: CallbackView) -> Judgement:
    """From the time booked until the first try nobody else of the team was served."""
    if view.origin is not Origin.BOOKING:
        return evidence_of(view, view.asked).moot("booking.none")
    if view.served_before:
        evidence = evidence_of(view, view.asked)
        return type(evidence)((*evidence.evidence, *view.served_before)).missed("booking.missed")
    if view.tries:
        return evidence_of(view, view.asked, view.first_rang).met("booking.met")
    if not view.is_over:
        return running(view, view.promised_at)
    return _not_tried(standard, view, view.promised_at)


def _not_tried(standard: Standard, view: CallbackView, due: datetime) -> Judgement:
    withdrawn = view.withdrawn
    if withdrawn is not None and moment(withdrawn) < due:
        return excused(standard, view, "withdrawn", facts=(withdrawn,))
    return evidence_of(view, view.over).met("booking.otherwise")
