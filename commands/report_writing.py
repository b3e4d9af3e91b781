"""Reports written to a file or to standard output."""

from commands.report_output import opened_output
from commands.report_sources import Sources
from console.reports.agent_document import agent_document, agent_rows
from console.reports.charter_document import Told
from console.reports.page import page
from console.reports.rows import rows
from console.reports.writing import WRITINGS
from ivr.reports.quarters import Quarter


def write_charter(sources: Sources, about: tuple[str, Quarter], told: Told, *, form: str, output: str) -> None:
    """Write the report on one institution's quarter to a file, or to standard output."""
    with sources.reading(*about) as read, opened_output(output) as out:
        WRITINGS[form](read, told, out, language=sources.language)


def write_agent(sources: Sources, about: tuple[str, Quarter], told: Told, *, form: str, output: str) -> None:
    """Write one agent's page for a quarter to a file, or to standard output."""
    with sources.reading_agent(*about) as (report, opening), opened_output(output) as out:
        if form == "csv":
            pieces = rows(agent_rows(report, told.words))
        else:
            pieces = page(agent_document(report, told, opening), told.words, sources.language)
        for piece in pieces:
            out.write(piece)
