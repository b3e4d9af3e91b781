"""How dates, spans, shares and targets are written for people in every format."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from ivr.charters.judges.ringing import seconds
from ivr.charters.model import Version
from ivr.lines.hours import SEOUL
from ivr.reports.counts import Counts
from ivr.reports.quarters import Month, Quarter
from ivr.reports.words import Words


@dataclass(frozen=True, slots=True)
class Shown:
    """Writes values with the words of the file."""

    words: Words

    def day(self, day: date) -> str:
        """A day in full."""
        return self.words.say("formats.day", year=day.year, month=day.month, day=day.day)

    def span(self, first: date, last: date) -> str:
        """From a day to another one."""
        return self.words.say("formats.span", first=self.day(first), last=self.day(last))

    def quarter(self, quarter: Quarter) -> str:
        """A quarter."""
        return self.words.say("formats.quarter", year=quarter.year, number=quarter.number)

    def month(self, month: Month) -> str:
        """A month."""
        return self.words.say("formats.month", year=month.year, month=month.number)

    def count(self, number: int) -> str:
        """How many."""
        return self.words.say("formats.count", count=f"{number:,}")

    def seconds(self, milliseconds: int) -> str:
        """A time in seconds."""
        return self.words.say("formats.seconds", seconds=seconds(milliseconds))

    def range(self, counts: Counts) -> str:
        """From the lowest rate to the highest that the undecided ones leave open; one number where they leave none."""
        if counts.lowest == counts.highest:
            return self.words.percent(counts.lowest)
        lowest, highest = self.words.percent(counts.lowest), self.words.percent(counts.highest)
        return self.words.say("formats.range", lowest=lowest, highest=highest)

    def target(self, target: float) -> str:
        """The target of a standard."""
        return self.words.say("formats.percent", percent=f"{target:g}")

    def version(self, version: Version) -> str:
        """A version of a charter with its days."""
        if version.effective_to is None:
            return self.words.say(
                "report.version_open", version=version.version, first=self.day(version.effective_from)
            )
        span = self.span(version.effective_from, version.effective_to)
        return self.words.say("report.version", version=version.version, span=span)


def share_of(target: float) -> Fraction:
    """A target in percent as a share."""
    return Fraction(str(target)) / 100


def moment(at: datetime) -> str:
    """A local moment to the second: 2026-11-20 09:32:52."""
    return f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}"


def exact(at: datetime) -> str:
    """A local time of day to the millisecond: 09:32:52.051."""
    local = at.astimezone(SEOUL)
    return f"{local:%H:%M:%S}.{local.microsecond // 1000:03}"
