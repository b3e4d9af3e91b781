"""The moves a transfer can make, and what its end leaves on its row."""

#            consult                pass                 wait
#     ASKED ---------> CONSULTING ---------> PASSING ---------> WAITING
#       |                  |                  ^  |                 |
#       '------------------|------ pass ------'  |                 |
#                          '--------- return ----'----- return ----'
#                                        v
#                                    RETURNING         from anywhere: close -> OVER
#
# A blind transfer passes at once; one with consultation when the agent completes it, or hangs up.

from datetime import datetime
from enum import StrEnum

from ivr.base import Moves, moved
from ivr.transfers.rows import Transfer, TransferOutcome, TransferState


class TransferEvent(StrEnum):
    """What can happen to a transfer."""

    CONSULT = "consult"
    PASS = "pass"  # noqa: S105 - no password: the caller is passed on
    WAIT = "wait"
    RETURN = "return"
    CLOSE = "close"


TRANSFER_MOVES: Moves[TransferState, TransferEvent] = {
    (TransferState.ASKED, TransferEvent.CONSULT): TransferState.CONSULTING,
    (TransferState.ASKED, TransferEvent.PASS): TransferState.PASSING,
    (TransferState.CONSULTING, TransferEvent.PASS): TransferState.PASSING,
    (TransferState.PASSING, TransferEvent.WAIT): TransferState.WAITING,
    (TransferState.CONSULTING, TransferEvent.RETURN): TransferState.RETURNING,
    (TransferState.PASSING, TransferEvent.RETURN): TransferState.RETURNING,
    (TransferState.WAITING, TransferEvent.RETURN): TransferState.RETURNING,
    (TransferState.ASKED, TransferEvent.CLOSE): TransferState.OVER,
    (TransferState.CONSULTING, TransferEvent.CLOSE): TransferState.OVER,
    (TransferState.PASSING, TransferEvent.CLOSE): TransferState.OVER,
    (TransferState.WAITING, TransferEvent.CLOSE): TransferState.OVER,
    (TransferState.RETURNING, TransferEvent.CLOSE): TransferState.OVER,
}


def move_transfer(transfer: Transfer, event: TransferEvent) -> None:
    """Move a transfer; raises `Refused` when the table does not allow it."""
    transfer.state = moved(TRANSFER_MOVES, transfer.state, event)


def close_transfer(transfer: Transfer, outcome: TransferOutcome, at: datetime) -> None:
    """End a transfer; one that is over stays as it ended (`Refused`)."""
    move_transfer(transfer, TransferEvent.CLOSE)
    transfer.outcome, transfer.ended_at = outcome.value, at
