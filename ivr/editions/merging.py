"""What the files would say if the editions in force stood in them: the files themselves are never touched."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias, cast

from ivr.editions.rows import ALL_LINES, Edition, EditionKind
from ivr.editions.schedule import Place
from ivr.editions.spoken import ANNOUNCEMENTS, Table, put, spoken_texts
from ivr.faults import Fault
from ivr.lines.calendar import FILE as HOLIDAYS_FILE
from ivr.lines.hours import SEOUL
from ivr.messages.reading_templates import TEMPLATE_FILE

Document: TypeAlias = Mapping[str, object]
Documents: TypeAlias = Mapping[str, Document]
Chosen: TypeAlias = Mapping[Place, Edition]

# Versions of files stay below; what an edition words has this and the edition's own number as its version, so that a
# version which was kept with a call or a message names one wording for ever.
VERSIONS_FROM = 1000
OF_LINE = "line/"
CONSENT, CONSENT_VERSION = "consent.", "consent.version"
CONSENT_WORDING = ("consent.ask.", "consent.terms", "consent.choice")
CONDUCT = "conduct."
WEEK = "week"


@dataclass(frozen=True, slots=True)
class Files:
    """The data files of the installation as they were read, by file name, and whether every line is always open."""

    messages: Documents
    lines: Documents
    holidays: Document
    always_open: bool = False

    def of(self, line_id: str) -> "Files":
        """The files of one line alone, with what is common to all; every line where none is named."""
        file = line_file(line_id)
        return replace(self, lines={file: self.lines[file]}) if file in self.lines else self


def line_file(line_id: str) -> str:
    """The file of a line; without one, what all of them are."""
    return f"{line_id}.toml" if line_id else "lines"


def edition_version(edition: Edition) -> int:
    """The version that evidence has of what this edition words; a draft has no number yet and is only looked at."""
    return VERSIONS_FROM + (edition.id or 0)


def catalogue_key(key: str) -> tuple[str, str]:
    """File and id of a text of a catalogue, `ko/queue.welcome`."""
    language, _, id = key.partition("/")
    return f"{language}.toml", id


def merged_messages(files: Files, chosen: Chosen, line_id: str) -> tuple[Documents, list[Fault]]:
    """The message files for one line (empty: for all): what holds for all lines first, then what is its own."""
    words = _words_of(chosen, line_id)
    if not words:
        return files.messages, []
    documents = {file: deepcopy(dict(document)) for file, document in files.messages.items()}
    faults: list[Fault] = []
    for edition in words:
        setting = _set_template if edition.kind is EditionKind.TEMPLATE else _set_speech
        faults += setting(documents, edition)
    if any(_is_consent(edition) for edition in words):
        _name_consent(documents)
    return documents, faults


def has_own_words(chosen: Chosen, line_id: str) -> bool:
    """Whether some text of the catalogues or some template was changed for this line alone."""
    return any(edition.line == line_id for edition in _words_of(chosen, line_id))


def merged_line(
    files: Files, chosen: Chosen, line_id: str, *, dated: Iterable[Edition]
) -> tuple[Document, list[Fault]]:
    """The file of one line; `dated` are all editions of its hours, oldest version first, withdrawn ones too."""
    file = line_file(line_id)
    document = deepcopy(dict(files.lines[file]))
    faults: list[Fault] = []
    for edition in _of_line_file(chosen, line_id):
        key = edition.key.removeprefix(OF_LINE)
        if key not in spoken_texts(document):
            faults.append(Fault(file, key, "is no text of this line: it may have left the file since"))
            continue
        put(document, key, str(edition.content.get("text", "")))
        _count_version(document, key, edition)
    if firms := {place.key: dict(edition.content) for place, edition in chosen.items() if _is_firm(place, line_id)}:
        document["firms"] = {**cast(Table, document.get("firms", {})), **firms}
    conduct = [edition for edition in _words_of(chosen, line_id) if _id_of(edition).startswith(CONDUCT)]
    if conduct:
        rule = cast(Table, document.setdefault("conduct", {}))
        rule["version"] = max(edition_version(edition) for edition in conduct)
    if hours := [_dated(edition) for edition in dated if edition.line == line_id]:
        document["dated_hours"] = [*cast(list[Table], document.get("dated_hours", [])), *hours]
    return document, faults


def merged_holidays(files: Files, chosen: Chosen) -> Document:
    """The table of special days: a later rule overrides an earlier one, so a line's own stand behind those of all."""
    days = [edition for edition in chosen.values() if edition.kind is EditionKind.DAY]
    if not days:
        return files.holidays
    known = cast(list[Table], files.holidays.get("day", []))
    ordered = sorted(days, key=lambda edition: (edition.line != ALL_LINES, edition.key))
    return {**files.holidays, "day": [*known, *(day_rule(edition) for edition in ordered)]}


