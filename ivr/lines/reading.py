"""From the line files to `Lines`, with every fault of every file found at once."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ivr.faults import BadData, Fault, refuse_errors
from ivr.lines.check import UNREACHED, faults_between, faults_of_line
from ivr.lines.model import Line, Lines
from ivr.lines.wording import in_words
from ivr.messages.texts import Texts

Document = Mapping[str, object]
REPAIRS = 5
STAND_INS: Document = {
    "id": "-",
    "institution": "-",
    "number": "1544-0000",
    "numbers": ["070-0000-0000"],
    "voice": "-",
    "greeting": "-",
    "notices": [],
    "start": "-",
    "closed": "-",
    "team": "-",
    "menus": {},
    "teams": {},
    "hours": {"weekdays": ["09:00-18:00"]},
    "fallback_number": "070-0000-0000",
    "announcement": {"version": 1, "template": "-", "requires": []},
    "texts": {
        "sender": "1544-0000",
        "senders": [
            {"number": "1544-0000", "proof": "-", "registered_on": date(2000, 1, 1), "expires_on": date.max},
        ],
    },
}
"""What stands for a part that is missing or wrong while the rest of its file is checked."""


def load_lines(documents: Mapping[str, Document], texts: Texts) -> Lines:
    """Build the lines from their files (by file name); raises `BadData` with all faults of all files."""
    lines, faults = draft_lines(documents, texts)
    refuse_errors(faults)
    return Lines(lines)


def check_lines(documents: Mapping[str, Document], texts: Texts) -> list[Fault]:
    """Every fault of every line file, in the order of the files."""
    return draft_lines(documents, texts)[1]


def draft_lines(documents: Mapping[str, Document], texts: Texts) -> tuple[list[Line], list[Fault]]:
    """Every line as far as it can be read, for use only where no fault is an error, and every fault."""
    faults: list[Fault] = []
    drafts: dict[str, Line] = {}
    for file, document in documents.items():
        draft, found = _draft(document, file)
        faults += found
        if draft is not None:
            drafts[file] = draft
            faults += _news(_certain(faults_of_line(draft, file, texts.of(draft.id)), found), found)
    faults += _news(faults_between(drafts), faults)
    return list(drafts.values()), faults


def read_line(data: Document, source: str) -> tuple[Line | None, list[Fault]]:
    """Read one file by its shape alone; the line is None when there is a fault."""
    line, faults = _draft(data, source)
    try:
        refuse_errors(faults)
    except BadData:
        return None, faults
    return line, faults


def _certain(found: Sequence[Fault], shape: Sequence[Fault]) -> list[Fault]:
    """Leave out what may only seem so, because a menu, a team or a way to a menu could not be read."""
    places = [fault.key.split(".") for fault in shape]
    seeming = [f"the {place[0].removesuffix('s')} {place[1]!r}" for place in places if len(place) > 1]
    if any(place[0] in {"menus", "start", "closed"} for place in places):
        seeming.append(UNREACHED)
    return [fault for fault in found if not any(words in fault.message for words in seeming)]


def _draft(data: Document, source: str) -> tuple[Line | None, list[Fault]]:
    """Read what can be read: parts with faults are left out, so that the others can still be checked."""
    faults: list[Fault] = []
    remaining = deepcopy(dict(data))
    for _ in range(REPAIRS):
        try:
            return Line.model_validate(remaining, context=_own_fields(remaining)), faults
        except ValidationError as error:
            errors = error.errors(include_url=False)
        faults += _news([in_words(item, source) for item in errors], faults)
        for item in reversed(errors):
            _repair(remaining, item)
    return None, faults


def _own_fields(data: Document) -> dict[str, str]:
    """The values that a line's texts may ask for: its institution and its number as it is written."""
    return {name: str(data.get(name, "")) for name in ("institution", "number")}


def _repair(data: dict[str, object], error: ErrorDetails) -> None:
    """Take the smallest part out that makes the error go away; a top part gets its stand-in."""
    path = [part for part in error["loc"] if part != "[key]"]
    if error["type"] == "missing" and len(path) > 1:
        path = path[:-1]
    part: object = data
    for name in path[:-1]:
        if isinstance(part, dict):
            part = part.get(name)
        elif isinstance(part, list) and isinstance(name, int) and name < len(part):
            part = part[name]
    if isinstance(part, dict | list):
        _replace(part, path)


def _replace(part: dict[str | int, object] | list[object], path: Sequence[str | int]) -> None:
    last = path[-1]
    if isinstance(part, list):
        if isinstance(last, int) and last < len(part):
            del part[last]
        return
    if len(path) == 1 and last in STAND_INS:
        part[last] = deepcopy(STAND_INS[str(last)])
    else:
        part.pop(last, None)


def _news(found: Sequence[Fault], known: Sequence[Fault]) -> list[Fault]:
    """The faults that do not merely follow from a part which is already known to be wrong."""
    wrong = {(fault.file, fault.key) for fault in known}
    return [fault for fault in found if not any((fault.file, above) in wrong for above in _aboves(fault.key))]


def _aboves(key: str) -> list[str]:
    parts = key.split(".")
    return [".".join(parts[: count + 1]) for count in range(len(parts))]
