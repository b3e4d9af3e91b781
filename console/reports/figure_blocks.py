"""The call-centre figures of a report: tables with definitions, a chart by hour, and the calls behind each number."""

from collections.abc import Callable, Iterator
from fractions import Fraction

from console.reports.blocks import Block, Calls, Command, Entry, Paragraph
from console.reports.charts import Bar, Chart, Row, Tone
from console.reports.tables import Cell, Column, Table, row, table
from ivr.figures.asking import Behind, By, Part
from ivr.figures.definitions import Definition
from ivr.figures.formulas import Count, Mean
from ivr.figures.sums import Figures, formula_of
from ivr.reports.figure_report import FigureReport, Split, opened_parts
from ivr.reports.words import Words

FigureOpening = Callable[[str, Part], Iterator[Behind]]
SPLIT_FIGURES = (
    *("calls", "asked", "answered", "response_rate", "service_level_offered", "abandonment_queue"),
    *("speed_of_answer", "handle_time", "within_rings"),
)


def figure_blocks(
    report: FigureReport, words: Words, *, opening: FigureOpening | None, list_limit: int
) -> Iterator[Block]:
    """The whole part; without `opening` no calls are listed."""
    if not report.whole.base("calls"):
        yield Paragraph(words.say("figures.none"))
        return
    yield Paragraph(words.say("figures.told"))
    yield figures_table(report, words, opens=opening is not None)
    for split in report.splits:
        if split.by is By.HOUR:
            yield hours_chart(split, words)
        yield split_table(report, split, words)
    if opening is not None:
        yield Command(words.say("figures.opens_by"), _command(report))
        yield from _lists(report, words, opening, list_limit)


def figures_table(report: FigureReport, words: Words, *, opens: bool) -> Table:
    """Every figure of the whole line with its definition beside it."""
    say = words.say
    columns = [
        *(Column(say("columns.figure")), Column(say("columns.value"), "percent")),
        *(Column(say(f"columns.{name}"), "count") for name in ("counted", "base", "apart")),
        *(Column(say("columns.criterion"), "label"), Column(say("columns.definition"), "long")),
    ]
    rows = [_figure_row(report, definition, words, opens=opens) for definition in report.definitions]
    return table(say("report.figures_part"), columns, rows)


def _figure_row(report: FigureReport, definition: Definition, words: Words, *, opens: bool) -> tuple[Cell, ...]:
    listed = opened_parts(definition.id) if opens else ()
    numbers = numbers_of(report.whole, definition)
    cells = [
        Cell(number, anchor_of(definition.id, part) if part in listed and number else "")
        for part, number in zip(("counted", "base", "apart"), numbers, strict=True)
    ]
    meaning = " ".join(filter(None, (definition.definition, sourced(definition, words))))
    return row(
        *(Cell(definition.name, anchor=f"figure-{definition.id.replace('_', '-')}"),),
        *(value_of(report.whole, definition, words), *cells, criterion(definition, words), meaning),
    )


def numbers_of(figures: Figures, definition: Definition) -> tuple[int | None, int | None, int | None]:
    """What a figure counts, of how many, and how many stand apart; None where it has no such side."""
    match formula_of(definition.id):
        case Count():
            return figures.counted(definition.id), None, None
        case Mean():
            return None, figures.base(definition.id), None
        case formula:
            apart = figures.apart(definition.id) if formula.apart else None
            return figures.counted(definition.id), figures.base(definition.id), apart


def value_of(figures: Figures, definition: Definition, words: Words) -> str:
    """A figure as people read it: a count, a share, or a mean in seconds."""
    if definition.unit == "count":
        return f"{figures.counted(definition.id):,}"
    if definition.unit == "share":
        return words.percent(figures.share(definition.id))
    mean = figures.seconds(definition.id)
    return words.say("formats.none") if mean is None else words.say("formats.seconds", seconds=_tenths(mean))


