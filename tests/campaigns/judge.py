"""The judge of every order to ring: the rules in plain Python, by what it saw happen, without a row of ours."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
NIGHT_BEGINS, NIGHT_ENDS = time(21), time(8)


def last_day_of(given: date) -> date:
    """Two years less a day after the day on which somebody agreed (Network Act, decree 62-3)."""
    day = given.day
    while True:
        try:
            return given.replace(year=given.year + 2, day=day) - timedelta(days=1)
        except ValueError:
            day -= 1


@dataclass
class Agreed:
    """A consent as the judge saw it given; `last` is the last day on which it holds."""

    purpose: str
    hours: str
    last: date
    withdrawn: bool = False

    def holds(self, at: datetime) -> bool:
        """Whether it stands at this moment."""
        return not self.withdrawn and at.astimezone(SEOUL).date() <= self.last


@dataclass(frozen=True)
class Rules:
    """What a campaign may do: the spans (local, seconds of the day) of each weekday, limits, quotas, allowance."""

    line: str
    purposes: tuple[str, ...]
    week: Sequence[Sequence[tuple[int, int]]]
    per_day: int
    rolling_day: int
    life: int
    across: int
    across_days: int
    groups: Mapping[str, int] = field(default_factory=dict)
    cut_off: int | None = None
    monthly_calls: int | None = None
    concurrency: int = 1000


@dataclass
class Ring:
    """One order to ring that the carrier took, or may have taken. `month` is that of Seoul, `done` how it ended."""

    at: datetime
    number: str
    campaign: int
    dial: str
    group: str
    is_open: bool = True
    completed: bool = False

    @property
    def month(self) -> str:
        return f"{self.at.astimezone(SEOUL):%Y-%m}"

    @property
    def day(self) -> date:
        return self.at.astimezone(SEOUL).date()


@dataclass
class Judge:
    """What it knows of everybody, and what it found wrong."""

    holidays: frozenset[date] = frozenset()
    rules: dict[int, Rules] = field(default_factory=dict)
    running: set[int] = field(default_factory=set)
    consents: dict[tuple[str, str], list[Agreed]] = field(default_factory=dict)
    withdrawals: dict[tuple[str, str, str, str], datetime] = field(default_factory=dict)
    groups: dict[tuple[int, str], str] = field(default_factory=dict)
    suppressed: set[tuple[str, str]] = field(default_factory=set)
    rings: list[Ring] = field(default_factory=list)
    orders: int = 0
    wrong: list[str] = field(default_factory=list)

    def agreed(self, line: str, number: str, purpose: str, *, hours: str, at: datetime) -> None:
        """Somebody agreed."""
        last = last_day_of(at.astimezone(SEOUL).date())
        withdrawn_at = self.withdrawals.get((line, number, purpose, hours))
        # What was agreed to before it was taken back does not stand, though it be entered later.
        is_late = withdrawn_at is not None and at <= withdrawn_at
        self.consents.setdefault((line, number), []).append(Agreed(purpose, hours, last, is_late))

    def withdrew(self, line: str, number: str, purposes: Sequence[str], *, at: datetime) -> None:
        """Somebody took everything back that was agreed to for these purposes, up to this moment."""
        for consent in self.consents.get((line, number), []):
            if consent.purpose in purposes:
                consent.withdrawn = True
                self.withdrawals[line, number, consent.purpose, consent.hours] = at

    def ordered(self, number: str, campaign: int, dial: str, *, at: datetime) -> None:
        """Judge an order to ring at the moment in which it is given."""
        self.orders += 1
        rules = self.rules[campaign]
        reasons = [*self._not_allowed(rules, number, campaign, at), *self._too_often(rules, number, campaign, at)]
        reasons += self._nothing_left(rules, number, campaign, at)
        if any(ring.dial == dial for ring in self.rings):
            reasons.append("the same dial was ordered before")
        for reason in reasons:
            self.wrong.append(f"{at.astimezone(SEOUL):%m-%d %H:%M:%S.%f} campaign {campaign}, {number[-4:]}: {reason}")

    def rung(self, number: str, campaign: int, dial: str, *, at: datetime) -> None:
        """The carrier took that order."""
        self.rings.append(Ring(at, number, campaign, dial, self.groups.get((campaign, number), "")))

    def ended(self, dial: str, *, completed: bool) -> None:
        """A ring is over."""
        for ring in self.rings:
            if ring.dial == dial:
                ring.is_open, ring.completed = False, completed

    def _not_allowed(self, rules: Rules, number: str, campaign: int, at: datetime) -> Iterator[str]:
        local = at.astimezone(SEOUL)
        if campaign not in self.running:
            yield "the campaign does not run"
        if (rules.line, number) in self.suppressed or ("", number) in self.suppressed:
            yield "is suppressed"
        by_night = local.time() >= NIGHT_BEGINS or local.time() < NIGHT_ENDS
        for purpose in rules.purposes:
            for hours in ("day", "night") if by_night else ("day",):
                if not self._holds(rules.line, number, purpose, hours, at=at):
                    yield f"no consent for {purpose} by {hours}"
        second = local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1e6
        spans = () if local.date() in self.holidays else rules.week[local.weekday()]
        if not any(opens <= second < closes for opens, closes in spans):
            yield "outside the hours of the plan"

    def _holds(self, line: str, number: str, purpose: str, hours: str, *, at: datetime) -> bool:
        return any(
            one.purpose == purpose and one.hours == hours and one.holds(at)
            for one in self.consents.get((line, number), [])
        )

    def _too_often(self, rules: Rules, number: str, campaign: int, at: datetime) -> Iterator[str]:
        """What was rung counts from its stamp on, also where the clock was set back behind it."""
        mine = [ring for ring in self.rings if ring.number == number]
        if any(ring.is_open for ring in mine):
            yield "is being rung already"
        if sum(ring.day >= at.astimezone(SEOUL).date() for ring in mine) >= rules.per_day:
            yield "over the limit of a day"
        if sum(ring.at > at - timedelta(hours=24) for ring in mine) >= rules.rolling_day:
            yield "over the limit of 24 hours"
        if sum(ring.campaign == campaign for ring in mine) >= rules.life:
            yield "over the limit of the campaign"
        if sum(ring.at > at - timedelta(days=rules.across_days) for ring in mine) >= rules.across:
            yield "over the limit of all campaigns"

    def _nothing_left(self, rules: Rules, number: str, campaign: int, at: datetime) -> Iterator[str]:
        taken = [ring for ring in self.rings if ring.campaign == campaign and (ring.is_open or ring.completed)]
        group = self.groups.get((campaign, number), "")
        if rules.cut_off is not None and len(taken) >= rules.cut_off:
            yield "after the cut-off"
        if group in rules.groups and sum(ring.group == group for ring in taken) >= rules.groups[group]:
            yield "after the quota of the group"
        if sum(ring.is_open for ring in taken) >= rules.concurrency:
            yield "more at once than the plan allows"
        if rules.monthly_calls is not None:
            month = f"{at.astimezone(SEOUL):%Y-%m}"
            used = sum(
                ring.month == month
                and (ring.is_open or ring.completed)
                and self.rules[ring.campaign].line == rules.line
                for ring in self.rings
                if self.rules[ring.campaign].monthly_calls is not None
            )
            if used >= rules.monthly_calls:
                yield "after the month's allowance"
