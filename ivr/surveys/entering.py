"""From a talk into the questions: a caller who stays when the agent has left is asked how it was."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import Session

from ivr.base import Refused
from ivr.calls.facts import Told, tell
from ivr.calls.known import load
from ivr.calls.legs import LegState
from ivr.calls.rows import Fact, Offer, OfferState
from ivr.calls.steps import CALLER, joined
from ivr.calls.talk import Talk
from ivr.conduct.reading import SURVEY_HAND_OFF
from ivr.lines.model import Line
from ivr.prompts import Prompt
from ivr.surveys.model import Questionnaires
from ivr.surveys.talking import Asking, invite


def invitation(talk: Talk, surveys: Questionnaires) -> tuple[Prompt, ...]:
    """Ask whether the talk may be rated; nothing where the line asks nobody, or not in the caller's language."""
    questionnaire = surveys.get(talk.line.surveys.end_of_call)
    if questionnaire is None or talk.language != talk.line.language:
        return ()
    return invite(Asking(talk, CALLER, questionnaire))


def was_handed_over(call_id: str) -> ColumnElement[bool]:
    """Whether an agent has said that the caller stays for the survey."""
    return exists().where(Fact.subject == call_id, Fact.kind == SURVEY_HAND_OFF)


def hand_over(session: Session, call_id: str, *, line: Line, at: datetime) -> Offer:
    """Put on record that the agent leaves so that the caller can rate the talk; gives the offer of that talk.

    To be told before the agent hangs up: only then it counts as the exemption `survey_hand_off` (promise D8).
    Raises `Refused` where nobody talks, or the line asks nothing at the end of a call.
    """
    if not line.surveys.end_of_call:
        raise Refused(f"{line.id} asks nothing at the end of a call: name a questionnaire as end_of_call of [surveys]")
    known = load(session, call_id)
    step = known.last_step
    offer = known.offer(step.detail.get("offer")) if step is not None and joined(step) else None
    if offer is None or offer.state is not OfferState.ACCEPTED or known.caller_gone:
        raise Refused(f"nobody talks with the caller of {call_id} now: hand over during the talk")
    if known.leg_of(offer).state is LegState.ENDED:
        raise Refused(f"the agent has left {call_id} already: it is asked without a hand-over")
    key = f"{SURVEY_HAND_OFF}:{offer.id}"
    detail = {"questionnaire": line.surveys.end_of_call}
    tell(session.connection(), Told(call_id, key, SURVEY_HAND_OFF, offer.id, at, detail=detail))
    return offer
