"""What is wrong with an edition before it is made: the faults that the files would give, and advice on its words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import ValidationError

from ivr.editions.installed import Installed, install, line_ids, merge
from ivr.editions.merging import OF_LINE, WEEK, Files, catalogue_key, day_rule, line_file, places_named
from ivr.editions.rows import ALL_LINES, Edition, EditionKind
from ivr.editions.schedule import Place, place_of
from ivr.editions.spoken import spoken_texts
from ivr.faults import BadData, Fault
from ivr.korean import PARTICLES, spoken_seconds
from ivr.lines.calendar import DayRule
from ivr.lines.firms import Firm
from ivr.lines.hours import SEOUL
from ivr.lines.model import Hours
from ivr.lines.wording import in_words
from ivr.messages.fields import BadText, fields_of
from ivr.messages.reading_templates import TEMPLATE_FILE
from ivr.messages.register import SPEECHES

# Whoever listens can keep this much in mind; the files keep to it as well.
LONGEST_SPEECH_SECONDS = 12
OF_ONE_LINE = frozenset({EditionKind.HOURS, EditionKind.FIRM})
# What the texts of a line's file may ask for.
OWN = {"institution": "", "number": ""}
_BARE = {particle for pair in PARTICLES for particle in pair.split("/")}
_BARE_PARTICLE = re.compile(rf"\{{\w+(?::[^}}/]*)?\}}({'|'.join(sorted(_BARE, key=len, reverse=True))})(?=[\s.,]|$)")


@dataclass(frozen=True, slots=True)
class Draft:
    """An edition that somebody is about to make. `after` is the newest version that was seen, 0 where there is none.

    Without `effective_from` it holds at once; hours hold from the local day of that moment on.
    """

    place: Place
    content: Mapping[str, object]
    reason: str = ""
    after: int = 0
    effective_from: datetime | None = None


def check(files: Files, editions: Sequence[Edition], draft: Draft, *, at: datetime) -> list[Fault]:
    """Every fault and warning of a draft made at `at`, in the words in which the files would be refused."""
    row = as_row(draft, at=at)
    shape = [*_place(files, row), *_shape(row)]
    if shape:
        return shape
    faults = [*_in_the_house(files, editions, row), *_of_text(row)]
    faults += _of_time(editions, row, at)
    return sorted(dict.fromkeys(faults), key=lambda fault: fault.severity != "error")


def as_row(draft: Draft, *, at: datetime) -> Edition:
    """The row that would be kept, without its number."""
    line, kind, key = draft.place
    return Edition(
        line=line,
        kind=kind,
        key=key,
        content=dict(draft.content),
        version=draft.after + 1,
        effective_from=draft.effective_from or at,
        made_at=at,
        reason=draft.reason,
    )


def preview(files: Files, editions: Sequence[Edition], draft: Draft, *, at: datetime) -> Installed:
    """The installation as it would be from the draft's own moment on; raises `BadData`."""
    row = as_row(draft, at=at)
    return merge(files, [*editions, row], row.effective_from)


def _place(files: Files, row: Edition) -> Iterator[Fault]:
    file, key = places_named(row)
    if row.line != ALL_LINES and row.line not in line_ids(files):
        yield Fault(
            file, key, f"is for the line {row.line!r}, which is not there: known are {', '.join(line_ids(files))}"
        )
    elif row.line == ALL_LINES and (row.kind in OF_ONE_LINE or row.key.startswith(OF_LINE)):
        yield Fault(file, key, "belongs to one line: name it")
    elif row.kind is EditionKind.HOURS and row.key != WEEK:
        yield Fault(file, key, f"is no key of hours: use {WEEK}")
    elif row.kind is EditionKind.FIRM and "centre" not in files.lines[line_file(row.line)]:
        yield Fault(file, key, f"is for the line {row.line!r}, which is no centre of client firms")
    elif row.kind is EditionKind.TEMPLATE and row.key not in files.messages.get(TEMPLATE_FILE, {}):
        yield Fault(file, key, "is no template of the installation: correct the id")
    elif row.kind is EditionKind.PROMPT:
        yield from _prompt(files, row, Fault(file, key, "is said nowhere: correct the id"))


def _prompt(files: Files, row: Edition, unknown: Fault) -> Iterator[Fault]:
    if row.key.startswith(OF_LINE):
        if row.key.removeprefix(OF_LINE) not in spoken_texts(files.lines[line_file(row.line)]):
            yield unknown
    elif catalogue_key(row.key)[1] not in SPEECHES:
        yield unknown


