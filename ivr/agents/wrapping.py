"""What an agent writes about a talk, during it and after it: a memo that is never lost, and a code of the line."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from ivr.agents.talks import OwnTalk
from ivr.base import ROW_LOCK, Base, Moment, Refused
from ivr.lines.model import Line
from ivr.messages.size import clean
from ivr.sealing import SealedText

LONGEST_MEMO = 4_000


class WrapUp(Base):
    """The memo and the code of one talk; `id` is that of its offer, or of its attempt to call back.

    The memo is kept while it is written. `code` is one of the line's file, None until it was chosen at `coded_at`.
    """

    __tablename__ = "wrap_up"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"), index=True)
    call_id: Mapped[str | None] = mapped_column(ForeignKey("call.id"), index=True)
    callback_id: Mapped[str | None] = mapped_column(ForeignKey("callback.id"), index=True)
    memo: Mapped[str | None] = mapped_column(SealedText(place="wrap_up.memo"))
    code: Mapped[str | None] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(40))
    saved_at: Mapped[datetime] = mapped_column(Moment)
    coded_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


class ChangedMeanwhile(Exception):
    """The memo was written from another page since this one was opened: `memo` is what stands now."""

    def __init__(self, kept: WrapUp) -> None:
        super().__init__(f"the memo of {kept.id} was changed at {kept.saved_at.isoformat()}")
        self.memo = kept.memo or ""


@dataclass(frozen=True, slots=True)
class Written:
    """What an account wrote; `version` is that of the memo it was written from, 0 for none. `code` None leaves it."""

    by: str
    memo: str
    version: int
    code: str | None = None


def keep(session: Session, talk: OwnTalk, written: Written, *, line: Line, at: datetime) -> WrapUp | None:
    """Keep the memo, and the code where one is given: during the talk, in its wrap-up, and later on the same day.

    The same again changes nothing, and nothing is kept of nothing (None). Raises `ChangedMeanwhile`, and `Refused` on
    a later day, for a code that the line does not have, and for more than LONGEST_MEMO characters.
    """
    _refuse_wrong(talk, written, line, at)
    memo = clean(written.memo).strip() or None
    row = session.get(WrapUp, talk.id, with_for_update=ROW_LOCK)
    if row is None and (memo or written.code):
        row = _first(session, talk, written, at)
    if row is None or (row.memo == memo and written.code in {None, row.code}):
        return row
    if row.memo != memo and row.version != written.version:
        raise ChangedMeanwhile(row)
    row.memo, row.by, row.saved_at = memo, written.by, at
    if written.code is not None and row.code != written.code:
        row.code, row.coded_at = written.code, at
    session.flush()
    return row


def _refuse_wrong(talk: OwnTalk, written: Written, line: Line, at: datetime) -> None:
    if not talk.is_of_today(at):
        raise Refused(f"the day of talk {talk.id} is over: its memo can only be read now")
    if written.code is not None and written.code not in line.wrap_up.codes:
        raise Refused(f"{line.id} has no wrap-up code {written.code!r}: known are {', '.join(line.wrap_up.codes)}")
    if len(written.memo) > LONGEST_MEMO:
        raise Refused(f"the memo has {len(written.memo)} characters: at most {LONGEST_MEMO} are kept, shorten it")


def _first(session: Session, talk: OwnTalk, written: Written, at: datetime) -> WrapUp:
    """The row with its first words, locked; of two pages that write them at once, one makes it."""
    made = WrapUp(
        id=talk.id,
        line=talk.line,
        agent_id=talk.agent_id,
        call_id=talk.call_id,
        callback_id=talk.callback_id,
        memo=clean(written.memo).strip() or None,
        code=written.code,
        by=written.by,
        saved_at=at,
        coded_at=at if written.code else None,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        return session.get_one(WrapUp, talk.id, with_for_update=ROW_LOCK)
    return made
