"""The agent's affiliation, name and title in the institution's own form (promises K5, D5, T8)."""

from dataclasses import dataclass

from ivr.lines.model import Line
from ivr.messages.fields import BadText, fill


@dataclass(frozen=True, slots=True)
class Announced:
    """The words, the version of their template, and the parts that are in them, for the call's evidence."""

    text: str
    version: int
    parts: tuple[str, ...]


def announce(line: Line, *, department: str, name: str, title: str) -> Announced:
    """Word the announcement; raises `BadText` when a part is empty that the institution requires."""
    values = {"institution": line.spoken_institution, "department": department, "name": name, "title": title}
    empty = [part for part in line.announcement.requires if not values[part].strip()]
    if empty:
        raise BadText(f"the announcement of {line.id} needs {', '.join(empty)}: complete the agent's record")
    text = " ".join(fill(line.announcement.template, values).split())
    parts = tuple(part for part in line.announcement.requires if values[part] in text)
    return Announced(text, line.announcement.version, parts)
