"""Everything that belongs to one call, read at once: its view, verdicts, what was written, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.agents.wrapping import WrapUp
from ivr.callbacks.asking import promised_text
from ivr.callbacks.rows import Callback
from ivr.calls.rows import Call
from ivr.cases.rows import Case
from ivr.charters.reading_calls import views_of
from ivr.charters.rows import Verdict
from ivr.charters.view import CallView
from ivr.identifiers import callback_id
from ivr.lines.model import Line
from ivr.listening.recordings import Recording, recordings_of
from ivr.listening.rows import Opening, Utterance, UtteranceState
from ivr.messages.rows import Message
from ivr.surveys.rows import Interview

MOST_OTHERS = 20
# Somebody is asked about a call right after it, or by a link within some days.
ASKED_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Story:
    """One call of a line with all that hangs on it; `words` are what each agent (by offer) was heard to
    say in its opening, `others` the newest other calls of its number, by id."""

    call: Call
    view: CallView
    verdicts: Sequence[Verdict]
    messages: Sequence[Message]
    callbacks: Sequence[Callback]
    cases: Sequence[Case]
    interviews: Sequence[Interview]
    wrap_ups: Sequence[WrapUp]
    openings: Sequence[Opening]
    recordings: Sequence[Recording]
    words: dict[str, list[str]]
    others: Sequence[str]


def story_of(session: Session, call: Call, line: Line) -> Story:
    """Read all of a call of this line."""
    view = views_of(session, [call.id], line=line, repeat_days=0)[0]
    own = Verdict.call_id == call.id
    asked = Interview.began_at.between(call.arrived_at, (call.ended_at or call.arrived_at) + ASKED_WITHIN)
    return Story(
        call=call,
        view=view,
        verdicts=session.scalars(select(Verdict).where(own).order_by(Verdict.standard_id, Verdict.subject)).all(),
        messages=texts_about(session, call.id),
        callbacks=session.scalars(select(Callback).where(Callback.call_id == call.id).order_by(Callback.id)).all(),
        cases=session.scalars(select(Case).where(Case.call_id == call.id).order_by(Case.id)).all(),
        interviews=session.scalars(
            select(Interview).where(Interview.line == line.id, asked, Interview.call_id == call.id)
        ).all(),
        wrap_ups=session.scalars(select(WrapUp).where(WrapUp.call_id == call.id).order_by(WrapUp.id)).all(),
        openings=session.scalars(select(Opening).where(Opening.call_id == call.id).order_by(Opening.joined_at)).all(),
        recordings=recordings_of(session, call.id),
        words=_words(session, [offer.id for offer in view.offers]),
        others=_others(session, call),
    )


def texts_about(session: Session, call: str) -> Sequence[Message]:
    """The text messages that a call led to, in the order in which they were written."""
    # A wish to be called back is confirmed in writing about the callback, not about the call.
    about = (Message.call_id == call) | (Message.id == promised_text(callback_id(call)))
    return session.scalars(select(Message).where(about).order_by(Message.written_at)).all()


def _words(session: Session, offers: Sequence[str]) -> dict[str, list[str]]:
    """What was understood of each agent, in order, as far as it is still kept."""
    rows = session.scalars(
        select(Utterance)
        .where(Utterance.offer_id.in_(offers), Utterance.state == UtteranceState.KEPT)
        .order_by(Utterance.offer_id, Utterance.said_at, Utterance.sequence)
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.offer_id, []).append(row.text or "")
    return found


def _others(session: Session, call: Call) -> Sequence[str]:
    """Ids of the newest other calls of the number."""
    if call.caller_index is None:
        return []
    same = (Call.caller_index == call.caller_index, Call.line == call.line, Call.id != call.id)
    return session.scalars(select(Call.id).where(*same).order_by(Call.arrived_at.desc()).limit(MOST_OTHERS)).all()
