"""What changes by itself while an agent talks: ticks, steps against abuse, a transfer; drawn only when it changed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.office import office
from console.stale import mark_of
from console.talk.room import in_words
from console.visitor import visitor
from ivr.agents.rows import Agent
from ivr.agents.talks import OwnTalk, Stage
from ivr.callbacks.rows import Callback
from ivr.calls.known import Followed, look
from ivr.calls.rows import Offer
from ivr.cases.rows import Case
from ivr.conduct.protecting import ending_now, next_warning, warnings_needed
from ivr.conduct.reading import Cause, by_relay, heard, is_playing
from ivr.conduct.refusals import NotNow, Refusal
from ivr.conduct.ticks import CLOSING_PARTS, SETTLED, UNSETTLED, ticked_parts
from ivr.listening.openings import RECORDED
from ivr.transfers.rows import Transfer, TransferState
from ivr.transfers.words import officer_of, word

TICKS: Final = (*CLOSING_PARTS, SETTLED, UNSETTLED)
WARNED_OF: Final = (Cause.ABUSE, Cause.HARASSMENT)
UNDER_WAY: Final = frozenset(TransferState) - {TransferState.OVER}


@dataclass(frozen=True, slots=True)
class Step:
    """One step against a caller's conduct: how many warnings were heard of how many, and why it is locked, if it is."""

    cause: str
    number: int
    needed: int
    locked: str


@dataclass(frozen=True, slots=True)
class Passing:
    """A transfer of this talk that is under way, with what the caller is told of the colleague."""

    manner: str
    state: str
    name: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Live:
    """Everything of a talk that changes by itself; `made` are its callbacks and cases, by kind and receipt number."""

    stage: Stage
    ticked: frozenset[str]
    warnings: tuple[Step, ...]
    endings: tuple[Step, ...]
    is_playing: bool
    is_relay: bool
    is_recorded: bool
    passing: Passing | None
    made: tuple[tuple[str, str], ...] = ()

    @property
    def mark(self) -> str:
        """Another mark for another picture, so that nothing is drawn again that has not changed."""
        shown = (self.stage, sorted(self.ticked), self.warnings, self.endings, self.is_playing)
        return mark_of({"shown": (*shown, self.is_relay, self.is_recorded, self.passing, self.made)})


def live_of(session: Session, talk: OwnTalk) -> Live:
    """The picture of a talk at this moment; an attempt to call back has ticks and steps of no kind."""
    if talk.call_id is None:
        return Live(talk.stage, frozenset(), (), (), is_playing=False, is_relay=False, is_recorded=False, passing=None)
    known, at = look(session, talk.call_id), office().clock()
    return Live(
        stage=talk.stage,
        ticked=ticked_parts(known.facts, talk.id),
        warnings=tuple(_warning(known, talk, cause) for cause in WARNED_OF),
        endings=tuple(_ending(known, talk, cause) for cause in (*WARNED_OF, Cause.TIME_CAP)),
        is_playing=is_playing(known.facts, at),
        is_relay=by_relay(known.facts),
        is_recorded=any(fact.kind == RECORDED and fact.leg == talk.id for fact in known.facts),
        passing=_passing(session, known, talk),
        made=tuple(_made(session, talk.call_id)),
    )


def _made(session: Session, call_id: str) -> Iterator[tuple[str, str]]:
    """What follows from a call, so that nobody promises it again."""
    for kind, rows in (("callback", Callback), ("case", Case)):
        for receipt in session.scalars(select(rows.receipt_number).where(rows.call_id == call_id).order_by(rows.id)):
            yield kind, receipt


def _warning(known: Followed, talk: OwnTalk, cause: Cause) -> Step:
    line = visitor().line
    locked = _locked(talk, lambda: next_warning(known, cause, line=line, at=office().clock())[0])
    return Step(cause.value, len(heard(known.facts, cause)), warnings_needed(line.conduct, cause), locked)


def _ending(known: Followed, talk: OwnTalk, cause: Cause) -> Step:
    line = visitor().line
    locked = _locked(talk, lambda: ending_now(known, cause, line=line, at=office().clock())[0])
    needed = 1 if cause is Cause.TIME_CAP else warnings_needed(line.conduct, cause)
    return Step(cause.value, len(heard(known.facts, cause)), needed, locked)


def _locked(talk: OwnTalk, check: Callable[[], Offer]) -> str:
    """Why a step cannot be taken in this talk now; empty where it can."""
    try:
        return "" if check().id == talk.id else in_words(NotNow(Refusal.NO_TALK))
    except NotNow as error:
        return in_words(error)


def _passing(session: Session, known: Followed, talk: OwnTalk) -> Passing | None:
    transfer = known.transfer
    if transfer is None or transfer.from_offer != talk.id:
        return None
    return passing_of(session, transfer)


def passing_of(session: Session, transfer: Transfer) -> Passing:
    """How far a transfer is, and the words that the caller hears of the colleague."""
    agent, line = session.get_one(Agent, transfer.to_agent), visitor().line
    told = officer_of(agent, line)
    spoken = word(office().texts.of(line.id), line.language, told).text
    return Passing(transfer.manner.value, transfer.state.value, agent.name, spoken)