def _shape(row: Edition) -> list[Fault]:
    """Faults of the content by itself, named as in the files."""
    file, key = places_named(row)
    try:
        if row.kind is EditionKind.DAY:
            date.fromisoformat(row.key)
            rule = DayRule.model_validate(day_rule(row))
            if rule.change == "hours" and not rule.hours:
                return [Fault(file, f"{key}.hours", 'must be written like "09:00-18:00"; a day off is closed')]
        else:
            _read_as_table(row)
    except ValidationError as error:
        return [in_words(item, file, above=key) for item in error.errors(include_url=False)]
    except ValueError:
        return [Fault(file, key, "is no day: write it like 2026-11-25")]
    if row.kind in {EditionKind.DAY, *OF_ONE_LINE}:
        return []
    text = row.content.get("text")
    if row.content.keys() != {"text"} or not isinstance(text, str) or not text.strip():
        return [Fault(file, key, "must be a text, not empty")]
    return []


def _read_as_table(row: Edition) -> None:
    """Read hours or a firm as a table of the file; raises ValidationError."""
    if row.kind is EditionKind.HOURS:
        Hours.model_validate(row.content)
    elif row.kind is EditionKind.FIRM:
        Firm.model_validate({**row.content, "id": row.key}, context=OWN)


def _in_the_house(files: Files, editions: Sequence[Edition], row: Edition) -> Iterator[Fault]:
    """What the whole installation would say to it, at its own moment and at each later change until it is replaced."""
    house = files.of(row.line)
    near = [one for one in editions if row.line in {ALL_LINES, one.line} or one.line == ALL_LINES]
    for moment in sorted({row.effective_from, *(one.effective_from for one in near if _follows(one, row))}):
        try:
            merge(house, [*near, row], moment)
        except BadData:
            yield from _own_faults(house, near, row, moment)


def _own_faults(house: Files, near: Sequence[Edition], row: Edition, moment: datetime) -> Iterator[Fault]:
    """What is wrong even without what does not fit by itself: that must not be blamed on what is made now."""
    unfit = [one for one, _ in install(house, near, moment).left_out]
    try:
        merge(house, [*(one for one in near if one not in unfit), row], moment)
    except BadData as error:
        yield from (fault for fault in error.faults if fault.severity == "error")


def _follows(one: Edition, row: Edition) -> bool:
    return one.withdrawn_at is None and one.effective_from > row.effective_from


def _of_text(row: Edition) -> Iterator[Fault]:
    if row.kind not in {EditionKind.PROMPT, EditionKind.TEMPLATE}:
        return
    file, key = places_named(row)
    text = str(row.content["text"])
    try:
        fields = fields_of(text)
    except BadText:
        return
    for particle in dict.fromkeys(_BARE_PARTICLE.findall(text)):
        pair = next(pair for pair in PARTICLES if particle in pair.split("/"))
        message = f"has {particle} after a value, which may not fit it: write {{field:{pair}}}"
        yield Fault(file, key, message, "warning")
    if row.kind is EditionKind.TEMPLATE:
        return
    seconds = spoken_seconds(text)
    of_line = row.key.startswith(OF_LINE)
    if seconds > LONGEST_SPEECH_SECONDS:
        message = f"takes about {seconds:g} s to say, over {LONGEST_SPEECH_SECONDS} s: shorten it"
        yield Fault(file, key, message, "warning" if of_line else "error")
    left_out = frozenset() if of_line else SPEECHES[catalogue_key(row.key)[1]] - fields
    for name in sorted(left_out):
        yield Fault(file, key, f"leaves out {{{name}}}, which callers are told today", "warning")


def _of_time(editions: Sequence[Edition], row: Edition, at: datetime) -> Iterator[Fault]:
    file, key = places_named(row)
    today = at.astimezone(SEOUL).date()
    if row.kind is EditionKind.DAY and date.fromisoformat(row.key) < today:
        yield Fault(
            file, key, "is in the past: deadlines that were counted over that day may come out otherwise", "warning"
        )
    for one in editions:
        if place_of(one) == place_of(row) and one.withdrawn_at is None and one.effective_from > row.effective_from:
            yield Fault(file, key, f"takes the place of version {one.version}, which would begin later", "warning")
