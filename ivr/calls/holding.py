"""Wishes to hold a caller or to bring the caller back: of several, only the last one counts."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.calls.facts import Told
from ivr.promises import Promise, PromiseRow

HOLD, RESUME = "hold", "resume"
# What is told once the carrier has carried out a wish.
HELD, RESUMED = "held", "resumed"


def hold_promise(kind: str, call: str, at: datetime) -> Promise:
    """The promise to carry out a wish (HOLD or RESUME) of this moment."""
    asked = int(at.timestamp() * 1_000_000)
    return Promise(kind, f"{kind}:{call}:{asked}", at, {"call": call, "asked": asked})


def is_last_wish(session: Session, call: str, asked: int) -> bool:
    """Whether no later wish was made: one that was put off must not undo a younger one."""
    rows = session.scalars(
        select(PromiseRow.args).where(
            PromiseRow.kind.in_([HOLD, RESUME]),
            PromiseRow.key.startswith(f"{HOLD}:{call}:") | PromiseRow.key.startswith(f"{RESUME}:{call}:"),
        )
    )
    return max((int(args["asked"]) for args in rows), default=asked) <= asked


def room_sid_of(facts: Iterable[Told], offer_id: str) -> str | None:
    """The carrier's id of the room of an offer; None until its first event was told."""
    rooms = (fact for fact in facts if fact.kind == "room" and fact.detail.get("offer") == offer_id)
    return next((str(fact.detail["room_sid"]) for fact in rooms if fact.detail.get("room_sid")), None)


def is_held(facts: Iterable[Told], offer_id: str) -> bool:
    """Whether the caller of a talk was on hold at the end of these facts."""
    told = [fact for fact in facts if fact.kind in {HELD, RESUMED} and fact.detail.get("offer") == offer_id]
    return bool(told) and max(told, key=lambda fact: (fact.received_at, fact.key)).kind == HELD
