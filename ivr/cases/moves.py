"""The moves of a case."""

from enum import StrEnum

from ivr.base import Moves, moved
from ivr.cases.rows import Case, CaseState


class CaseEvent(StrEnum):
    """What is done about a case."""

    ASSIGN = "assign"
    DIRECT = "direct"
    ASK = "ask"
    REPLY = "reply"
    ANSWER = "answer"
    CLOSE = "close"
    OBJECT = "object"
    WITHDRAW = "withdraw"


#   received -assign-> assigned -direct-> directed         Another handler and another date are no change of state.
#       |                 |  ^               |
#       |            reply|  |ask  <---------+             A reply leads back to assigned: the date stands in the row.
#       |                 awaiting_customer
#       +-withdraw-> withdrawn      | answer (also from assigned and directed)
#                                   v
#                 reopened <-object- answered -close-> closed      An objection is a case of its own; its answer
#                    +------close-------------------------^       closes the one that it objected to.
CASE_MOVES: Moves[CaseState, CaseEvent] = {
    (CaseState.RECEIVED, CaseEvent.ASSIGN): CaseState.ASSIGNED,
    (CaseState.ASSIGNED, CaseEvent.ASSIGN): CaseState.ASSIGNED,
    (CaseState.DIRECTED, CaseEvent.ASSIGN): CaseState.DIRECTED,
    (CaseState.AWAITING, CaseEvent.ASSIGN): CaseState.AWAITING,
    (CaseState.ASSIGNED, CaseEvent.DIRECT): CaseState.DIRECTED,
    (CaseState.DIRECTED, CaseEvent.DIRECT): CaseState.DIRECTED,
    (CaseState.ASSIGNED, CaseEvent.ASK): CaseState.AWAITING,
    (CaseState.DIRECTED, CaseEvent.ASK): CaseState.AWAITING,
    (CaseState.AWAITING, CaseEvent.REPLY): CaseState.ASSIGNED,
    (CaseState.ASSIGNED, CaseEvent.ANSWER): CaseState.ANSWERED,
    (CaseState.DIRECTED, CaseEvent.ANSWER): CaseState.ANSWERED,
    (CaseState.AWAITING, CaseEvent.ANSWER): CaseState.ANSWERED,
    (CaseState.ANSWERED, CaseEvent.CLOSE): CaseState.CLOSED,
    (CaseState.REOPENED, CaseEvent.CLOSE): CaseState.CLOSED,
    (CaseState.ANSWERED, CaseEvent.OBJECT): CaseState.REOPENED,
    (CaseState.CLOSED, CaseEvent.OBJECT): CaseState.REOPENED,
    (CaseState.RECEIVED, CaseEvent.WITHDRAW): CaseState.WITHDRAWN,
    (CaseState.ASSIGNED, CaseEvent.WITHDRAW): CaseState.WITHDRAWN,
    (CaseState.DIRECTED, CaseEvent.WITHDRAW): CaseState.WITHDRAWN,
    (CaseState.AWAITING, CaseEvent.WITHDRAW): CaseState.WITHDRAWN,
}

OPEN = frozenset({CaseState.RECEIVED, CaseState.ASSIGNED, CaseState.DIRECTED, CaseState.AWAITING})
"""The states in which the customer still waits for an answer."""


def move_case(case: Case, event: CaseEvent) -> None:
    """Move a case on; raises `Refused` when the table has no such move."""
    case.state = moved(CASE_MOVES, case.state, event)
