"""Was the customer told before a date slipped, why and until when (promise K20)?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ivr.charters.judges.judgement import Judgement
from ivr.charters.judges.timing import ON_ITS_WAY, clock, evidence_of, excused, running
from ivr.charters.measures.cases import ToldBeforeSlip
from ivr.charters.model import Standard
from ivr.charters.view_callback import CallbackView
from ivr.charters.view_case import CaseView
from ivr.charters.view_owed import OwedView, Standing, Telling, moment

FIELDS = {"reason": ("reason",), "new_time": ("due", "until")}


@dataclass(frozen=True, slots=True)
class _Course:
    """What there is to tell of: the first date, what was owed before it, and the notices that move it."""

    due: datetime
    ends: Sequence[Telling]
    notices: Sequence[Telling]


def told_before_slip(standard: Standard, measure: ToldBeforeSlip, view: CallbackView | CaseView) -> Judgement:
    """Every date that slipped was moved by a notice that reached the customer before it; each names all parts."""
    course = _course_of(view)
    due, told = course.due, list[Telling]()
    for _ in range(len(course.notices) + 1):
        if _reached_before(course.ends, due) or (view.over_at is not None and view.over_at < due):
            return _kept(view, told)
        if view.horizon < due:
            return running(view, due)
        later = _moving(course, due, measure)
        if later is None:
            return _slipped(standard, view, course, due=due, told=told)
        told.append(later)
        due = _new_date(later)
    return _kept(view, told)


def _course_of(view: CallbackView | CaseView) -> _Course:
    if isinstance(view, CallbackView):
        return _Course(view.promised_at, view.answered, view.notices)
    ends = {
        "answer": view.answers,
        "first_answer": view.first_answers,
        "answer_or_direction": (*view.first_answers, *view.directions),
    }
    return _Course(view.first_due_at, ends[view.owed], view.notices)


def _reached_before(tellings: Sequence[Telling], due: datetime) -> bool:
    return any(one.standing is Standing.REACHED and one.at < due for one in tellings)


def _moving(course: _Course, due: datetime, measure: ToldBeforeSlip) -> Telling | None:
    """The notice before `due` that names the latest date; one that lacks a part is none."""
    told = [one for one in course.notices if one.standing is not Standing.LOST and _has_all(one, measure)]
    return max((one for one in told if one.at < due < _new_date(one)), key=_new_date, default=None)


def _has_all(notice: Telling, measure: ToldBeforeSlip) -> bool:
    detail = notice.fact.detail
    return bool(detail.get("until") or detail.get("due")) and all(
        any(detail.get(name) for name in FIELDS[part]) for part in measure.parts
    )


def _new_date(told: Telling) -> datetime:
    """The date that was told; a callback's notice has the old one under `due` beside it."""
    detail = told.fact.detail
    return datetime.fromisoformat(str(detail.get("until") or detail["due"]))


def _kept(view: OwedView, told: Sequence[Telling]) -> Judgement:
    if not told:
        return evidence_of(view).moot("slip.none")
    on_its_way = next((one for one in told if one.standing is Standing.OPEN), None)
    evidence = evidence_of(view, *(one.fact for one in told))
    if on_its_way is not None:
        return evidence.open(on_its_way.look_again_at, ON_ITS_WAY)
    return evidence.met("slip.met", told=clock(told[0].at), until=clock(_new_date(told[-1])))


def _slipped(
    standard: Standard, view: OwedView, course: _Course, *, due: datetime, told: Sequence[Telling]
) -> Judgement:
    withdrawn = view.withdrawn
    if view.is_test:
        return excused(standard, view, "test_call", facts=())
    if withdrawn is not None and moment(withdrawn) < due:
        return excused(standard, view, "withdrawn", facts=(withdrawn,))
    if view.no_contact is not None:
        return excused(standard, view, "no_contact", facts=(view.no_contact,))
    late = [one for one in course.notices if one.standing is Standing.REACHED and one.at >= due]
    evidence = evidence_of(view, *(one.fact for one in (*told, *course.notices)))
    return evidence.missed("slip.late" if late else "slip.missed", due=clock(due))
