"""Following a dial: from everything told of its leg, and of its interview, it ends once; order does not matter."""

from datetime import datetime

from sqlalchemy.orm import Session

from ivr.base import ROW_LOCK
from ivr.calls.facts import facts_of
from ivr.calls.legs import LegState, read_leg
from ivr.campaigns.afterwards import catch_up
from ivr.campaigns.ending import End, close
from ivr.campaigns.retrying import PERSON, disposition_of, outcome_of
from ivr.campaigns.rows import Dial, DialState
from ivr.lines.calendar import Calendar
from ivr.surveys.interviews import LINK
from ivr.surveys.rows import Interview


def follow(session: Session, dial_id: str, *, calendar: Calendar, at: datetime) -> bool:
    """Close a dial whose leg has ended; says whether it is closed. It may run at any time and any number of times."""
    dial = session.get(Dial, dial_id, with_for_update=ROW_LOCK, populate_existing=True)
    if dial is None:
        return True
    if dial.ended_at is not None:
        catch_up(session, dial, at=at)
        return True
    facts = facts_of(session, dial_id)
    leg = read_leg(PERSON, facts)
    if leg.state is not LegState.UNTOLD:
        # Whatever became of the answer to the order: it rings, and under this name.
        dial.call_sid, dial.state = dial.call_sid or leg.sid, DialState.PLACED
    outcome = outcome_of(facts)
    if outcome is None:
        return False
    interview = session.get(Interview, dial_id, with_for_update=ROW_LOCK, populate_existing=True)
    disposition = disposition_of(outcome, interview.disposition if interview else None)
    if interview is not None and interview.ended_at is None:
        interview.ended_at, interview.disposition = leg.ended_at or at, disposition
    # Who asked for the questions on a page answers there, or does not: nobody rings about it again.
    has_link = any(fact.kind == LINK for fact in facts)
    close(session, dial, End(outcome, disposition), at=at, calendar=None if has_link else calendar)
    return True
