"""What happened to one matter, as pages draw it: moments in order, each with a sentence and what there is to add."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.visitor import wording
from ivr.accounts.rows import Account
from ivr.charters.model import Charters, Standard, UnknownCharter
from ivr.charters.rows import Verdict
from ivr.directory.rows import Officer
from ivr.lines.hours import SEOUL
from ivr.messages.rows import Message
from ivr.messages.states import MISSED, MessageState
from ivr.numbers import mask_numbers


@dataclass(frozen=True, slots=True)
class Happening:
    """One moment of a story; `tone` is that of a badge, `notes` are sentences below, `quote` what was written."""

    at: datetime
    says: str
    tone: str = "plain"
    notes: tuple[str, ...] = ()
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """One verdict with the standard that it is about; None where the charter has it no more."""

    verdict: Verdict
    standard: Standard | None


def in_order(*several: Iterable[Happening]) -> list[Happening]:
    """Everything by its moment; what came at the same one stays in the order that is given."""
    return sorted((one for some in several for one in some), key=lambda one: one.at)


def texts_told(messages: Sequence[Message]) -> Iterator[Happening]:
    """The texts of a matter, numbers masked."""
    say = wording().say
    for message in messages:
        tone = "good" if message.state is MessageState.DELIVERED else "bad" if message.state in MISSED else "plain"
        state = say(f"messages.state.{message.state.value}")
        yield Happening(
            message.written_at,
            say("messages.written_to", number=message.recipient.masked, state=state),
            tone,
            quote=mask_numbers(message.body),
        )


def judged(verdicts: Iterable[Verdict], charters: Charters) -> list[Judged]:
    """Verdicts with their standards, in the order in which they are given."""
    return [Judged(verdict, _standard(charters, verdict.standard_id)) for verdict in verdicts]


def names_of(session: Session, ids: Iterable[str | None]) -> Mapping[str, str]:
    """The names of officers with their titles, by their ids."""
    wanted = sorted({id for id in ids if id})
    if not wanted:
        return {}
    rows = session.execute(select(Officer.id, Officer.name, Officer.title).where(Officer.id.in_(wanted)))
    return {id: f"{name} {title}" for id, name, title in rows}


def accounts_of(session: Session, ids: Iterable[str | None]) -> Mapping[str, str]:
    """The names of the people behind accounts, by their ids."""
    wanted = sorted({id for id in ids if id})
    if not wanted:
        return {}
    return {id: name for id, name in session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted)))}


def local_minute(written: object) -> str:
    """A moment of a fact's detail (ISO 8601) by the clock in Seoul, to the minute; anything else as it is."""
    try:
        return f"{datetime.fromisoformat(str(written)).astimezone(SEOUL):%Y-%m-%d %H:%M}"
    except ValueError:
        return str(written)


def _standard(charters: Charters, id: str) -> Standard | None:
    try:
        return charters.standard(id)
    except UnknownCharter:
        return None
