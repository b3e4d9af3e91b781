"""Judging a period: a survey held often enough (T11), a share that got better (A2, A4), a shared centre; rules only."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from ivr.charters import periods_bills, periods_centre
from ivr.charters.judges.judgement import Judgement, Value, found
from ivr.charters.measures import AnyMeasure
from ivr.charters.measures.centre import ContractSecured, FirmsEligible, RepairsReferenced, SupportTerm
from ivr.charters.measures.periods import (
    BaseFeeCharged,
    BilledByUsage,
    LabourCostSplit,
    PeakStaffed,
    ShareImproved,
    StaffedForLoad,
    SurveyHeld,
)
from ivr.charters.measures.surveys import FreeOfCharge
from ivr.charters.model import Standard
from ivr.charters.terms import Every
from ivr.charters.view_centre import CentreView
from ivr.rounding import percent

MONTHS: Mapping[Every, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
DAY = timedelta(days=1)
ANSWERED = "response_rate"
"""The figure (`ivr/figures/formulas.py`) that is meant by the share of answered calls."""


@dataclass(frozen=True, slots=True)
class Span:
    """Local days, both included."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Does the day lie in the span?"""
        return self.first <= day <= self.last

    def contains(self, other: "Span") -> bool:
        """Does the other span lie in this one wholly?"""
        return self.covers(other.first) and self.covers(other.last)

    @property
    def before(self) -> "Span":
        """The span of the same length that ends the day before: in whole months, where this one is of such."""
        last = self.first - DAY
        if self.first.day != 1 or not _ends_month(self.last):
            return Span(last - (self.last - self.first), last)
        months = _month_number(self.last) - _month_number(self.first) + 1
        return Span(_first_of(_month_number(self.first) - months), last)


@dataclass(frozen=True, slots=True)
class HeldSurvey:
    """A published round or a closed campaign; it belongs to the period in which the days of its calls end."""

    id: str
    last_day: date
    held_by: str


@dataclass(frozen=True, slots=True)
class Part:
    """`counted` of `base`; a base of 0 says that there was nothing to count."""

    counted: int = 0
    base: int = 0

    @property
    def share(self) -> Fraction:
        """The share, 0 to 1, of a base that is not 0."""
        return Fraction(self.counted, self.base)


@dataclass(frozen=True, slots=True)
class PeriodView:
    """What judges see of a period. Days are local, both included.

    `today` is the last day that has data, None where there is none: it has not ended, and nothing is known of
    later ones. `record_from` is the first day that has data. `courtesy_rounds` and `satisfaction` (surveys of it)
    are those of every year that the days touch; `answered` and `answered_before` are of these days and of
    `Span.before`. `centre` is what there is of a shared centre, None on a line that has nothing of one.
    """

    first_day: date
    last_day: date
    today: date | None
    record_from: date | None
    courtesy_rounds: tuple[HeldSurvey, ...] = ()
    answered: Part = Part()
    answered_before: Part = Part()
    satisfaction: tuple[HeldSurvey, ...] = ()
    centre: CentreView | None = None

    @property
    def span(self) -> Span:
        """The days that are reported on."""
        return Span(self.first_day, self.last_day)

    def is_over(self, span: Span) -> bool:
        """Is there data of a day after the span?"""
        return self.today is not None and self.today > span.last

    def is_recorded(self, span: Span) -> bool:
        """Was a record kept from the first day of the span?"""
        return self.record_from is not None and self.record_from <= span.first


def judge_period(standard: Standard, view: PeriodView) -> Judgement:
    """Judge a standard of the scope `period`; raises ValueError for one that is about something else."""
    if standard.measure is not None and standard.scope != "period":
        raise ValueError(f"{standard.id} has the scope {standard.scope}: give one of the scope period")
    match standard.measure:
        case SurveyHeld(survey="courtesy" | "satisfaction") as measure:
            return _survey_held(measure, view)
        case ShareImproved(share="answered"):
            return _improved(view, view.answered, view.answered_before, of="share")
        case None:
            return found().moot("not_measurable")
        case measure:
            return found().moot("call.not_kept") if view.centre is None else _judge_centre(measure, view, view.centre)


def _judge_centre(measure: AnyMeasure, view: PeriodView, centre: CentreView) -> Judgement:
    """What is judged of a shared centre alone."""
    days = (view.last_day - view.first_day).days + 1
    match measure:
        case ShareImproved():
            now, before = Part(centre.right, centre.marked), Part(centre.right_before, centre.marked_before)
            return _improved(view, now, before, of="intake")
        case PeakStaffed():
            return periods_centre.peak_staffed(centre, days)
        case StaffedForLoad():
            return periods_centre.staffed_for_load(measure, centre)
        case SupportTerm():
            return periods_centre.support_term(measure, centre)
        case FirmsEligible():
            return periods_centre.firms_eligible(measure, centre)
        case ContractSecured():
            return periods_centre.contract_secured(measure, centre)
        case RepairsReferenced():
            return periods_centre.repairs_referenced(centre, is_over=view.is_over(view.span))
        case _:
            return _judge_bills(measure, view, centre)


