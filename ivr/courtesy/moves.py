"""The moves of a courtesy round, and of an appeal against a score."""

#   open -- publish --> published       filed -- uphold ----> upheld
#     '---- cancel ---> cancelled         |----- dismiss ---> dismissed
#                                         '----- withdraw --> withdrawn

from enum import StrEnum

from ivr.base import Moves
from ivr.courtesy.rows import AppealState, RoundState


class RoundEvent(StrEnum):
    """What can happen to a round."""

    PUBLISH = "publish"
    CANCEL = "cancel"


class AppealEvent(StrEnum):
    """What can happen to an appeal."""

    UPHOLD = "uphold"
    DISMISS = "dismiss"
    WITHDRAW = "withdraw"


ROUND_MOVES: Moves[RoundState, RoundEvent] = {
    (RoundState.OPEN, RoundEvent.PUBLISH): RoundState.PUBLISHED,
    (RoundState.OPEN, RoundEvent.CANCEL): RoundState.CANCELLED,
}

APPEAL_MOVES: Moves[AppealState, AppealEvent] = {
    (AppealState.FILED, AppealEvent.UPHOLD): AppealState.UPHELD,
    (AppealState.FILED, AppealEvent.DISMISS): AppealState.DISMISSED,
    (AppealState.FILED, AppealEvent.WITHDRAW): AppealState.WITHDRAWN,
}
