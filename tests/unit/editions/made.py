"""Drafts of editions for tests, and the files of the installation over which they are made."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from config.files import HOLIDAYS, LINES, MESSAGES, read_file, read_folder
from ivr.editions.checking import Draft
from ivr.editions.merging import WEEK, Files
from ivr.editions.rows import ALL_LINES, Edition, EditionKind
from ivr.editions.schedule import Place

# A Monday morning in Korea; every line is open.
MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MAKER = "supervisor"


@cache
def files() -> Files:
    """The delivered files, read once."""
    return Files(read_folder(MESSAGES), read_folder(LINES), read_file(HOLIDAYS))


def prompt(key: str, text: str, *, line: str = "kibo", **more: Any) -> Draft:  # Any: the fields of a draft
    """A spoken text."""
    return _draft(Place(line, EditionKind.PROMPT, key), {"text": text}, **more)


def template(key: str, text: str, *, line: str = "kibo", **more: Any) -> Draft:  # Any: the fields of a draft
    """The wording of a text message."""
    return _draft(Place(line, EditionKind.TEMPLATE, key), {"text": text}, **more)


def day(date: str, change: str = "closed", *, line: str = ALL_LINES, **more: Any) -> Draft:  # Any: as in the file
    """A special day; `hours` may be given."""
    hours = {"hours": more.pop("hours")} if "hours" in more else {}
    return _draft(Place(line, EditionKind.DAY, date), {"change": change, "reason": "임시 휴무", **hours}, **more)


def week(*weekdays: str, line: str = "kibo", **more: Any) -> Draft:  # Any: the fields of a draft
    """Hours of the weekdays; closed otherwise."""
    return _draft(Place(line, EditionKind.HOURS, WEEK), {"weekdays": list(weekdays)}, **more)


def _draft(place: Place, content: dict[str, object], **more: Any) -> Draft:  # Any: the fields of a draft
    return Draft(place, content, **{"reason": "안내 개선", **more})


def row(id: int, draft: Draft, *, at: datetime = MORNING, withdrawn_at: datetime | None = None) -> Edition:
    """The draft as a row of that number, without a database."""
    return Edition(
        id=id,
        line=draft.place.line,
        kind=draft.place.kind,
        key=draft.place.key,
        content=dict(draft.content),
        version=draft.after + 1,
        effective_from=draft.effective_from or at,
        made_by=MAKER,
        made_at=at,
        reason=draft.reason,
        withdrawn_at=withdrawn_at,
    )
