"""The row of a verdict: what was found of one standard and one subject, with its evidence."""

from datetime import date

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Word
from ivr.charters.judges.judgement import Finding

# What calls for a look: few rows among many. A query must say it in these very words to use the index.
FAULTY = text("verdict IN ('missed', 'indeterminate')")


class Verdict(Base):
    """One verdict. It may be thrown away: judging again writes the same row, as nothing in it is from a clock.

    `scope` says what `subject` is the id of. `call_id` is None for what is no call: a callback, a document, a case,
    or an attempt to call back. `version` is the charter's under which it was judged, `day` the local day on which
    the call arrived or the matter came in, `evidence` the keys of facts and the ids of rows, `measured`
    milliseconds where there is a number.
    """

    __tablename__ = "verdict"
    __table_args__ = (
        Index("ix_verdict_institution_day", "institution", "day", "standard_id"),
        Index(
            "ix_verdict_fault",
            *("institution", "verdict", "day", "standard_id"),
            postgresql_where=FAULTY,
            sqlite_where=FAULTY,
        ),
    )

    standard_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    subject: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)
    call_id: Mapped[str | None] = mapped_column(ForeignKey("call.id"), index=True)
    institution: Mapped[str] = mapped_column(String(40))
    scope: Mapped[str] = mapped_column(String(20))
    verdict: Mapped[Finding] = mapped_column(Word(Finding))
    reason: Mapped[str] = mapped_column(Text)
    evidence: Mapped[list[str]] = mapped_column(JSON)
    version: Mapped[int]
    day: Mapped[date] = mapped_column(Date)
    measured: Mapped[int | None]

    @property
    def key(self) -> str:
        """The promise and its part, "D6" or "D6.memo", as the charter has it."""
        return self.standard_id.split("/")[1]
