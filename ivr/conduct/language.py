"""The language in which a caller has chosen to be served."""

from collections.abc import Iterable

from ivr.calls.facts import Told
from ivr.lines.model import Line


def language_of(facts: Iterable[Told], line: Line) -> str | None:
    """The language of the last menu in which the caller pressed a key; None where it is the line's own."""
    keys = [fact for fact in facts if fact.kind == "key" and fact.detail.get("menu") in line.menus]
    if not keys:
        return None
    last = max(keys, key=lambda fact: fact.sequence or 0)
    language = line.menus[str(last.detail["menu"])].language
    return None if language == line.language else language
