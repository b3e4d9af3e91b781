"""The story of a case in sentences of the visitor's language."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy.orm import Session

from console.stories import Happening, accounts_of, in_order, names_of, texts_told
from console.visitor import wording
from ivr.calls.facts import Told
from ivr.cases.finding import Story
from ivr.cases.telling import until_words
from ivr.numbers import mask_numbers

# Any: the detail of a fact is JSON of several kinds.
Detail: TypeAlias = Mapping[str, Any]
Names: TypeAlias = Mapping[str, str]
TONES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("received", "assigned", "reopened"), "calm"),
    **dict.fromkeys(("late-decided", "late-told", "escalated", "repeat-flagged", "telling-owed"), "warn"),
    **dict.fromkeys(("slipped", "no-contact"), "bad"),
    **dict.fromkeys(("answered", "directed", "decided", "result-told", "closed"), "good"),
}
# Said again by another fact of the same moment.
SILENT: Final = frozenset({"handler-notified", "direction-decided", "first-decided", "rating-invited"})


def happenings(session: Session, story: Story) -> list[Happening]:
    """Facts and texts in one order."""
    people = [fact.detail.get("officer") for fact in story.facts]
    names = {
        **accounts_of(session, (fact.detail.get("who") for fact in story.facts)),
        **names_of(session, people),
    }
    return in_order(_facts(story, names), texts_told(story.messages))


def _facts(story: Story, names: Names) -> Iterator[Happening]:
    say, has = wording().say, wording().has
    for fact in sorted(story.facts, key=_place):
        id = f"cases.told.{fact.kind}"
        if fact.kind in SILENT or not has(id):
            continue
        notes = tuple(filter(None, (note(fact.detail, names) for note in NOTES)))
        yield Happening(fact.said_at or fact.received_at, say(id, **_values(fact, names)), _tone(fact), notes)


def _place(fact: Told) -> tuple[datetime, int]:
    """What is written of one moment is told in the order in which it came about."""
    at = fact.said_at or fact.received_at
    return at, FIRST.index(fact.kind) if fact.kind in FIRST else len(FIRST)


def _values(fact: Told, names: Names) -> dict[str, str]:
    """What the sentences have fields for; what a fact does not say is empty."""
    detail = fact.detail
    officer = str(detail.get("officer") or "")
    return {
        "officer": names.get(officer, officer) or wording().say("cases.nobody"),
        "department": str(detail.get("department") or ""),
        "due": _day(detail.get("due")),
        "until": _day(detail.get("until")),
        "points": str(detail.get("points") or ""),
        "what": mask_numbers(str(detail.get("what") or "")),
    }


def _day(written: object) -> str:
    return until_words(datetime.fromisoformat(str(written))) if written else ""


def _tone(fact: Told) -> str:
    if fact.kind == "slipped" and fact.detail.get("told"):
        return "warn"
    return TONES.get(fact.kind, "plain")


def _note_of(name: str, table: str) -> Callable[[Detail, Names], str]:
    """A note from a value of a closed list."""

    def note(detail: Detail, _names: Names) -> str:
        id = f"cases.{table}.{detail.get(name)}"
        return wording().say(id) if wording().has(id) else ""

    return note


def _overdue(detail: Detail, _names: Names) -> str:
    return wording().say("cases.told_overdue", why=str(detail["overdue"])) if detail.get("overdue") else ""


def _slipped(detail: Detail, _names: Names) -> str:
    if "told" not in detail:
        return ""
    return wording().say("cases.slip_told" if detail["told"] else "cases.slip_untold")


def _who(detail: Detail, names: Names) -> str:
    who = str(detail.get("who") or "")
    return wording().say("cases.who", who=names.get(who, who)) if who and who != "system" else ""


FIRST: Final = ("received", "assigned", "review-started", "decided", "late-decided", "directed", "answered")
NOTES: Final = (
    _note_of("reason", "late"),
    _note_of("notice", "notice"),
    _note_of("why", "why"),
    _note_of("by", "way"),
    _overdue,
    _slipped,
    _who,
)
