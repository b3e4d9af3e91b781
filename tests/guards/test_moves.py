"""The tables of moves are whole, and the page that draws them is the one the code writes."""

from enum import StrEnum

import pytest

from commands.states import STATES_PAGE, states_page
from ivr.agents.moves import AGENT_MOVES, AgentEvent
from ivr.agents.rows import AgentState
from ivr.audiences.moves import AUDIENCE_MOVES, AudienceEvent
from ivr.audiences.rows import AudienceState
from ivr.base import Moves, Refused, moved
from ivr.bookings.moves import BOOKING_MOVES, BookingEvent
from ivr.bookings.rows import BookingState
from ivr.callbacks.moves import CALLBACK_MOVES, CallbackEvent
from ivr.callbacks.rows import CallbackState
from ivr.calls.offers import OFFER_MOVES, OfferEvent
from ivr.calls.rows import OfferState
from ivr.campaigns.moves import CAMPAIGN_MOVES, CampaignEvent
from ivr.campaigns.rows import CampaignState
from ivr.cases.moves import CASE_MOVES, CaseEvent
from ivr.cases.rows import CaseState
from ivr.courtesy.moves import APPEAL_MOVES, ROUND_MOVES, AppealEvent, RoundEvent
from ivr.courtesy.rows import AppealState, RoundState
from ivr.dialling.moves import ATTEMPT_MOVES, AttemptEvent
from ivr.dialling.rows import AttemptState
from ivr.documents.moves import DOCUMENT_MOVES, DocumentEvent
from ivr.documents.rows import DocumentState
from ivr.errands.moves import ERRAND_MOVES, ErrandEvent
from ivr.errands.rows import ErrandState
from ivr.firms.moves import CONTRACT_MOVES, ContractEvent
from ivr.firms.rows import ContractState
from ivr.monitoring.moves import MONITORING_MOVES, MonitoringEvent
from ivr.monitoring.rows import MonitoringState
from ivr.repairs.moves import REPAIR_MOVES, RepairEvent
from ivr.repairs.rows import RepairState
from ivr.transfers.moves import TRANSFER_MOVES, TransferEvent
from ivr.transfers.rows import TransferState

TABLES = [
    pytest.param(AGENT_MOVES, AgentState.AWAY, AgentEvent, id="agent"),
    pytest.param(OFFER_MOVES, OfferState.OPEN, OfferEvent, id="offer"),
    pytest.param(ATTEMPT_MOVES, AttemptState.OPEN, AttemptEvent, id="attempt"),
    pytest.param(TRANSFER_MOVES, TransferState.ASKED, TransferEvent, id="transfer"),
    pytest.param(MONITORING_MOVES, MonitoringState.ASKED, MonitoringEvent, id="monitoring"),
    pytest.param(CASE_MOVES, CaseState.RECEIVED, CaseEvent, id="case"),
    pytest.param(AUDIENCE_MOVES, AudienceState.MAKING, AudienceEvent, id="audience"),
    pytest.param(ERRAND_MOVES, ErrandState.WAITING, ErrandEvent, id="errand"),
    pytest.param(CAMPAIGN_MOVES, CampaignState.DRAFT, CampaignEvent, id="campaign"),
    pytest.param(CALLBACK_MOVES, CallbackState.WAITING, CallbackEvent, id="callback"),
    pytest.param(ROUND_MOVES, RoundState.OPEN, RoundEvent, id="courtesy round"),
    pytest.param(APPEAL_MOVES, AppealState.FILED, AppealEvent, id="courtesy appeal"),
    pytest.param(BOOKING_MOVES, BookingState.BOOKED, BookingEvent, id="booking"),
    pytest.param(DOCUMENT_MOVES, DocumentState.RECEIVED, DocumentEvent, id="papers"),
    pytest.param(REPAIR_MOVES, RepairState.ASKED, RepairEvent, id="repair"),
    pytest.param(CONTRACT_MOVES, ContractState.DRAFT, ContractEvent, id="contract"),
]
Table = Moves[StrEnum, StrEnum]


@pytest.mark.parametrize(("table", "first", "events"), TABLES)
def test_every_state_can_be_reached(table: Table, first: StrEnum, events: type[StrEnum]) -> None:
    reached = {first}
    for _ in range(len(table)):
        reached |= {target for (source, _), target in table.items() if source in reached}
    assert reached == set(type(first))


@pytest.mark.parametrize(("table", "first", "events"), TABLES)
def test_every_event_is_used(table: Table, first: StrEnum, events: type[StrEnum]) -> None:
    assert {event for _, event in table} == set(events)


@pytest.mark.parametrize(("table", "first", "events"), TABLES)
def test_what_the_table_does_not_hold_is_refused(table: Table, first: StrEnum, events: type[StrEnum]) -> None:
    for state in type(first):
        for event in set(events) - {known for source, known in table if source == state}:
            with pytest.raises(Refused, match=str(event.value)):
                moved(table, state, event)


def test_an_agent_always_finds_the_way_back_to_ready() -> None:
    back = {AgentState.READY}
    for _ in AGENT_MOVES:
        back |= {source for (source, _), target in AGENT_MOVES.items() if target in back}
    assert back == set(AgentState)


def test_an_offer_that_is_over_stays_over() -> None:
    assert not [event for source, event in OFFER_MOVES if source is OfferState.OVER]


def test_a_transfer_always_finds_its_end_and_stays_there() -> None:
    assert {source for source, event in TRANSFER_MOVES if event is TransferEvent.CLOSE} == set(TransferState) - {
        TransferState.OVER
    }
    assert not [event for source, event in TRANSFER_MOVES if source is TransferState.OVER]


def test_the_page_about_states_is_fresh() -> None:
    assert STATES_PAGE.read_text(encoding="utf-8") == states_page(), "run: charterline docs states"
