"""The plan of a campaign: when it may ring, how fast, how often, how many answers it wants, and at what price."""

import datetime
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from ivr.faults import Fault, refuse_errors
from ivr.lines.shapes import Shape
from ivr.lines.spans import Span, Spans
from ivr.lines.wording import in_words

FILE = "plan"
DAYTIME = (Span(10 * 60, 20 * 60),)
GROUP_LETTERS = 40
FURTHEST_MINUTES = 14 * 24 * 60


class CallingHours(Shape):
    """Local spans in which the campaign may ring; nobody is rung on Sundays and holidays unless the plan says so."""

    monday: Spans = DAYTIME
    tuesday: Spans = DAYTIME
    wednesday: Spans = DAYTIME
    thursday: Spans = DAYTIME
    friday: Spans = DAYTIME
    saturday: Spans = DAYTIME
    sunday: Spans = ()
    holidays: Spans = ()

    @property
    def week(self) -> tuple[tuple[Span, ...], ...]:
        """The spans of the weekdays, Monday first."""
        return (
            self.monday,
            self.tuesday,
            self.wednesday,
            self.thursday,
            self.friday,
            self.saturday,
            self.sunday,
        )


class ContactLimits(Shape):
    """How often one number is rung: over all campaigns, except `life`, which is this campaign's dials alone."""

    per_day: Annotated[int, Field(ge=1, le=10)] = 1
    rolling_day: Annotated[int, Field(ge=1, le=10)] = 2
    life: Annotated[int, Field(ge=1, le=20)] = 3
    across: Annotated[int, Field(ge=1, le=100)] = 6
    across_days: Annotated[int, Field(ge=1, le=365)] = 30


class Retry(Shape):
    """After one outcome: how many more times somebody is rung, and after how many minutes at the earliest."""

    tries: Annotated[int, Field(ge=0, le=10)] = 2
    gap_minutes: Annotated[int, Field(ge=1, le=FURTHEST_MINUTES)] = 24 * 60


NEVER_AGAIN = Retry(tries=0)


class Retries(Shape):
    """Retries by outcome. Whoever answered is not rung again, unless the plan says so of those who broke off."""

    busy: Retry = Retry(tries=2, gap_minutes=30)
    no_answer: Retry = Retry(tries=2, gap_minutes=24 * 60)
    machine: Retry = Retry(tries=1, gap_minutes=24 * 60)
    failed: Retry = Retry(tries=1, gap_minutes=60)
    contacted: Retry = NEVER_AGAIN
    breakoff: Retry = NEVER_AGAIN
    partial: Retry = NEVER_AGAIN


class Plan(Shape):
    """How a campaign is carried out.

    `cps` is orders a second, `concurrency` the most dials open at once; `groups` are the completed answers wanted of
    each group (a group not named is not limited), `cut_off` of all together. `price` is won for one completed answer,
    None for the line's own. `downgrade_reason` says why a kind that may be either is no advertising. Days are local.
    `held_by` says who conducts the survey, for promises that name who must ("" where nobody said).
    """

    hours: CallingHours = CallingHours()
    starts_on: datetime.date | None = None
    ends_on: datetime.date | None = None
    cps: Annotated[float, Field(gt=0, le=1000)] = 1.0
    concurrency: Annotated[int, Field(ge=1, le=2000)] = 20
    limits: ContactLimits = ContactLimits()
    retries: Retries = Retries()
    groups: Mapping[Annotated[str, Field(min_length=1, max_length=GROUP_LETTERS)], Annotated[int, Field(ge=1)]] = {}
    cut_off: Annotated[int, Field(ge=1)] | None = None
    price: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    downgrade_reason: Annotated[str, Field(max_length=400)] = ""
    held_by: Literal["", "own_staff", "outside_agency"] = ""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.starts_on and self.ends_on and self.starts_on > self.ends_on:
            raise ValueError("ends before it starts: correct starts_on or ends_on")
        if not any((*self.hours.week, self.hours.holidays)):
            raise ValueError("has no hour in which anybody may be rung: correct hours")
        return self


def read_plan(document: Mapping[str, object], file: str = FILE) -> Plan:
    """Read a plan as written in a file; raises `BadData` that names every fault."""
    try:
        return Plan.model_validate(document)
    except ValidationError as error:
        refuse_errors([in_words(item, file) for item in error.errors()])
        raise


def stored_plan(document: Mapping[str, object]) -> Plan:
    """The plan as the row of a campaign keeps it."""
    return Plan.model_validate(document)


def written_plan(plan: Plan) -> dict[str, object]:
    """The plan as JSON, for the row of a campaign: `stored_plan` reads the same again."""
    written = plan.model_dump(mode="json", exclude={"hours"})
    days = {day: [_written(span) for span in getattr(plan.hours, day)] for day in CallingHours.model_fields}
    return {**written, "hours": days}


def missing_groups(plan: Plan, known: frozenset[str], file: str = FILE) -> list[Fault]:
    """Name the groups that are to be counted but that nobody of the audience belongs to."""
    return [
        Fault(file, f"groups.{group}", "nobody of the audience is in this group: correct its name or leave it out")
        for group in plan.groups
        if group not in known
    ]


def _written(span: Span) -> str:
    ends = (span.opens, span.closes)
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in ends)