def criterion(definition: Definition, words: Words) -> str | None:
    """What the figure is held against by others, where there is something."""
    form = "formats.percent" if definition.unit == "share" else "formats.seconds"
    for bound, value in (("at_least", definition.at_least), ("at_most", definition.at_most)):
        if value is not None:
            said = words.say(form, percent=f"{value:g}", seconds=f"{value:g}")
            return words.say(f"figures.{bound}", value=said)
    return None


def sourced(definition: Definition, words: Words) -> str:
    """Where a definition comes from."""
    return words.say("figures.source", source=definition.source) if definition.source else ""


def split_table(report: FigureReport, split: Split, words: Words) -> Table:
    """The main figures for each value of a dimension."""
    chosen = [definition for definition in report.definitions if definition.id in SPLIT_FIGURES]
    columns = [Column(split.name, "label"), *(Column(definition.name, "percent") for definition in chosen)]
    rows = [
        row(name, *(value_of(figures, definition, words) for definition in chosen)) for _, name, figures in split.values
    ]
    return table(words.say("figures.by", by=split.name), columns, rows)


def hours_chart(split: Split, words: Words) -> Chart:
    """How many callers asked for an agent in each hour, and how many of them were answered."""
    most = max((figures.base("asked") for _, _, figures in split.values), default=0)
    rows = tuple(_hour(name, figures, words, most) for _, name, figures in split.values)
    legend: tuple[tuple[Tone, str], ...] = (
        ("met", words.say("figures.answered")),
        ("missed", words.say("figures.unanswered")),
    )
    return Chart("chart-hours", words.say("figures.hours"), words.say("figures.hours_told"), rows, legend)


def _hour(name: str, figures: Figures, words: Words, most: int) -> Row:
    asked, answered = figures.base("asked"), figures.counted("answered")
    says = words.say("figures.hour_says", asked=f"{asked:,}", answered=f"{answered:,}")
    if not asked:
        return Row(words.say("figures.hour", hour=name), says)
    bars = (
        Bar("met", Fraction(0), Fraction(answered, most)),
        Bar("missed", Fraction(answered, most), Fraction(asked, most)),
    )
    return Row(words.say("figures.hour", hour=name), says, tuple(bar for bar in bars if bar.end > bar.start))


def _lists(report: FigureReport, words: Words, opening: FigureOpening, list_limit: int) -> Iterator[Block]:
    for definition in report.definitions:
        numbers = dict(zip(("counted", "base", "apart"), numbers_of(report.whole, definition), strict=True))
        for part in opened_parts(definition.id):
            number = numbers[part]
            if not number:
                continue
            notes = [definition.definition]
            if number > list_limit:
                notes.append(words.say("report.calls_cut", shown=f"{list_limit:,}", count=f"{number:,}"))
                notes.append(f"{_command(report)} --figure {definition.id} --part {part}")
            yield Calls(
                anchor=anchor_of(definition.id, part),
                title=words.say(
                    "figures.list", name=definition.name, part=words.say(f"columns.{part}"), count=f"{number:,}"
                ),
                notes=tuple(notes),
                entries=_entries(opening(definition.id, part), list_limit, words),
                back=f"figure-{definition.id.replace('_', '-')}",
            )


def _entries(found: Iterator[Behind], limit: int, words: Words) -> Iterator[Entry]:
    for place, one in enumerate(found):
        if place >= limit:
            return
        said = "" if one.milliseconds is None else words.say("formats.seconds", seconds=f"{one.milliseconds / 1000:g}")
        yield Entry(one.call, one.arrived_at, said)


def anchor_of(figure: str, part: str) -> str:
    """The anchor of the list behind one side of a figure."""
    return f"figure-{figure.replace('_', '-')}-{part}"


def _command(report: FigureReport) -> str:
    return f"charterline figures calls --line {report.line.id} --from {report.quarter.first} --to {report.quarter.last}"


def _tenths(number: Fraction) -> str:
    return f"{float(round(number, 1)):.1f}"
