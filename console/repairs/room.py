"""The blueprint of repairs, who acts on them, and what the forms are filled with."""

from typing import Final

from flask import Blueprint
from sqlalchemy.orm import Session

from console.centre import centre_line
from console.finding import own
from console.office import office
from console.stale import lock_unchanged
from console.visitor import visitor, wording
from ivr.accounts.rows import Role
from ivr.repairs.changing import Acting
from ivr.repairs.rows import Repair, RepairWay

blueprint = Blueprint("repairs", __name__, url_prefix="/repairs")
ACTING: Final = (Role.AGENT, Role.SUPERVISOR)
Pairs = list[tuple[str, str]]


def acting() -> Acting:
    """The visitor, now."""
    return Acting(visitor().account_id, office().clock())


def seen(session: Session, id: str) -> Repair:
    """A repair of the visitor's line; 404 where it has none of that id."""
    centre_line()
    return own(session, Repair, id)


def taken(session: Session, id: str, version: int) -> Repair:
    """The same, locked; raises `Stale` where it has changed since the page with this version was made."""
    repair = seen(session, id)
    lock_unchanged(session, repair, version)
    return repair


def choices(empty: str) -> dict[str, Pairs]:
    """Firms, kinds of products, ways and partners to choose from; `empty` is the text of choosing none."""
    line, _ = centre_line()
    say, none = wording().say, ("", wording().say(empty))
    return {
        "firms": [none, *((firm.id, firm.name) for firm in line.firms.values())],
        "products": [none, *((product.id, product.name) for product in line.products.values())],
        "ways": [none, *((way.value, say(f"repairs.way.{way.value}")) for way in RepairWay)],
        "partners": [none, *((one.id, one.name) for one in line.repairs.partners.values())],
    }


@blueprint.context_processor
def _names() -> dict[str, object]:
    return {"partner_name": partner_name, "firm_name": firm_name, "product_name": product_name}


def partner_name(id: str) -> str:
    """What a partner is called; the id where the line has it no more."""
    partner = visitor().line.repairs.partners.get(id)
    return partner.name if partner else id


def firm_name(id: str) -> str:
    """What a firm is called."""
    firm = visitor().line.firms.get(id)
    return firm.name if firm else id


def product_name(id: str) -> str:
    """What a kind of product is called."""
    product = visitor().line.products.get(id)
    return product.name if product else id
