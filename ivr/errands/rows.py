"""The row of an errand: what is to be done, how far it is, and what came of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word
from ivr.people.rows import PersonId


class ErrandKind(StrEnum):
    """What takes long: a list from a file or from those served, the choice of a launch, a rehearsal, the register."""

    IMPORT = "import"
    SERVED = "served"
    LAUNCH = "launch"
    REHEARSE = "rehearse"
    REGISTER = "register"


class ErrandState(StrEnum):
    """Whether it waits for a process, is worked on, or how it ended."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


_OPEN = text("over_at IS NULL")


class Errand(Base):
    """One errand of a line; of each kind and subject (an upload's or a campaign's id) one is open at most.

    `touched_at` is when its process last worked on it: one that was killed leaves it behind, and another begins anew.
    `trouble` says in words why it failed, `result` is what came of it. `done` of `total` steps are behind it.
    """

    __tablename__ = "errand"
    __table_args__ = (
        Index("uq_errand_open", "kind", "subject", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_errand_line", "line", "id"),
    )

    id: Mapped[int] = mapped_column(PersonId, primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    kind: Mapped[ErrandKind] = mapped_column(Word(ErrandKind))
    subject: Mapped[str] = mapped_column(String(60))
    args: Mapped[dict[str, Any]] = mapped_column(JSON)  # Any: what the kind needs, never a number of a person
    state: Mapped[ErrandState] = mapped_column(Word(ErrandState))
    made_by: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime] = mapped_column(Moment)
    touched_at: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    is_stopping: Mapped[bool] = mapped_column(default=False)
    trouble: Mapped[str] = mapped_column(String(600), default="")
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # Any: as above
    over_at: Mapped[datetime | None] = mapped_column(Moment)


class Upload(Base):
    """A file that somebody sent to the console; `id` is its name in the folder of uploads.

    `what` is what it was read as (letters, columns, first rows masked). It is removed once its list is made, or after
    a day.
    """

    __tablename__ = "upload"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(PersonId)
    kept_by: Mapped[str] = mapped_column(String(60))
    kept_at: Mapped[datetime] = mapped_column(Moment)
    what: Mapped[dict[str, Any]] = mapped_column(JSON)  # Any: texts and lists of texts
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
