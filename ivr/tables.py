"""All tables in one import, for migrations and tests."""

from ivr.agents.rows import Agent, AgentSkill, Clip
from ivr.base import Base
from ivr.calls.rows import Call, CallbackWish, Fact, Offer, Waiting
from ivr.charters.rows import Verdict
from ivr.courtesy.rows import CourtesyAppeal, CourtesyEvent, CourtesyPick, CourtesyRound, CourtesySheet
from ivr.listening.rows import Opening, OpeningReview, Utterance
from ivr.messages.rows import Message
from ivr.promises import PromiseRow

__all__ = [
    "Agent",
    "AgentSkill",
    "Base",
    "Call",
    "CallbackWish",
    "Clip",
    "CourtesyAppeal",
    "CourtesyEvent",
    "CourtesyPick",
    "CourtesyRound",
    "CourtesySheet",
    "Fact",
    "Message",
    "Offer",
    "Opening",
    "OpeningReview",
    "PromiseRow",
    "Utterance",
    "Verdict",
    "Waiting",
]
