"""Publishing: a quarter's result frozen for the public, as it stood when somebody published it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Integer, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from ivr.base import Base, Moment, Refused
from ivr.lines.hours import SEOUL
from ivr.reports.charter_report import CharterReport, StandardResult
from ivr.reports.counts import Counts

# Any: values of a document as JSON has them.
Document = dict[str, Any]


class Published(Base):
    """One publication of a quarter's result. A later one of the same quarter (`ordinal`) takes its place, and says why.

    `document` names nobody: standards with clause, quote, target and counts. It never changes.
    """

    __tablename__ = "published"
    __table_args__ = (UniqueConstraint("line", "period", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    line: Mapped[str] = mapped_column(String(40))
    period: Mapped[str] = mapped_column(String(10))
    ordinal: Mapped[int] = mapped_column(Integer)
    document: Mapped[Document] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(String(300), default="")
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True, slots=True)
class Publication:
    """Who publishes, and what is said of it: of a correction, why."""

    by: str
    note: str = ""


def publish(session: Session, report: CharterReport, given: Publication, *, at: datetime) -> Published:
    """Freeze a report; raises `Refused` for a quarter that is not over, calls that wait for their judge, or no reason.

    The same figures a second time are the publication that stands.
    """
    line, period = report.charter.institution, str(report.quarter)
    if report.quarter.last >= at.astimezone(SEOUL).date():
        raise Refused(f"{period} is not over: publish it from {report.quarter.last} on")
    if report.coverage.unjudged:
        raise Refused(f"{report.coverage.unjudged} calls of {period} are not judged yet: publish it when they are")
    if not report.results:
        raise Refused(f"{line} had no charter in {period}: there is nothing to publish")
    standing, document = published(session, line, period), document_of(report)
    if standing is not None and standing.document == document:
        return standing
    if standing is not None and not given.note.strip():
        raise Refused(f"{period} is published already and the figures differ: say why they are corrected")
    row = Published(
        line=line,
        period=period,
        ordinal=standing.ordinal + 1 if standing else 1,
        document=document,
        note=given.note.strip(),
        by=given.by,
        at=at,
    )
    session.add(row)
    session.flush()
    return row


def published(session: Session, line: str, period: str) -> Published | None:
    """The publication that stands for a quarter (`2026Q4`); None where there is none."""
    query = select(Published).where(Published.line == line, Published.period == period)
    return session.scalars(query.order_by(Published.ordinal.desc()).limit(1)).first()


def publications(session: Session, line: str) -> Sequence[Published]:
    """The publications of a line that stand, the newest quarter first."""
    last = select(Published.period, func.max(Published.ordinal).label("ordinal")).where(Published.line == line)
    newest = last.group_by(Published.period).subquery()
    joined = (Published.period == newest.c.period) & (Published.ordinal == newest.c.ordinal)
    query = select(Published).join(newest, joined).where(Published.line == line)
    return session.scalars(query.order_by(Published.period.desc())).all()


def corrections(session: Session, line: str, period: str) -> Sequence[Published]:
    """Every publication of a quarter, the first one first."""
    query = select(Published).where(Published.line == line, Published.period == period)
    return session.scalars(query.order_by(Published.ordinal)).all()


def document_of(report: CharterReport) -> Document:
    """What is published: nothing in it is about a person, and the same figures give the same document."""
    heading, coverage = report.charter.heading, report.coverage
    return {
        "institution": heading.name,
        "charter": heading.document,
        "period": str(report.quarter),
        "first_day": report.quarter.first.isoformat(),
        "last_day": report.quarter.last.isoformat(),
        "calls": coverage.calls,
        "versions": [
            {"version": one.version, "from": one.effective_from.isoformat(), "note": one.note}
            for one in report.versions
        ],
        "standards": [_standard(result) for result in report.results],
    }


def _standard(result: StandardResult) -> Mapping[str, Any]:
    standard = result.standard
    return {
        "key": standard.key,
        "id": standard.id,
        "title": standard.title,
        "clause": standard.clause,
        "quote": standard.quote,
        "target": standard.target,
        "standing": result.standing.value,
        "how": result.how,
        "why_not": standard.why_not,
        "reading": standard.reading,
        "exempt_when": list(result.exempt_when),
        "counts": _counts(result.counts),
        "reached": result.counts.reached(standard.target).value,
        "period": {"verdict": result.period.finding.value, "reason": result.period.reason} if result.period else None,
    }


def _counts(counts: Counts) -> Mapping[str, Any]:
    """Counts with the rate and its range, as shares from 0 to 1; None where nothing was judged."""
    shares = {"rate": counts.rate, "lowest": counts.lowest, "highest": counts.highest}
    return {
        "met": counts.met,
        "missed": counts.missed,
        "exempt": counts.exempt,
        "indeterminate": counts.indeterminate,
        "not_applicable": counts.not_applicable,
        **{name: None if share is None else float(share) for name, share in shares.items()},
    }
