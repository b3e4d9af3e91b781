"""What stands for whom, made from the ledger alone: the newest consent that no withdrawal follows."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, insert, select
from sqlalchemy.orm import Session

from ivr.consents.rows import Channel, Consent, Hours, Purpose, Standing, Withdrawal

_COLUMNS = ("person_id", "purpose", "channel", "hours", "consent_id", "expires_at")


def standing_by_ledger(of: ColumnElement[bool]) -> Select[int, Purpose, Channel, Hours, int, datetime]:
    """What should stand by the entries `of` the ledger (a condition on `Consent`), as rows like `Standing`'s.

    Of each person, purpose, channel and hours: the newest consent by the time it was given, unless it was withdrawn
    or a withdrawal of the same is as new as it. One that has expired stands too; its `expires_at` says so.
    """
    same = and_(
        Withdrawal.person_id == Consent.person_id,
        Withdrawal.purpose == Consent.purpose,
        Withdrawal.channel == Consent.channel,
        Withdrawal.hours == Consent.hours,
        Withdrawal.withdrawn_at >= Consent.given_at,
    )
    kept = and_(of, ~exists().where(Withdrawal.consent_id == Consent.id), ~exists().where(same))
    alike = (Consent.person_id, Consent.purpose, Consent.channel, Consent.hours)
    place = func.row_number().over(partition_by=alike, order_by=(Consent.given_at.desc(), Consent.id.desc()))
    ranked = select(*alike, Consent.id.label("consent_id"), Consent.expires_at, place.label("place")).where(kept)
    newest = ranked.subquery()
    return select(*(newest.c[name] for name in _COLUMNS)).where(newest.c.place == 1)


def restand(session: Session, person_id: int) -> None:
    """Make anew what stands for one person, whose row the caller has locked."""
    session.execute(delete(Standing).where(Standing.person_id == person_id))
    by_ledger = standing_by_ledger(Consent.person_id == person_id)
    session.execute(insert(Standing).from_select(list(_COLUMNS), by_ledger))
