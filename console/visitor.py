"""Who makes a request, and which roles a page is for: a page that names none is served to nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar, cast

from flask import g

from console.office import office
from console.words import KOREAN, LANGUAGES, Wording
from ivr.accounts.rows import Role
from ivr.lines.model import Line

View = TypeVar("View", bound=Callable[..., object])
_ROLES: Final = "charterline_roles"
# People of the house: those of a client firm are let in only where a page names them.
EVERYBODY: Final = frozenset(Role) - {Role.FIRM}
# The same with those of client firms, for what everybody has: an account of one's own.
ANYBODY: Final = frozenset(Role)
STAFF: Final = frozenset({Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in person at work on one line. `agent_id` is None for who takes no calls.

    `owes` is the view that must be gone through before any other, such as the second factor; empty where none is.
    `lines` are all those on which the account has a role. `firm_id` is the client firm of who is not of the house.
    """

    account_id: str
    name: str
    line: Line
    roles: frozenset[Role]
    language: str
    session_id: str
    officer_id: str | None
    agent_id: str | None
    owes: str = ""
    lines: tuple[Line, ...] = ()
    firm_id: str = ""

    def may(self, *roles: Role) -> bool:
        """Has this person one of these roles on the line?"""
        return not self.roles.isdisjoint(roles)


def visitor() -> Visitor:
    """Who makes this request; only pages that `allowed` guards may ask."""
    return cast(Visitor, g.visitor)


def present_visitor() -> Visitor | None:
    """Who makes this request, None for a stranger at a public page."""
    return cast("Visitor | None", g.get("visitor"))


def wording() -> Wording:
    """The texts in the language of this request: the visitor's own, else the one asked for, else Korean."""
    person = present_visitor()
    chosen = person.language if person else str(g.get("language", KOREAN))
    return office().wordings[chosen if chosen in LANGUAGES else KOREAN]


def allowed(*roles: Role) -> Callable[[View], View]:
    """Decorates a view: people with one of these roles on their line may see it, the house's where none is named."""

    def decorate(view: View) -> View:
        setattr(view, _ROLES, frozenset(roles) or EVERYBODY)
        return view

    return decorate


def open_to_all(view: View) -> View:
    """Decorates a view that needs no log-in; tests/guards keeps the list of them with the reasons."""
    setattr(view, _ROLES, frozenset())
    return view


def roles_of(view: Callable[..., object]) -> frozenset[Role] | None:
    """The roles a view is for, empty when it is open to all; None where nobody said, which serves nobody."""
    return cast("frozenset[Role] | None", getattr(view, _ROLES, None))
