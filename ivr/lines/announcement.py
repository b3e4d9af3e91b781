"""The agent's affiliation, name and title in the institution's own form (promises K5, D5, T8)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ivr.lines.firms import Firm
from ivr.lines.model import Line
from ivr.messages.fields import fill


@dataclass(frozen=True, slots=True)
class Announced:
    """The words, the version of their template, and the parts that are in them, for the call's evidence."""

    text: str
    version: int
    parts: tuple[str, ...]


def announce(line: Line, *, department: str, name: str, title: str, firm: Firm | None = None) -> Announced:
    """Word the announcement; what the agent's record lacks is left out, and is not among the parts.

    A call is never lost to an incomplete record: the promise is missed, and the verdict says so. To the customer of
    a `firm` the affiliation is the firm, where the line has words for that.
    """
    values = _values(line, department, name, title)
    template = line.announcement.template
    if firm is not None and line.announcement.of_firm:
        template = line.announcement.of_firm
        values["firm"] = firm.spoken_name
    text = _word(template, values)
    values["institution"] = values.get("firm", values["institution"])
    parts = tuple(part for part in line.announcement.requires if values[part].strip() and values[part] in text)
    return Announced(text, line.announcement.version, parts)


def announce_outbound(line: Line, *, department: str, name: str, title: str, firm: Firm | None = None) -> Announced:
    """Word the greeting of a customer whom we ring (D9), in the line's own outbound words where it has them.

    To the customer of a `firm` the affiliation is the firm, where the line has words for that. All its parts are
    told, with "greeting" where words stand before the first of them.
    """
    values, words = _values(line, department, name, title), line.announcement
    template = words.outbound or words.template
    if firm is not None and (of_firm := words.outbound_of_firm or words.of_firm):
        template, values["institution"] = of_firm.replace("{firm", "{institution"), firm.spoken_name
    text = _word(template, values)
    places = {part: text.find(value) for part, value in values.items() if value.strip() and value in text}
    greeting = ("greeting",) if places and text[: min(places.values())].strip() else ()
    return Announced(text, line.announcement.version, (*greeting, *places))


def _values(line: Line, department: str, name: str, title: str) -> dict[str, str]:
    return {"institution": line.spoken_institution, "department": department, "name": name, "title": title}


def _word(template: str, values: Mapping[str, str]) -> str:
    for part in (part for part, value in values.items() if not value.strip()):
        template = re.sub(rf"\s*\{{{part}(:[^}}]*)?\}}", "", template)
    return " ".join(fill(template, values).split())
