"""A transfer's moves: any sequence of events leaves it where the table says, and once over it stays as it ended."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.base import Refused
from ivr.transfers.moves import TRANSFER_MOVES, TransferEvent, close_transfer, move_transfer
from ivr.transfers.rows import Transfer, TransferOutcome, TransferState
from tests.http.board import MORNING


@given(st.lists(st.sampled_from(TransferEvent), max_size=20))
def test_any_sequence_of_events_leaves_a_transfer_where_the_table_says(events: list[TransferEvent]) -> None:
    transfer = Transfer(id="c1-t1", state=TransferState.ASKED)
    for event in events:
        before = transfer.state
        try:
            move_transfer(transfer, event)
        except Refused:
            assert (before, event) not in TRANSFER_MOVES
            assert transfer.state is before
        else:
            assert transfer.state is TRANSFER_MOVES[before, event]


def test_a_transfer_that_is_over_stays_as_it_ended() -> None:
    transfer = Transfer(id="c1-t1", state=TransferState.WAITING)
    close_transfer(transfer, TransferOutcome.COMPLETED, MORNING)
    with pytest.raises(Refused):
        close_transfer(transfer, TransferOutcome.GONE, MORNING)
    assert (transfer.outcome, transfer.ended_at) == ("completed", MORNING)
