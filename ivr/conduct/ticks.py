"""What an agent ticks as said in a talk, and what a reviewer found: facts, of which the last word on a part counts."""

from collections.abc import Iterable, Mapping

from ivr.calls.facts import Told

TICKED, REVIEWED = "ticked", "closing-reviewed"
OPENING_PARTS = ("greeting", "institution", "department", "name", "title")
CLOSING_PARTS = ("further_questions", "thanks")
SETTLED, UNSETTLED, VERIFIED = "resolved", "unresolved", "customer_verified"
TICKABLE = (*OPENING_PARTS, *CLOSING_PARTS, SETTLED, UNSETTLED, VERIFIED)


def ticked_parts(facts: Iterable[Told], offer_id: str) -> frozenset[str]:
    """The parts that stand ticked for the talk of an offer; unsaid ones are left out."""
    return frozenset(ticks_of(facts, offer_id))


def ticks_of(facts: Iterable[Told], offer_id: str) -> Mapping[str, Told]:
    """Every part that stands ticked for the talk of an offer, with the fact that ticks it."""
    return {part: fact for part, fact in last_words(facts, TICKED, offer_id).items() if fact.detail.get("said")}


def settled(facts: Iterable[Told], offer_id: str) -> bool | None:
    """Whether the agent marked the matter as settled in this talk; None where nothing stands marked.

    "resolved" and "unresolved" are one question: the later of the two ticks answers it.
    """
    ticks = ticks_of(facts, offer_id)
    marked = [(_place(ticks[part]), part) for part in (SETTLED, UNSETTLED) if part in ticks]
    return max(marked)[1] == SETTLED if marked else None


def last_words(facts: Iterable[Told], kind: str, offer_id: str) -> Mapping[str, Told]:
    """By part, the last fact of a kind about the talk of an offer; its detail `said` tells which way it went."""
    about = [fact for fact in facts if fact.kind == kind and fact.leg == offer_id]
    return {part: fact for fact in sorted(about, key=_place) for part in str(fact.detail.get("parts", "")).split(",")}


def _place(fact: Told) -> tuple[int, str]:
    return fact.sequence or 0, fact.key
