"""Settling: what the carrier answered to the orders of a batch of dials, in one transaction."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Table, bindparam, case, select, update
from sqlalchemy.orm import Session

from ivr.campaigns.ending import End, close, turn_given_back
from ivr.campaigns.rows import Dial, DialOutcome, DialState
from ivr.orders import Accepted, Found, Receipt, Rejected
from ivr.promises import Promise, promise_all
from ivr.surveys.rows import Disposition

# An order without an answer: what it did is told, or can be looked up, by then.
NOTHING_TOLD = timedelta(seconds=20)
# Twilio, error codes of POST Calls that are about the number that is to be rung; every other refusal is about us.
ABOUT_THE_NUMBER = frozenset({13224, 21201, 21211, 21214, 21215, 21216, 21217, 21219, 21610})


def is_about_the_number(receipt: Receipt) -> bool:
    """Whether the carrier will never ring this number, whoever asks and whenever."""
    return isinstance(receipt, Rejected) and receipt.permanent and receipt.code in ABOUT_THE_NUMBER


def settle(session: Session, receipts: Mapping[str, Receipt], *, at: datetime) -> None:
    """Write down what became of the orders of some dials (by id). The same receipt twice changes nothing.

    Taken: the dial is placed. Refused: it never rang, and the person's turn is given back, or is over where the
    number itself was refused. Without an answer: it is looked for, and never given again meanwhile.
    """
    taken = {dial: receipt.sid for dial, receipt in sorted(receipts.items()) if isinstance(receipt, Accepted | Found)}
    if taken:
        rows = [{"dial": dial, "sid": sid} for dial, sid in taken.items()]
        session.connection().execute(_PLACED, rows)
    others = sorted(receipts.keys() - taken.keys())
    for dial in _open(session, others):
        receipt = receipts[dial.id]
        if is_about_the_number(receipt):
            close(session, dial, End(DialOutcome.NOT_PLACED, Disposition.FAILED), at=at)
        elif isinstance(receipt, Rejected):
            turn_given_back(session, dial, at=at)
        else:
            dial.state = DialState.UNKNOWN
            promise_all(session, [check_promised(dial.id, at + NOTHING_TOLD)])


def check_promised(dial_id: str, due_at: datetime) -> Promise:
    """The promise to ask the carrier about a dial."""
    return Promise("check-dial", f"check-dial:{dial_id}", due_at, {"dial": dial_id})


def _open(session: Session, dial_ids: list[str]) -> list[Dial]:
    if not dial_ids:
        return []
    query = select(Dial).where(Dial.id.in_(dial_ids), Dial.ended_at.is_(None)).order_by(Dial.campaign_id, Dial.id)
    locking = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return list(session.scalars(locking))


_DIALS: Table = Dial.metadata.tables[Dial.__tablename__]
_PLACED = (
    update(_DIALS)
    .where(_DIALS.c.id == bindparam("dial"))
    .values(
        call_sid=bindparam("sid"),
        state=case((_DIALS.c.ended_at.is_(None), DialState.PLACED), else_=_DIALS.c.state),
    )
)
