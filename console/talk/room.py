"""The blueprint of an agent's tools, the agent's own talks and nobody else's, and how refusals are told."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from flask import Blueprint, Response, abort, current_app, g, make_response
from sqlalchemy.orm import Session

from console.office import office
from console.told import told_or
from console.visitor import present_visitor, visitor, wording
from ivr.agents.talks import OwnTalk, own_talk
from ivr.base import Refused
from ivr.conduct.refusals import NotNow
from ivr.deadlines import NoDeadline
from ivr.lines.actions import ToText
from ivr.transfers.asking import NoTransfer

blueprint = Blueprint("talk", __name__, url_prefix="/talk")
REFUSED: Final = "talk.refused"
DESK: Final = "desk"
CASE: Final = "cases.one"


def own_agent() -> str:
    """The agent as whom the visitor takes calls; 404 for who takes none."""
    agent = visitor().agent_id
    if agent is None:
        abort(404)
    return agent


def own(session: Session, subject: str) -> OwnTalk:
    """The visitor's own talk of this id on the line worked on; anybody else's is as if it were not there."""
    talk = own_talk(session, own_agent(), subject)
    if talk is None or talk.line != visitor().line.id:
        abort(404)
    return talk


def own_call(talk: OwnTalk) -> str:
    """The call of a talk; 404 for one that is a callback's attempt, which has no room to act in."""
    if talk.call_id is None:
        abort(404)
    return talk.call_id


@contextmanager
def telling() -> Iterator[Session]:
    """A transaction; what the rules refuse changes nothing and is told by `refusal`."""
    try:
        with office().store.transaction() as session:
            yield session
    except NotNow as error:
        g.refusal = in_words(error)
    except NoTransfer as error:
        g.refusal = wording().say(f"talk.no_transfer.{error.why.name.lower()}")
    except (Refused, NoDeadline) as error:
        g.refusal = told_or(error, REFUSED)


@contextmanager
def acting() -> Iterator[Session]:
    """The same for acts that promise something: afterwards the relay is woken."""
    with telling() as session:
        yield session
    if not refusal():
        office().ring_bell()


def redrawing(piece: str) -> Response:
    """A piece after which the desk draws its other parts anew at once."""
    answer = make_response(piece)
    answer.headers["HX-Trigger"] = DESK
    return answer


def refusal() -> str:
    """Why the act of this request was refused, in words; empty where it was not."""
    return str(g.get("refusal", ""))


def in_words(error: NotNow) -> str:
    """Why something about the conduct of a talk cannot be done now; what is left of a time is told in minutes."""
    name = f"talk.not_now.{error.reason.value.replace('-', '_')}"
    if not wording().has(name):
        return wording().say(REFUSED)
    minutes = int(error.values.get("seconds", 0)) // 60 + 1
    return wording().say(name, **{**error.values, "minutes": minutes})


@blueprint.context_processor
def _names() -> dict[str, object]:
    """How templates name what forms are filled with; nothing where a problem is told before anybody is known."""
    person = present_visitor()
    if person is None:
        return {}
    line = person.line
    menus = (entry for menu in line.menus.values() for entry in menu.keys.values())
    labels = {entry.action.template: entry.label for entry in menus if isinstance(entry.action, ToText)}

    def named(values: Iterable[str], prefix: str) -> list[tuple[str, str]]:
        return [(str(value), wording().say(f"{prefix}{value}")) for value in values]

    def template_name(id: str) -> str:
        own = f"messages.template.{id}"
        return wording().say(own) if wording().has(own) else labels.get(id, id)

    return {
        "named": named,
        "template_name": template_name,
        "topic_choices": lambda topics: [(id, topic.name) for id, topic in topics.items()],
        "case_view": CASE if CASE in current_app.view_functions else None,
    }
