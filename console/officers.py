"""Choosing an officer of the line: from a list where there are few, by searching where there are many."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.office import office
from console.visitor import allowed, visitor
from ivr.directory.asking import search
from ivr.directory.rows import Officer

blueprint = Blueprint("officers", __name__, url_prefix="/officers")
# More names than these are no list to choose from.
FEW = 150
OFFERED = 20
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """The officers to choose from, by department and name; empty and `many` where they are searched for."""

    officers: Sequence[Officer]
    many: bool

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Ids and labels, for a select element."""
        return [(officer.id, label(officer)) for officer in self.officers]


def label(officer: Officer) -> str:
    """How an officer stands in a list: department, name, title."""
    return f"{officer.department} {officer.name} {officer.title}"


def choice_of(session: Session) -> Choice:
    """The officers of the visitor's line."""
    ordered = select(Officer).where(Officer.line == visitor().line.id).order_by(Officer.department, Officer.name)
    found = session.scalars(ordered.limit(FEW + 1)).all()
    return Choice((), many=True) if len(found) > FEW else Choice(found, many=False)


@blueprint.get("/")
@allowed()
def page() -> str:
    """The officers whom the words of the one field in the query find, as options of a list."""
    words = next(iter(request.args.values()), "").strip()[:LONGEST]
    with office().store.reading() as session:
        found = search(session, words, line=visitor().line.id)[:OFFERED] if words else []
        return render_template("officers.html", found=[(one.id, label(one)) for one in found])
