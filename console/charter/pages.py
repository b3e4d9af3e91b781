"""The pages of results: every standard in a time, one of them with its trend, and the verdicts behind a count."""

from dataclasses import dataclass

from flask import abort, render_template, request
from sqlalchemy.orm import Session

from console.charter import publishing, versions
from console.charter.charts import trend_chart
from console.charter.room import asked, blueprint, neighbours, standard_of, stretch, texts, widths
from console.office import office
from console.paging import asked_after, cut
from console.reports.svg import drawn
from console.visitor import STAFF, allowed, visitor
from ivr.charters.judges.judgement import Finding
from ivr.charters.model import Charter, Standard
from ivr.charters.periods import judge_period
from ivr.charters.reading_periods import last_day_on_record, period_view
from ivr.reports.charter_report import PeriodResult
from ivr.reports.counts import Counts, Reached
from ivr.reports.measured import exempt_when, how_measured
from ivr.reports.publishing import published
from ivr.reports.quarters import Quarter, month_of, months_until
from ivr.reports.standing import (
    MONTHS_OF_TREND,
    PAGE,
    Asked,
    Behind,
    Place,
    counts_by_month,
    counts_by_standard,
    faults_of,
    find_verdicts,
    opened_in,
    standards_in,
)
from ivr.reports.tallies import versions_in

# Their views are of the same blueprint.
__all__ = ["blueprint", "publishing", "versions"]


@dataclass(frozen=True, slots=True)
class Line:
    """One standard of the page with what was counted; `period` is there for promises about periods."""

    standard: Standard
    counts: Counts
    period: PeriodResult | None

    @property
    def reached(self) -> Reached:
        """Was its target reached?"""
        return self.counts.reached(self.standard.target)

    @property
    def is_judged(self) -> bool:
        """Was anything judged besides what does not apply?"""
        return self.counts.all > self.counts.not_applicable


@blueprint.get("/")
@allowed()
def page() -> str:
    """How every standard was kept in a month, quarter or year."""
    wanted, named = asked(), stretch()
    with office().store.reading() as session:
        counts = counts_by_standard(session, wanted.charter, wanted.stretch)
        periods = _periods(session, wanted)
        lines = [
            Line(standard, counts.get(standard.id, Counts()), periods.get(standard.id))
            for standard in standards_in(wanted.charter, wanted.stretch)
        ]
        standing = published(session, visitor().line.id, str(named)) if isinstance(named, Quarter) else None
    return render_template(
        "charter/page.html",
        charter=wanted.charter,
        named=named,
        is_quarter=isinstance(named, Quarter),
        widths=widths(named),
        around=neighbours(named),
        versions=versions_in(wanted.charter, wanted.stretch),
        lines=lines,
        totals=_totals(lines),
        published=standing,
        may_open=visitor().may(*STAFF),
    )


@blueprint.get("/standards/<path:key>")
@allowed()
def standard(key: str) -> str:
    """One standard: its clause, how it is measured, what was counted, its trend, and why it was not kept."""
    wanted, one, known = asked(), standard_of(key), texts()
    months = months_until(month_of(wanted.stretch.last), MONTHS_OF_TREND)
    with office().store.reading() as session:
        counts = counts_by_standard(session, wanted.charter, wanted.stretch).get(one.id, Counts())
        trend = counts_by_month(session, wanted.charter, months, standard=one.id).get(one.id, {})
        faults = faults_of(session, wanted, standard=one, reasons=known.reasons)
        period = _periods(session, wanted).get(one.id)
    by_month = [(month, trend.get(month, Counts())) for month in months]
    return render_template(
        "charter/standard.html",
        charter=wanted.charter,
        line=Line(one, counts, period),
        named=stretch(),
        widths=widths(stretch()),
        around=neighbours(stretch()),
        how=how_measured(one, known.words),
        exempt=exempt_when(one, dict(wanted.charter.heading.exemptions)),
        faults=faults,
        by_month=by_month,
        chart=drawn(trend_chart(one, by_month)) if trend else None,
        may_open=visitor().may(*STAFF),
    )


@blueprint.get("/verdicts")
@allowed(*STAFF)
def verdicts() -> str:
    """The verdicts behind a count, each with its reason and the records that prove it."""
    wanted, one = asked(), standard_of(request.args.get("key", ""))
    finding = request.args.get("finding", "")
    if finding not in set(Finding):
        abort(404)
    behind = Behind(wanted, one, Finding(finding))
    with office().store.reading() as session:
        found = find_verdicts(session, behind, after=_after(), limit=PAGE + 1)
        rows = cut(found, PAGE, lambda verdict: (verdict.day.isoformat(), verdict.subject))
        details = opened_in(session, rows.rows, behind, words=texts().words)
    return render_template(
        "charter/verdicts.html",
        page=rows,
        opened=list(zip(rows.rows, details, strict=True)),
        standard=one,
        finding=finding,
        named=stretch(),
    )


def _after() -> Place | None:
    mark = asked_after(2)
    if mark is None:
        return None
    try:
        return Place.written(*mark)
    except ValueError:
        abort(404)


def _totals(lines: list[Line]) -> dict[str, int]:
    """How many standards reached their target, did not, or cannot be said of yet."""
    judged = [line for line in lines if line.is_judged]
    return {
        "reached": sum(line.reached is Reached.YES for line in judged),
        "missed": sum(line.reached is Reached.NO for line in judged),
        "unsure": sum(line.reached is Reached.UNSURE for line in judged),
        "unjudged": len(lines) - len(judged),
    }


def _periods(session: Session, wanted: Asked) -> dict[str, PeriodResult]:
    """What was found of the promises about periods."""
    charter: Charter = wanted.charter
    about = [one for one in standards_in(charter, wanted.stretch) if one.scope == "period" and one.measurable]
    if not about:
        return {}
    today = last_day_on_record(session, charter.institution)
    days = {"first_day": wanted.stretch.first, "last_day": wanted.stretch.last}
    view = period_view(session, charter.institution, **days, today=today)
    found = {}
    for one in about:
        judgement = judge_period(one, view)
        reason = texts().reasons.say(judgement.reason, charter.heading.exemptions)
        found[one.id] = PeriodResult(judgement.finding, reason, judgement.evidence)
    return found
