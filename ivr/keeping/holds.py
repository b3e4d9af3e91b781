"""Legal holds: set with a reason, standing until released; each step is put down in the purge log."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, literal, or_, select
from sqlalchemy.orm import Session

from ivr.base import Refused
from ivr.calls.rows import Call
from ivr.keeping.record import Deed, note
from ivr.keeping.rows import LegalHold

SHORTEST_REASON = 2


class HoldKind(StrEnum):
    """What a hold is on: everything of a line, one call, one case, or everything of one telephone number."""

    LINE = "line"
    CALL = "call"
    CASE = "case"
    NUMBER = "number"


def hold(session: Session, kind: HoldKind, subject: str, *, why: tuple[str, str], at: datetime) -> LegalHold:
    """Hold a subject back from erasure; `why` is the reason and who says so. One that stands already is it.

    Of a number the subject is its blind index. Raises `Refused` without a reason.
    """
    reason, by = (" ".join(one.split()) for one in why)
    if len(reason) < SHORTEST_REASON or not by:
        raise Refused("a hold needs a reason and the name of who sets it")
    if standing := standing_hold(session, [(kind, subject)]):
        return standing
    row = LegalHold(kind=kind.value, subject=subject, reason=reason[:300], set_by=by[:60], set_at=at)
    session.add(row)
    session.flush()
    note(session, Deed(f"hold:{row.id}", "hold", by, at), at=at)
    return row


def release(session: Session, hold_id: int, *, by: str, at: datetime) -> LegalHold:
    """End a hold; raises `Refused` where none of this id stands."""
    row = session.get(LegalHold, hold_id)
    if row is None or row.released_at is not None:
        raise Refused(f"no hold {hold_id} stands: `charterline keep holds` lists those that do")
    row.released_by, row.released_at = by[:60], at
    note(session, Deed(f"hold:{row.id}", "release", by, at), at=at)
    return row


def holds(session: Session) -> list[LegalHold]:
    """Every hold, the newest last."""
    return list(session.scalars(select(LegalHold).order_by(LegalHold.id)))


def call_is_held(session: Session, call_id: str) -> bool:
    """Whether a call, its line or its caller's number is held."""
    call = session.execute(select(Call.line, Call.caller_index).where(Call.id == call_id)).one_or_none()
    if call is None:
        return False
    whose = [(HoldKind.CALL, call_id), (HoldKind.LINE, call.line), (HoldKind.NUMBER, call.caller_index or "")]
    return standing_hold(session, whose) is not None


def held_subjects() -> Select[str]:
    """The held calls and cases as they are named where a row may be about any kind of thing: `call:ID`."""
    standing = select(LegalHold.kind + literal(":") + LegalHold.subject).where(LegalHold.released_at.is_(None))
    return standing.where(LegalHold.kind.in_([HoldKind.CALL.value, HoldKind.CASE.value]))


def standing_hold(session: Session, whose: Sequence[tuple[HoldKind, str]]) -> LegalHold | None:
    """The first hold that stands on any of these subjects."""
    matching = or_(*((LegalHold.kind == kind.value) & (LegalHold.subject == subject) for kind, subject in whose))
    standing = select(LegalHold).where(LegalHold.released_at.is_(None), matching)
    return session.scalar(standing.order_by(LegalHold.id).limit(1))
