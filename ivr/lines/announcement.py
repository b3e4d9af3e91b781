"""The agent's affiliation, name and title in the institution's own form (promises K5, D5, T8)."""

import re
from dataclasses import dataclass

from ivr.lines.model import Line
from ivr.messages.fields import fill


@dataclass(frozen=True, slots=True)
class Announced:
    """The words, the version of their template, and the parts that are in them, for the call's evidence."""

    text: str
    version: int
    parts: tuple[str, ...]


def announce(line: Line, *, department: str, name: str, title: str) -> Announced:
    """Word the announcement; what the agent's record lacks is left out, and is not among the parts.

    A call is never lost to an incomplete record: the promise is missed, and the verdict says so.
    """
    values = {"institution": line.spoken_institution, "department": department, "name": name, "title": title}
    template = line.announcement.template
    for part in (part for part, value in values.items() if not value.strip()):
        template = re.sub(rf"\s*\{{{part}(:[^}}]*)?\}}", "", template)
    text = " ".join(fill(template, values).split())
    parts = tuple(part for part in line.announcement.requires if values[part].strip() and values[part] in text)
    return Announced(text, line.announcement.version, parts)
