"""Measures of a month, quarter or year: surveys held, results published, channels open, shares, statements."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ivr.charters.measures.shape import Measure
from ivr.charters.terms import Channel, Count, Every, Scope, Several, Words

PERIOD: frozenset[Scope] = frozenset({"period"})
Percent = Annotated[int, Field(gt=0, le=100, strict=True)]


class SurveyHeld(Measure):
    """The survey was held at least `times` times in each period of `every`, by those in `by`."""

    scopes: ClassVar[frozenset[Scope]] = PERIOD
    name: Literal["survey_held"]
    survey: Literal["satisfaction", "courtesy", "happy_call", "consultation_quality"]
    times: Count
    every: Every
    by: Literal["outside_agency", "own_staff", "anyone"] = "anyone"


class ResultPublished(Measure):
    """The result of the survey of the period was published at `place`, and the day is on record."""

    scopes: ClassVar[frozenset[Scope]] = PERIOD
    name: Literal["result_published"]
    place: Words


class ChangePublished(Measure):
    """Every new version of the charter was published at `place` by the day it came into force."""

    scopes: ClassVar[frozenset[Scope]] = PERIOD
    name: Literal["change_published"]
    place: Words


class ReportMade(Measure):
    """The report was made and handed on at least `times` times in each period of `every`."""

    scopes: ClassVar[frozenset[Scope]] = PERIOD
    name: Literal["report_made"]
    report: Literal["charter_practice", "opinion_statistics"]
    times: Count
    every: Every


class ChannelOpen(Measure):
    """Each of `channels` could take in matters on every business day of the period."""

    scopes: ClassVar[frozenset[Scope]] = PERIOD
    name: Literal["channel_open"]
    channels: Several[Channel]


class ShareImproved(Measure):
    """The share is better than in the period of the same length before it, or it is already 100 %."""

    scopes: ClassVar[frozenset[Scope]] = PERIOD
    name: Literal["share_improved"]
    share: Literal["answered", "correct_intake"]


class PeakStaffed(Measure):
    """More agents were available in the busiest hours than in the median hour."""

    scopes: ClassVar[frozenset[Scope]] = PERIOD
    name: Literal["peak_staffed"]


class StaffedForLoad(Measure):
    """At least calls ÷ `calls_per_agent_day` agents were on duty a day; `calls_per_day` is the planned load."""

    scopes: ClassVar[frozenset[Scope]] = PERIOD
    name: Literal["staffed_for_load"]
    calls_per_day: Count
    calls_per_agent_day: Count


class RepeatComplaintsFlagged(Measure):
    """Every employee with at least `complaints` upheld complaints in a year was flagged for the supervisor."""

    scopes: ClassVar[frozenset[Scope]] = PERIOD
    name: Literal["repeat_complaints_flagged"]
    complaints: Count


class DataAccessLogged(Measure):
    """Every reading of unmasked personal data has account, time and reason in the access log."""

    scopes: ClassVar[frozenset[Scope]] = PERIOD
    name: Literal["data_access_logged"]


class BilledByUsage(Measure):
    """Each firm's statement came after the month: service fee of its usage band and base fee, nothing else."""

    scopes: ClassVar[frozenset[Scope]] = PERIOD
    name: Literal["billed_by_usage"]
    calls_per_agent_day: Count


class LabourCostSplit(Measure):
    """Statements split the labour cost of a band into these two percentages."""

    scopes: ClassVar[frozenset[Scope]] = PERIOD
    name: Literal["labour_cost_split"]
    government_percent: Percent
    firm_percent: Percent

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.government_percent + self.firm_percent != 100:
            raise ValueError("splits into parts that do not add up to 100 %: mend government_percent or firm_percent")
        return self


class BaseFeeCharged(Measure):
    """The base fees of a firm's year add up to `won_per_year` won, accounts and training included."""

    scopes: ClassVar[frozenset[Scope]] = PERIOD
    name: Literal["base_fee_charged"]
    won_per_year: Count
