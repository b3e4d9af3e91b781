"""One row for each standard, typed, for the workbook and for comma-separated files."""

from console.reports.charter_tables import reached_in_words, state_in_words
from console.reports.shown import Shown, share_of
from console.reports.tables import Column, Table, Value, row, table
from ivr.charters.judges.judgement import Finding
from ivr.reports.charter_report import CharterReport, StandardResult, Standing
from ivr.reports.quarters import Quarter

WORDS = ("clause", "quote", "how", "reading", "why_not", "state")


def standards_table(report: CharterReport, shown: Shown) -> Table:
    """Every standard with its counts and its words; what cannot be said is empty."""
    say = shown.words.say
    columns = [
        *(Column(say(f"columns.{name}"), "label") for name in ("institution", "quarter", "promise", "standard")),
        *(Column(say("columns.title")), Column(say("columns.scope"), "label")),
        *(Column(say(f"columns.{name}"), "percent") for name in ("target", "rate", "lowest", "highest")),
        Column(say("columns.reached"), "label"),
        *(Column(say(f"columns.{name}"), "count") for name in ("judged", *Finding)),
        *(Column(say(f"columns.{name}"), "long") for name in WORDS),
    ]
    rows = [row(*_standard(report, result, shown)) for result in report.results]
    return table(say("sheets.summary"), columns, rows)


def _standard(report: CharterReport, result: StandardResult, shown: Shown) -> tuple[Value, ...]:
    standard, counts = result.standard, result.counts
    return (
        *(report.charter.institution, str(report.quarter), standard.key, standard.id, standard.title),
        shown.words.name("scopes", standard.scope) if standard.scope else None,
        share_of(standard.target) if standard.measurable else None,
        *(counts.rate, counts.lowest, counts.highest),
        reached_in_words(result, shown),
        *_numbers(result),
        *(standard.clause, standard.quote, result.how or None, standard.reading or None, standard.why_not or None),
        state_in_words(result, shown) if result.standing is Standing.NO_RECORD else None,
    )


def _numbers(result: StandardResult) -> tuple[Value, ...]:
    if result.standing is Standing.UNMEASURED:
        return (None,) * (len(Finding) + 1)
    return (result.counts.judged, *(result.counts.of(finding) for finding in Finding))


def months_rows(report: CharterReport, quarter: Quarter, shown: Shown) -> Table:
    """Every judged standard by month."""
    say = shown.words.say
    columns = [
        *(Column(say("columns.promise"), "label"), Column(say("columns.title")), Column(say("columns.month"), "label")),
        *(Column(say(f"columns.{name}"), "percent") for name in ("rate", "lowest", "highest")),
        *(Column(say(f"columns.{name}"), "count") for name in ("judged", *Finding)),
    ]
    rows = [
        row(
            *(result.standard.key, result.standard.title, str(month), counts.rate, counts.lowest, counts.highest),
            *(counts.judged, *(counts.of(finding) for finding in Finding)),
        )
        for result in report.of(Standing.JUDGED)
        for month, counts in result.by_month(quarter)
    ]
    return table(say("sheets.months"), columns, rows)


def reasons_rows(report: CharterReport, shown: Shown) -> Table:
    """Why verdicts were anything but met, for every standard."""
    say = shown.words.say
    columns = [
        *(Column(say("columns.promise"), "label"), Column(say("columns.title"))),
        *(Column(say("columns.finding"), "label"), Column(say("columns.reason"))),
        Column(say("columns.count"), "count"),
    ]
    rows = [
        row(
            *(result.standard.key, result.standard.title),
            *(shown.words.name("findings", one.finding), one.reason, one.number),
        )
        for result in report.results
        for one in result.reasons
    ]
    return table(say("sheets.reasons"), columns, rows)
