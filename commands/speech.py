"""What the agents of a simulated day say in a talk: greetings right, wrong and unclear, and closing words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from carrier.persons import PersonPlan
from commands.demo import DemoAgent
from config.files import DAY, read_file

# How agents greet, and which closing words they say, each with its weight.
GREETINGS: Mapping[str, int] = {"right": 62, "": 16, "incomplete": 11, "mumbled": 6, "confused": 5}
CLOSINGS: Mapping[tuple[str, ...], int] = {("further_questions", "thanks"): 50, (): 30, ("thanks",): 20}

Choice = TypeVar("Choice")


class _Words(BaseModel):
    """config/day.toml: sentences by what they are."""

    model_config = ConfigDict(extra="forbid")
    reviewer: str
    greetings: Mapping[str, tuple[str, ...]]
    closings: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, for which institution, and whose name might be said by mistake."""

    agent: DemoAgent
    institution: str
    colleague: str


def speaking(dice: Random, plan: PersonPlan, speaker: Speaker) -> PersonPlan:
    """Let somebody who takes calls as `plan` says greet and close as drawn."""
    greeting = _drawn(dice, GREETINGS)
    greets = (_filled(dice.choice(_words().greetings[greeting]), speaker),) if greeting else ()
    closes = tuple(dice.choice(_words().closings[part]) for part in _drawn(dice, CLOSINGS))
    return replace(plan, greets=greets, closes=closes, close_after=dice.uniform(20, 60))


def reviewer() -> str:
    """The name of the supervisor who listens to talks."""
    return _words().reviewer


def _drawn(dice: Random, table: Mapping[Choice, int]) -> Choice:
    return dice.choices(list(table), list(table.values()))[0]


def _filled(sentence: str, speaker: Speaker) -> str:
    agent = speaker.agent
    values = {"department": agent.department, "name": agent.name, "title": agent.title}
    text = sentence.format(institution=speaker.institution, colleague=speaker.colleague, **values)
    return " ".join(text.split())


@cache
def _words() -> _Words:
    return _Words.model_validate(read_file(DAY))
