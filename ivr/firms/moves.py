"""The moves of a contract."""

#   .- redraft -.
#   v           |
#   DRAFT ------+-- sign --> SIGNED -- end --> ENDED
#     |                        |
#     '-- drop --> DROPPED <---'  drop, before its first day

from enum import StrEnum

from ivr.base import Moves, Refused, moved
from ivr.firms.refusing import FirmRefused
from ivr.firms.rows import Contract, ContractState


class ContractEvent(StrEnum):
    """What can happen to a contract."""

    REDRAFT = "redraft"
    SIGN = "sign"
    END = "end"
    DROP = "drop"


CONTRACT_MOVES: Moves[ContractState, ContractEvent] = {
    (ContractState.DRAFT, ContractEvent.REDRAFT): ContractState.DRAFT,
    (ContractState.DRAFT, ContractEvent.SIGN): ContractState.SIGNED,
    (ContractState.SIGNED, ContractEvent.END): ContractState.ENDED,
    (ContractState.DRAFT, ContractEvent.DROP): ContractState.DROPPED,
    (ContractState.SIGNED, ContractEvent.DROP): ContractState.DROPPED,
}


def after(contract: Contract, event: ContractEvent) -> ContractState:
    """The state of a contract after an event; raises `FirmRefused` when the table does not allow it."""
    try:
        return moved(CONTRACT_MOVES, contract.state, event)
    except Refused:
        raise FirmRefused("move", contract=contract.id, state=contract.state.value) from None
