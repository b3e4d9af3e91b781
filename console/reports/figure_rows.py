"""The figures as rows of a workbook, typed, for the whole line and for every dimension."""

from collections.abc import Iterator

from console.reports.figure_blocks import criterion, numbers_of
from console.reports.tables import Cell, Column, Table, row, table
from ivr.figures.sums import Figures
from ivr.reports.figure_report import FigureReport
from ivr.reports.words import Words


def figures_rows(report: FigureReport, words: Words) -> Table:
    """One row for each figure and each value it is asked by."""
    say = words.say
    columns = [
        *(Column(say(f"columns.{name}"), "label") for name in ("by", "by_value")),
        *(Column(say("columns.figure")), Column(say("columns.figure_id"), "label")),
        *(Column(say(f"columns.{name}"), "count") for name in ("counted", "base", "apart")),
        *(Column(say("columns.share"), "percent"), Column(say("columns.mean"), "seconds")),
        *(
            Column(say("columns.criterion"), "label"),
            Column(say("columns.definition"), "long"),
            Column(say("columns.source")),
        ),
    ]
    rows = [*_rows(report, words, (say("report.line"), ""), report.whole)]
    for split in report.splits:
        for _, name, figures in split.values:
            rows += _rows(report, words, (split.name, name), figures)
    return table(say("sheets.figures"), columns, rows)


def _rows(
    report: FigureReport, words: Words, asked_by: tuple[str, str], figures: Figures
) -> Iterator[tuple[Cell, ...]]:
    for definition in report.definitions:
        yield row(
            *(*asked_by, definition.name, definition.id, *numbers_of(figures, definition)),
            figures.share(definition.id) if definition.unit == "share" else None,
            figures.seconds(definition.id) if definition.unit == "seconds" else None,
            *(criterion(definition, words), definition.definition, definition.source or None),
        )
