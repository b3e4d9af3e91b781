"""The row of a repair that was handed over to who does it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word
from ivr.numbers import PhoneNumber
from ivr.sealing import SealedNumber, SealedText


class RepairWay(StrEnum):
    """How the thing is repaired: somebody visits, it travels as a parcel, or it is brought to a shop."""

    DISPATCH = "dispatch"
    PARCEL = "parcel"
    SHOP = "shop"


class RepairState(StrEnum):
    """How far a repair is, as its partner tells us."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DONE = "done"
    CANCELLED = "cancelled"


class Repair(Base):
    """One repair of one customer's thing. `reference` is the number under which the `partner` knows it, unique there.

    `fault` is what is wrong, `place` where the customer is; both sealed, as are name and number. `due_on` is the day
    that was told to the customer.
    """

    __tablename__ = "repair"
    __table_args__ = (
        Index("ix_repair_line_state", "line", "state", "asked_at"),
        Index("ix_repair_firm", "line", "firm", "asked_at"),
        Index("uq_repair_reference", "line", "partner", "reference", unique=True),
    )

    id: Mapped[str] = mapped_column(String(21), primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    firm: Mapped[str] = mapped_column(String(40))
    call_id: Mapped[str | None] = mapped_column(ForeignKey("call.id"), index=True)
    way: Mapped[RepairWay] = mapped_column(Word(RepairWay))
    product: Mapped[str] = mapped_column(String(40), default="")
    partner: Mapped[str] = mapped_column(String(60))
    reference: Mapped[str | None] = mapped_column(String(60))
    state: Mapped[RepairState] = mapped_column(Word(RepairState), default=RepairState.ASKED)
    customer: Mapped[str | None] = mapped_column(SealedText(place="repair.customer"))
    number: Mapped[PhoneNumber | None] = mapped_column(SealedNumber(place="repair.number"))
    place: Mapped[str | None] = mapped_column(SealedText(place="repair.place"))
    fault: Mapped[str] = mapped_column(SealedText(place="repair.fault"))
    due_on: Mapped[date | None] = mapped_column(Date)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    asked_by: Mapped[str] = mapped_column(String(60))
    changed_at: Mapped[datetime] = mapped_column(Moment)
    outcome: Mapped[str | None] = mapped_column(String(300))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}
