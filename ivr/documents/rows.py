"""The row of papers that were received: from whom, of what kind, what is missing, and who may be reached how."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word
from ivr.numbers import PhoneNumber
from ivr.sealing import SealedNumber, SealedText

DOCUMENT = "document"
"""The leg of the facts about papers; their subject is the row's id."""
OFFICER_LACKING = "officer-lacking"
"""What is told where nobody was in charge as the receipt was written."""


class Channel(StrEnum):
    """How papers reach the institution (D11 names fax, e-mail and post)."""

    FAX = "fax"
    EMAIL = "email"
    POST = "post"
    WEB = "web"
    VISIT = "visit"


class DocumentState(StrEnum):
    """How far papers are; what was told of them are facts."""

    RECEIVED = "received"
    MISSING = "missing"
    COMPLETE = "complete"
    WITHDRAWN = "withdrawn"


class Contact(StrEnum):
    """How the sender can be told: by text, only by a voice, or by neither."""

    MOBILE = "mobile"
    TELEPHONE = "telephone"
    NONE = "none"


class NoContact(StrEnum):
    """Why a sender can be told neither by text nor by telephone."""

    NO_NUMBER = "no-number"
    ABROAD = "abroad"
    NOT_A_PERSONS = "not-a-persons"


class Document(Base):
    """Papers of one event of the sender's system: `reference` is the id of that event there, unique within the line.

    `received_at` is when they reached the institution, `noted_at` when we were told. `missing` holds a `paper` and a
    `lack` each, as codes of the line's file and of `Lack`; `rounds` counts how often they were noted.
    """

    __tablename__ = "document"
    __table_args__ = (
        Index("uq_document_reference", "line", "reference", unique=True),
        Index("ix_document_line_state", "line", "state", "received_at"),
    )

    id: Mapped[str] = mapped_column(String(21), primary_key=True)
    receipt: Mapped[str] = mapped_column(String(20))
    line: Mapped[str] = mapped_column(String(40))
    channel: Mapped[Channel] = mapped_column(Word(Channel))
    reference: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(40))
    pages: Mapped[int | None]
    sender: Mapped[str | None] = mapped_column(SealedText(place="document.sender"))
    number: Mapped[PhoneNumber | None] = mapped_column(SealedNumber(place="document.number"))
    number_index: Mapped[str | None] = mapped_column(String(64), index=True)
    contact: Mapped[Contact] = mapped_column(Word(Contact))
    no_contact: Mapped[NoContact | None] = mapped_column(Word(NoContact))
    received_at: Mapped[datetime] = mapped_column(Moment)
    noted_at: Mapped[datetime] = mapped_column(Moment)
    officer_id: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[DocumentState] = mapped_column(Word(DocumentState))
    missing: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    missing_until: Mapped[datetime | None] = mapped_column(Moment)
    rounds: Mapped[int]
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    is_test: Mapped[bool]
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}
