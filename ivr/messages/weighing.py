"""The providers' shares as they stand in the database, weighed again at most once a minute by what was seen."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from ivr.messages.providers import Providers
from ivr.messages.rows import Message, MessageAttempt, ProviderShare
from ivr.messages.shares import Seen, weigh
from ivr.messages.states import FINAL, AttemptOutcome, MessageState
from ivr.promises import insert_for

BY_OPERATOR = "set by an operator"
DELIVERIES_FOR_MEDIAN = 200
ORDERS_LOOKED_AT = 2_000


def shares_now(session: Session, providers: Providers, *, at: datetime) -> Mapping[str, int]:
    """The parts by name, after weighing them if that is due; whoever is new starts with what the file says."""
    rows = _rows(session, providers, at)
    if len(rows) > 1 and _is_due(session, providers, rows, at):
        changed = {change.name: change for change in weigh(seen_of(session, providers, at=at), providers.rules)}
        for row in rows:
            if row.name in changed:
                row.share, row.reason, row.changed_at = changed[row.name].share, changed[row.name].reason, at
    return {row.name: row.share for row in rows}


def set_share(session: Session, providers: Providers, name: str, *, share: int, at: datetime) -> None:
    """Give a provider this part from now on, whatever is seen of it; 0 takes it out."""
    row = next(row for row in _rows(session, providers, at) if row.name == name)
    row.share, row.fixed, row.reason, row.changed_at = share, True, BY_OPERATOR, at


def free_share(session: Session, providers: Providers, name: str, *, at: datetime) -> None:
    """Let a provider's part move again by what is seen of it, from what the file says."""
    row = next(row for row in _rows(session, providers, at) if row.name == name)
    row.share, row.fixed, row.reason, row.changed_at = providers[name].share, False, "", at


def seen_of(session: Session, providers: Providers, *, at: datetime) -> list[Seen]:
    """What was seen of each provider in the window that ends now."""
    rows = {row.name: row for row in _rows(session, providers, at)}
    newest = list(session.execute(_newest(providers, at)))
    limit = timedelta(seconds=providers.rules.slow_seconds)
    seen = []
    for name, row in rows.items():
        own = [found for found in newest if found[0].provider == name]
        timed = [
            found for found in own if found[0].outcome is AttemptOutcome.ACCEPTED and found[0].made_at <= at - limit
        ]
        seen.append(
            Seen(
                name=name,
                share=row.share,
                usual=providers[name].share,
                fixed=row.fixed,
                orders=len(own),
                failures=sum(_is_failure(order) for order, _, _ in own),
                timed=len(timed),
                slow=sum(_is_slow(order, state, arrived, limit) for order, state, arrived in timed),
            )
        )
    return seen


def median_seconds(session: Session, name: str, *, since: datetime) -> float | None:
    """How long deliveries of a provider took, the median of the newest ones; None where there was none."""
    rows = session.execute(
        select(MessageAttempt.made_at, Message.delivered_at)
        .join(Message, Message.id == MessageAttempt.message_id)
        .where(MessageAttempt.provider == name, MessageAttempt.made_at >= since, Message.delivered_at.is_not(None))
        .where(MessageAttempt.outcome == AttemptOutcome.ACCEPTED)
        .order_by(MessageAttempt.made_at.desc())
        .limit(DELIVERIES_FOR_MEDIAN)
    )
    # A provider that tells whole seconds may say that a text arrived before it was ordered.
    seconds = [max(0.0, (arrived - made).total_seconds()) for made, arrived in rows if arrived is not None]
    return round(median(seconds), 1) if seconds else None


def _rows(session: Session, providers: Providers, at: datetime) -> Sequence[ProviderShare]:
    names = list(providers.providers)
    found = session.scalars(select(ProviderShare).where(ProviderShare.name.in_(names))).all()
    new = set(names) - {row.name for row in found}
    for name in sorted(new):
        values = {"name": name, "share": providers[name].share, "fixed": False, "reason": ""}
        statement = insert_for(session.get_bind().dialect.name, ProviderShare)
        session.execute(statement.values(**values, changed_at=at, weighed_at=at).on_conflict_do_nothing())
    return session.scalars(select(ProviderShare).where(ProviderShare.name.in_(names))).all() if new else found


def _is_due(session: Session, providers: Providers, rows: Sequence[ProviderShare], at: datetime) -> bool:
    """Whether it is this transaction that weighs: of many at once exactly one moves the mark on."""
    limit = at - timedelta(seconds=providers.rules.step_seconds)
    first = min(rows, key=lambda row: row.name)
    if first.weighed_at > limit:
        return False
    claim = update(ProviderShare).where(ProviderShare.name == first.name, ProviderShare.weighed_at <= limit)
    claimed = session.execute(claim.values(weighed_at=at).returning(ProviderShare.name)).all()
    return bool(claimed)


def _newest(providers: Providers, at: datetime) -> Select[MessageAttempt, MessageState, datetime | None]:
    """The newest orders of the window, and how far their messages are."""
    return (
        select(MessageAttempt, Message.state, Message.delivered_at)
        .join(Message, Message.id == MessageAttempt.message_id)
        .where(MessageAttempt.provider.in_(list(providers.providers)))
        .where(MessageAttempt.made_at >= at - timedelta(minutes=providers.rules.window_minutes))
        .order_by(MessageAttempt.made_at.desc())
        .limit(ORDERS_LOOKED_AT)
    )


def _is_failure(order: MessageAttempt) -> bool:
    return order.outcome is AttemptOutcome.BUSY or order.unanswered


def _is_slow(order: MessageAttempt, state: MessageState, arrived: datetime | None, limit: timedelta) -> bool:
    """Whether it arrived late or has not yet; what ended otherwise is no matter of speed."""
    if arrived is not None:
        return arrived - order.made_at > limit
    return state not in FINAL
