"""Keeping one promise: prepare in a transaction, order with none open, settle in another."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from config.clock import Clock
from config.tracing import note_traced, traced
from ivr.orders import Carrier, FindRecording, FindText, Order
from ivr.promises import PROMISED
from ivr.store import Store
from workers.job import House, Job, Later, back_off
from workers.kinds import KINDS
from workers.locked import Locked, lock, write
from workers.measuring import begun, failed
from workers.waking import waking

log = structlog.get_logger(__name__)
# One line for each promise: through the library, which costs nothing where nobody set up such lines.
lines = logging.getLogger(__name__)
# What a log line may name of what a promise is about: ids, by which lines of several processes are joined.
# (`message` is what a log line itself is called.)
NAMED = {"call": "call", "message": "text", "callback": "callback", "case": "case"}


@dataclass(frozen=True, slots=True)
class Keeper:
    """What it takes to keep promises: the store, the carrier, the house, a clock, and the relay's bell."""

    store: Store
    carrier: Carrier
    house: House
    clock: Clock
    ring_bell: Callable[[], None]

    def keep(self, promise_id: int) -> None:
        """Keep a promise if it is still due; one that fails is put off, never dropped."""
        try:
            with traced("promise"):
                order = self._prepare(promise_id)
                if order is not None:
                    self._carry_out(promise_id, order)
        except Exception as error:
            log.exception("promise not kept", promise=promise_id)
            self._put_off(promise_id, error)
        finally:
            structlog.contextvars.clear_contextvars()

    def _prepare(self, promise_id: int) -> Order | None:
        """The promise's own row is written last: until then others may promise the same again without waiting."""
        at = self.clock()
        with waking(self.store, self.ring_bell) as session:
            row = lock(session, promise_id)
            if row is None or row.done_at or _in_work(row) or _put_off_meanwhile(row, at):
                return None
            structlog.contextvars.bind_contextvars(promise=row.id, kind=row.kind, **_about(row))
            note_traced(f"promise {row.kind}", **_about(row))
            begun(row.kind, at - row.due_at)
            job = self._job(session, row, at)
            result = KINDS[row.kind].prepare(job)
            row.attempts = job.attempts
            if result is None or isinstance(result, Later):
                _note(row, result, at)
            else:
                # Handed out from now on: the relay hands it out again only when this worker has had its time.
                row.started_at = row.handed_at = at
            write(session, row)
        if result is None or isinstance(result, Later):
            lines.info("promise put off" if result else "promise kept")
            return None
        return result

    def _carry_out(self, promise_id: int, order: Order) -> None:
        receipt = self.carrier.do(order)
        at = self.clock()
        with waking(self.store, self.ring_bell) as session:
            row = lock(session, promise_id)
            if row is None:
                return
            later = KINDS[row.kind].settle(self._job(session, row, at, asked=order), receipt)
            # A receipt that comes after somebody else has kept the promise is settled, but reopens nothing.
            if not row.done_at:
                _note(row, later, at)
                row.outcome = type(receipt).__name__
                write(session, row)
        lines.info("order given", extra={"order": type(order).__name__, "receipt": type(receipt).__name__})

    def _job(self, session: Session, row: Locked, at: datetime, asked: Order | None = None) -> Job:
        # While settling, doubt is what the order itself was about: looking up what an earlier one did.
        in_doubt = row.started_at is not None if asked is None else isinstance(asked, FindText | FindRecording)
        attempts = row.attempts + (1 if asked is None else 0)
        return Job(session, row.args, at, self.house.fresh(), attempts, in_doubt)

    def _put_off(self, promise_id: int, error: Exception) -> None:
        at = self.clock()
        with waking(self.store, self.ring_bell) as session:
            row = lock(session, promise_id)
            if row is not None and not row.done_at:
                failed(row.kind)
                row.outcome = f"{type(error).__name__}"[:200]
                row.attempts += 1
                row.due_at = at + back_off(self._job(session, row, at))
                row.handed_at = None
                write(session, row)
                session.info[PROMISED] = True


def _about(row: Locked) -> dict[str, str | int]:
    """The ids that log lines about this promise carry; a dialled callback or a survey's ring is a call as well."""
    about = {shown: row.args[name] for name, shown in NAMED.items() if name in row.args}
    ring = row.args.get("attempt") or row.args.get("dial")
    return {"call": ring, **about} if ring else about


def _in_work(row: Locked) -> bool:
    """Whether a worker has started it and still has its time: the same id on the queue twice is one promise."""
    return row.started_at is not None and row.started_at == row.handed_at


def _put_off_meanwhile(row: Locked, at: datetime) -> bool:
    """Whether it waits for later; what a relay handed out is due, even if this host's clock is behind."""
    return row.handed_at is None and row.due_at > at


def _note(row: Locked, later: Later | None, at: datetime) -> None:
    """Close the promise, or open it again for later."""
    if later is None:
        row.done_at = at
        return
    row.due_at, row.handed_at = later.due_at, None
    if not later.in_doubt:
        row.started_at = None
