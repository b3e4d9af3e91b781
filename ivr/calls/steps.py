"""The numbering of a caller's steps: by it alone we know where in the conversation a caller is."""

#    greeting 0, menu 1, key 2, ...    each address carries the number of the step it asks for
#    queue entered at step n           its turns of waiting are n+1, n+2, ...
#                                      what follows when the queue is left is numbered from n+STEPS_OF_A_STAY
#    an order of ours to the caller    (meet the agent, the agent is gone) goes on STEPS_AHEAD of the last step told,
#                                      above turns of waiting that may be under way
#
# A worker that learns something about the caller's place tells it with the number of the last step: of two
# facts with one number the later one counts, and the caller's next step overrides both.

from collections.abc import Iterable

from ivr.calls.facts import Told

CALLER = "caller"
STEPS_OF_A_STAY = 10_000
STEPS_AHEAD = 10

# Steps that say that the caller is in the carrier's queue, or in the room with the agent of an offer.
IN_QUEUE = "wait"
JOINING = "joining"
# The carrier, asked, does not know the caller in that room: our answer to `joining` never came to it.
UNMET = "unmet"

# Steps of a caller who is passed on: told to whom, heard it to the end, told that it did not work.
TRANSFER_TOLD, TRANSFER_HEARD, TRANSFER_FAILED = "transfer-told", "transfer-heard", "transfer-failed"
# Steps of an agent who is taken out of a talk to ask a colleague, and back.
CONSULTING, CONSULT_OVER = "consulting", "consult-over"


def is_step(fact: Told) -> bool:
    """Whether a fact tells where the caller is; the carrier's own events are numbered by the carrier."""
    return fact.leg == CALLER and fact.sequence is not None and not fact.kind.startswith("leg-")


def last_step(facts: Iterable[Told]) -> Told | None:
    """The last step of the caller, None where none was told."""
    steps = (fact for fact in facts if is_step(fact))
    return max(steps, key=lambda fact: (fact.sequence or 0, fact.received_at), default=None)


def joined(fact: Told, offer_id: str | None = None) -> bool:
    """Whether this fact says that the caller entered the room with an agent in it (of that offer)."""
    in_vain = fact.detail.get("agent_gone") or fact.detail.get(UNMET)
    return fact.kind == JOINING and not in_vain and offer_id in {None, fact.detail.get("offer")}


def passed_on(facts: Iterable[Told], offer_id: str) -> bool:
    """Whether the talk of this offer ended because the agent passed the caller on."""
    return any(fact.kind == TRANSFER_TOLD and fact.detail.get("from") == offer_id for fact in facts)


def accepted(fact: Told, offer_id: str) -> bool:
    """Whether this fact says that the agent took the offer: by the key, or on a softphone by answering."""
    took = fact.kind == "accepted" or (fact.kind == "leg-document" and "open" in fact.detail)
    return took and fact.leg == offer_id
