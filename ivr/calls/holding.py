"""Wishes to hold a caller or to bring the caller back: of several, only the last one counts."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.promises import Promise, PromiseRow

HOLD, RESUME = "hold", "resume"


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
