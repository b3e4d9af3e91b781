"""The log of who saw or took personal data, when and why: written in the transaction that gives it out."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.accounts.rows import AccessChain, AccessEntry, Act, ConsoleSession
from ivr.base import ROW_LOCK
from ivr.promises import insert_for
from ivr.sealing import sign

SHORTEST_REASON = 2


class NoReason(ValueError):
    """Personal data was asked for without saying why."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who (an account) does what with which subject (`call:ID`) of a line, and why."""

    account_id: str
    line: str
    act: Act
    subject: str
    reason: str
    detail: dict[str, str | int] = field(default_factory=dict)


def log_access(session: Session, access: Access, *, at: datetime) -> AccessEntry:
    """Write the entry at the end of the line's chain; raises `NoReason` where none worth the name is given.

    Entries of a line are written one after the other, so let this be the last that a transaction does.
    """
    reason = " ".join(access.reason.split())
    if len(reason) < SHORTEST_REASON:
        raise NoReason(f"{access.act.value} of {access.subject} needs a reason")
    chain = locked_chain(session, access.line)
    entry = AccessEntry(
        at=at,
        account_id=access.account_id,
        line=access.line,
        place=chain.entries + 1,
        act=access.act,
        subject=access.subject,
        reason=reason[:300],
        detail=access.detail,
        address=_address(session, access.account_id),
    )
    entry.seal = chain.seal = seal_of(session, entry, before=chain.seal)
    chain.entries = entry.place
    session.add(entry)
    session.flush()
    return entry


def seal_of(session: Session, entry: AccessEntry, *, before: str) -> str:
    """The seal of an entry: HMAC of all it says and of the seal before it, under the key of the installation."""
    said = [
        *(entry.line, entry.place, entry.at.astimezone(UTC).isoformat(timespec="microseconds"), entry.account_id),
        *(entry.act.value, entry.subject, entry.reason, entry.detail, entry.address),
    ]
    return sign(session, "access:" + json.dumps([before, *said], ensure_ascii=False, sort_keys=True))


def first_broken(session: Session, line: str, *, upto: int | None = None) -> int | None:
    """The place of the first entry of a line that is missing or was changed; None where the log is as it was written.

    Reads the whole log of the line, a thousand entries at a time. Where its oldest months were erased, the newest entry
    that says so tells with which place and after which seal the log begins; it is in the chain like every other.
    With `upto` only the entries to that place are read.
    """
    before, expected = _beginning(session, line)
    written = select(AccessEntry).where(AccessEntry.line == line).order_by(AccessEntry.place)
    if upto is not None:
        written = written.where(AccessEntry.place <= upto)
    for entry in session.scalars(written.execution_options(yield_per=1000)):
        if entry.place != expected or entry.seal != seal_of(session, entry, before=before):
            return expected
        before, expected = entry.seal, expected + 1
    if upto is not None:
        return None
    chain = session.get(AccessChain, line)
    whole = (chain.entries, chain.seal) if chain is not None else (0, "")
    return None if whole == (expected - 1, before) else expected


def _beginning(session: Session, line: str) -> tuple[str, int]:
    """The seal before the first entry that is kept, and its place."""
    erased = select(AccessEntry.detail).where(AccessEntry.line == line, AccessEntry.act == Act.TRIM)
    detail = session.scalar(erased.order_by(AccessEntry.place.desc()).limit(1))
    return (str(detail.get("before")), int(detail.get("first", 1))) if detail else ("", 1)


def locked_chain(session: Session, line: str) -> AccessChain:
    """The end of a line's chain, locked: nobody adds an entry before this transaction is over."""
    fresh = insert_for(session.get_bind().dialect.name, AccessChain).values(line=line, entries=0, seal="")
    session.execute(fresh.on_conflict_do_nothing())
    return session.get_one(AccessChain, line, with_for_update=ROW_LOCK, populate_existing=True)


def _address(session: Session, account_id: str) -> str:
    """Where the person sits: the address of the session that was used last."""
    used = select(ConsoleSession.address).where(ConsoleSession.account_id == account_id)
    return session.scalar(used.order_by(ConsoleSession.seen_at.desc()).limit(1)) or ""
