"""Work on the firms of a centre: who acts, when, in which transaction, and the event that is kept of it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from ivr.billing.prices import price_history
from ivr.firms.refusing import FirmRefused
from ivr.firms.rows import Contract, FirmEntry, FirmEvent
from ivr.lines.centre import CentreRule, Prices
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line


@dataclass(frozen=True, slots=True)
class Work:
    """What `by` (an account, or a name on the command line) does at a moment (aware) with firms of a line."""

    session: Session
    line: Line
    by: str
    at: datetime

    @property
    def rule(self) -> CentreRule:
        """The rule of the centre; raises `FirmRefused` on a line that is none."""
        return rule_of(self.line)

    @property
    def today(self) -> date:
        """The local day."""
        return self.at.astimezone(SEOUL).date()

    def prices_on(self, day: date) -> Prices:
        """The prices of a local day; raises `BillRefused` where there are none."""
        return price_history(self.session, self.line).on(day)

    def refuse_future(self, day: date) -> None:
        """Raise `FirmRefused` for a local day that has not come yet."""
        if day > self.today:
            raise FirmRefused("future_day", day=str(day))

    def note(self, about: FirmEntry | Contract, what: str, **detail: str | int) -> None:
        """Keep that something was done with an entry or with a contract, which has a new version then."""
        if about in self.session and about not in self.session.new:
            flag_modified(about, "made_by")
        if isinstance(about, Contract):
            event = FirmEvent(line=about.line, firm=about.firm, contract_id=about.id)
        else:
            event = FirmEvent(line=about.line, firm=about.id)
        event.what, event.detail, event.at, event.by = what, detail, self.at, self.by
        self.session.add(event)


def rule_of(line: Line) -> CentreRule:
    """The rule of a line that is a centre; raises `FirmRefused` for one that is none."""
    if line.centre is None:
        raise FirmRefused("no_centre", line=line.id)
    return line.centre


def events_of(session: Session, line: str, firm: str, *, limit: int = 200) -> list[FirmEvent]:
    """What was done with a firm's entry and its contracts, the newest first."""
    query = select(FirmEvent).where(FirmEvent.line == line, FirmEvent.firm == firm)
    return list(session.scalars(query.order_by(FirmEvent.id.desc()).limit(limit)))
