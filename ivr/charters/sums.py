"""Verdicts counted by day: each change of verdicts changes its sums in the same transaction, so that no page counts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeAlias, cast

from sqlalchemy import Date, Integer, String, Table
from sqlalchemy.orm import Mapped, Session, mapped_column

from ivr.base import Base, Word
from ivr.charters.judges.judgement import Finding
from ivr.promises import insert_for

Row: TypeAlias = Mapping[str, object]
Place: TypeAlias = tuple[str, int, str, date, str]
_KEY = ("institution", "version", "standard_id", "day", "verdict")


class VerdictSum(Base):
    """How many verdicts of one finding there are of one standard, version and local day."""

    __tablename__ = "verdict_sum"

    institution: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    standard_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    verdict: Mapped[Finding] = mapped_column(Word(Finding), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)


TABLE = cast(Table, VerdictSum.__table__)


def note_changes(session: Session, *, gone: Iterable[Row], come: Iterable[Row]) -> None:
    """Take rows of verdicts that are taken away off the sums, and add those that are written."""
    changes: Counter[Place] = Counter()
    for rows, sign in ((gone, -1), (come, 1)):
        for row in rows:
            changes[_place(row)] += sign
    # In one order, so that two who judge at once take turns and never wait for each other.
    values = [
        {**dict(zip(_KEY, place, strict=True)), "number": number} for place, number in sorted(changes.items()) if number
    ]
    if values:
        adding = insert_for(session.get_bind().dialect.name, VerdictSum).values(values)
        number = TABLE.c.number + adding.excluded.number
        session.execute(adding.on_conflict_do_update(index_elements=list(_KEY), set_={"number": number}))


def _place(row: Row) -> Place:
    return cast(Place, tuple(Finding(row[name]) if name == "verdict" else row[name] for name in _KEY))  # type: ignore[arg-type]
