"""What the sender of papers still has to be told by a person, read out of the facts and of what became of texts."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, exists, literal, or_, select
from sqlalchemy.orm import Session

from ivr.calls.facts import Told
from ivr.calls.rows import Fact
from ivr.documents.changing import TELLING, Way, What
from ivr.documents.rows import OFFICER_LACKING, Document, DocumentState
from ivr.messages.rows import Message
from ivr.messages.states import MISSED
from ivr.promises import PromiseRow
from ivr.voicing.attempts import OVER

BY_A_PERSON = frozenset(Way)


def untold(session: Session, document: Document) -> frozenset[str]:
    """The texts about these papers that nobody got: not delivered, not written again, not being read out either."""
    is_read_out = exists().where(PromiseRow.key == literal("read-out:") + Message.id)
    is_over = exists().where(Fact.subject == Message.id, Fact.kind == OVER)
    lost = Message.state.in_(MISSED) & or_(~is_read_out, is_over)
    query = select(Message.id, Message.again_of, lost).where(Message.subject == f"document:{document.id}")
    texts = [(again_of or id, is_lost) for id, again_of, is_lost in session.execute(query)]
    return frozenset(id for id, _ in texts) - {id for id, is_lost in texts if not is_lost}


def still_owed(document: Document, facts: Sequence[Told], lost: Collection[str] = ()) -> tuple[What, ...]:
    """What is left for a person to tell: the receipt to whom we cannot reach, the officer where nobody was in charge,
    and what is missing. A text among the `lost` told nothing.

    A text about missing papers is sent as well, but the explanation is promised by telephone, post, fax or e-mail
    (D12); a reading by telephone is one.
    """
    if document.state is DocumentState.WITHDRAWN:
        return ()
    known = [fact for fact in facts if fact.detail.get("message") not in lost]
    owed = []
    if (document.no_contact is not None or lost) and not _told(known, What.RECEIPT):
        owed.append(What.RECEIPT)
    if (any(fact.kind == OFFICER_LACKING for fact in facts) or lost) and not _told(known, What.OFFICER):
        owed.append(What.OFFICER)
    if document.state is DocumentState.MISSING and not _told(known, What.MISSING, document.rounds):
        owed.append(What.MISSING)
    return tuple(owed)


def may_be_owed() -> ColumnElement[bool]:
    """The condition on rows of which something may be left to tell: a first choice, for `still_owed` to decide."""
    lacking = exists().where(Fact.subject == Document.id, Fact.kind == OFFICER_LACKING)
    missed = exists().where(Message.subject == literal("document:") + Document.id, Message.state.in_(MISSED))
    return or_(Document.no_contact.is_not(None), Document.state == DocumentState.MISSING, lacking, missed)


def _told(facts: Sequence[Told], what: What, at_round: int | None = None) -> bool:
    """Whether it was told (in this round) in a way that counts: only those of D12 do for what is missing."""
    return any(
        fact.kind == TELLING[what]
        and (what is not What.MISSING or fact.detail.get("by") in BY_A_PERSON)
        and (at_round is None or fact.detail.get("round") == at_round)
        for fact in facts
    )
