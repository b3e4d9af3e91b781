"""Who may be contacted, in plain Python: written from the law and the brief, without a look at the statements."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
DAY = timedelta(days=1)


@dataclass
class Given:
    person: int
    purpose: str
    hours: str
    at: datetime
    withdrawn: bool = False


@dataclass
class Taken:
    person: int
    purpose: str
    hours: str
    at: datetime


@dataclass
class Known:
    line: str
    number: str
    callable: bool
    erased: bool = False


@dataclass
class Question:
    line: str
    purposes: tuple[str, ...]
    campaign: int
    per_day: int
    rolling: int
    life: int
    across: int


@dataclass
class Model:
    """Everything that ever happened, as lists."""

    people: dict[int, Known] = field(default_factory=dict)
    given: list[Given] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    everybody: set[str] = field(default_factory=set)
    here: dict[tuple[str, str], tuple[str, datetime]] = field(default_factory=dict)
    campaign: set[tuple[int, str]] = field(default_factory=set)
    no_texts: set[tuple[str, str]] = field(default_factory=set)
    register: set[str] = field(default_factory=set)
    checked: datetime | None = None
    dials: list[tuple[str, int, datetime, bool]] = field(default_factory=list)

    def why(self, asked: Question, person: int, now: datetime) -> str | None:
        """The first reason against ringing, None where there is none."""
        known = self.people.get(person)
        if known is None or known.line != asked.line:
            return "unknown-person"
        if known.erased:
            return "erased"
        if not known.callable:
            return "not-callable"
        return (
            self._banned(asked, known.number)
            or self._not_agreed(asked, person, now)
            or self._sold_to(asked, known.number, now)
            or self._too_often(asked, known.number, now)
        )

    def stands(self, person: int, purpose: str, hours: str) -> Given | None:
        """The newest consent that is not withdrawn, and newer than every withdrawal of the same."""
        same = [one for one in self.given if (one.person, one.purpose, one.hours) == (person, purpose, hours)]
        refusals = [one.at for one in self.taken if (one.person, one.purpose, one.hours) == (person, purpose, hours)]
        left = [one for one in same if not one.withdrawn and all(one.at > refused for refused in refusals)]
        return max(left, key=lambda one: one.at, default=None)

    def _banned(self, asked: Question, number: str) -> str | None:
        if number in self.everybody:
            return "suppressed"
        if (asked.line, number) in self.here:
            return "suppressed-here"
        if (asked.campaign, number) in self.campaign:
            return "suppressed-campaign"
        return "opted-out" if (asked.line, number) in self.no_texts else None

    def _not_agreed(self, asked: Question, person: int, now: datetime) -> str | None:
        by_day = {purpose: self.stands(person, purpose, "day") for purpose in asked.purposes}
        missing = [purpose for purpose, found in by_day.items() if found is None]
        changed = {one.purpose for one in self.taken if one.person == person and one.hours == "day"}
        if missing:
            return "no-consent" if set(missing) - changed else "withdrawn"
        found = [one for one in by_day.values() if one is not None]
        if any(now.astimezone(SEOUL).date() > last_day(one.at) for one in found):
            return "expired"
        if any(one.at > now for one in found):
            return "unproven"
        if not time(8) <= now.astimezone(SEOUL).time() < time(21):
            return self._woken(asked, person, now)
        return None

    def _woken(self, asked: Question, person: int, now: datetime) -> str | None:
        by_night = [self.stands(person, purpose, "night") for purpose in asked.purposes]
        if any(one is not None and one.at > now for one in by_night):
            return "unproven"
        today = now.astimezone(SEOUL).date()
        return None if all(one and today <= last_day(one.at) for one in by_night) else "no-night-consent"

    def _sold_to(self, asked: Question, number: str, now: datetime) -> str | None:
        if "telesales" not in asked.purposes:
            return None
        if number in self.register:
            return "on-register"
        fresh = self.checked is not None and now - 31 * DAY <= self.checked <= now
        return None if fresh else "register-stale"

    def _too_often(self, asked: Question, number: str, now: datetime) -> str | None:
        own = [(campaign, at) for whose, campaign, at, reached in self.dials if whose == number and reached]
        today = now.astimezone(SEOUL).date()
        counts = [
            ("life-limit", sum(campaign == asked.campaign for campaign, _ in own), asked.life),
            ("across-limit", sum(at > now - 30 * DAY for _, at in own), asked.across),
            ("rolling-limit", sum(at > now - DAY for _, at in own), asked.rolling),
            ("day-limit", sum(at.astimezone(SEOUL).date() >= today for _, at in own), asked.per_day),
        ]
        return next((reason for reason, count, limit in counts if count >= limit), None)


def last_day(given: datetime) -> date:
    """The day before the same day two years later; after a 29th of February, before the 28th."""
    local = given.astimezone(SEOUL).date()
    try:
        return local.replace(year=local.year + 2) - DAY
    except ValueError:
        return date(local.year + 2, 2, 27)


def utc(text: str) -> datetime:
    """A moment of the tests."""
    return datetime.fromisoformat(text).astimezone(UTC)
