"""The blueprint of a firm's own pages, and the one way to know which firm that is."""

from typing import TypeVar

from flask import Blueprint, abort
from sqlalchemy.orm import Session

from console.finding import own
from console.visitor import visitor
from ivr.calls.rows import Call
from ivr.cases.rows import Case
from ivr.lines.firms import Firm
from ivr.lines.model import Line

Row = TypeVar("Row")
blueprint = Blueprint("firm", __name__, url_prefix="/firm")


def own_firm() -> tuple[Line, Firm]:
    """The visitor's line and firm; who is of none finds nothing here."""
    person = visitor()
    firm = person.line.firms.get(person.firm_id)
    if firm is None:
        abort(404)
    return person.line, firm


def own_of_firm(session: Session, kind: type[Row], id: object) -> Row:
    """A row of the visitor's firm, which says so itself in `firm`; anything else ends the request with 404."""
    _, firm = own_firm()
    row = own(session, kind, id)
    if getattr(row, "firm", None) != firm.id:
        abort(404)
    return row


def own_case(session: Session, id: str) -> Case:
    """A case that was taken in a call of the firm's customer; anything else ends the request with 404."""
    case = own(session, Case, id)
    if case.call_id is None:
        abort(404)
    own_of_firm(session, Call, case.call_id)
    return case
