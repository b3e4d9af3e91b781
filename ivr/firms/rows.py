"""The rows of a client firm: its register entry, its yearly contracts, what it left as security, and what was done."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Date, ForeignKeyConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word
from ivr.sealing import SealedText


class FirmEntry(Base):
    """A firm in the register of a line; how its customers reach it stands in the line (`Line.firms`), by the same id.

    `registration` is its business registration number, ten digits. What decides whether it may join (A15) is what it
    declared: `is_manufacturer`, `is_made_here`, `is_of_group` (of a large company), `is_regulated` (bad credit), and
    `products`, kinds of the line. `selected_on` begins the years of support (A14), `reviewed_on` allows the later ones.
    """

    __tablename__ = "firm"

    line: Mapped[str] = mapped_column(String(40), primary_key=True)
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    registration: Mapped[str] = mapped_column(String(10))
    products: Mapped[list[str]] = mapped_column(JSON)
    is_manufacturer: Mapped[bool]
    is_made_here: Mapped[bool]
    is_of_group: Mapped[bool]
    is_regulated: Mapped[bool]
    selected_on: Mapped[date] = mapped_column(Date)
    reviewed_on: Mapped[date | None] = mapped_column(Date)
    contact: Mapped[str | None] = mapped_column(SealedText(place="firm.contact"))
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(Integer)

    __table_args__ = (Index("uq_firm_registration", "line", "registration", unique=True),)
    __mapper_args__ = {"version_id_col": version}


class ContractState(StrEnum):
    """Where a contract stands; whether it holds on a day follows from its days."""

    DRAFT = "draft"
    SIGNED = "signed"
    ENDED = "ended"
    DROPPED = "dropped"


class Contract(Base):
    """One contract of a firm for a year (A16); days are local, both included, and no two signed ones overlap.

    `monthly_calls` is what a month is expected to bring, from last year's usage or an estimate: by its band the
    security is reckoned. `ended_on` is the last day of one that was ended early, `why` the reason why it was ended or
    dropped. `clauses` says of each clause on entrusted personal data (PIPA art. 26) on which day it was agreed, in
    ISO 8601, `published_on` since when the firm names the centre as its processor where everybody can read it.
    """

    __tablename__ = "contract"
    __table_args__ = (
        ForeignKeyConstraint(["line", "firm"], ["firm.line", "firm.id"]),
        Index("ix_contract_firm", "line", "firm", "first_day"),
    )

    id: Mapped[str] = mapped_column(String(21), primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    firm: Mapped[str] = mapped_column(String(40))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    monthly_calls: Mapped[int]
    state: Mapped[ContractState] = mapped_column(Word(ContractState), default=ContractState.DRAFT)
    clauses: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    published_on: Mapped[date | None] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    why: Mapped[str | None] = mapped_column(String(300))
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(60))
    signed_at: Mapped[datetime | None] = mapped_column(Moment)
    signed_by: Mapped[str | None] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


class SecurityKind(StrEnum):
    """A surety bond of an insurer, or a deposit by those whom none insures."""

    BOND = "bond"
    DEPOSIT = "deposit"


class Security(Base):
    """What stands behind a contract (A16), in won: `needed` by the rule, `amount` as it is.

    `proof` is the bond's number, or for a deposit the insurer's refusal. It is due by `due_on`; `returned_on` is the
    day on which it was given back, or on which the bond was released. A deposit that goes on to stand behind the next
    contract is `carried_to` that one, and has a row of its own there.
    """

    __tablename__ = "contract_security"
    __table_args__ = (Index("ix_contract_security_contract", "contract_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    contract_id: Mapped[str] = mapped_column(String(21))
    kind: Mapped[SecurityKind] = mapped_column(Word(SecurityKind))
    needed: Mapped[int]
    amount: Mapped[int]
    proof: Mapped[str] = mapped_column(String(120))
    due_on: Mapped[date] = mapped_column(Date)
    received_on: Mapped[date] = mapped_column(Date)
    returned_on: Mapped[date | None] = mapped_column(Date)
    carried_to: Mapped[str | None] = mapped_column(String(21))
    noted_by: Mapped[str] = mapped_column(String(60))


class FirmEvent(Base):
    """One thing that somebody did with a firm's entry or with one of its contracts; `detail` is for people to read."""

    __tablename__ = "firm_event"
    __table_args__ = (Index("ix_firm_event_firm", "line", "firm", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    line: Mapped[str] = mapped_column(String(40))
    firm: Mapped[str] = mapped_column(String(40))
    contract_id: Mapped[str | None] = mapped_column(String(21))
    what: Mapped[str] = mapped_column(String(20))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # Any: JSON
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(60))
