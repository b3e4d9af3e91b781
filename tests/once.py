"""What tests would do again and again with the same result, once in a process: files read, templates compiled.

Whatever is kept cannot be changed, or is given out as a copy.
"""

import tomllib
from collections.abc import Callable, Mapping
from types import CodeType
from typing import Any, TypeVar

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

from ivr.editions import installed
from ivr.faults import Fault
from ivr.lines import reading as lines
from ivr.lines.model import Line
from ivr.messages import reading as messages
from ivr.messages.texts import Texts
from ivr.surveys import reading as surveys
from ivr.surveys.model import Questionnaires

# Tests that spoil files make thousands of them: the last ones are kept.
MOST_KEPT = 40
Documents = Mapping[str, Mapping[str, object]]
Key = TypeVar("Key")
Value = TypeVar("Value")


class _Compiled(BytecodeCache):
    """Compiled templates in memory; one that was changed has another checksum."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._known[bucket.key, bucket.checksum] = bucket.code


def compile_each_template_once() -> None:
    """Let all apps of this process share their compiled templates: most of what the first look at a page costs."""
    Flask.jinja_options = {"bytecode_cache": _Compiled()}


def parse_each_text_once(parse: Callable[[str], dict[str, Any]] = tomllib.loads) -> None:
    """Give whoever parses a text of TOML again a copy of what came of it the first time."""
    known: dict[str, dict[str, Any]] = {}

    def loads(text: str) -> dict[str, Any]:
        if text not in known:
            known[text] = parse(text)
        copy: dict[str, Any] = _copy(known[text])
        return copy

    tomllib.loads = loads  # type: ignore[assignment]


def _copy(part: Any) -> Any:  # Any: tables and lists of any depth, and values, which nobody can change
    if isinstance(part, dict):
        return {name: _copy(inner) for name, inner in part.items()}
    return [_copy(inner) for inner in part] if isinstance(part, list) else part


def read_each_file_once() -> None:
    """Build lines, words and questionnaires from the same files once: most of what a short command costs."""
    load_texts, draft_lines, read_questionnaires = messages.load_texts, lines.draft_lines, surveys.read_questionnaires
    texts_of: dict[str, Texts] = {}
    lines_of: dict[tuple[str, int, int], tuple[Texts, list[Line], list[Fault]]] = {}
    asked_of: dict[str, tuple[Questionnaires, list[Fault]]] = {}

    def words(documents: Documents) -> Texts:
        return _known(texts_of, repr(documents), lambda: load_texts(documents))

    def drafts(documents: Documents, texts: Texts) -> tuple[list[Line], list[Fault]]:
        if texts.own:
            return draft_lines(documents, texts)
        # The words are kept along: as long as they are there, nothing else has their place in memory.
        key = (repr(documents), id(texts.catalogues), id(texts.templates))
        _, found, faults = _known(lines_of, key, lambda: (texts, *draft_lines(documents, texts)))
        return [*found], [*faults]

    def questionnaires(documents: Documents) -> tuple[Questionnaires, list[Fault]]:
        found, faults = _known(asked_of, repr(documents), lambda: read_questionnaires(documents))
        return found, [*faults]

    messages.load_texts = installed.load_texts = words  # type: ignore[attr-defined]
    lines.draft_lines = installed.draft_lines = drafts  # type: ignore[attr-defined]
    surveys.read_questionnaires = questionnaires


def _known(known: dict[Key, Value], key: Key, read: Callable[[], Value]) -> Value:
    """What was read before; it becomes the last to be forgotten. What cannot be read is not kept."""
    known[key] = found = known.pop(key) if key in known else read()
    if len(known) > MOST_KEPT:
        del known[next(iter(known))]
    return found
