"""One institution's quarter, read as it was at one moment: what every form of its report is made from."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from ivr.charters.judges.judgement import Finding
from ivr.charters.model import Charter
from ivr.charters.rows import Verdict
from ivr.charters.verdicts import Rules
from ivr.courtesy.results import CourtesySummary, summary
from ivr.figures.asking import Behind, Part
from ivr.figures.definitions import Definitions
from ivr.lines.model import Line
from ivr.reports.charter_report import Asked, CharterReport, StandardResult, charter_report
from ivr.reports.figure_report import FigureReport, behind, figure_report
from ivr.reports.opening import Opened, every_verdict, opened
from ivr.reports.quarters import Quarter
from ivr.reports.words import Words


@dataclass(frozen=True)
class Reading:
    """One institution's quarter, all read as it was at one moment."""

    session: Session
    asked: Asked
    line: Line | None
    rules: Rules
    words: Words
    definitions: Definitions

    @property
    def charter(self) -> Charter:
        """Whose charter it is about."""
        return self.asked.charter

    @property
    def quarter(self) -> Quarter:
        """Which quarter it is about."""
        return self.asked.quarter

    @cached_property
    def report(self) -> CharterReport:
        """The report, put together once."""
        return charter_report(self.session, self.asked, line=self.line, words=self.words, reasons=self.rules.reasons)

    @cached_property
    def figures(self) -> FigureReport | None:
        """The figures of the line; None where its file has been removed."""
        if self.line is None:
            return None
        return figure_report(self.session, self.line, self.quarter, definitions=self.definitions)

    @cached_property
    def courtesy(self) -> CourtesySummary | None:
        """What the published rounds of the courtesy survey found; None where none was held."""
        days = {"first_day": self.quarter.first, "last_day": self.quarter.last}
        return summary(self.session, self.charter.institution, **days)

    def behind(self, figure: str, part: Part) -> Iterator[Behind]:
        """The calls behind one side of a figure."""
        if self.figures is not None:
            yield from behind(self.session, self.figures.question(figure, part))

    def opening(self, result: StandardResult, finding: Finding) -> Iterator[Opened]:
        """The verdicts behind a count."""
        condition = self.asked.condition & (Verdict.standard_id == result.standard.id)
        return opened(self.session, condition, result.days, finding=finding, words=self.words)

    def verdicts(self) -> Iterator[Opened]:
        """Every verdict that the report counts."""
        return every_verdict(self.session, self.asked.condition, self.quarter)
