"""The moves a list of people can make: its making ends well, or is broken off."""

#     MAKING --- finish ---> READY
#        |                     | remove
#        '------ abandon --> ABANDONED
#
# A list that is removed cannot be used from that moment on, however long its people take to leave it.

from enum import StrEnum

from ivr.audiences.rows import AudienceState
from ivr.base import Moves


class AudienceEvent(StrEnum):
    """What can happen to a list."""

    FINISH = "finish"
    ABANDON = "abandon"
    REMOVE = "remove"


AUDIENCE_MOVES: Moves[AudienceState, AudienceEvent] = {
    (AudienceState.MAKING, AudienceEvent.FINISH): AudienceState.READY,
    (AudienceState.MAKING, AudienceEvent.ABANDON): AudienceState.ABANDONED,
    (AudienceState.READY, AudienceEvent.REMOVE): AudienceState.ABANDONED,
    (AudienceState.ABANDONED, AudienceEvent.REMOVE): AudienceState.ABANDONED,
}
