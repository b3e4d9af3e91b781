"""Invented people of a simulated campaign: how each stands with the ledger, and the list on which they arrive."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from io import StringIO
from random import Random

from ivr.consents.rows import Hours, Purpose

# A mobile number that is not assigned, one for each.
NUMBER = "+82101{:07d}"
FIRST_NUMBER = 2_000_000
NAMES = ("김민수", "이서연", "박지훈", "최유진", "정하은", "강도현", "조수빈", "윤성호", "장예린", "임태윤")
GROUPS = ("north", "south")
# The list arrives so many days before the campaign starts, on its way some consents expire.
DAYS_BEFORE = 3
PROOF, SOURCE, WORDING = "paper-{:05d}", "보증 상담 신청서", "sim-1"
COLUMNS = (
    *("number", "name", "group", "purpose", "hours", "consented_on"),
    *("how", "evidence", "source", "wording", "notified"),
)


class Story(StrEnum):
    """How somebody stands with the ledger when the campaign chooses."""

    AGREED = "agreed"
    NEVER_ASKED = "never_asked"
    WITHDREW = "withdrew"
    EXPIRED = "expired"
    SUPPRESSED_HERE = "suppressed_here"
    SUPPRESSED = "suppressed"
    ELSEWHERE = "elsewhere"
    NIGHT_ONLY = "night_only"
    ANOTHER_PURPOSE = "another_purpose"


SHARES = {
    Story.AGREED: 76,
    Story.NEVER_ASKED: 6,
    Story.WITHDREW: 4,
    Story.EXPIRED: 4,
    Story.SUPPRESSED_HERE: 2,
    Story.SUPPRESSED: 2,
    Story.ELSEWHERE: 2,
    Story.NIGHT_ONLY: 2,
    Story.ANOTHER_PURPOSE: 2,
}
# Those of whom the list says that they agreed to something; the others never did here.
ON_PAPER = frozenset(Story) - {Story.NEVER_ASKED, Story.ELSEWHERE}


@dataclass(frozen=True, slots=True)
class Invented:
    """One invented person; `ordinal` counts them from 0."""

    ordinal: int
    name: str
    group: str
    story: Story

    @property
    def number(self) -> str:
        """The telephone number, E.164."""
        return NUMBER.format(FIRST_NUMBER + self.ordinal)


def invent(
    seed: int, count: int, *, stories: Sequence[Story] = tuple(Story), groups: Sequence[str] = ()
) -> Sequence[Invented]:
    """So many people of these stories, each told once there is room; the same seed gives the same people."""
    dice = Random(f"people {seed}")  # noqa: S311 - a campaign can be repeated
    told = [*stories] if count >= len(stories) else []
    told += dice.choices(stories, [SHARES[story] for story in stories], k=count - len(told))
    dice.shuffle(told)
    names = groups or GROUPS
    return [
        Invented(ordinal, dice.choice(NAMES), names[ordinal % len(names)], story) for ordinal, story in enumerate(told)
    ]


def list_of(people: Sequence[Invented], *, purposes: Sequence[Purpose], starts: date) -> str:
    """The list of these people as a CSV file's text: a row for each, and a few rows that cannot be taken.

    A consent that is to have expired on the day `starts` still holds on the day the list arrives.
    """
    written = StringIO()
    rows = csv.writer(written)
    rows.writerow(COLUMNS)
    rows.writerows(_row(one, purposes, starts) for one in people)
    rows.writerows(_broken(people))
    return written.getvalue()


def _row(one: Invented, purposes: Sequence[Purpose], starts: date) -> Sequence[str]:
    who = (_as_written(one), one.name, one.group)
    if one.story not in ON_PAPER:
        return (*who, *[""] * (len(COLUMNS) - len(who)))
    agreed = starts - timedelta(days=30 + one.ordinal % 300)
    if one.story is Story.EXPIRED:
        agreed = starts.replace(year=starts.year - 2) - timedelta(days=1)
    if one.story is Story.ANOTHER_PURPOSE:
        purposes = [next(purpose for purpose in Purpose if purpose not in purposes)]
    hours = Hours.NIGHT if one.story is Story.NIGHT_ONLY else Hours.DAY
    told = (agreed + timedelta(days=7)).isoformat() if one.ordinal % 20 else "no"
    what = (";".join(purposes), hours, agreed.isoformat())
    return (*who, *what, "paper", PROOF.format(one.ordinal), SOURCE, WORDING, told)


def _as_written(one: Invented) -> str:
    """As people and spreadsheets write a number: national, with and without dashes, its first zero lost."""
    digits = one.number.removeprefix("+82")
    return (f"0{digits[:2]}-{digits[2:6]}-{digits[6:]}", f"0{digits}", digits, one.number)[one.ordinal % 4]


def _broken(people: Sequence[Invented]) -> Iterator[Sequence[str]]:
    """What no list is without: nonsense, a number that cannot be rung, somebody twice."""
    rest = [""] * (len(COLUMNS) - 2)
    yield ("12345", NAMES[0], *rest)
    yield ("1544-1120", NAMES[1], *rest)
    yield ("=1+1", NAMES[2], *rest)
    if people:
        yield (_as_written(people[0]), people[0].name, *rest)
