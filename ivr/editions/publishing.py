"""Making and withdrawing editions: refused when they do not fit, when they were made over another, or too late."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ivr.base import Refused
from ivr.editions.checking import Draft, as_row, check
from ivr.editions.merging import Files
from ivr.editions.rows import Edition, EditionKind
from ivr.editions.schedule import Place
from ivr.faults import Fault, refuse_errors
from ivr.lines.hours import SEOUL, moment_of

# A form was filled in a moment ago: that is not yet the past.
A_MOMENT = timedelta(minutes=5)
LONGEST_REASON = 200


class StaleEdition(Refused):
    """Somebody else has made or withdrawn a version meanwhile: look at it, and then decide anew."""


class TooLate(Refused):
    """What has been cannot be made otherwise."""


@dataclass(frozen=True, slots=True)
class Published:
    """The edition as it is kept, and what its maker should know."""

    edition: Edition
    warnings: tuple[Fault, ...]


def all_editions(session: Session) -> list[Edition]:
    """Every edition, oldest first, withdrawn ones too."""
    return list(session.scalars(select(Edition).order_by(Edition.id)))


def versions_of(session: Session, place: Place) -> list[Edition]:
    """Every version of one place, newest first."""
    line, kind, key = place
    query = select(Edition).where(Edition.line == line, Edition.kind == kind, Edition.key == key)
    return list(session.scalars(query.order_by(Edition.version.desc())))


def edition(session: Session, edition_id: int) -> Edition | None:
    """The edition of that number."""
    return session.get(Edition, edition_id)


def publish(session: Session, files: Files, draft: Draft, *, by: str, at: datetime) -> Published:
    """Keep a draft as the next version of its place.

    Raises `BadData` with the faults that the files would give, `StaleEdition` when `draft.after` is not the newest
    version, `TooLate` for what would begin in the past, and ValueError without a reason.
    """
    draft = replace(draft, effective_from=_beginning(draft, at), reason=_reason(draft.reason))
    newest = session.scalar(_newest(draft.place)) or 0
    if newest != draft.after:
        raise StaleEdition(f"version {newest} was made after version {draft.after}, which you saw: look at it first")
    faults = check(files, all_editions(session), draft, at=at)
    refuse_errors(faults)
    row = as_row(draft, at=at)
    row.made_by = by
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        raise StaleEdition(f"version {row.version} was just made by somebody else: look at it first") from None
    return Published(row, tuple(faults))


def withdraw(session: Session, edition_id: int, *, by: str, reason: str, at: datetime) -> Edition:
    """Let an edition hold no longer from `at` on: the version before it, or the file, holds again.

    Raises LookupError for an unknown one, `StaleEdition` for one that is withdrawn, `TooLate` for a day that is over,
    and ValueError without a reason.
    """
    found = session.get(Edition, edition_id)
    if found is None:
        raise LookupError(f"there is no edition {edition_id}")
    if found.kind is EditionKind.DAY and date.fromisoformat(found.key) < at.astimezone(SEOUL).date():
        raise TooLate(f"{found.key} is over: what was true of it stays true")
    values = {"withdrawn_at": at, "withdrawn_by": by, "withdrawn_reason": _reason(reason)}
    still = update(Edition).where(Edition.id == edition_id, Edition.withdrawn_at.is_(None)).values(values)
    if not session.execute(still.returning(Edition.id)).all():
        raise StaleEdition(f"edition {edition_id} is withdrawn already")
    session.refresh(found)
    return found


def _beginning(draft: Draft, at: datetime) -> datetime:
    """Hours begin with a day in Seoul, days hold once they are made, all else begins at once or later."""
    wished = draft.effective_from or at
    if draft.place.kind is EditionKind.DAY:
        return at
    if draft.place.kind is EditionKind.HOURS:
        day = wished.astimezone(SEOUL).date()
        if day < at.astimezone(SEOUL).date():
            raise TooLate(f"hours cannot begin on {day}, which is over: begin today or later")
        return moment_of(day, 0)
    if wished < at - A_MOMENT:
        raise TooLate("an edition cannot begin in the past: leave the moment out, and it begins now")
    return max(wished, at)


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise ValueError(f"a reason of 1 to {LONGEST_REASON} letters is needed: say why")
    return reason


def _newest(place: Place) -> Select[int | None]:
    line, kind, key = place
    return select(func.max(Edition.version)).where(Edition.line == line, Edition.kind == kind, Edition.key == key)
