"""Ratings: a customer rates an answer with 1 to 5 points, which department and employee keep in a ledger (K17, T17)."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.base import Refused
from ivr.cases.institution import Work
from ivr.cases.rows import Case, CaseState, Holder, RatingEntry
from ivr.cases.telling import note

FEWEST, MOST = 1, 5
RATEABLE = frozenset({CaseState.ANSWERED, CaseState.CLOSED, CaseState.REOPENED})
# 96 bits: short enough for a text, and nobody guesses one.
TOKEN_BYTES = 12


@dataclass(frozen=True, slots=True)
class Rating:
    """Points from 1 to 5, the way they were given, and for a correction the reason why it takes another's place."""

    points: int
    way: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """The sum of one holder's ledger: points of all ratings, how many ratings, and their mean."""

    line: str
    holder: Holder
    name: str
    points: int
    ratings: int

    @property
    def mean(self) -> float | None:
        """Points for each rating; None without any."""
        return self.points / self.ratings if self.ratings else None


def invite(case: Case) -> str:
    """Make the word of the link by which the customer rates the answer; only its digest is kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    case.rating_key = digest_of(token)
    return token


def digest_of(token: str) -> str:
    """What is kept of the word of a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def rated_case(session: Session, token: str) -> Case | None:
    """The case that a link is about."""
    return session.scalars(select(Case).where(Case.rating_key == digest_of(token))).one_or_none()


def rate(work: Work, case: Case, rating: Rating) -> None:
    """Enter the customer's rating; a second one only as a correction, with its reason. Raises `Refused`."""
    if not FEWEST <= rating.points <= MOST:
        raise Refused(f"{rating.points} is no rating: give {FEWEST} to {MOST} points")
    if case.state not in RATEABLE:
        raise Refused(f"{case.id} is {case.state.value}: only an answer can be rated")
    standing = _standing(work.session, case)
    if standing and not rating.reason.strip():
        raise Refused(f"{case.id} has been rated already: a correction needs its reason")
    number = work.session.scalar(select(func.count()).where(RatingEntry.case_id == case.id)) or 0
    for holder, (name, points) in (standing or _holders(case)).items():
        entry = RatingEntry(
            id=f"{case.id}-{number}-{holder.value}",
            case_id=case.id,
            line=case.line,
            holder=holder,
            name=name,
            points=rating.points - points,
            way=rating.way,
            reason=rating.reason.strip() or None,
            at=work.at,
        )
        work.session.add(entry)
    work.session.flush()
    note(work, case, "rated", detail={"points": rating.points, "by": rating.way})


def points_of(session: Session, case: Case) -> int | None:
    """The rating of an answer as it stands; None before there is one."""
    standing = _standing(session, case)
    return next(iter(standing.values()))[1] if standing else None


def accounts(session: Session, line: str | None = None) -> Sequence[Account]:
    """Every holder's sum, departments first."""
    query = select(
        RatingEntry.line,
        RatingEntry.holder,
        RatingEntry.name,
        func.sum(RatingEntry.points),
        func.count(RatingEntry.case_id.distinct()),
    ).group_by(RatingEntry.line, RatingEntry.holder, RatingEntry.name)
    if line is not None:
        query = query.where(RatingEntry.line == line)
    rows = session.execute(query.order_by(RatingEntry.line, RatingEntry.holder, RatingEntry.name)).all()
    return [Account(line, holder, name, int(points), ratings) for line, holder, name, points, ratings in rows]


def entries_of(session: Session, case_id: str) -> Sequence[RatingEntry]:
    """The entries of one case's ratings, the oldest first."""
    query = select(RatingEntry).where(RatingEntry.case_id == case_id)
    return session.scalars(query.order_by(RatingEntry.at, RatingEntry.id)).all()


def _holders(case: Case) -> dict[Holder, tuple[str, int]]:
    """Whose accounts the rating goes to, with no points so far."""
    found = {Holder.DEPARTMENT: (case.handler or case.owner, 0)}
    if case.officer_id is not None:
        found[Holder.EMPLOYEE] = (case.officer_id, 0)
    return found


def _standing(session: Session, case: Case) -> dict[Holder, tuple[str, int]]:
    """Whose accounts have how many points of this case: entries of a correction hold the difference."""
    found: dict[Holder, tuple[str, int]] = {}
    for entry in entries_of(session, case.id):
        found[entry.holder] = (entry.name, found.get(entry.holder, ("", 0))[1] + entry.points)
    return found
