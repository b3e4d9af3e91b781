"""The sheets of a report on a charter."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from fractions import Fraction

from console.reports.charter_document import METHOD, Told
from console.reports.shown import Shown
from console.reports.standard_rows import months_rows, reasons_rows, standards_table
from console.reports.tables import Cell, Column, Table, row, table
from console.reports.workbook import Sheet, sheet_of
from ivr.charters.judges.judgement import Finding
from ivr.lines.hours import SEOUL
from ivr.reports.charter_report import CharterReport
from ivr.reports.opening import Opened

MILLISECONDS = 1000


def charter_sheets(
    report: CharterReport,
    told: Told,
    verdicts: Iterable[Opened],
    *,
    about: tuple[tuple[str, str], ...],
    extras: tuple[Table, ...],
) -> Iterator[Sheet]:
    """Standards, months, reasons, what else there is, then every verdict for those inside, and how to read it all."""
    shown, say = Shown(told.words), told.words.say
    yield sheet_of(standards_table(report, shown))
    yield sheet_of(months_rows(report, report.quarter, shown))
    yield sheet_of(reasons_rows(report, shown))
    for extra in extras:
        yield sheet_of(extra)
    if told.opens:
        yield Sheet(say("sheets.verdicts"), _verdict_columns(shown), _verdict_rows(report, shown, verdicts))
    yield sheet_of(_about(about, told))


def _verdict_columns(shown: Shown) -> tuple[Column, ...]:
    say = shown.words.say
    return (
        *(Column(say(f"columns.{name}"), "label") for name in ("at", "call", "subject", "promise")),
        *(
            Column(say("columns.title")),
            Column(say("columns.finding"), "label"),
            Column(say("columns.sentence"), "long"),
        ),
        *(Column(say("columns.measured"), "seconds"), Column(say("columns.evidence"), "long")),
    )


def _verdict_rows(
    report: CharterReport, shown: Shown, verdicts: Iterable[Opened]
) -> Iterator[tuple[Cell | datetime, ...]]:
    titles = {result.standard.id: result.standard for result in report.results}
    names = {finding: shown.words.name("findings", finding) for finding in Finding}
    for verdict in verdicts:
        standard = titles[verdict.standard]
        measured = Fraction(verdict.measured, MILLISECONDS) if verdict.measured is not None else None
        yield (
            verdict.arrived_at.astimezone(SEOUL).replace(tzinfo=None, microsecond=0),
            *row(verdict.call, verdict.subject, standard.key, standard.title, names[verdict.finding]),
            *row(verdict.reason, measured, " ".join(proof.key for proof in verdict.proofs)),
        )


def _about(about: tuple[tuple[str, str], ...], told: Told) -> Table:
    say = told.words.say
    columns = [Column(say("sheets.about"), "label"), Column("", "long")]
    lines = [*about, *(("", say(f"method.{name}")) for name in METHOD), ("", say(told.manner))]
    return table(say("sheets.about"), columns, [row(name, text) for name, text in lines])
