"""What a search in the middle of a talk begins with: the caller's firm, and the product that a key stood for."""

from sqlalchemy.orm import Session

from ivr.calls.facts import facts_of
from ivr.calls.rows import Call
from ivr.knowledge.searching import Asked


def preset_of(session: Session, call: Call) -> Asked:
    """Whose caller it is and about which kind of product, as far as the call has told."""
    told = [fact for fact in facts_of(session, call.id) if fact.kind == "key" and fact.detail.get("product")]
    last = max(told, key=lambda fact: fact.received_at, default=None)
    return Asked(firm=call.firm or None, product=str(last.detail["product"]) if last else "")
