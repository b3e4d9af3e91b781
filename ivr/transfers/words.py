"""What a caller is told before being passed on: department, name, number (T10), and the title where the line has it."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Connection, select

from ivr import korean
from ivr.agents.rows import Agent
from ivr.lines.model import Line
from ivr.messages.texts import Texts
from ivr.numbers import BadNumber, PhoneNumber
from ivr.transfers.rows import Transfer

WITHOUT_TITLE, WITH_TITLE = "transfer.told", "transfer.told_title"
# Names are said in the language in which they are written, with this before them.
IN_OTHER_WORDS = "transfer.next"
TITLE = "title"
PARTS = ("department", "name", "number")


@dataclass(frozen=True, slots=True)
class Officer:
    """The agent to whom a caller is passed on, as the public may know that person; `number` as people write it.

    `title` is empty where the line does not name titles.
    """

    department: str
    name: str
    title: str
    number: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words, their language, the version of their text, and the parts that are in them, for the call's evidence.

    `before` is what is said first to a caller who speaks another language than the names are in, else empty.
    """

    before: str
    text: str
    language: str
    version: str
    parts: tuple[str, ...]


def officer_of(agent: Agent, line: Line) -> Officer:
    """What may be told of an agent: the direct number, or the line's own; never the telephone that is rung."""
    return _officer(line, agent.department, agent.name, (agent.title, agent.direct_number))


def officer_for(connection: Connection, transfer_id: str, line: Line) -> Officer:
    """The officer of a transfer, in one query."""
    row = connection.execute(
        select(Agent.department, Agent.name, Agent.title, Agent.direct_number)
        .join(Transfer, Transfer.to_agent == Agent.id)
        .where(Transfer.id == transfer_id)
    ).one()
    return _officer(line, row.department, row.name, (row.title, row.direct_number))


def _officer(line: Line, department: str, name: str, further: tuple[str, str | None]) -> Officer:
    title, number = further
    named = title if TITLE in line.announcement.requires else ""
    return Officer(department, name, named, _told_number(number, line))


def _told_number(direct: str | None, line: Line) -> str:
    """The direct number as people write it; the line's own where there is none, or one that nobody can dial."""
    with suppress(BadNumber):
        if direct:
            return PhoneNumber.parse(direct).national
    return PhoneNumber.parse(line.number).national


def word(texts: Texts, language: str, officer: Officer) -> Words:
    """Word it in the language of the conversation."""
    values = {"department": officer.department, "name": officer.name, "number": officer.number}
    text_id = WITH_TITLE if officer.title else WITHOUT_TITLE
    if officer.title:
        values[TITLE] = officer.title
    spoken = texts.say(text_id, language, **values)
    said = {**values, "number": korean.digits(officer.number)}
    parts = tuple(part for part in PARTS if values[part] and (values[part] in spoken.text or said[part] in spoken.text))
    before = "" if spoken.language == language else texts.say(IN_OTHER_WORDS, language, number=officer.number).text
    return Words(before, spoken.text, spoken.language, _version(texts, text_id, spoken.language), parts)


def _version(texts: Texts, text_id: str, language: str) -> str:
    """Names the wording exactly: another text has another version, without anybody having to count."""
    wording = texts.catalogues[language].texts[text_id]
    return f"{language}/{text_id}/{hashlib.sha256(wording.encode()).hexdigest()[:8]}"
