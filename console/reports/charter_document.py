"""The report on a charter as a document: what stands in it and in which order."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from console.reports.blocks import (
    Block,
    Calls,
    Command,
    Document,
    Entry,
    Heading,
    Paragraph,
    Part,
    Points,
    Terms,
)
from console.reports.charter_tables import (
    FINDINGS,
    link_to,
    others_table,
    rates_chart,
    summary_table,
    unmeasured_table,
)
from console.reports.shown import Shown
from console.reports.standard_blocks import standard_blocks
from ivr.charters.judges.judgement import Finding
from ivr.reports.charter_report import Audience, CharterReport, StandardResult, Standing
from ivr.reports.opening import Opened
from ivr.reports.words import Words

Opening = Callable[[StandardResult, Finding], Iterator[Opened]]
PARTS = ("summary", "judged", "others", "unmeasured", "figures", "courtesy", "method")
METHOD = ("verdicts", "clock", "ring", "rate", "range", "exempt", "versions", "again", "late", "privacy")
SHOW_CALL = "charterline calls show ID"


@dataclass(frozen=True, slots=True)
class Extras:
    """What other subjects give to the report, block by block; None where they are no part of it."""

    figures: Iterable[Block] | None = None
    courtesy: Iterable[Block] | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """How the report is told: in which words, to whom, whether it has lists at all, and how long they may be."""

    words: Words
    audience: Audience = Audience.INSIDE
    listed: bool = True
    list_limit: int = 1000

    @property
    def opens(self) -> bool:
        """Are calls listed?"""
        return self.listed and self.audience is Audience.INSIDE

    @property
    def manner(self) -> str:
        """The id of the sentence that says how numbers open."""
        if self.audience is Audience.PUBLIC:
            return "method.opens_public"
        return "method.opens_inside" if self.listed else "method.opens_paper"


def charter_document(report: CharterReport, told: Told, *, opening: Opening, extras: Extras) -> Document:
    """The document of a report; `opening` reads the calls behind a number when their list is written."""
    shown, say = Shown(told.words), told.words.say
    heading = report.charter.heading
    parts = tuple(
        Part(name, say(f"report.{name}_part"))
        for name in PARTS
        if name not in {"figures", "courtesy"} or getattr(extras, name) is not None
    )
    return Document(
        title=say("report.title", document=heading.document, quarter=shown.quarter(report.quarter)),
        heading=say("report.heading", document=heading.document, quarter=shown.quarter(report.quarter)),
        dated=report.quarter.last,
        about=tuple(_about(report, shown)),
        parts=parts,
        blocks=_blocks(report, told, opening, {part.anchor: part for part in parts}, extras),
    )


def _about(report: CharterReport, shown: Shown) -> Iterator[tuple[str, str]]:
    say, coverage = shown.words.say, report.coverage
    yield say("report.institution"), report.charter.heading.name
    yield say("report.document"), report.charter.heading.document
    yield say("report.period"), shown.span(report.quarter.first, report.quarter.last)
    if coverage.first and coverage.last:
        yield say("report.covered"), shown.span(coverage.first, coverage.last)
    else:
        yield say("report.covered"), say("report.no_calls")
    yield say("report.calls"), shown.count(coverage.calls)
    if coverage.unjudged:
        yield say("report.unjudged"), shown.count(coverage.unjudged)
    versions = [" ".join(filter(None, (shown.version(version), version.note))) for version in report.versions]
    yield say("report.versions"), " ".join(versions) or say("report.no_charter")
    if report.ring:
        yield say("report.ring"), " ".join(_ring(report, shown))


def _ring(report: CharterReport, shown: Shown) -> Iterator[str]:
    ring, say = report.ring, shown.words.say
    if ring is None:
        return
    yield say(
        "report.ring_used",
        rings=ring.rings,
        reading=say(f"readings.{ring.reading}", rings=ring.rings),
        seconds=shown.seconds(ring.limit_ms),
    )
    yield say("report.ring_cadence", tone=shown.seconds(ring.tone_ms), pause=shown.seconds(ring.pause_ms))
    others = [
        say(
            "report.ring_other",
            reading=say(f"readings.{name}", rings=ring.rings),
            seconds=shown.seconds(limit),
        )
        for name, limit in ring.others
    ]
    yield say("report.ring_others", others=", ".join(others))


def _blocks(
    report: CharterReport, told: Told, opening: Opening, parts: dict[str, Part], extras: Extras
) -> Iterator[Block]:
    yield parts["summary"]
    yield from _summary(report, told)
    yield parts["judged"]
    yield from _judged(report, told, opening)
    yield parts["others"]
    yield from _others(report, told)
    yield parts["unmeasured"]
    yield from _unmeasured(report, told)
    for name, blocks in (("figures", extras.figures), ("courtesy", extras.courtesy)):
        if blocks is not None:
            yield parts[name]
            yield from blocks
    yield parts["method"]
    yield from _method(told)


def _summary(report: CharterReport, told: Told) -> Iterator[Block]:
    shown, say = Shown(told.words), told.words.say
    yield Paragraph(say("report.summary_told", document=report.charter.heading.document))
    if not report.results:
        yield Paragraph(say("report.no_charter"))
        return
    if not report.of(Standing.JUDGED):
        yield Paragraph(say("report.no_judged"))
    else:
        yield rates_chart(report, shown)
    if told.opens:
        yield Command(say("report.summary_opens"))
    yield summary_table(report, shown, opens=told.opens)
    yield Terms(tuple((say(f"reached.{key}"), say(f"reached_told.{key}")) for key in ("yes", "no", "unsure", "none")))


def _judged(report: CharterReport, told: Told, opening: Opening) -> Iterator[Block]:
    results = report.of(Standing.JUDGED)
    if not results:
        yield Paragraph(told.words.say("report.no_judged"))
        return
    if told.opens:
        yield Command(told.words.say("report.facts_hint"), SHOW_CALL)
    for result in results:
        yield from standard_blocks(result, report.quarter, told.words)
        if told.opens:
            yield from standard_lists(report, result, told, opening=opening)


def standard_lists(report: CharterReport, result: StandardResult, told: Told, *, opening: Opening) -> Iterator[Block]:
    """The calls behind each count of one standard."""
    shown, say, standard = Shown(told.words), told.words.say, result.standard
    for finding in FINDINGS:
        number = result.counts.of(finding)
        if not number:
            continue
        notes = [say("report.calls_clause", clause=standard.clause, quote=standard.quote)]
        if number > told.list_limit:
            notes.append(say("report.calls_cut", shown=f"{told.list_limit:,}", count=f"{number:,}"))
            notes.append(command_of(report, result, finding))
        yield Calls(
            anchor=link_to(result.anchor, finding),
            title=say(
                "report.calls_of",
                promise=standard.key,
                finding=shown.words.name("findings", finding),
                count=shown.count(number),
            ),
            notes=tuple(notes),
            entries=_first(opening(result, finding), told.list_limit),
            back=result.anchor,
        )


def _first(entries: Iterator[Opened], limit: int) -> Iterator[Entry]:
    for place, one in enumerate(entries):
        if place >= limit:
            return
        yield Entry(one.call, one.arrived_at, one.reason, one.proofs)


def command_of(report: CharterReport, result: StandardResult, finding: Finding) -> str:
    """The command that lists every call behind a count."""
    return (
        f"charterline report calls --institution {report.charter.institution} --quarter {report.quarter} "
        f"--promise {result.standard.key} --verdict {finding.value}"
    )


def _others(report: CharterReport, told: Told) -> Iterator[Block]:
    if not report.of(Standing.NO_RECORD):
        yield Paragraph(told.words.say("report.no_others" if report.results else "report.no_charter"))
        return
    yield Paragraph(told.words.say("report.others_told"))
    yield others_table(report, Shown(told.words))


def _unmeasured(report: CharterReport, told: Told) -> Iterator[Block]:
    if not report.of(Standing.UNMEASURED):
        yield Paragraph(told.words.say("report.no_unmeasured" if report.results else "report.no_charter"))
        return
    yield Paragraph(told.words.say("report.unmeasured_told"))
    yield unmeasured_table(report, Shown(told.words))


def _method(told: Told) -> Iterator[Block]:
    say = told.words.say
    yield Points((*(say(f"method.{name}") for name in METHOD), say(told.manner)))
    yield Heading(say("report.findings_told"))
    yield Terms(tuple((say(f"findings.{name}"), say(f"findings_told.{name}")) for name in FINDINGS))
