"""Cases: what must be on record of one (S2, S3), its kind (S1), who was told to handle it (S4), its rating (T17)."""

from ivr.charters.judges.judgement import Judgement
from ivr.charters.judges.timing import Kept, Slipped, clock, evidence_of, excused, timing, took
from ivr.charters.measures.cases import CaseRecorded, HandlerNotified, KindRecorded
from ivr.charters.model import Standard
from ivr.charters.view_case import CaseView
from ivr.charters.view_owed import Standing, Telling, moment


def case_recorded(standard: Standard, measure: CaseRecorded, view: CaseView) -> Judgement:
    """The record has all parts; those that come with the work are due when the case is closed."""
    there = {
        "received_at": True,
        "channel": bool(view.channel),
        "owner": bool(view.owner),
        "handler": bool(view.handler),
        "result": view.decided_at is not None or bool(view.answers),
    }
    missing = tuple(part for part in measure.parts if not there[part])
    if not missing:
        return evidence_of(view, view.first("received")).met("record.met", parts=tuple(measure.parts))
    if view.withdrawn is not None:
        return excused(standard, view, "withdrawn", facts=(view.withdrawn,))
    if not view.is_over:
        return evidence_of(view).open(None, "owed.unfinished")
    return evidence_of(view, view.first("closed")).missed("record.missed", parts=missing)


def kind_recorded(measure: KindRecorded, view: CaseView) -> Judgement:
    """The case is one of the kinds that the charter names; what is none of them is not what it speaks of."""
    evidence = evidence_of(view, view.first("received"))
    if view.kind in measure.kinds:
        return evidence.met("kind.met", parts=(view.kind,))
    return evidence.moot("kind.other", parts=(view.kind,))


def department_notified(standard: Standard, measure: HandlerNotified, view: CaseView) -> Judgement:
    """A handling department was named and told, within the limit where there is one, else before all was settled."""
    told = [Telling(fact, moment(fact), "") for fact in view.told("handler-notified")]
    if measure.within is not None and standard.basis is not None:
        due = view.time.due(view.came_at, measure.within, standard.basis)
        match timing(standard, view, due=due, tellings=told):
            case Kept(done, _):
                return took(view, done).met("handler.met", done=clock(done.at))
            case Slipped():
                return evidence_of(view, *(one.fact for one in told)).missed("handler.missed")
            case judgement:
                return judgement
    if told:
        return took(view, told[0]).met("handler.met", done=clock(told[0].at))
    if view.withdrawn is not None:
        return excused(standard, view, "withdrawn", facts=(view.withdrawn,))
    return (
        evidence_of(view).missed("handler.missed") if view.is_over else evidence_of(view).open(None, "owed.unfinished")
    )


def rating_invited(standard: Standard, view: CaseView) -> Judgement:
    """Who was answered was asked to rate the answer; without an answer there is nothing to rate."""
    invited = view.tellings("rating-invited")
    reached = next((one for one in invited if one.standing is Standing.REACHED), None)
    if reached is not None:
        return took(view, reached).met("rating.met", done=clock(reached.at))
    if view.withdrawn is not None:
        return excused(standard, view, "withdrawn", facts=(view.withdrawn,))
    if view.no_contact is not None:
        return excused(standard, view, "no_contact", facts=(view.no_contact,))
    if not view.is_over:
        looks = [one.look_again_at for one in invited if one.look_again_at]
        return evidence_of(view).open(min(looks, default=None), "owed.unfinished")
    if not view.answers:
        return evidence_of(view).moot("rating.no_answer")
    return evidence_of(view, *(one.fact for one in view.answers)).missed("rating.missed")
