"""Lines, words and calendar as they are at a moment: the files, and over them the editions in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ivr.editions.merging import (
    Chosen,
    Document,
    Files,
    has_own_words,
    line_file,
    merged_holidays,
    merged_line,
    merged_messages,
)
from ivr.editions.rows import ALL_LINES, Edition, EditionKind
from ivr.editions.schedule import in_force
from ivr.faults import BadData, Fault, refuse_errors
from ivr.lines.calendar import Calendar, installed_calendar
from ivr.lines.model import Lines
from ivr.lines.reading import draft_lines
from ivr.messages.reading import load_texts
from ivr.messages.texts import Texts


@dataclass(frozen=True, slots=True)
class Installed:
    """One state of an installation; nothing of it ever changes. `left_out` has editions that fit no more, and why."""

    lines: Lines
    texts: Texts
    calendar: Calendar
    left_out: tuple[tuple[Edition, str], ...] = ()


def install(files: Files, editions: Sequence[Edition], at: datetime) -> Installed:
    """The state at `at`. An edition that no longer fits what the files say is left out, and the others hold.

    Raises `BadData` only where the files alone cannot be used.
    """
    try:
        return merge(files, editions, at)
    except BadData:
        return _without_faulty(files, editions, at)


def merge(files: Files, editions: Sequence[Edition], at: datetime) -> Installed:
    """The state at `at` with all editions; raises `BadData` with the faults that the files would give."""
    chosen = in_force(editions, at)
    dated = sorted((one for one in editions if one.kind is EditionKind.HOURS), key=lambda one: one.version)
    texts, faults = _texts(files, chosen), list[Fault]()
    documents: dict[str, Document] = {}
    for id in line_ids(files):
        documents[line_file(id)], found = merged_line(files, chosen, id, dated=dated)
        faults += found
    lines = _read_lines(documents, texts, faults)
    return Installed(lines, texts, installed_calendar(merged_holidays(files, chosen), always_open=files.always_open))


def line_ids(files: Files) -> list[str]:
    """The lines of the installation, by id, in the order of their files."""
    return [file.removesuffix(".toml") for file in files.lines]


def _texts(files: Files, chosen: Chosen) -> Texts:
    """The words of all lines; of a single line its own, which is all there is to say."""
    ids = line_ids(files)
    messages, faults = merged_messages(files, chosen, ids[0] if len(ids) == 1 else ALL_LINES)
    refuse_errors(faults)
    common = load_texts(messages)
    return common if len(ids) == 1 else Texts(common.catalogues, common.templates, _own_texts(files, chosen))


def _own_texts(files: Files, chosen: Chosen) -> dict[str, Texts]:
    own: dict[str, Texts] = {}
    for id in (id for id in line_ids(files) if has_own_words(chosen, id)):
        messages, faults = merged_messages(files, chosen, id)
        refuse_errors(faults)
        own[id] = load_texts(messages)
    return own


def _read_lines(documents: Mapping[str, Document], texts: Texts, faults: Sequence[Fault]) -> Lines:
    lines, found = draft_lines(documents, texts)
    refuse_errors([*faults, *found])
    return Lines(lines)


def _without_faulty(files: Files, editions: Sequence[Edition], at: datetime) -> Installed:
    """Leave out what does not fit by itself, then the newest of what does not fit together, until the rest does.

    What is left out does not stand over the version before it.
    """
    kept, left_out = list(editions), list[tuple[Edition, str]]()
    while True:
        try:
            state = merge(files, kept, at)
            return Installed(state.lines, state.texts, state.calendar, tuple(left_out))
        except BadData as error:
            tried = {*in_force(kept, at).values(), *(one for one in kept if one.kind is EditionKind.HOURS)}
            if not tried:
                raise
            faulty = [(one, why) for one in tried if (why := _fault_alone(files, one, at))]
            faulty = faulty or [(max(tried, key=lambda one: one.id), _told(error))]
        left_out += sorted(faulty, key=lambda pair: pair[0].id)
        kept = [one for one in kept if one not in {faulty for faulty, _ in left_out}]


def _fault_alone(files: Files, edition: Edition, at: datetime) -> str:
    """What is wrong with an edition that stands alone over the files; empty where nothing is."""
    try:
        merge(files.of(edition.line), [edition], at)
    except BadData as error:
        return _told(error)
    return ""


def _told(error: BadData) -> str:
    return "; ".join(str(fault) for fault in error.faults if fault.severity == "error")
