"""Who is in a world: callers, agents and people of a campaign, each drawn for itself from the seed and an ordinal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random

from carrier.persons import PersonPlan
from commands.campaign_people import Invented, Story
from commands.campaign_plan import CampaignSketch
from commands.tempers import Wish, agent, caller_while_closed, caller_while_open, customer_called_back, ways_from
from commands.world_bills import firm_called_by
from commands.world_plan import WorldPlan
from ivr.lines.calendar import Calendar
from ivr.lines.hours import Open, is_open
from ivr.lines.model import Line

CALLER = "+82101{:07d}"
FIRST_CALLER = 1_000_000
# Long enough to be announced, short enough that many worlds are lived.
LONGEST_TALK, LONGEST_PATIENCE = 60.0, 300.0
MOOD_SECONDS = (60.0, 400.0)
SHARE_WITHHELD, SHARE_AGAIN, SHARE_IMPATIENT = 0.1, 0.25, 0.25
SHARE_ABSENT = 0.3
# Of those who agreed, this share takes it back in the middle of the campaign.
SHARE_WITHDRAWING = 0.4
WILLING = PersonPlan(answer_after=1.5, press_on_answer="1", presses=("1",), talk_seconds=600.0, linger=4.0)
# An import refuses what has expired; in a world there is no time for it to expire later.
STORIES = tuple(story for story in Story if story is not Story.EXPIRED)


@dataclass(frozen=True, slots=True)
class Caller:
    """One caller, who dials `dials`; times are seconds of the world. `impatient` is when 1 is pressed, whatever is
    being said.
    """

    number: str
    dials: str
    at: Sequence[float]
    person: PersonPlan
    at_home: PersonPlan
    withheld: str
    impatient: Sequence[float]


def caller_of(plan: WorldPlan, ordinal: int, *, line: Line, calendar: Calendar) -> Caller:
    """The caller with this ordinal."""
    dice = plan.dice(f"caller {ordinal}")
    at = dice.uniform(0, plan.minutes * 60 * 0.8)
    number = CALLER.format(FIRST_CALLER + ordinal)
    state = is_open(line, calendar, plan.begins)
    firm = firm_called_by(plan, ordinal, line)
    start = line.centre.menu if firm is not None and line.centre is not None else line.start
    way, draw = (start, caller_while_open) if isinstance(state, Open) else (line.closed, caller_while_closed)
    withheld = "anonymous" if dice.random() < SHARE_WITHHELD else ""
    # Somebody without a number keys one in, and says that it is right.
    keys = (*f"0{number.removeprefix('+82')}", "#", "1") if withheld else ("1",)
    person = _briefly(draw(dice, Wish(ways_from(line, way, firm=firm), keys)))
    again = (at + dice.uniform(400, 900) / plan.pace,) if dice.random() < SHARE_AGAIN else ()
    impatient = (at + dice.uniform(20, 90),) if dice.random() < SHARE_IMPATIENT else ()
    dials = firm.numbers[0] if firm is not None else line.number
    return Caller(number, dials, (at, *again), person, customer_called_back(dice), withheld, impatient)


def moods_of(plan: WorldPlan, ordinal: int) -> Sequence[tuple[float, PersonPlan]]:
    """How an agent takes calls, from which second on; at the end of the stretch everybody is willing."""
    dice = plan.dice(f"agent {ordinal}")
    moods, at, last = [], 0.0, plan.minutes * 60.0
    while at < last:
        moods.append((at, _briefly(agent(dice))))
        at += dice.uniform(*MOOD_SECONDS)
    return [*moods, (last, WILLING)]


def absence_of(plan: WorldPlan, ordinal: int) -> tuple[float, float] | None:
    """When an agent leaves and comes back, in seconds, all within the stretch; None for one who stays."""
    dice, last = plan.dice(f"absence {ordinal}"), plan.minutes * 60.0
    if dice.random() >= SHARE_ABSENT:
        return None
    leaves = dice.uniform(0, last * 0.6)
    return leaves, leaves + dice.uniform(60, last * 0.4)


@dataclass(frozen=True)
class WorldSketch(CampaignSketch):
    """The campaign of a world: only those of its people who are in the plan, and some of them withdraw."""

    only: tuple[int, ...] = ()

    @cached_property
    def people(self) -> Sequence[Invented]:
        """Everybody on the list."""
        return [_invented(self.seed, ordinal) for ordinal in self.only]

    @cached_property
    def changes(self) -> Mapping[Invented, float]:
        """Who takes everything back, and how many seconds after the launch."""
        found = {}
        for one in self.people:
            dice = Random(f"world withdrawal {self.seed} {one.ordinal}")  # noqa: S311 - a world can be repeated
            if one.story is Story.AGREED and dice.random() < SHARE_WITHDRAWING:
                found[one] = dice.uniform(0, 150)
        return found


def _invented(seed: int, ordinal: int) -> Invented:
    dice = Random(f"world person {seed} {ordinal}")  # noqa: S311 - a world can be repeated
    story = Story.AGREED if dice.random() < 0.75 else dice.choice(STORIES)  # most have agreed
    return Invented(ordinal, "김민수", "north", story)


def _briefly(person: PersonPlan) -> PersonPlan:
    talk, patience = person.talk_seconds, person.hang_up_after
    return replace(
        person,
        talk_seconds=None if talk is None else min(talk, LONGEST_TALK),
        hang_up_after=None if patience is None else min(patience, LONGEST_PATIENCE),
    )
