"""One standard of a charter as blocks, in the report on the charter and on an agent's own page."""

from collections.abc import Iterator

from console.reports.blocks import Block, Heading, Paragraph, Section, Terms
from console.reports.charter_tables import months_chart, months_table, reasons_table
from console.reports.shown import Shown
from ivr.reports.charter_report import StandardResult
from ivr.reports.quarters import Quarter
from ivr.reports.words import Words


def standard_blocks(result: StandardResult, quarter: Quarter, words: Words) -> Iterator[Block]:
    """One standard: its words, how it is measured, by month, and why it was found so."""
    shown, say, standard = Shown(words), words.say, result.standard
    yield Section(result.anchor, f"{standard.key} {standard.title}")
    yield Terms(tuple(_terms(result, shown)), quoted=standard.quote)
    yield months_chart(result, quarter, shown)
    yield months_table(result, quarter, shown)
    yield Heading(say("report.reasons"))
    if result.reasons:
        yield reasons_table(result, shown)
    else:
        yield Paragraph(say("report.no_reasons"))


def _terms(result: StandardResult, shown: Shown) -> Iterator[tuple[str, str]]:
    say, standard, counts = shown.words.say, result.standard, result.counts
    yield say("report.quote"), standard.quote
    yield say("report.clause"), standard.clause
    yield say("report.how"), result.how
    if standard.reading:
        yield say("report.reading"), standard.reading
    if standard.scope:
        yield say("report.measured_on"), shown.words.name("scopes_told", standard.scope)
    if result.exempt_when:
        yield say("report.exempt_when"), ", ".join(result.exempt_when)
    yield (
        say("report.result"),
        say(
            "report.result_says",
            rate=shown.words.percent(counts.rate),
            range=shown.range(counts),
            target=shown.target(standard.target),
            reached=shown.words.name("reached", counts.reached(standard.target)),
        ),
    )
