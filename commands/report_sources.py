"""What reports are made from: the installation's charters, lines, words, and one consistent reading of the data."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

import click
from sqlalchemy.orm import Session

from commands.installation import installed_settings
from commands.opened import Opened, open_installation
from config.files import FIGURES, REPORTS, UnreadableFiles, read_file
from ivr.charters.judges.judgement import Finding
from ivr.charters.model import UnknownCharter
from ivr.charters.verdicts import Rules
from ivr.faults import BadData
from ivr.figures.definitions import Definitions, load_definitions
from ivr.figures.sums import Figures
from ivr.lines.model import Line, UnknownLine
from ivr.reports.agent_report import AgentReport, UnknownAgent, agent_of, verdicts_of
from ivr.reports.charter_report import Asked, StandardResult
from ivr.reports.figure_report import agent_figures
from ivr.reports.opening import Opened as OpenedVerdict
from ivr.reports.quarters import Quarter
from ivr.reports.reading import Reading
from ivr.reports.words import Words, load_words
from workers.verdicts import installed_rules

Opening: TypeAlias = Callable[[StandardResult, Finding], Iterator[OpenedVerdict]]
KO = "ko.toml"
# A report reads for longer than a webhook may; nobody waits for it.
LONGEST_STATEMENT = "SET LOCAL statement_timeout = '10min'"


@dataclass(frozen=True, slots=True)
class Sources:
    """An opened installation with its rules and the words of reports."""

    installation: Opened
    rules: Rules
    words: Words
    definitions: Definitions
    language: str

    @contextmanager
    def reading(self, institution: str, quarter: Quarter) -> Iterator[Reading]:
        """Read one institution's quarter; an unknown institution is refused in words."""
        try:
            charter = self.rules.charters.of(institution)
        except UnknownCharter as error:
            raise click.ClickException(str(error)) from None
        with self.snapshot() as session:
            yield self.read(session, Asked(charter, quarter))

    @contextmanager
    def reading_agent(self, agent_id: str, quarter: Quarter) -> Iterator[tuple[AgentReport, Opening]]:
        """Read one agent's quarter; an unknown agent, or one of a line without a charter, is refused in words."""
        with self.snapshot() as session:
            try:
                agent = agent_of(session, agent_id)
                charter = self.rules.charters.of(agent.line)
            except (UnknownAgent, UnknownCharter) as error:
                raise click.ClickException(str(error)) from None
            own = self.read(session, Asked(charter, quarter, verdicts_of(agent.id)))
            line = self.read(session, Asked(charter, quarter))
            figures = agent_figures(session, line.line, quarter, agent=agent.id) if line.line else Figures()
            yield AgentReport(agent, own.report, line.report, figures, line.figures), own.opening

    def read(self, session: Session, asked: Asked) -> Reading:
        """The reading of what is asked."""
        return Reading(session, asked, self.line(asked.charter.institution), self.rules, self.words, self.definitions)

    def line(self, id: str) -> Line | None:
        """The line of an institution; None where its file has been removed."""
        try:
            return self.installation.lines.by_id(id)
        except UnknownLine:
            return None

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A session that sees one moment, while calls go on being judged."""
        store = self.installation.store
        with store.reading() as session:
            if not store.is_sqlite:
                connection = session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
                connection.exec_driver_sql(LONGEST_STATEMENT)
            yield session


def open_sources() -> Sources:
    """Open the installation for reports; faults of its files are told in words."""
    installation = open_installation(installed_settings())
    try:
        document = read_file(REPORTS / KO)
        definitions = load_definitions(read_file(FIGURES / KO))
        return Sources(installation, installed_rules(), load_words(document), definitions, str(document["language"]))
    except (UnreadableFiles, BadData) as error:
        raise click.ClickException(str(error)) from None
