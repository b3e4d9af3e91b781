"""The blueprint of client firms, the visitor's work on them, and refusals in the visitor's language."""

from collections.abc import Mapping
from typing import Annotated, Final

from flask import Blueprint, abort
from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy.orm import Session

from console.centre import centre_line
from console.forms import Faults, faults_in
from console.office import office
from console.problems import Stale
from console.visitor import visitor, wording
from ivr.billing.refusing import BillRefused
from ivr.firms.contracts import locked_contract
from ivr.firms.refusing import FirmRefused
from ivr.firms.registering import locked_firm
from ivr.firms.rows import Contract, FirmEntry
from ivr.firms.working import Work

blueprint = Blueprint("firms", __name__, url_prefix="/firms")
# Where what a rule refuses is typed.
FIELD_OF: Final[Mapping[str, str]] = {
    "bad_id": "id",
    "known": "id",
    "registration": "number",
    "registered": "number",
    "no_products": "products",
    "unknown_product": "products",
}


def _one_line(text: str) -> str:
    return " ".join(text.split())


OneLine = Annotated[str, AfterValidator(_one_line)]
Why = Annotated[OneLine, Field(min_length=2, max_length=300)]


def work(session: Session) -> Work:
    """Work of the visitor on the firms of the centre, now; 404 on a line that is none."""
    line, _ = centre_line()
    return Work(session, line, visitor().account_id, office().clock())


def entry_or_404(session: Session, firm_id: str) -> FirmEntry:
    """A firm of the register of the visitor's line; 404 where it has none of that id."""
    line, _ = centre_line()
    entry = session.get(FirmEntry, (line.id, firm_id))
    if entry is None:
        abort(404)
    return entry


def contract_or_404(session: Session, firm_id: str, contract_id: str) -> Contract:
    """A contract of this firm; 404 where there is none."""
    entry, contract = entry_or_404(session, firm_id), session.get(Contract, contract_id)
    if contract is None or (contract.line, contract.firm) != (entry.line, entry.id):
        abort(404)
    return contract


def unchanged_entry(session: Session, firm_id: str, version: int) -> FirmEntry:
    """The entry, locked; raises `Stale` where it has changed since the page with this version was made."""
    entry = entry_or_404(session, firm_id)
    locked_firm(session, entry.line, entry.id)
    if entry.version != version:
        raise Stale
    return entry


def unchanged_contract(session: Session, firm_id: str, contract_id: str, *, version: int) -> Contract:
    """The contract behind the lock of its firm; raises `Stale` where it has changed since the page was made."""
    contract = contract_or_404(session, firm_id, contract_id)
    locked_contract(session, contract.line, contract.id)
    if contract.version != version:
        raise Stale
    return contract


def said(refused: Exception) -> str:
    """A refusal in the visitor's language."""
    say = wording().say
    if isinstance(refused, BillRefused):
        return say(f"bills.refused.{refused.rule}", **refused.values)
    if not isinstance(refused, FirmRefused):
        return str(refused)
    values = dict(refused.values)
    if "state" in values:
        values["state"] = say(f"firms.state.{values['state']}")
    if refused.rule == "clauses":
        values["clauses"] = ", ".join(say(f"firms.clause.{one}") for one in str(values["clauses"]).split(", "))
    return say(f"firms.refused.{refused.rule}", **values)


def fault_of(form: BaseModel, refused: Exception) -> Faults:
    """A refusal at its field, above the form where it has none there, with what was typed."""
    field = _field_of(refused, form) if isinstance(refused, FirmRefused) else ""
    return faults_in(form, {field if field in type(form).model_fields else "": said(refused)})


def _field_of(refused: FirmRefused, form: BaseModel) -> str:
    """What is excluded is a kind of product, else what the firm declares of itself."""
    if refused.rule != "excluded":
        return FIELD_OF.get(refused.rule, "")
    _, rule = centre_line()
    kinds = {one.id for one in rule.excluded.values() if one.when == "product"}
    return "products" if kinds & set(getattr(form, "products", ())) else "traits"
