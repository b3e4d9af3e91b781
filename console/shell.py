"""What every template can say: words, the visitor, the menu, addresses of static files that change with them."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from flask import current_app, request, url_for

from console.office import office
from console.paging import AFTER
from console.told import told
from console.visitor import EVERYBODY, STAFF, Visitor, present_visitor, wording
from ivr.accounts.rows import Role

SUPERVISING: Final = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the menu: the blueprint it leads to, its first view, and who sees it; some are a centre's alone."""

    name: str
    endpoint: str
    roles: frozenset[Role] = EVERYBODY
    needs_centre: bool = False


MENU: Final = (
    Place("desk", "desk.page", frozenset({Role.AGENT})),
    Place("talk", "talk.page", frozenset({Role.AGENT})),
    Place("wall", "wall.page", STAFF),
    Place("calls", "calls.page", STAFF),
    Place("monitoring", "monitoring.page", frozenset({Role.SUPERVISOR})),
    Place("charter", "charter.page"),
    Place("callbacks", "callbacks.page"),
    Place("cases", "cases.page"),
    Place("messages", "messages.page", STAFF),
    Place("campaigns", "campaigns.page", STAFF),
    Place("consents", "consents.page", STAFF),
    Place("courtesy", "courtesy.page"),
    Place("firms", "firms.page", STAFF, needs_centre=True),
    Place("bills", "bills.page", STAFF, needs_centre=True),
    Place("knowledge", "knowledge.page", needs_centre=True),
    Place("repairs", "repairs.page", needs_centre=True),
    Place("staffing", "staffing.page", STAFF),
    Place("directory", "directory.page"),
    Place("lines", "lines.page", STAFF),
    Place("system", "system.page", frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR})),
    Place("accounts", "accounts.page", frozenset({Role.ADMINISTRATOR})),
    Place("access", "access.page", frozenset({Role.AUDITOR, Role.ADMINISTRATOR})),
    Place("firm", "firm.page", frozenset({Role.FIRM}), needs_centre=True),
)


def menu_of(person: Visitor) -> list[Place]:
    """What this person finds in the menu: places that are there and meant for one of the roles."""
    here = [place for place in MENU if place.endpoint in current_app.view_functions and person.may(*place.roles)]
    return [place for place in here if person.line.centre is not None or not place.needs_centre]


def first_page(person: Visitor) -> str:
    """The view that somebody begins with."""
    places = menu_of(person)
    return places[0].endpoint if places else "account.page"


def shell() -> dict[str, object]:
    """The names that every template knows: say, visitor, menu, here, static, now, is_demo."""
    person = present_visitor()
    return {
        "say": wording().say,
        "has_text": wording().has,
        "told": told,
        "language": wording().language,
        "visitor": person,
        "menu": menu_of(person) if person and not person.owes else [],
        "here": request.blueprint,
        "static": static_address,
        "kept_query": kept_query,
        "has_view": lambda name: name in current_app.view_functions,
        "now": office().clock(),
        "is_demo": office().is_demo,
    }


def kept_query() -> dict[str, list[str]]:
    """The query of this address without the mark of the page, for links to other pages of the same list."""
    return {name: values for name, values in request.args.lists() if name != AFTER}


def static_address(name: str) -> str:
    """The address of a file under console/static; it changes with the file, so that browsers may keep it for long."""
    return url_for("static", filename=name, v=_mark_of(Path(current_app.static_folder or "") / name))


@lru_cache(maxsize=256)
def _mark_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
