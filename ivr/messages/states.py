"""How far a message can be, told in any order: each state has a rank of its own, and only a higher one counts."""

#     WRITTEN -> QUEUED -> SENDING -> SENT -> DELIVERED     what the providers tell, in whatever order
#        |          '---------'--------'----> UNDELIVERED, FAILED
#        '----> EXPIRED, SUPPRESSED, FAILED                  what we decide before anybody has it
#                     UNDELIVERED, FAILED, EXPIRED, SUPPRESSED ----> READ_OUT   by telephone instead
#
# No two states share a rank, so the same reports end in the same state whatever order they come in.

from collections.abc import Mapping
from enum import StrEnum


class MessageState(StrEnum):
    """How far a message is; the order is that of `RANK`."""

    WRITTEN = "written"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    SUPPRESSED = "suppressed"
    EXPIRED = "expired"
    FAILED = "failed"
    UNDELIVERED = "undelivered"
    READ_OUT = "read-out"
    DELIVERED = "delivered"


RANK: Mapping[MessageState, int] = {state: rank for rank, state in enumerate(MessageState)}
FINAL = frozenset(state for state in MessageState if RANK[state] > RANK[MessageState.SENT])
# What may be written anew: nobody has received it, and nobody will.
MISSED = FINAL - {MessageState.DELIVERED, MessageState.READ_OUT}

# Twilio, Message resource: status values in the carrier's words, where ours differ.
STATE_OF_STATUS: Mapping[str, MessageState] = {
    "accepted": MessageState.QUEUED,
    "scheduled": MessageState.QUEUED,
    "canceled": MessageState.FAILED,
    "read": MessageState.DELIVERED,
    **{
        state.value: state
        for state in MessageState
        if state not in {MessageState.WRITTEN, MessageState.SUPPRESSED, MessageState.EXPIRED, MessageState.READ_OUT}
    },
}


class AttemptOutcome(StrEnum):
    """What one order to a provider came to; OPEN may have been carried out, all else is known."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    BUSY = "busy"
    NOT_SENT = "not-sent"
