"""The console's texts: each is said by some page, and what the core counts up in a closed list has words for each."""

import re
from enum import StrEnum
from functools import cache

import pytest

from config.files import CONSOLE
from console.words import load_wording
from ivr.accounts.leaving import REASON as SIGNED_OUT
from ivr.accounts.rows import AccountChange, Act, Role, SessionEnd
from ivr.agents.aside import REASON as ASIDE
from ivr.agents.rows import AgentState
from ivr.callbacks.memo import WhyNotNow
from ivr.callbacks.rows import CallbackOutcome, CallbackState, Origin
from ivr.callbacks.slipping import LateReason
from ivr.calls.offers import OUTCOME_OF_STATUS, OfferOutcome
from ivr.calls.record import Outcome
from ivr.calls.timeline import SpanKind
from ivr.campaigns.rows import CampaignState, DialOutcome
from ivr.cases.rows import CaseState
from ivr.conduct.respite import RESPITE
from ivr.consents.rows import Means, Purpose
from ivr.consents.wishes import Exclusion
from ivr.courtesy.rows import AppealState, RoundState
from ivr.desks.presence import DESK_LOST
from ivr.directory.rows import AbsenceReason
from ivr.firms.rows import ContractState, SecurityKind
from ivr.messages.states import MessageState
from ivr.monitoring.rows import Mode, MonitoringState
from ivr.surveys.rows import Disposition
from tests.guards.tree import ROOT

LISTS: tuple[tuple[str, type[StrEnum]], ...] = (
    ("access.act", Act),
    ("accounts.change", AccountChange),
    ("callbacks.late", LateReason),
    ("callbacks.origin", Origin),
    ("callbacks.outcome", CallbackOutcome),
    ("callbacks.state", CallbackState),
    ("callbacks.why", WhyNotNow),
    ("calls.outcome", Outcome),
    ("calls.span", SpanKind),
    ("campaigns.disposition", Disposition),
    ("campaigns.outcome", DialOutcome),
    ("campaigns.state", CampaignState),
    ("cases.state", CaseState),
    ("common.agent", AgentState),
    ("common.role", Role),
    ("consents.means", Means),
    ("consents.purpose", Purpose),
    ("consents.why", Exclusion),
    ("courtesy.appeal_state", AppealState),
    ("courtesy.state", RoundState),
    ("directory.absence", AbsenceReason),
    ("firms.kind", SecurityKind),
    ("firms.state", ContractState),
    ("messages.state", MessageState),
    ("monitoring.mode", Mode),
    ("monitoring.state", MonitoringState),
    ("sign_in.over", SessionEnd),
    ("talk.late", LateReason),
    ("talk.why", WhyNotNow),
)
# Why an agent whom nobody sent away is away.
AWAY = {ASIDE, DESK_LOST, RESPITE, SIGNED_OUT, OfferOutcome.REJECTED, *OUTCOME_OF_STATUS.values()}


@pytest.mark.parametrize(("prefix", "listed"), LISTS, ids=[prefix for prefix, _ in LISTS])
def test_a_closed_list_of_the_core_has_words_for_each(prefix: str, listed: type[StrEnum]) -> None:
    texts = load_wording()["ko"].texts
    assert [one.value for one in listed if f"{prefix}.{one.value}" not in texts] == []


def test_why_an_agent_is_away_has_words() -> None:
    texts = load_wording()["ko"].texts
    assert [reason for reason in sorted(AWAY) if f"common.away.{reason}" not in texts] == []


def test_every_text_is_said_somewhere() -> None:
    begun = tuple(piece for piece in _pieces() if piece.endswith((".", "_")))
    unsaid = [id for id in load_wording()["ko"].texts if id not in _pieces() and not id.startswith(begun)]
    assert unsaid == []


@cache
def _pieces() -> frozenset[str]:
    """Ids of texts that stand in code and pages, and the beginnings that something is put behind."""
    files = [file for ending in ("py", "html") for file in (ROOT / "console").rglob(f"*.{ending}")]
    subjects = "|".join(file.stem for file in (CONSOLE / "ko").glob("*.toml"))
    sought = re.compile(rf"(?:{subjects})\.[\w.-]*")
    return frozenset(piece for file in files for piece in sought.findall(file.read_text(encoding="utf-8")))
