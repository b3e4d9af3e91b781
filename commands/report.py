"""`charterline report`: publish how a charter was kept in a quarter, and open its numbers down to the calls."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypedDict

import click

from commands.report_sources import Opening, open_sources
from commands.report_writing import write_agent, write_charter
from commands.shared import AS_JSON_LIST
from console.reports.charter_document import Told
from console.reports.writing import FORMATS
from ivr.charters.judges.judgement import Finding
from ivr.lines.hours import SEOUL
from ivr.reports.charter_report import Audience, StandardResult
from ivr.reports.opening import Opened
from ivr.reports.quarters import Quarter, read_quarter

SHOWN = "{at}  {call}  {reason}"
TO_SCREEN = ("html", "csv")


class ProofEntry(TypedDict):
    """One record on which a verdict rests; `at` is None where nothing is stored of it any more."""

    key: str
    words: str
    at: str | None


class OpenedEntry(TypedDict):
    """One verdict behind a number, as `report calls --json` prints it."""

    call: str
    subject: str
    standard: str
    arrived_at: str
    verdict: str
    reason: str
    measured: int | None
    evidence: list[ProofEntry]


def _quarter(_context: click.Context, _parameter: click.Parameter, written: str) -> Quarter:
    try:
        return read_quarter(written)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


INSTITUTION = click.option("--institution", required=True, help="Whose charter, like kibo.")
QUARTER = click.option("--quarter", required=True, callback=_quarter, help="The quarter, like 2026Q4.")
FORMAT = click.option("--format", "form", default="html", show_default=True, type=click.Choice(FORMATS))
OUTPUT = click.option("--output", required=True, help="The file, replaced as a whole; - for standard output.")
LIST_LIMIT = click.option(
    "--list-limit",
    default=1000,
    show_default=True,
    type=click.IntRange(1),
    help="How many calls a list of the page holds; the others are told by a command.",
)


@click.group()
def report() -> None:
    """Publish how a charter was kept, and open every number down to its calls."""


@report.command("charter")
@INSTITUTION
@QUARTER
@FORMAT
@OUTPUT
@click.option(
    "--audience",
    default=Audience.INSIDE.value,
    show_default=True,
    type=click.Choice([audience.value for audience in Audience]),
    help="Reports for the public have no lists of calls.",
)
@LIST_LIMIT
def report_charter(
    institution: str,
    quarter: Quarter,
    form: str,
    output: str,
    **manner: Any,  # click's own
) -> None:
    """Write the report on an institution's quarter: how every promise of its charter was kept.

    The same data always give the same bytes.
    """
    _refuse_binary(form, output)
    sources = open_sources()
    told = Told(sources.words, Audience(manner["audience"]), listed=form != "pdf", list_limit=int(manner["list_limit"]))
    write_charter(sources, (institution, quarter), told, form=form, output=output)


def _refuse_binary(form: str, output: str) -> None:
    if output == "-" and form not in TO_SCREEN:
        raise click.UsageError(f"a report as {form} is no text: name a file with --output")


@report.command("agent")
@click.option("--agent", "agent_id", required=True, help="Whose page, like kibo-1.")
@QUARTER
@click.option("--format", "form", default="html", show_default=True, type=click.Choice(TO_SCREEN))
@OUTPUT
@LIST_LIMIT
def report_agent(agent_id: str, quarter: Quarter, form: str, output: str, list_limit: int) -> None:
    """Write an agent's own page: own verdicts and figures beside the line's, for the agent's own eyes."""
    sources = open_sources()
    told = Told(sources.words, list_limit=list_limit)
    write_agent(sources, (agent_id, quarter), told, form=form, output=output)


@report.command("calls")
@INSTITUTION
@QUARTER
@click.option("--promise", required=True, help="The promise and its part, like K4 or D6.memo.")
@click.option("--verdict", required=True, type=click.Choice([finding.value for finding in Finding]))
@AS_JSON_LIST
def report_calls(institution: str, quarter: Quarter, promise: str, verdict: str, as_json: bool) -> None:
    """List the calls behind a number of the report, with the reason and the evidence of each.

    `charterline calls show ID` goes on from here.
    """
    sources = open_sources()
    with sources.reading(institution, quarter) as read:
        results = [result for result in read.report.results if promise in {result.standard.key, result.standard.id}]
        if not results:
            known = ", ".join(result.standard.key for result in read.report.results) or "none"
            raise click.ClickException(f"{institution} had no promise {promise!r} in {quarter}: known are {known}")
        found = _behind(read.opening, results, Finding(verdict))
        if as_json:
            _print_list(found)
            return
        number = 0
        for entry in found:
            number += 1
            click.echo(_in_words(entry))
        click.echo(f"{number} verdicts")


def _behind(opening: Opening, results: list[StandardResult], finding: Finding) -> Iterator[Opened]:
    for result in results:
        yield from opening(result, finding)


def _print_list(found: Iterator[Opened]) -> None:
    """One JSON list, an entry a line, however long it is."""
    separator = "["
    for entry in found:
        click.echo(separator + json.dumps(_entry(entry), ensure_ascii=False), nl=False)
        separator = ",\n"
    click.echo("[]" if separator == "[" else "]")


def _entry(opened: Opened) -> OpenedEntry:
    return {
        "call": opened.call,
        "subject": opened.subject,
        "standard": opened.standard,
        "arrived_at": opened.arrived_at.isoformat(),
        "verdict": opened.finding.value,
        "reason": opened.reason,
        "measured": opened.measured,
        "evidence": [
            {"key": proof.key, "words": proof.words, "at": proof.at.isoformat() if proof.at else None}
            for proof in opened.proofs
        ],
    }


def _in_words(opened: Opened) -> str:
    lines = [SHOWN.format(at=_local(opened.arrived_at), call=opened.call, reason=opened.reason)]
    for proof in opened.proofs:
        lines.append(f"    {_local(proof.at) if proof.at else '-':<19}  {proof.words}")
    return "\n".join(lines)


def _local(at: datetime) -> str:
    return f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}"
