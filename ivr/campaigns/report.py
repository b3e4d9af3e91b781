"""The report before a launch: who of the audience may be contacted, who not and why, what it costs, when it ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.audiences.rows import Member
from ivr.campaigns.forecast import Expected, Forecast, forecast
from ivr.campaigns.guarding import wish_of
from ivr.campaigns.many import tune_for_many
from ivr.campaigns.money import calls_left
from ivr.campaigns.plan import Plan, stored_plan
from ivr.campaigns.rows import Campaign
from ivr.campaigns.terms import Terms, terms_of
from ivr.consents.contact import Occasion, eligible
from ivr.lines.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Group:
    """People of one group, and how many completed answers of it are wanted (None: as many as there are)."""

    members: int
    eligible: int
    wanted: int | None


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most that a campaign can cost: so many completed answers at so many won each."""

    answers: int
    price: int

    @property
    def won(self) -> int:
        """The most it can cost, in won."""
        return self.answers * self.price


@dataclass(frozen=True, slots=True)
class Report:
    """`eligible` and the counts of `excluded` add up to `members`: each person is excluded for the first reason."""

    at: datetime
    members: int
    eligible: int
    excluded: Mapping[str, int]
    groups: Mapping[str, Group]
    calls_left: int | None
    ceiling: Ceiling
    forecast: Forecast


def report(session: Session, campaign: Campaign, calendar: Calendar, *, at: datetime) -> Report:
    """What the launch of a campaign would do at this moment. Two million people take some seconds."""
    plan, terms = stored_plan(campaign.plan), terms_of(campaign)
    counts = count_audience(session, campaign, at)
    members = sum(counts.values())
    may = {group: number for (group, why), number in counts.items() if why is None}
    excluded: dict[str, int] = {}
    for (_, why), number in counts.items():
        if why is not None:
            excluded[why] = excluded.get(why, 0) + number
    left = calls_left(session, campaign, at)
    answers = most_answers(plan, may, left)
    return Report(
        at=at,
        members=members,
        eligible=sum(may.values()),
        excluded=dict(sorted(excluded.items())),
        groups=_groups(plan, counts, may),
        calls_left=left,
        ceiling=Ceiling(answers, _price(terms)),
        forecast=forecast(session, campaign, calendar, expected=Expected(sum(may.values()), answers, at)),
    )


def count_audience(session: Session, campaign: Campaign, at: datetime) -> Mapping[tuple[str, str | None], int]:
    """How many people of each group have each reason not to be contacted, None where nothing speaks against it."""
    tune_for_many(session)
    asked = eligible(wish_of(campaign), at, occasion=Occasion.CHOOSING)
    looked_at = (
        select(Member.group, asked.why.label("why"))
        .select_from(asked.joined_to(Member.__table__, Member.person_id))
        .where(Member.audience_id == campaign.audience_id)
        .subquery()
    )
    counting = select(looked_at.c.group, looked_at.c.why, func.count()).group_by(looked_at.c.group, looked_at.c.why)
    return {(group, why): number for group, why, number in session.execute(counting)}


def most_answers(plan: Plan, eligible_by_group: Mapping[str, int], calls_left: int | None) -> int:
    """The most answers that can be completed: of each group no more than wanted, of all no more than the cut-off and
    the calls that the firm has left this month.
    """
    by_group = sum(min(number, plan.groups.get(group, number)) for group, number in eligible_by_group.items())
    limits = [limit for limit in (plan.cut_off, calls_left) if limit is not None]
    return min([by_group, *limits])


def _groups(plan: Plan, counts: Mapping[tuple[str, str | None], int], may: Mapping[str, int]) -> Mapping[str, Group]:
    members: dict[str, int] = dict.fromkeys(plan.groups, 0)
    for (group, _), number in counts.items():
        members[group] = members.get(group, 0) + number
    return {
        group: Group(number, may.get(group, 0), plan.groups.get(group)) for group, number in sorted(members.items())
    }


def _price(terms: Terms) -> int:
    return 0 if terms.is_free else terms.price
