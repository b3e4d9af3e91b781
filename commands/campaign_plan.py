"""What one simulated campaign is: its line, questionnaire and plan, who is on its list, and how each one answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random

from carrier.persons import PersonPlan
from commands.campaign_people import DAYS_BEFORE, Invented, Story, invent
from commands.campaign_tempers import Temper, drawn_temper, person_of
from ivr.campaigns.checking import terms_by
from ivr.campaigns.plan import Plan
from ivr.campaigns.terms import Terms
from ivr.lines.calendar import Calendar
from ivr.lines.hours import SEOUL, open_spans
from ivr.lines.model import Line
from ivr.surveys.kinds import Kind
from ivr.surveys.model import Questionnaire

BEGINS = time(10, 0)
# Of those who agreed, this share changes its mind while the campaign runs, by the web or on the telephone.
SHARE_CHANGING = 0.03
MINUTES_OF_CHANGING = 40.0
# Whoever was not reached on one day may well be there on another.
DAYS_OF_MOODS = 3


@dataclass(frozen=True)
class CampaignSketch:
    """A campaign to be lived: everything about its people is drawn from the seed."""

    line: Line
    kind: Kind
    questionnaire: Questionnaire
    plan: Plan
    starts: date
    seed: int
    count: int
    stories: Sequence[Story] = tuple(Story)
    groups: Sequence[str] = ()
    firm: str | None = None

    @property
    def begins(self) -> datetime:
        """The moment (aware) of the launch."""
        return datetime.combine(self.starts, BEGINS, tzinfo=SEOUL)

    @property
    def arrives(self) -> datetime:
        """The moment (aware) at which the list is read."""
        return self.begins - timedelta(days=DAYS_BEFORE, hours=1)

    @property
    def terms(self) -> Terms:
        """The terms of the campaign: what somebody has to have agreed to, and the price."""
        return terms_by(self.plan, self.kind, self.line, firm=self.firm)

    @cached_property
    def people(self) -> Sequence[Invented]:
        """Everybody on the list."""
        return invent(self.seed, self.count, stories=self.stories, groups=self.groups)

    def tempers(self, one: Invented) -> Sequence[Temper]:
        """What somebody is like on each day: a busy telephone need not be busy on the next."""
        dice = self._dice(f"temper {one.ordinal}")
        return [drawn_temper(dice) for _ in range(DAYS_OF_MOODS)]

    def moods(self, one: Invented) -> Sequence[PersonPlan]:
        """How somebody takes a call on each day."""
        dice = self._dice(f"mood {one.ordinal}")
        return [person_of(temper, self.questionnaire, dice) for temper in self.tempers(one)]

    @cached_property
    def changes(self) -> Mapping[Invented, float]:
        """Who takes everything back while the campaign runs, and how many seconds after its launch."""
        dice = self._dice("changes")
        agreed = [one for one in self.people if one.story is Story.AGREED]
        changing = [one for one in agreed if dice.random() < SHARE_CHANGING]
        return {one: dice.uniform(0, MINUTES_OF_CHANGING) * 60 for one in changing}

    def _dice(self, what: str) -> Random:
        # Everything is drawn for itself: one person more leaves the others as they were.
        return Random(f"campaign {what} {self.seed} {self.line.id}")  # noqa: S311 - a campaign can be repeated


def next_working_day(calendar: Calendar, line: Line, today: date) -> date:
    """The next day after today on which the line is open, or tomorrow where there is none within two months."""
    days = [today + timedelta(days=ahead) for ahead in range(1, 61)]
    return next((day for day in days if open_spans(line, calendar, day)), days[0])
