"""The moves that a repair can make."""

#   ASKED ---accept---> ACCEPTED ---finish---> DONE        A partner who has accepted it may name another day.
#     |                  |    ^
#     |                  '----' delay
#     '-----cancel-------'----------> CANCELLED

from enum import StrEnum

from ivr.base import Moves, moved
from ivr.repairs.rows import Repair, RepairState


class RepairEvent(StrEnum):
    """What can happen to a repair."""

    ACCEPT = "accept"
    DELAY = "delay"
    FINISH = "finish"
    CANCEL = "cancel"


REPAIR_MOVES: Moves[RepairState, RepairEvent] = {
    (RepairState.ASKED, RepairEvent.ACCEPT): RepairState.ACCEPTED,
    (RepairState.ACCEPTED, RepairEvent.DELAY): RepairState.ACCEPTED,
    (RepairState.ACCEPTED, RepairEvent.FINISH): RepairState.DONE,
    (RepairState.ASKED, RepairEvent.CANCEL): RepairState.CANCELLED,
    (RepairState.ACCEPTED, RepairEvent.CANCEL): RepairState.CANCELLED,
}

OPEN = frozenset({RepairState.ASKED, RepairState.ACCEPTED})
"""The states in which the customer still waits for the thing."""


def move_repair(repair: Repair, event: RepairEvent) -> None:
    """Move a repair; raises `Refused` when the table does not allow it."""
    repair.state = moved(REPAIR_MOVES, repair.state, event)
