"""Every text that can be changed for a line: as it is now, as the file has it, and what is about to change."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ivr.editions.merging import (
    CONSENT_VERSION,
    OF_LINE,
    Files,
    catalogue_key,
    line_file,
    merged_line,
    merged_messages,
)
from ivr.editions.rows import ALL_LINES, Edition, EditionKind
from ivr.editions.schedule import Place, in_force
from ivr.editions.spoken import OF_FIRMS, spoken_texts
from ivr.messages.reading_templates import TEMPLATE_FILE
from ivr.messages.register import ANNOUNCEMENT_FIELDS, FIRM_ANNOUNCEMENT_FIELDS, INFORMATION_FIELDS, SPEECHES, TEMPLATES

KOREAN_FILE = "ko.toml"
OWN_FIELDS = frozenset({"institution", "number"})


@dataclass(frozen=True, slots=True)
class Word:
    """One text of a line. `edition` is what words it now, None for the file; `coming` begins later, soonest first."""

    kind: EditionKind
    key: str
    text: str
    of_file: str
    edition: Edition | None
    coming: tuple[Edition, ...] = ()

    @property
    def group(self) -> str:
        """What it belongs to: `own` for the line's own file, else the first part of its id."""
        if self.kind is EditionKind.TEMPLATE:
            return "template"
        return "own" if self.key.startswith(OF_LINE) else self.key.partition("/")[2].partition(".")[0]

    @property
    def language(self) -> str:
        """The catalogue it stands in, `ko` or `en`; the line's own texts and templates are of none."""
        return "" if self.group in {"own", "template"} else self.key.partition("/")[0]


def prompts_of(files: Files, editions: Sequence[Edition], line_id: str, *, at: datetime) -> list[Word]:
    """What is said on a line: its own texts in the order of a call, then the catalogues."""
    chosen = in_force(editions, at)
    usable = {place: one for place, one in chosen.items() if one.kind is EditionKind.PROMPT}
    document, _ = merged_line(files, usable, line_id, dated=())
    own, of_file = spoken_texts(document), spoken_texts(files.lines[line_file(line_id)])
    pairs = [(OF_LINE + key, text, of_file.get(key, "")) for key, text in own.items()]
    messages, _ = merged_messages(files, usable, line_id)
    for file in sorted(set(messages) - {TEMPLATE_FILE}, key=lambda file: (file != KOREAN_FILE, file)):
        pairs += _catalogue(messages[file], files.messages[file], file)
    return list(_words(EditionKind.PROMPT, pairs, editions, line_id, at))


def templates_of(files: Files, editions: Sequence[Edition], line_id: str, *, at: datetime) -> list[Word]:
    """The text messages of a line."""
    usable = {place: one for place, one in in_force(editions, at).items() if one.kind is EditionKind.TEMPLATE}
    now, _ = merged_messages(files, usable, line_id)
    known = files.messages[TEMPLATE_FILE]
    pairs = [(id, _wording(table), _wording(known[id])) for id, table in now[TEMPLATE_FILE].items()]
    return list(_words(EditionKind.TEMPLATE, pairs, editions, line_id, at))


def fields_known(kind: EditionKind, key: str) -> list[str]:
    """The fields that are filled in for a text; the line's own know its institution and its number."""
    if kind is EditionKind.TEMPLATE:
        return sorted(TEMPLATES.get(key, INFORMATION_FIELDS))
    if key.startswith(OF_LINE):
        if key.endswith(OF_FIRMS):
            return sorted(FIRM_ANNOUNCEMENT_FIELDS)
        return sorted(ANNOUNCEMENT_FIELDS if "announcement" in key else OWN_FIELDS)
    return sorted(SPEECHES[catalogue_key(key)[1]])


def _words(
    kind: EditionKind, pairs: Iterable[tuple[str, str, str]], editions: Sequence[Edition], line_id: str, at: datetime
) -> Iterator[Word]:
    chosen = in_force(editions, at)
    alike: dict[str, list[Edition]] = defaultdict(list)
    for one in editions:
        if one.kind is kind and _is_coming(one, line_id, at):
            alike[one.key].append(one)
    for key, text, of_file in pairs:
        places = [Place(line_id, kind, key), Place(ALL_LINES, kind, key)]
        edition = next((chosen[place] for place in places if place in chosen), None)
        coming = sorted(alike[key], key=lambda one: one.effective_from)
        yield Word(kind, key, text, of_file, edition, tuple(coming))


def _is_coming(one: Edition, line_id: str, at: datetime) -> bool:
    return one.line in {line_id, ALL_LINES} and one.withdrawn_at is None and one.effective_from > at


def _catalogue(now: Mapping[str, object], of_file: Mapping[str, object], file: str) -> list[tuple[str, str, str]]:
    """The texts of one language that are there, in the order of the register."""
    language = file.removesuffix(".toml")
    found = [(f"{language}/{id}", _at(now, id), _at(of_file, id)) for id in SPEECHES if id != CONSENT_VERSION]
    return [entry for entry in found if entry[1] or entry[2]]


def _at(document: Mapping[str, object], id: str) -> str:
    part: object = document
    for name in id.split("."):
        part = part.get(name) if isinstance(part, Mapping) else None
    return part if isinstance(part, str) else ""


def _wording(table: object) -> str:
    return str(table.get("text", "")).strip() if isinstance(table, Mapping) else ""
