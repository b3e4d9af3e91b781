"""The form by which a repair is handed over, by hand, for a call, or in the middle of a talk."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, Field, field_validator
from sqlalchemy.orm import Session

from console.forms import Faults
from console.office import office
from console.told import told_or
from console.visitor import visitor
from ivr.calls.rows import Call
from ivr.numbers import BadNumber, PhoneNumber
from ivr.repairs.asking import NotHandedOver, Wanted, hand_over
from ivr.repairs.rows import Repair, RepairWay

REFUSED = "repairs.refused"
Id = Annotated[str, Field(max_length=40)]


class AskForm(BaseModel):
    """What a partner is asked to repair, for whom; the same `repair_mark` is the same repair."""

    repair_mark: Annotated[str, Field(pattern=r"^[0-9a-f]{8,32}$")]
    repair_firm: Id
    repair_product: Id = ""
    repair_way: Literal["dispatch", "parcel", "shop"]
    repair_partner: Id
    repair_fault: Annotated[str, Field(min_length=2, max_length=1000)]
    repair_name: Annotated[str, Field(max_length=40)] | None = None
    repair_number: str | None = None
    repair_place: Annotated[str, Field(max_length=200)] | None = None

    @field_validator("repair_number")
    @classmethod
    def _is_number(cls, given: str | None) -> str | None:
        if given is not None:
            try:
                PhoneNumber.parse(given)
            except BadNumber:
                raise ValueError("forms.number") from None
        return given


def ask(session: Session, form: AskForm, call: Call | None, *, typed: Mapping[str, str]) -> Repair | Faults:
    """Hand over what the form asks for; without a number of its own it is that of the call."""
    number = PhoneNumber.parse(form.repair_number) if form.repair_number else call.caller if call else None
    wanted = Wanted(
        reference=form.repair_mark,
        firm=form.repair_firm,
        way=RepairWay(form.repair_way),
        partner=form.repair_partner,
        fault=form.repair_fault,
        product=form.repair_product,
        customer=form.repair_name,
        number=number,
        place=form.repair_place,
        call_id=call.id if call else None,
    )
    try:
        return hand_over(session, visitor().line, wanted, by=visitor().account_id, at=office().clock())
    except NotHandedOver as error:
        field = {"customer": "name"}.get(error.field, error.field)
        return Faults(dict(typed), {f"repair_{field}": told_or(error, REFUSED)})
