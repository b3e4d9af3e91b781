"""The moves a callback can make."""

#                  dial                   reach
#     WAITING ------------> DIALLING ------------> REACHED
#        ^  |                 |   |
#        |  |      miss       |   |
#        '--|-----------------'   |
#           '----------.----------'
#                      |
#      serve -> SERVED, withdraw -> WITHDRAWN, give up -> GIVEN_UP
#
# A customer who rings us, or withdraws, while an agent's telephone rings for the callback ends it all the same.

from enum import StrEnum

from ivr.base import Moves, moved
from ivr.callbacks.rows import Callback, CallbackState


class CallbackEvent(StrEnum):
    """What can happen to a callback."""

    DIAL = "dial"
    MISS = "miss"
    REACH = "reach"
    SERVE = "serve"
    WITHDRAW = "withdraw"
    GIVE_UP = "give up"


CALLBACK_MOVES: Moves[CallbackState, CallbackEvent] = {
    (CallbackState.WAITING, CallbackEvent.DIAL): CallbackState.DIALLING,
    (CallbackState.DIALLING, CallbackEvent.MISS): CallbackState.WAITING,
    (CallbackState.DIALLING, CallbackEvent.REACH): CallbackState.REACHED,
    (CallbackState.WAITING, CallbackEvent.SERVE): CallbackState.SERVED,
    (CallbackState.DIALLING, CallbackEvent.SERVE): CallbackState.SERVED,
    (CallbackState.WAITING, CallbackEvent.WITHDRAW): CallbackState.WITHDRAWN,
    (CallbackState.DIALLING, CallbackEvent.WITHDRAW): CallbackState.WITHDRAWN,
    (CallbackState.WAITING, CallbackEvent.GIVE_UP): CallbackState.GIVEN_UP,
    (CallbackState.DIALLING, CallbackEvent.GIVE_UP): CallbackState.GIVEN_UP,
}


def move_callback(callback: Callback, event: CallbackEvent) -> None:
    """Move a callback; raises `Refused` when the table does not allow it."""
    callback.state = moved(CALLBACK_MOVES, callback.state, event)
