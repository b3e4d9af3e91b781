"""The closed lists of the charter files as Markdown tables, for the terminal and for docs/charters.md."""

from collections.abc import Iterable, Iterator
from inspect import cleandoc
from typing import get_args, get_origin

from pydantic.fields import FieldInfo

from ivr.charters.limits import UNITS_OF, Limit
from ivr.charters.measures import MEASURES
from ivr.charters.measures.shape import ANY_BASIS, Measure
from ivr.charters.terms import EXEMPTIONS, Channel, Direction, Kind, Scope


def charter_terms() -> str:
    """Measures with their parameters, time bases, exemptions, and the words that narrow a standard."""
    return "\n".join(
        [
            *(
                "### Measures",
                "",
                *_table(("measure", "parameters", "scope", "kept when"), map(_measure, MEASURES)),
                "",
            ),
            *(
                "### Time bases",
                "",
                *_table(("basis", "units"), ((_code(b), _list(u)) for b, u in UNITS_OF.items())),
                "",
            ),
            *("### Exemptions", "", *_table(("exemption", "scope", "must be on record"), _exemptions()), ""),
            *("### Other words", "", *_table(("key", "values"), _words())),
        ]
    )


def _measure(measure: type[Measure]) -> tuple[str, ...]:
    name, *parameters = [(key, field) for key, field in _fields(measure)]
    sentence = " ".join(cleandoc(measure.__doc__ or "").split())
    return (
        _code(str(_values(name[1])[0])),
        "; ".join(_parameter(key, field) for key, field in parameters) + _bases(measure) or "-",
        _list(measure.scopes),
        sentence,
    )


def _fields(measure: type[Measure]) -> list[tuple[str, FieldInfo]]:
    fields = measure.model_fields
    return [("name", fields["name"]), *((key, field) for key, field in fields.items() if key != "name")]


def _parameter(key: str, field: FieldInfo) -> str:
    values = " ".join(_code(str(value)) for value in _values(field)) or _kind(field)
    default = "" if field.is_required() else f", {field.default} if left out" if field.default else ", may be left out"
    return f"{_code(key)}: {values}{default}"


def _values(field: FieldInfo) -> tuple[object, ...]:
    """The closed values of a parameter, of a list of them too; empty where any number or text may stand."""
    annotation = field.annotation
    if get_origin(annotation) is tuple:
        annotation = get_args(annotation)[0]
    return tuple(value for value in get_args(annotation) if isinstance(value, str))


def _kind(field: FieldInfo) -> str:
    if field.annotation is int:
        return "whole number"
    return "text" if field.annotation is str else f"time, like {Limit(1, 'hours')}"


def _bases(measure: type[Measure]) -> str:
    if not measure.bases:
        return ""
    return "; any basis" if measure.bases == ANY_BASIS else f"; basis {_list(measure.bases)}"


def _exemptions() -> Iterator[tuple[str, ...]]:
    for name, excuse in EXEMPTIONS.items():
        yield _code(name), _list(excuse.scopes), excuse.evidence


def _words() -> Iterator[tuple[str, ...]]:
    for key, values in (
        ("scope", Scope),
        ("applies.directions", Direction),
        ("applies.kinds", Kind),
        ("applies.channels", Channel),
    ):
        yield _code(key), " ".join(map(_code, get_args(values)))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows)]


def _list(values: Iterable[str]) -> str:
    return " ".join(map(_code, sorted(values)))


def _code(word: str) -> str:
    return f"`{word}`"
