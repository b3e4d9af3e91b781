"""What can be done about a repair: for each act its form, the move that it makes, and what of the core it calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

from pydantic import Field
from sqlalchemy.orm import Session

from console.forms import Versioned
from ivr.repairs import changing
from ivr.repairs.changing import LONGEST_REFERENCE, Acting
from ivr.repairs.moves import RepairEvent
from ivr.repairs.rows import Repair


class Accepted(Versioned):
    """The number under which the partner knows it, and the day by which it is done."""

    reference: Annotated[str, Field(min_length=1, max_length=LONGEST_REFERENCE)]
    due_on: date


class Delayed(Versioned):
    """The new day."""

    due_on: date


class Ended(Versioned):
    """What came of it."""

    outcome: Annotated[str, Field(min_length=2, max_length=300)]


@dataclass(frozen=True, slots=True)
class RepairAct:
    """One act: its form, the move that it makes, and how it is done."""

    form: type[Versioned]
    event: RepairEvent
    # Any: the form of this act.
    do: Callable[[Session, Repair, Any, Acting], None]


def _accept(session: Session, repair: Repair, form: Accepted, acting: Acting) -> None:
    changing.accept(session, repair, form.reference, due_on=form.due_on, acting=acting)


def _delay(session: Session, repair: Repair, form: Delayed, acting: Acting) -> None:
    changing.delay(session, repair, due_on=form.due_on, acting=acting)


def _finish(session: Session, repair: Repair, form: Ended, acting: Acting) -> None:
    changing.finish(session, repair, form.outcome, acting=acting)


def _cancel(session: Session, repair: Repair, form: Ended, acting: Acting) -> None:
    changing.cancel(session, repair, form.outcome, acting=acting)


ACTS: Final[Mapping[str, RepairAct]] = {
    "accept": RepairAct(Accepted, RepairEvent.ACCEPT, _accept),
    "delay": RepairAct(Delayed, RepairEvent.DELAY, _delay),
    "finish": RepairAct(Ended, RepairEvent.FINISH, _finish),
    "cancel": RepairAct(Ended, RepairEvent.CANCEL, _cancel),
}
