"""Editions as they are kept: a row for each version of what a file would say, never changed, only withdrawn."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word

# `Edition.line` of what holds for all lines.
ALL_LINES = ""


class EditionKind(StrEnum):
    """What an edition says anew: one day, the hours of a week, a spoken text, or the wording of a text message."""

    DAY = "day"
    HOURS = "hours"
    PROMPT = "prompt"
    TEMPLATE = "template"
    FIRM = "firm"


class Edition(Base):
    """One version of one thing; versions of the same line, kind and key are counted from 1.

    It holds from `effective_from` until it is withdrawn or a newer version holds. `content` has what the file would
    say in its place: `change`, `reason`, `hours` of a day, the spans of a week, or `text`.
    """

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("line", "kind", "key", "version"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    kind: Mapped[EditionKind] = mapped_column(Word(EditionKind))
    key: Mapped[str] = mapped_column(String(120))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)  # Any: as a TOML file says it, checked before it is kept
    version: Mapped[int]
    effective_from: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(String(200))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_by: Mapped[str | None] = mapped_column(String(60))
    withdrawn_reason: Mapped[str | None] = mapped_column(String(200))
