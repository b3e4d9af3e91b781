"""What the rounds of the telephone-courtesy survey found in a quarter; agents are never in it."""

from collections.abc import Iterator
from fractions import Fraction

from console.reports.blocks import Block, Heading, Paragraph, Terms
from console.reports.tables import Column, Table, row, table
from ivr.courtesy.results import CourtesySummary, Score
from ivr.lines.model import Line
from ivr.reports.words import Words


def courtesy_blocks(summary: CourtesySummary | None, line: Line | None, words: Words) -> Iterator[Block]:
    """The whole part; where no round was held, it says so."""
    if summary is None:
        yield Paragraph(words.say("courtesy.none"))
        return
    say = words.say
    yield Paragraph(say("courtesy.told", n=f"{summary.whole.n:,}", value=_points(summary.whole.value, words)))
    yield Paragraph(summary.formula)
    yield _rounds(summary, words)
    for name, scores in (("stages", summary.stages), ("items", summary.items), ("teams", summary.teams)):
        if scores:
            yield _scores(say(f"courtesy.{name}"), scores, line, words)
    yield Heading(say("courtesy.agreement"))
    yield from _agreement(summary, words)


def _rounds(summary: CourtesySummary, words: Words) -> Table:
    say = words.say
    columns = [
        *(Column(say(f"courtesy.{name}"), "label") for name in ("round", "days", "published_on")),
        *(Column(say("courtesy.held_by")), Column(say("courtesy.calls"), "count")),
        Column(say("courtesy.dropped"), "count"),
    ]
    rows = [
        row(
            *(one.id, f"{one.first_day.isoformat()} ~ {one.last_day.isoformat()}", one.published_on),
            *(say(f"values.by.{one.held_by}") if words.has(f"values.by.{one.held_by}") else one.held_by,),
            *(one.calls, one.dropped),
        )
        for one in summary.rounds
    ]
    return table(say("courtesy.rounds"), columns, rows)


def _scores(caption: str, scores: tuple[Score, ...], line: Line | None, words: Words) -> Table:
    say = words.say
    columns = [
        Column(say("courtesy.what")),
        *(Column(say("courtesy.value"), "seconds"), Column(say("courtesy.calls"), "count")),
    ]
    return table(caption, columns, [row(_name(score, line, words), score.value, score.n) for score in scores])


def _name(score: Score, line: Line | None, words: Words) -> str:
    if score.name:
        return score.name
    if line is not None and score.id in line.teams:
        return line.teams[score.id].name
    return score.id or words.say("courtesy.unknown")


def _agreement(summary: CourtesySummary, words: Words) -> Iterator[Block]:
    found, say = summary.agreement, words.say
    if found.undefined:
        yield Paragraph(say(f"courtesy.{found.undefined}"))
    if not found.n:
        return
    pairs = [
        (say("courtesy.pairs"), f"{found.n:,}"),
        (say("courtesy.exact"), words.percent(found.exact)),
        (say("courtesy.within_one"), words.percent(found.within_one)),
        (say("courtesy.mean_difference"), _decimal(found.mean_difference, words)),
        (say("courtesy.kappa"), _decimal(found.kappa, words)),
    ]
    yield Terms(tuple(pairs))


def _points(value: Fraction | None, words: Words) -> str:
    return words.say("formats.none") if value is None else f"{float(round(value, 1)):.1f}"


def _decimal(value: Fraction | None, words: Words) -> str:
    return words.say("formats.none") if value is None else f"{float(round(value, 2)):.2f}"
