"""An agent's own page as a document: own rates beside the line's, own verdicts opened to calls, own figures."""

from collections.abc import Iterator

from console.reports.blocks import Block, Document, Paragraph, Part, Points
from console.reports.charter_document import METHOD, Opening, Told, standard_lists
from console.reports.charter_tables import FINDINGS, counted
from console.reports.figure_blocks import criterion, numbers_of, sourced, value_of
from console.reports.shown import Shown
from console.reports.standard_blocks import standard_blocks
from console.reports.tables import Cell, Column, Table, Value, row, table
from ivr.figures.sums import Figures
from ivr.reports.agent_report import AgentReport
from ivr.reports.charter_report import StandardResult, Standing
from ivr.reports.words import Words

PARTS = ("summary", "judged", "figures", "method")


def agent_document(report: AgentReport, told: Told, opening: Opening) -> Document:
    """The document of one agent's quarter; `opening` reads the agent's own calls behind a number."""
    shown, say = Shown(told.words), told.words.say
    parts = tuple(Part(name, say(f"agent.{name}_part")) for name in PARTS)
    heading = say("agent.heading", name=report.agent.name, quarter=shown.quarter(report.own.quarter))
    return Document(
        title=heading,
        heading=heading,
        dated=report.own.quarter.last,
        about=(
            (say("report.institution"), report.own.charter.heading.name),
            (say("agent.agent"), f"{report.agent.name} ({report.agent.id})"),
            (say("report.period"), shown.span(report.own.quarter.first, report.own.quarter.last)),
            (say("agent.reader"), say("agent.reader_told")),
        ),
        parts=parts,
        blocks=_blocks(report, told, opening, parts),
    )


def _blocks(report: AgentReport, told: Told, opening: Opening, parts: tuple[Part, ...]) -> Iterator[Block]:
    summary, judged, figures, method = parts
    yield summary
    yield Paragraph(told.words.say("agent.summary_told"))
    yield standards_beside(report, Shown(told.words), opens=told.opens)
    yield judged
    yield from _judged(report, told, opening)
    yield figures
    yield from _figures(report, told.words)
    yield method
    yield Points((told.words.say("agent.counted"), *(told.words.say(f"method.{name}") for name in METHOD)))


def _judged(report: AgentReport, told: Told, opening: Opening) -> Iterator[Block]:
    results = report.own.of(Standing.JUDGED)
    if not results:
        yield Paragraph(told.words.say("agent.no_judged"))
    for result in results:
        yield from standard_blocks(result, report.own.quarter, told.words)
        if told.opens:
            yield from standard_lists(report.own, result, told, opening=opening)


def _figures(report: AgentReport, words: Words) -> Iterator[Block]:
    if report.line_figures is None or not report.own_figures.counts:
        yield Paragraph(words.say("figures.none"))
        return
    yield Paragraph(words.say("figures.told"))
    yield figures_beside(report, words)


def standards_beside(report: AgentReport, shown: Shown, *, opens: bool) -> Table:
    """Every standard that was judged on the line: the agent's own rate and counts, and the line's rate."""
    say = shown.words.say
    columns = [
        *(
            Column(say("columns.promise"), "label"),
            Column(say("columns.title")),
            Column(say("columns.target"), "label"),
        ),
        *(Column(say("columns.own"), "percent"), Column(say("columns.line"), "percent")),
        *(Column(say(f"columns.{name}"), "count") for name in ("judged", *FINDINGS)),
    ]
    own = {result.standard.id: result for result in report.own.results}
    rows = [_beside(own[result.standard.id], result, shown, opens=opens) for result in report.line.of(Standing.JUDGED)]
    return table(say("agent.summary_part"), columns, rows)


def _beside(own: StandardResult, line: StandardResult, shown: Shown, *, opens: bool) -> tuple[Cell, ...]:
    judged = own.standing is Standing.JUDGED
    return row(
        *(Cell(own.standard.key, own.anchor if judged else ""), own.standard.title, shown.target(own.standard.target)),
        *(own.counts.rate, line.counts.rate),
        *counted(own.counts, anchor=own.anchor if opens and judged else ""),
    )


def figures_beside(report: AgentReport, words: Words) -> Table:
    """The figures that an agent's calls have, with the line's beside them."""
    say, line = words.say, report.line_figures
    columns = [
        *(Column(say("columns.figure")), Column(say("columns.own"), "percent"), Column(say("columns.line"), "percent")),
        *(Column(say(f"columns.{name}"), "count") for name in ("counted", "base", "apart")),
        *(Column(say("columns.criterion"), "label"), Column(say("columns.definition"), "long")),
    ]
    rows = [
        row(
            definition.name,
            *(value_of(report.own_figures, definition, words), value_of(line.whole, definition, words)),
            *numbers_of(report.own_figures, definition),
            criterion(definition, words),
            " ".join(filter(None, (definition.definition, sourced(definition, words)))),
        )
        for definition in (line.definitions if line else ())
        if line is not None and _has(report.own_figures, definition.id)
    ]
    return table(say("agent.figures_part"), columns, rows)


def _has(figures: Figures, figure: str) -> bool:
    """Calls that were never answered belong to no agent, so figures of them say nothing here."""
    return bool(figures.base(figure) or figures.apart(figure))


def agent_rows(report: AgentReport, words: Words) -> Table:
    """Standards and figures as plain rows, for comma-separated files."""
    say = words.say
    columns = [
        *(Column(say(f"columns.{name}"), "label") for name in ("agent", "quarter", "kind", "id")),
        Column(say("columns.title")),
        *(Column(say("columns.own"), "percent"), Column(say("columns.line"), "percent")),
        *(Column(say(f"columns.{name}"), "count") for name in ("counted", "base", "apart")),
    ]
    head = (report.agent.id, str(report.own.quarter))
    own = {result.standard.id: result for result in report.own.results}
    rows = [
        row(*head, say("columns.promise"), *_standard_row(own[line.standard.id], line))
        for line in report.line.of(Standing.JUDGED)
    ]
    rows += [row(*head, say("columns.figure"), *values) for values in _figure_rows(report)]
    return table(say("agent.summary_part"), columns, rows)


def _standard_row(own: StandardResult, line: StandardResult) -> tuple[Value, ...]:
    counts = own.counts
    return (
        *(own.standard.key, own.standard.title, counts.rate, line.counts.rate),
        *(counts.met, counts.judged, counts.indeterminate),
    )


def _figure_rows(report: AgentReport) -> Iterator[tuple[Value, ...]]:
    if report.line_figures is None:
        return
    for definition in report.line_figures.definitions:
        if not _has(report.own_figures, definition.id):
            continue
        own, line = (
            _number(each, definition.id, definition.unit) for each in (report.own_figures, report.line_figures.whole)
        )
        yield (definition.id, definition.name, own, line, *numbers_of(report.own_figures, definition))


def _number(figures: Figures, figure: str, unit: str) -> Value:
    match unit:
        case "share":
            return figures.share(figure)
        case "seconds":
            return figures.seconds(figure)
        case _:
            return figures.counted(figure)
