"""The bill: what completed answers cost, and what was free of charge or struck out (promises A19, A22)."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from ivr.campaigns.rows import Campaign, Charge, ChargeState


@dataclass(frozen=True, slots=True)
class BillLine:
    """One campaign in one month (YYYY-MM, Seoul): dials by their place on the bill, and what is owed, in won.

    `reserved` dials are under way: they are owed only if their answers are completed.
    """

    campaign_id: int
    name: str
    line: str
    firm: str
    month: str
    price: int
    billable: int
    free: int
    void: int
    reserved: int

    @property
    def won(self) -> int:
        """What is owed."""
        return self.billable * self.price


def bill_of_campaign(session: Session, campaign_id: int) -> list[BillLine]:
    """The bill of one campaign, by month."""
    return _lines(session, Charge.campaign_id == campaign_id)


def bill_of_month(session: Session, line: str, month: str, *, firm: str | None = None) -> list[BillLine]:
    """The bill of a line's month: of one firm, or of all."""
    ours = Charge.firm == firm if firm is not None else Charge.firm.is_not(None)
    return _lines(session, Charge.line == line, Charge.month == month, ours)


def _lines(session: Session, *of: ColumnElement[bool]) -> list[BillLine]:
    key = (Charge.campaign_id, Campaign.name, Charge.line, Charge.firm, Charge.month, Charge.price)
    counts = [func.count().filter(Charge.state == state) for state in _STATES]
    query = (
        select(*key, *counts)
        .join(Campaign, Campaign.id == Charge.campaign_id)
        .where(*of)
        .group_by(*key)
        .order_by(Charge.month, Charge.firm, Charge.campaign_id, Charge.price)
    )
    return [BillLine(*row[:6], *row[6:10]) for row in session.execute(query)]


_STATES = (ChargeState.BILLABLE, ChargeState.FREE, ChargeState.VOID, ChargeState.RESERVED)
