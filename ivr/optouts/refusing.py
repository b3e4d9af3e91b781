"""Refusing texts and taking the refusal back: effective in the transaction that asks for it, then confirmed."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Insert, Select, select
from sqlalchemy.orm import Session

from ivr.numbers import PhoneNumber
from ivr.optouts.rows import OptOut, Scope, Way
from ivr.promises import Promise, insert_for, promise_all
from ivr.sealing import index_of


@dataclass(frozen=True, slots=True)
class Refusal:
    """What somebody asks for; `source` names the occasion, so that a repeated request is the same refusal."""

    line: str
    number: PhoneNumber
    scope: Scope
    way: Way
    source: str

    @property
    def id(self) -> str:
        """The id of the refusal's row, made from its occasion."""
        digest = hashlib.sha256(f"{self.way}:{self.source}:{self.line}".encode()).hexdigest()
        return f"o{digest[:24]}"


def refusing(dialect: str, refusal: Refusal, *, index: str, at: datetime) -> Insert:
    """The statement that keeps a refusal, unless the same one stands already or was made on this occasion."""
    return (
        insert_for(dialect, OptOut)
        .values(
            id=refusal.id,
            line=refusal.line,
            number=refusal.number,
            number_index=index,
            scope=refusal.scope,
            way=refusal.way,
            asked_at=at,
        )
        .on_conflict_do_nothing()
    )


def confirmation_of(refusal: Refusal, at: datetime) -> Promise:
    """The promise to confirm a refusal by a text; nothing is told of one that changed nothing."""
    return Promise("opt-out-told", f"opt-out-told:{refusal.id}", at, {"optout": refusal.id})


def refuse(session: Session, refusal: Refusal, *, at: datetime) -> None:
    """Keep a refusal and promise to confirm it; one that stands already is left as it is."""
    dialect, index = session.get_bind().dialect.name, index_of(session, refusal.number)
    session.execute(refusing(dialect, refusal, index=index, at=at))
    promise_all(session, [confirmation_of(refusal, at)])


def withdraw(session: Session, line_id: str, number: PhoneNumber, *, at: datetime) -> list[OptOut]:
    """Take back every refusal of a number that stands on a line, and promise to confirm it; gives those taken back."""
    standing = list(session.scalars(_standing(line_id, index_of(session, number)).with_for_update()))
    for row in standing:
        row.withdrawn_at = at
    # One text, however many were taken back.
    told = [Promise("opt-out-undone", f"opt-out-undone:{row.id}", at, {"optout": row.id}) for row in standing[:1]]
    promise_all(session, told)
    return standing


def _standing(line_id: str, index: str) -> Select[OptOut]:
    query = select(OptOut).where(OptOut.line == line_id, OptOut.number_index == index)
    return query.where(OptOut.withdrawn_at.is_(None)).order_by(OptOut.asked_at)
