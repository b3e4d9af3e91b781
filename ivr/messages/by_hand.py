"""Texts that an agent sends in or after a talk: which may be chosen, what is filled in, and how one will read."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from ivr.agents.rows import Agent
from ivr.agents.talks import OwnTalk
from ivr.lines.actions import ToText
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.messages.size import Size, measure
from ivr.messages.texts import Template, Texts
from ivr.messages.writing import OPTED_OUT, Outgoing, hindrance, worded
from ivr.optouts.asking import opted_out
from ivr.sealing import index_of
from ivr.transfers.words import officer_of

# What only we know, and nobody may write otherwise.
FIXED = frozenset({"institution", "receipt", "link"})


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as it would be sent: its size, the signs that had to be replaced, and why it cannot be sent (or None)."""

    body: str
    size: Size
    replaced: tuple[str, ...]
    hindrance: str | None


def offered(texts: Texts, line: Line) -> tuple[Template, ...]:
    """The templates that an agent of a line may send: its receipt, who is in charge, and what its menus send.

    None of them is an advertisement: those need a consent, and a campaign.
    """
    words = texts.of(line.id)
    menus = (entry.action for menu in line.menus.values() for entry in menu.keys.values())
    ids = [
        line.texts.receipt,
        line.texts.transfer,
        *(action.template for action in menus if isinstance(action, ToText)),
    ]
    chosen = (words.template(id) for id in dict.fromkeys(ids))
    return tuple(template for template in chosen if template.kind != "advertisement")


def known_values(talk: OwnTalk, agent: Agent, line: Line) -> dict[str, str]:
    """What is filled in by itself: of the talk, and of the agent as the public may know that person."""
    told = officer_of(agent, line)
    return {
        "receipt": talk.receipt,
        "department": told.department,
        "name": told.name,
        "title": told.title,
        "number": told.number,
        "date": f"{talk.began_at.astimezone(SEOUL):%Y-%m-%d %H:%M}",
    }


def filled(template: Template, known: Mapping[str, str], written: Mapping[str, str]) -> dict[str, str]:
    """The values of a template: what was written by hand before what is known, but never of what is FIXED."""
    free = {name: value.strip() for name, value in written.items() if name not in FIXED}
    values = {**known, **free}
    return {name: value for name, value in values.items() if name in template.fields and value}


def preview(session: Session, texts: Texts, outgoing: Outgoing) -> Preview:
    """How a text will read, and what stands against sending it; raises `BadText` for a value that is missing."""
    line = outgoing.line
    template = texts.of(line.id).template(outgoing.template)
    made = worded(template, outgoing)
    why = hindrance(outgoing.to, made.text, template, line=line)
    if why is None and opted_out(session, index_of(session, outgoing.to), line.id, kind=template.kind):
        why = OPTED_OUT
    return Preview(made.text, measure(made.text), made.replaced, why)
