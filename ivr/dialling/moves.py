"""The moves an attempt can make."""

#              accept                close
#     OPEN -------------> ACCEPTED ---------> OVER
#       |                                      ^
#       '---------------- close ---------------'
#
# Accepted: the agent wishes to dial, and the customer is rung. Over: no telephone of it rings any more.

from enum import StrEnum

from ivr.base import Moves
from ivr.dialling.rows import AttemptState


class AttemptEvent(StrEnum):
    """What can happen to an attempt."""

    ACCEPT = "accept"
    CLOSE = "close"


ATTEMPT_MOVES: Moves[AttemptState, AttemptEvent] = {
    (AttemptState.OPEN, AttemptEvent.ACCEPT): AttemptState.ACCEPTED,
    (AttemptState.OPEN, AttemptEvent.CLOSE): AttemptState.OVER,
    (AttemptState.ACCEPTED, AttemptEvent.CLOSE): AttemptState.OVER,
}
