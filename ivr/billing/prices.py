"""Prices of a centre by local day: those of its file, and the lists published over them; no day is without."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.billing.mark import counting_moment
from ivr.billing.months import after, read_month
from ivr.billing.refusing import BillRefused
from ivr.billing.rows import PriceList, Statement
from ivr.lines.centre import CentreRule, Prices
from ivr.lines.model import Line
from ivr.reports.quarters import LAST_YEAR

ONE_DAY = timedelta(days=1)
LONGEST_REASON = 200
# The prices of the line's file are no list of their own: they have no version.
FROM_FILE = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """Prices that hold from `since` on; `version` is 0 for those of the line's file."""

    version: int
    since: date
    prices: Prices
    reason: str = ""
    made_by: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row, both included, on which one list of prices holds."""

    listed: Listed
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class PriceHistory:
    """Every list that holds on some day, by its first day; of two that begin on one day, the later version."""

    lists: tuple[Listed, ...]

    @property
    def since(self) -> date:
        """The first day that has prices."""
        return self.lists[0].since

    def listed_on(self, day: date) -> Listed:
        """The list that holds on a local day; raises `BillRefused` (price_gap) for a day before all of them."""
        holding = [listed for listed in self.lists if listed.since <= day]
        if not holding:
            raise BillRefused("price_gap", day=day.isoformat(), since=self.since.isoformat())
        return holding[-1]

    def on(self, day: date) -> Prices:
        """The prices on a local day; raises `BillRefused` (price_gap) for a day before all of them."""
        return self.listed_on(day).prices

    def stretches(self, first: date, last: date) -> tuple[Stretch, ...]:
        """The days from `first` to `last` by the lists that hold on them; days before all prices are left out."""
        return tuple(self._stretches(first, last))

    def _stretches(self, first: date, last: date) -> Iterator[Stretch]:
        ends = [*(listed.since - ONE_DAY for listed in self.lists[1:]), date.max]
        for listed, end in zip(self.lists, ends, strict=True):
            begins, over = max(listed.since, first), min(end, last)
            if begins <= over:
                yield Stretch(listed, begins, over)


def rule_of(line: Line) -> CentreRule:
    """The line's rule as a centre; raises `BillRefused` (no_centre) where it is none."""
    if line.centre is None:
        raise BillRefused("no_centre", line=line.id)
    return line.centre


def price_history(session: Session, line: Line) -> PriceHistory:
    """Every list of prices of a centre that holds on some day."""
    first = rule_of(line).prices
    prices = Prices.model_validate(first.model_dump(exclude={"since"}))
    held = {first.since: Listed(FROM_FILE, first.since, prices)}
    for row in published(session, line.id):
        content = Prices.model_validate(row.content)
        held[row.since] = Listed(row.version, row.since, content, row.reason, row.made_by)
    return PriceHistory(tuple(held[since] for since in sorted(held)))


def published(session: Session, line_id: str) -> list[PriceList]:
    """Every list that was published, by version."""
    return list(session.scalars(select(PriceList).where(PriceList.line == line_id).order_by(PriceList.version)))


@dataclass(frozen=True, slots=True)
class Draft:
    """Prices to be published from a local day on; `until`, where it is given, is the last day they are meant for."""

    since: date
    prices: Prices
    reason: str
    until: date | None = None


def publish_prices(session: Session, line: Line, draft: Draft, *, by: str, at: datetime) -> PriceList:
    """Keep a list as the line's next version; of two lists from one day the later version holds.

    Raises `BillRefused`: price_billed where a month that has a statement would change, price_gap_after and
    price_overlap where `until` is not the day before the next list, far_day, no_reason.
    """
    # Nobody closes a month by the earlier prices meanwhile, and nobody publishes another list of the same version.
    counting_moment(session, line.id, at=at)
    history, reason = price_history(session, line), " ".join(draft.reason.split())
    for day in filter(None, (draft.since, draft.until)):
        if day.year >= LAST_YEAR:
            raise BillRefused("far_day", day=day.isoformat(), year=LAST_YEAR)
    if len(reason) < 2:
        raise BillRefused("no_reason")
    _refuse_billed(session, line.id, draft.since)
    if draft.until is not None:
        _refuse_gap(history, draft.since, draft.until)
    newest = session.scalar(select(func.max(PriceList.version)).where(PriceList.line == line.id)) or FROM_FILE
    row = PriceList(
        line=line.id,
        version=newest + 1,
        since=draft.since,
        content=draft.prices.model_dump(mode="json", exclude={"since"}),
        reason=reason[:LONGEST_REASON],
        made_at=at,
        made_by=by,
    )
    session.add(row)
    session.flush()
    return row


def _refuse_billed(session: Session, line_id: str, since: date) -> None:
    """What was billed by other prices stays as it is."""
    newest = session.scalar(select(func.max(Statement.month)).where(Statement.line == line_id))
    if newest is not None and since <= read_month(newest).last:
        first = after(read_month(newest)).first
        raise BillRefused("price_billed", since=since.isoformat(), month=newest, first=first.isoformat())


def _refuse_gap(history: PriceHistory, since: date, until: date) -> None:
    """A list that ends must be followed by another one on the very next day."""
    following = min((listed.since for listed in history.lists if listed.since > since), default=None)
    if following is not None and following <= until:
        raise BillRefused("price_overlap", since=following.isoformat(), until=until.isoformat())
    if following is None or following > until + ONE_DAY:
        raise BillRefused("price_gap_after", until=until.isoformat(), next=(until + ONE_DAY).isoformat())
