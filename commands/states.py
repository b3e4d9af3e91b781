"""The page about states, written from the tables of moves."""

from collections.abc import Mapping

import click

from commands.installation import ROOT
from ivr.agents.moves import AGENT_MOVES
from ivr.agents.rows import AgentState
from ivr.audiences.moves import AUDIENCE_MOVES
from ivr.audiences.rows import AudienceState
from ivr.base import Event, Moves, State
from ivr.bookings.moves import BOOKING_MOVES
from ivr.bookings.rows import BookingState
from ivr.callbacks.moves import CALLBACK_MOVES
from ivr.callbacks.rows import CallbackState
from ivr.calls.legs import STATUS_KINDS, LegState
from ivr.calls.offers import OFFER_MOVES, OUTCOME_OF_STATUS, OfferOutcome
from ivr.calls.rows import OfferState
from ivr.campaigns.moves import CAMPAIGN_MOVES
from ivr.campaigns.rows import CampaignState
from ivr.cases.moves import CASE_MOVES
from ivr.cases.rows import CaseState
from ivr.courtesy.moves import APPEAL_MOVES, ROUND_MOVES
from ivr.courtesy.rows import AppealState, RoundState
from ivr.dialling.moves import ATTEMPT_MOVES
from ivr.dialling.rows import AttemptState
from ivr.documents.moves import DOCUMENT_MOVES
from ivr.documents.rows import DocumentState
from ivr.errands.moves import ERRAND_MOVES
from ivr.errands.rows import ErrandState
from ivr.firms.moves import CONTRACT_MOVES
from ivr.firms.rows import ContractState
from ivr.messages.states import RANK, STATE_OF_STATUS
from ivr.monitoring.moves import MONITORING_MOVES
from ivr.monitoring.rows import MonitoringState
from ivr.repairs.moves import REPAIR_MOVES
from ivr.repairs.rows import RepairState
from ivr.transfers.moves import TRANSFER_MOVES
from ivr.transfers.rows import TransferState

STATES_PAGE = ROOT / "docs" / "states.md"
HEAD = """\
# States

Written by `charterline docs states` from the tables in the code; do not edit by hand.

Decided states are ours: they are stored, and change only by the moves below, under a version counter. Told
states are read from what the carrier reported, in whatever order it came (`docs/decisions/`).
"""


def states_page() -> str:
    """Return the page: decided states as diagrams and tables, told ones as tables."""
    parts = [
        HEAD,
        _moves("Agents", AGENT_MOVES, AgentState.AWAY),
        _moves("Offers", OFFER_MOVES, OfferState.OPEN),
        _moves("Courtesy rounds", ROUND_MOVES, RoundState.OPEN),
        _moves("Appeals against courtesy scores", APPEAL_MOVES, AppealState.FILED),
        _moves("Attempts to call back", ATTEMPT_MOVES, AttemptState.OPEN),
        _moves("Transfers", TRANSFER_MOVES, TransferState.ASKED),
        _moves("Supervisors beside a talk", MONITORING_MOVES, MonitoringState.ASKED),
        _moves("Cases", CASE_MOVES, CaseState.RECEIVED),
        _moves("Lists of people", AUDIENCE_MOVES, AudienceState.MAKING),
        _moves("Errands of the console", ERRAND_MOVES, ErrandState.WAITING),
        _moves("Campaigns", CAMPAIGN_MOVES, CampaignState.DRAFT),
        _moves("Callbacks", CALLBACK_MOVES, CallbackState.WAITING),
        _moves("Bookings", BOOKING_MOVES, BookingState.BOOKED),
        _moves("Papers", DOCUMENT_MOVES, DocumentState.RECEIVED),
        _moves("Repairs", REPAIR_MOVES, RepairState.ASKED),
        _moves("Contracts of client firms", CONTRACT_MOVES, ContractState.DRAFT),
        _table("Why an offer ended without an answer", "Told of the leg", "Outcome", OUTCOME_OF_STATUS),
        f"Whoever picked up while nothing of ours answered: `{OfferOutcome.FAILED}`, whatever was told of the leg.\n",
        _table("Legs, as told", "Carrier's word", "Fact", STATUS_KINDS),
        "A leg is as far as its furthest fact: " + ", ".join(f"`{state}`" for state in LegState) + ".\n",
        _table("Messages, as told", "Carrier's word", "State", STATE_OF_STATUS),
        _ranks(),
    ]
    return "\n".join(parts)


@click.command("states")
def write_states() -> None:
    """Write docs/states.md."""
    STATES_PAGE.write_text(states_page(), encoding="utf-8")
    click.echo(f"Wrote {STATES_PAGE.relative_to(ROOT)}.")


def _moves(title: str, table: Moves[State, Event], first: State) -> str:
    drawn = "".join(f"    {source} --> {target}: {event}\n" for (source, event), target in table.items())
    rows = "".join(f"| `{source}` | {event} | `{target}` |\n" for (source, event), target in table.items())
    diagram = f"```mermaid\nstateDiagram-v2\n    [*] --> {first}\n{drawn}```\n"
    return f"## {title}\n\n{diagram}\n| From | Event | To |\n|---|---|---|\n{rows}"


def _table(title: str, left: str, right: str, given: Mapping[str, str]) -> str:
    rows = "".join(f"| {told} | `{meant}` |\n" for told, meant in sorted(given.items()))
    return f"## {title}\n\n| {left} | {right} |\n|---|---|\n{rows}"


def _ranks() -> str:
    ordered = sorted(RANK.items(), key=lambda item: item[1])
    rows = "".join(f"| `{state}` | {rank} |\n" for state, rank in ordered)
    return f"A message never goes to a state of the same or a lower rank.\n\n| State | Rank |\n|---|---|\n{rows}"
