"""The blueprint of knowledge, who writes it, and what its forms are filled with."""

from typing import Final

from flask import Blueprint, abort
from sqlalchemy.orm import Session

from console.centre import centre_line
from console.office import office
from console.visitor import visitor, wording
from ivr.accounts.rows import Role
from ivr.knowledge.rows import Knowledge
from ivr.knowledge.writing import Author, topics_of, versions_of

blueprint = Blueprint("knowledge", __name__, url_prefix="/knowledge")
WRITING: Final = (Role.SUPERVISOR, Role.ADMINISTRATOR)
Pairs = list[tuple[str, str]]


def author() -> Author:
    """The visitor, now."""
    return Author(visitor().account_id, office().clock())


def seen(session: Session, entry: str) -> list[Knowledge]:
    """The versions of an entry of the visitor's line, the newest first; 404 where it has none."""
    line, _ = centre_line()
    versions = versions_of(session, line.id, entry)
    if not versions:
        abort(404)
    return versions


def choices(empty: str) -> dict[str, Pairs]:
    """Firms, kinds of products and topics of the line to choose from; `empty` is the text of choosing none."""
    line, _ = centre_line()
    none = ("", wording().say(empty))
    return {
        "firms": [none, *((firm.id, firm.name) for firm in line.firms.values())],
        "products": [none, *((product.id, product.name) for product in line.products.values())],
        "topics": [none, *((topic, topic_name(topic)) for topic in topics_of(line))],
    }


def topic_name(topic: str) -> str:
    """What people call a topic; its id where the texts have no name for it."""
    id = f"knowledge.topic.{topic}"
    return wording().say(id) if wording().has(id) else topic


@blueprint.context_processor
def _names() -> dict[str, object]:
    return {"topic_name": topic_name}
