"""The moves an errand can make."""

#     WAITING --claim--> WORKING (again after its process was killed) --finish--> DONE
#        |                  |--- fail --> FAILED
#        '------ stop ------'--- stop --> STOPPED

from enum import StrEnum

from ivr.base import Moves
from ivr.errands.rows import ErrandState


class ErrandEvent(StrEnum):
    """What can happen to an errand."""

    CLAIM = "claim"
    FINISH = "finish"
    FAIL = "fail"
    STOP = "stop"


ERRAND_MOVES: Moves[ErrandState, ErrandEvent] = {
    (ErrandState.WAITING, ErrandEvent.CLAIM): ErrandState.WORKING,
    (ErrandState.WORKING, ErrandEvent.CLAIM): ErrandState.WORKING,
    (ErrandState.WORKING, ErrandEvent.FINISH): ErrandState.DONE,
    (ErrandState.WORKING, ErrandEvent.FAIL): ErrandState.FAILED,
    (ErrandState.WAITING, ErrandEvent.STOP): ErrandState.STOPPED,
    (ErrandState.WORKING, ErrandEvent.STOP): ErrandState.STOPPED,
}
