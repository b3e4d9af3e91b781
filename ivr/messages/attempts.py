"""The orders given for a message: one after the other, each kept before it is given and closed by what is known."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.messages.providers import Providers, ProviderTerms
from ivr.messages.rows import Message, MessageAttempt
from ivr.messages.shares import choose
from ivr.messages.signs import mend, not_carried
from ivr.messages.states import AttemptOutcome
from ivr.messages.weighing import shares_now

# A provider that was busy or out of reach is left alone for a moment, while there is another one.
LET_BE = timedelta(seconds=30)


def attempts_of(session: Session, message: Message) -> Sequence[MessageAttempt]:
    """Every order given for a message, in order; a new message has none, which needs no question."""
    if not message.attempts:
        return []
    return session.scalars(
        select(MessageAttempt).where(MessageAttempt.message_id == message.id).order_by(MessageAttempt.ordinal)
    ).all()


def open_attempt(session: Session, message: Message) -> MessageAttempt | None:
    """The order of which it is not known whether it was carried out."""
    given = attempts_of(session, message)
    return given[-1] if given and given[-1].outcome is AttemptOutcome.OPEN else None


def begin_attempt(session: Session, message: Message, providers: Providers, *, at: datetime) -> MessageAttempt | None:
    """Choose a provider and keep the choice; None where no provider takes so long a text."""
    fit = _fit(message.body, providers)
    given = attempts_of(session, message)
    busy = {one.provider for one in given if one.outcome is AttemptOutcome.BUSY and one.made_at > at - LET_BE}
    free = (fit - busy) or fit
    if not free:
        return None
    chosen = choose(message.id, shares_now(session, providers, at=at) if len(free) > 1 else {}, free)
    attempt = MessageAttempt(
        message_id=message.id,
        ordinal=len(given) + 1,
        provider=chosen,
        made_at=at,
        outcome=AttemptOutcome.OPEN,
        unanswered=False,
    )
    session.add(attempt)
    message.attempts, message.provider = attempt.ordinal, chosen
    return attempt


def close_attempt(attempt: MessageAttempt, outcome: AttemptOutcome, *, at: datetime, error: str | None = None) -> None:
    """Keep what an order came to."""
    attempt.outcome, attempt.closed_at, attempt.error = outcome, at, error


def sids_of_others(session: Session, message: Message, *, since: datetime) -> frozenset[str]:
    """The providers' ids of other messages to the same person: they may hold the very same words."""
    return frozenset(
        sid
        for sid in session.scalars(
            select(Message.sid).where(
                Message.recipient_index == message.recipient_index,
                Message.id != message.id,
                Message.sid.is_not(None),
                Message.written_at >= since,
            )
        )
        if sid is not None
    )


def body_for(message: Message, terms: ProviderTerms) -> str:
    """The text as this provider gets it: signs outside its character set are replaced."""
    return mend(message.body, terms.carries).text


def another_is_free(session: Session, message: Message, providers: Providers, *, at: datetime) -> bool:
    """Whether some other provider may be asked at once after one was busy."""
    tried = {one.provider for one in attempts_of(session, message) if one.made_at > at - LET_BE}
    return bool(_fit(message.body, providers) - tried)


def _fit(body: str, providers: Providers) -> set[str]:
    """Who can carry the text whole; where nobody can, whoever takes it with signs replaced."""
    short = {name for name, terms in providers.providers.items() if len(body) <= terms.longest_characters}
    whole = {name for name in short if not not_carried(body, providers[name].carries)}
    return whole or short
