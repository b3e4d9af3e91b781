"""Handing a repair over to a partner, from a call or by hand, with what the partner must know."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from ivr.identifiers import repair_id
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.numbers import PhoneNumber
from ivr.promises import insert_for
from ivr.repairs.rows import Repair, RepairState, RepairWay
from ivr.repairs.telling import Happened, note

LONGEST: Final = {"fault": 1_000, "customer": 40, "place": 200}


class NotHandedOver(ValueError):
    """A repair that cannot be handed over: `field` is what is wrong, the message says why and what to do."""

    def __init__(self, field: str, why: str) -> None:
        self.field = field
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A repair as it is asked for; the same `reference` is the same repair. `partner` is one of the line's file."""

    reference: str
    firm: str
    way: RepairWay
    partner: str
    fault: str
    product: str = ""
    customer: str | None = None
    number: PhoneNumber | None = None
    place: str | None = None
    call_id: str | None = None


def hand_over(session: Session, line: Line, wanted: Wanted, *, by: str, at: datetime) -> Repair:
    """Keep a repair that a partner is asked to do; the same reference gives the one that is there.

    Raises `NotHandedOver` for a firm, product, partner or way that the line does not know, and where the partner
    could not reach the customer.
    """
    _check(line, wanted)
    id = repair_id(f"{line.id}:{wanted.reference}")
    values: dict[str, object] = {
        "id": id,
        "line": line.id,
        "firm": wanted.firm,
        "call_id": wanted.call_id,
        "way": wanted.way,
        "product": wanted.product,
        "partner": wanted.partner,
        "reference": None,
        "state": RepairState.ASKED,
        "customer": wanted.customer,
        "number": wanted.number,
        "place": wanted.place,
        "fault": wanted.fault.strip(),
        "due_on": None,
        "asked_at": at,
        "asked_by": by[:60],
        "changed_at": at,
        "outcome": None,
        "version": 1,
    }
    statement = insert_for(session.get_bind().dialect.name, Repair).values(values)
    is_new = session.scalar(statement.on_conflict_do_nothing().returning(Repair.id)) is not None
    repair = session.get_one(Repair, id)
    if is_new:
        note(session, repair, Happened.ASKED, by=by, at=at)
    return repair


def expected_on(line: Line, partner: str, *, at: datetime) -> str:
    """The local day (ISO 8601) by which this partner is expected to have done what is asked of it now."""
    days = line.repairs.partners[partner].days
    return (at.astimezone(SEOUL).date() + timedelta(days=days)).isoformat()


def _check(line: Line, wanted: Wanted) -> None:
    known = {"firm": line.firms, "product": line.products, "partner": line.repairs.partners}
    for field, names in known.items():
        given = getattr(wanted, field)
        if (given or field == "partner") and given not in names:
            there = ", ".join(names) or "none"
            raise NotHandedOver(field, f"{given or 'nothing'} is no {field} of {line.id}: known are {there}")
    partner = line.repairs.partners[wanted.partner]
    if wanted.way.value not in partner.ways:
        raise NotHandedOver("way", f"{partner.name} does not repair by {wanted.way.value}: {', '.join(partner.ways)}")
    if not wanted.fault.strip():
        raise NotHandedOver("fault", "the fault is empty: write what is wrong with it")
    _check_customer(wanted)


def _check_customer(wanted: Wanted) -> None:
    if wanted.number is None:
        raise NotHandedOver("number", "the customer's number is missing: the partner rings it")
    if wanted.way is not RepairWay.SHOP and not (wanted.place or "").strip():
        raise NotHandedOver("place", "the customer's place is missing: the partner comes or fetches it there")
    for field, longest in LONGEST.items():
        if len(getattr(wanted, field) or "") > longest:
            raise NotHandedOver(field, f"the {field} has more than {longest} characters: shorten it")