def day_rule(edition: Edition) -> Table:
    """A day as the file of holidays has it."""
    lines = [] if edition.line == ALL_LINES else [edition.line]
    return {**edition.content, "date": edition.key, "lines": lines}


def places_named(edition: Edition) -> tuple[str, str]:
    """File and dotted key that faults of this edition name."""
    if edition.kind is EditionKind.DAY:
        return HOLIDAYS_FILE, f"day.{edition.key}"
    if edition.kind is EditionKind.TEMPLATE:
        return TEMPLATE_FILE, edition.key
    if edition.kind is EditionKind.HOURS:
        return line_file(edition.line), "hours"
    if edition.kind is EditionKind.FIRM:
        return line_file(edition.line), f"firms.{edition.key}"
    if edition.key.startswith(OF_LINE):
        return line_file(edition.line), edition.key.removeprefix(OF_LINE)
    return catalogue_key(edition.key)


def _words_of(chosen: Chosen, line_id: str) -> list[Edition]:
    """The editions of catalogues and templates that concern a line, its own last."""
    kinds = {EditionKind.PROMPT, EditionKind.TEMPLATE}
    found = [
        edition
        for place, edition in chosen.items()
        if place.kind in kinds and place.line in {ALL_LINES, line_id} and not place.key.startswith(OF_LINE)
    ]
    return sorted(found, key=lambda edition: edition.line != ALL_LINES)


def _of_line_file(chosen: Chosen, line_id: str) -> Iterator[Edition]:
    for place, edition in chosen.items():
        if place.line == line_id and place.kind is EditionKind.PROMPT and place.key.startswith(OF_LINE):
            yield edition


def _is_firm(place: Place, line_id: str) -> bool:
    return place.kind is EditionKind.FIRM and place.line == line_id


def _id_of(edition: Edition) -> str:
    return catalogue_key(edition.key)[1] if edition.kind is EditionKind.PROMPT else ""


def _is_consent(edition: Edition) -> bool:
    return _id_of(edition).startswith(CONSENT_WORDING)


def _set_template(documents: dict[str, Table], edition: Edition) -> list[Fault]:
    templates = documents.get(TEMPLATE_FILE, {})
    if edition.key not in templates:
        return [Fault(TEMPLATE_FILE, edition.key, "is no template of the installation: it may have left the file")]
    templates[edition.key] |= {"text": edition.content.get("text"), "version": edition_version(edition)}
    return []


def _set_speech(documents: dict[str, Table], edition: Edition) -> list[Fault]:
    file, id = catalogue_key(edition.key)
    if file not in documents or file == TEMPLATE_FILE:
        return [Fault(file, id, "is of a language that has no catalogue: use ko/... or en/...")]
    if id == CONSENT_VERSION:
        return [Fault(file, id, "is no spoken text: it follows by itself from the wording of the consent")]
    *above, last = id.split(".")
    table: Any = documents[file]  # Any: a table within tables
    for name in above:
        table = table.setdefault(name, {})
    if not isinstance(table, dict) or isinstance(table.get(last), Mapping):
        return [Fault(file, id, "is said nowhere: remove it or correct the id")]
    table[last] = edition.content.get("text")
    return []


def _name_consent(documents: dict[str, Table]) -> None:
    """Name the wording that people agree to by what it says, as nobody counts it up."""
    wordings = "\n".join(str(document.get("consent", "")) for _, document in sorted(documents.items()))
    digest = hashlib.sha256(wordings.encode()).hexdigest()[:8]
    for document in documents.values():
        consent = document.get("consent")
        if isinstance(consent, dict) and "version" in consent:
            consent["version"] = f"{consent['version']}/{digest}"


def _count_version(document: Table, key: str, edition: Edition) -> None:
    version = edition_version(edition)
    if key.startswith("notices."):
        next(one for one in document["notices"] if one.get("id") == key.split(".")[1])["version"] = version
    elif key in ANNOUNCEMENTS:
        announcement = document["announcement"]
        announcement["version"] = max(version, int(announcement.get("version", 1)))


def _dated(edition: Edition) -> Table:
    """Hours with the days on which they hold; those withdrawn held up to the day of that."""
    withdrawn = edition.withdrawn_at
    until: date | None = withdrawn.astimezone(SEOUL).date() if withdrawn is not None else None
    since = edition.effective_from.astimezone(SEOUL).date()
    return {**edition.content, "since": since, **({"until": until} if until is not None else {})}
