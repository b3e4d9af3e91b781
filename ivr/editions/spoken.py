"""The texts that a line's own file says aloud, each with its dotted key, and putting another in its place."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

Table = dict[str, Any]  # Any: a TOML table

_TOP = ("greeting",)
_OF_ENTRY = ("label", "spoken", "say")
OF_ALL = ("announcement.template", "announcement.outbound")
OF_FIRMS = ("announcement.of_firm", "announcement.outbound_of_firm")
ANNOUNCEMENTS = OF_ALL + OF_FIRMS


def spoken_texts(document: Mapping[str, object]) -> dict[str, str]:
    """Every text of a line's file that is heard, by dotted key, in the order of a call."""
    return {key: text for key, text in _found(document) if isinstance(text, str)}


def put(document: Table, key: str, text: str) -> None:
    """Say `text` at `key` of a line's file, which must be one of `spoken_texts`; notices are named by id."""
    first, *rest = key.split(".")
    if first == "notices":
        notice = next(one for one in document["notices"] if one.get("id") == rest[0])
        notice["text"] = text
        return
    table: Table = document
    for name in [first, *rest][:-1]:
        table = cast(Table, table[name])
    table[key.rpartition(".")[2]] = text


def _found(document: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name in _TOP:
        yield name, document.get(name)
    for notice in _list(document.get("notices")):
        yield f"notices.{_table(notice).get('id')}", _table(notice).get("text")
    for menu_id, menu in _table(document.get("menus")).items():
        yield f"menus.{menu_id}.intro", _table(menu).get("intro")
        for key, entry in _table(_table(menu).get("keys")).items():
            for name in _OF_ENTRY:
                yield f"menus.{menu_id}.keys.{key}.{name}", _table(entry).get(name)
    announcement = _table(document.get("announcement"))
    for key in ANNOUNCEMENTS:
        yield key, announcement.get(key.rpartition(".")[2])


def _table(part: object) -> Mapping[str, object]:
    return part if isinstance(part, Mapping) else {}


def _list(part: object) -> list[object]:
    return part if isinstance(part, list) else []
