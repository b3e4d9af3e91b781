"""What tests would do again and again with the same result, once in a process: TOML parsed, templates compiled."""

import tomllib
from collections.abc import Callable
from types import CodeType
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache


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
