"""Cases: answered in time (K9, K11-K14, T4-T6, T12, T13, D16), acknowledged (K8), apologised for (K18), told (K19)."""

from collections.abc import Sequence
from datetime import datetime

from ivr.charters.judges.judgement import Judgement
from ivr.charters.judges.timing import Kept, Slipped, Timing, clock, evidence_of, timing, took
from ivr.charters.limits import Limit
from ivr.charters.measures.cases import (
    AcknowledgedWithin,
    AnsweredOrDirectedWithin,
    AnsweredWithin,
    Apologised,
    ResultTold,
    ReviewStartedWithin,
)
from ivr.charters.model import Standard
from ivr.charters.view_case import CaseView
from ivr.charters.view_owed import Standing, Telling, moment


def answered_within(standard: Standard, measure: AnsweredWithin, view: CaseView) -> Judgement:
    """The customer had the first, or the final, answer within the limit after the matter came in."""
    due = _due(standard, view, measure.within, since=view.came_at)
    answers = view.first_answers if measure.answer == "first" else view.answers
    return _worded(view, timing(standard, view, due=due, tellings=answers), what="answer")


def due_date_kept(standard: Standard, view: CaseView) -> Judgement:
    """The case was answered by the date that it was given at first."""
    answers = view.answers if view.owed == "answer" else view.first_answers
    return _worded(view, timing(standard, view, due=view.first_due_at, tellings=answers), what="answer")


def agreed_time_kept(standard: Standard, view: CaseView) -> Judgement:
    """The customer was answered by the date that was told first."""
    told = next((one for one in view.directions if one.fact.detail.get("due")), None)
    if told is None:
        return evidence_of(view).moot("answer.no_date")
    return _worded(view, timing(standard, view, due=_date_of(told), tellings=view.answers), what="answer")


def answered_or_directed_within(standard: Standard, measure: AnsweredOrDirectedWithin, view: CaseView) -> Judgement:
    """Answered within the limit; or told the direction and the date in that time, and answered by that date."""
    due = _due(standard, view, measure.within, since=view.came_at)
    told = next((one for one in view.directions if one.standing is Standing.REACHED and one.at < due), None)
    if told is None or any(one.standing is Standing.REACHED and one.at < due for one in view.answers):
        both = sorted((*view.answers, *view.directions), key=lambda one: one.at)
        return _worded(view, timing(standard, view, due=due, tellings=both), what="answer")
    if not told.fact.detail.get("due"):
        return evidence_of(view, told.fact).missed("answer.no_date_told")
    by = _date_of(told)
    match timing(standard, view, due=by, tellings=view.answers):
        case Kept(done, _):
            words = {"told": clock(told.at), "done": clock(done.at), "due": clock(by)}
            return took(view, done, told.fact).met("answer.directed", **words)
        case Slipped(done, _):
            evidence = took(view, done, told.fact)
            return evidence.missed("answer.direction_broken", told=clock(told.at), due=clock(by))
        case judgement:
            return judgement


def acknowledged_within(standard: Standard, measure: AcknowledgedWithin, view: CaseView) -> Judgement:
    """The customer was told within the limit that the matter has come in; an answer says so too."""
    due = _due(standard, view, measure.within, since=view.came_at)
    told = sorted((*view.tellings("acknowledged"), *view.first_answers), key=lambda one: one.at)
    return _worded(view, timing(standard, view, due=due, tellings=told), what="acknowledged")


def review_started_within(standard: Standard, measure: ReviewStartedWithin, view: CaseView) -> Judgement:
    """Somebody took the matter up within the limit; an answer proves that too."""
    due = _due(standard, view, measure.within, since=view.came_at)
    begun = [Telling(fact, moment(fact), "") for fact in view.told("review-started", "answered")]
    return _worded(view, timing(standard, view, due=due, tellings=begun), what="review")


def apologised(standard: Standard, measure: Apologised, view: CaseView) -> Judgement:
    """An apology after the fault was confirmed, within the limit where there is one, else before the case is closed."""
    confirmed, given = view.first("fault-confirmed"), view.tellings("apologised")
    if confirmed is None:
        return _unconfirmed(view, given)
    if measure.within is not None:
        due = _due(standard, view, measure.within, since=moment(confirmed))
        return _worded(view, timing(standard, view, due=due, tellings=given), what="apology")
    return _untimed(standard, view, given, what="apology")


def _unconfirmed(view: CaseView, given: Sequence[Telling]) -> Judgement:
    """Who apologises without waiting for the finding has done more than was promised."""
    reached = next((one for one in given if one.standing is Standing.REACHED), None)
    if reached is not None:
        return took(view, reached).met("apology.met_early", done=clock(reached.at))
    if view.is_over:
        return evidence_of(view).moot("apology.no_fault")
    return evidence_of(view).open(None, "apology.unconfirmed")


def result_told(standard: Standard, measure: ResultTold, view: CaseView) -> Judgement:
    """The customer was told the result, within the limit after it stood where there is one."""
    told = sorted((*view.tellings("result-told"), *view.answers), key=lambda one: one.at)
    if measure.within is None:
        return _untimed(standard, view, told, what="result")
    if view.decided_at is None:
        if told:
            return took(view, told[0]).met("result.met_at_once", done=clock(told[0].at))
        return evidence_of(view).moot("result.none") if view.is_over else evidence_of(view).open(None, "result.open")
    due = _due(standard, view, measure.within, since=view.decided_at)
    return _worded(view, timing(standard, view, due=due, tellings=told), what="result")


def _untimed(standard: Standard, view: CaseView, done: Sequence[Telling], *, what: str) -> Judgement:
    """Without a limit it has to be done before the case is closed."""
    if view.over_at is None:
        reached = next((one for one in done if one.standing is Standing.REACHED), None)
        if reached is not None:
            return took(view, reached).met(f"{what}.met_before", done=clock(reached.at))
        return evidence_of(view).open(None, "owed.unfinished")
    match timing(standard, view, due=view.over_at, tellings=done):
        case Kept(reached, _):
            return took(view, reached).met(f"{what}.met_before", done=clock(reached.at))
        case Slipped():
            return evidence_of(view).missed(f"{what}.missing")
        case judgement:
            return judgement


def _due(standard: Standard, view: CaseView, within: Limit, *, since: datetime) -> datetime:
    if standard.basis is None:
        raise ValueError(f"{standard.id}: a limit needs a time basis, the check of charters sees to that")
    return view.time.due(since, within, standard.basis)


def _date_of(told: Telling) -> datetime:
    return datetime.fromisoformat(str(told.fact.detail["due"]))


def _worded(view: CaseView, found: Timing, *, what: str) -> Judgement:
    match found:
        case Kept(done, due):
            return took(view, done).met(f"{what}.met", done=clock(done.at), due=clock(due))
        case Slipped(done, due):
            if done is None:
                return evidence_of(view, *view.told("slipped")).missed(f"{what}.missed", due=clock(due))
            return took(view, done, *view.told("slipped")).missed(f"{what}.late", done=clock(done.at), due=clock(due))
        case judgement:
            return judgement