def _judge_bills(measure: AnyMeasure, view: PeriodView, centre: CentreView) -> Judgement:
    match measure:
        case BilledByUsage():
            return periods_bills.billed_by_usage(centre, view.today)
        case LabourCostSplit():
            return periods_bills.labour_cost_split(measure, centre)
        case BaseFeeCharged():
            return periods_bills.base_fee_charged(measure, centre)
        case FreeOfCharge():
            return periods_bills.free_of_charge(measure, centre)
        case _:
            return found().moot("call.not_kept")


def periods_of(span: Span, every: Every) -> tuple[Span, ...]:
    """The calendar periods that end in the span, or contain it: of any span there is at least one."""
    periods = tuple(_calendar(span, MONTHS[every]))
    return tuple(one for one in periods if span.covers(one.last) or one.contains(span))


def _survey_held(measure: SurveyHeld, view: PeriodView) -> Judgement:
    """Every period has enough rounds by those named; else the first that was missed says it, then the first unsure."""
    periods = periods_of(view.span, measure.every)
    judged = [_held_in(one, measure, view) for one in periods]
    for finding in ("missed", "indeterminate"):
        for judgement in judged:
            if judgement.finding == finding:
                return judgement
    if len(judged) == 1:
        return judged[0]
    rounds = _rounds(Span(periods[0].first, periods[-1].last), measure, view)
    whole: dict[str, Value] = {"first": str(periods[0].first), "last": str(periods[-1].last), "held": len(rounds)}
    return found(*rounds).met("period.survey_met_each", **whole, times=measure.times, periods=len(periods))


def _held_in(period: Span, measure: SurveyHeld, view: PeriodView) -> Judgement:
    rounds = _rounds(period, measure, view)
    days: dict[str, Value] = {"first": str(period.first), "last": str(period.last), "held": len(rounds)}
    if len(rounds) >= measure.times:
        return found(*rounds).met("period.survey_met", **days, times=measure.times)
    if not view.is_over(period):
        return found(*rounds).unknown("period.survey_running", **days)
    if not view.is_recorded(period):
        return found(*rounds).unknown("period.survey_unrecorded", **days)
    if measure.survey == "satisfaction":
        # An agency may have held one that no campaign here knows of: decision 0008.
        return found(*rounds).unknown("period.survey_elsewhere", **days)
    return found(*rounds).missed("period.survey_missed", **days, times=measure.times)


def _rounds(period: Span, measure: SurveyHeld, view: PeriodView) -> list[str]:
    held = view.courtesy_rounds if measure.survey == "courtesy" else view.satisfaction
    rounds = sorted(held, key=lambda one: (one.last_day, one.id))
    return [one.id for one in rounds if period.covers(one.last_day) and measure.by in {"anyone", one.held_by}]


def _improved(view: PeriodView, now: Part, earlier: Part, *, of: str) -> Judgement:
    """These days against the span before; what is wholly so needs no comparison. `of` names the reasons."""
    before, figure = view.span.before, ANSWERED if of == "share" else "correct_intake"
    own = found(f"{figure}/{view.first_day}/{view.last_day}")
    if not view.is_over(view.span):
        return own.unknown(f"period.{of}_running")
    if not now.base:
        return own.unknown(f"period.{of}_empty")
    if now.counted == now.base:
        return own.met(f"period.{of}_whole", base=now.base)
    days: dict[str, Value] = {"first": str(before.first), "last": str(before.last)}
    if not earlier.base:
        return own.unknown(f"period.{of}_no_earlier", **days)
    both = found(*own.evidence, f"{figure}/{before.first}/{before.last}")
    if not view.is_recorded(before):
        return both.unknown(f"period.{of}_unrecorded", **days, since=str(view.record_from))
    values: dict[str, Value] = {
        **days,
        **_told(now),
        **{f"before_{name}": value for name, value in _told(earlier).items()},
    }
    if now.share > earlier.share:
        return both.met(f"period.{of}_met", **values)
    return both.missed(f"period.{of}_missed", **values)


def _told(part: Part) -> dict[str, Value]:
    """A share in percent, and what it is made of."""
    return {"share": percent(part.share), "counted": part.counted, "base": part.base}


def _calendar(span: Span, months: int) -> Iterator[Span]:
    """Every calendar period of so many months that shares a day with the span."""
    number = _month_number(span.first) // months * months
    while _first_of(number) <= span.last:
        yield Span(_first_of(number), _first_of(number + months) - DAY)
        number += months


def _month_number(day: date) -> int:
    """Months since the year 0."""
    return day.year * 12 + day.month - 1


def _first_of(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _ends_month(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]
