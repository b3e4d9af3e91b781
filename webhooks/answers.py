"""What a webhook answers: a document to be heard, or a bare acknowledgement of an event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from ivr.addresses import Address
from ivr.calls.talk import Talk
from ivr.lines.model import Line
from ivr.prompts import Prompt
from webhooks.heard import Heard
from webhooks.switchboard import Switchboard


@dataclass(frozen=True, slots=True)
class Document:
    """Prompts for a leg of a line; without a line the voice of the first line is used."""

    prompts: tuple[Prompt, ...]
    line: Line | None = None
    promised: bool = False


@dataclass(frozen=True, slots=True)
class Noted:
    """The event is kept; nothing is said. `promised` tells that something is due because of it."""

    promised: bool = False


Answer: TypeAlias = Document | Noted
View: TypeAlias = Callable[[Heard, Switchboard], Answer]
Views: TypeAlias = Mapping[Address, View]


def talk_of(heard: Heard, board: Switchboard) -> Talk:
    """The conversation that an address of ours belongs to."""
    line, query = board.line(heard.asked("line")), heard.query
    talk = Talk(line, board.texts.of(line.id), heard.asked("call"), heard.step, query.get("language", line.language))
    return replace(talk, firm_id=query.get("firm", ""), product=query.get("product", ""), found="found" in query)
