"""What a new version of a charter changed, promise by promise, in the order of the document."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ivr.charters.model import Charter, Standard

VERSIONS = {"from_version", "to_version"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after, as a file would hold it; None where the standard did not have it."""

    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Change:
    """A promise that one version has and the other has not, or has with other fields."""

    key: str
    title: str
    what: Literal["added", "removed", "changed"]
    fields: tuple[FieldChange, ...] = ()


def diff(charter: Charter, before: int, after: int) -> tuple[Change, ...]:
    """The changes from one version to another; raises `UnknownCharter` for a version that is not there."""
    old = {standard.key: standard for standard in charter.standards(before)}
    new = {standard.key: standard for standard in charter.standards(after)}
    order = {standard.key: None for standard in charter.all}
    changes = (_change(old.get(key), new.get(key)) for key in order)
    return tuple(change for change in changes if change is not None)


def _change(old: Standard | None, new: Standard | None) -> Change | None:
    match old, new:
        case None, Standard():
            return Change(new.key, new.title, "added")
        case Standard(), None:
            return Change(old.key, old.title, "removed")
        case Standard(), Standard():
            fields = _fields(old, new)
            return Change(new.key, new.title, "changed", fields) if fields else None
        case _:
            return None


def _fields(old: Standard, new: Standard) -> tuple[FieldChange, ...]:
    before, after = _flat(old), _flat(new)
    return tuple(
        FieldChange(name, before.get(name), after.get(name))
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    )


def _flat(standard: Standard) -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, value in standard.model_dump(mode="json", exclude=VERSIONS).items():
        if isinstance(value, Mapping):
            flat |= {f"{name}.{inner}": part for inner, part in value.items()}
        else:
            flat[name] = value
    return flat
