"""The generated TwiML table, loaded once and typed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Dialect = Literal["voice", "messaging"]


@dataclass(frozen=True)
class Element:
    """What may stand in one element: attribute kinds by name, child classes by element name, its text."""

    attributes: Mapping[str, str]
    children: Mapping[str, str]
    text: str


@dataclass(frozen=True)
class Table:
    """All elements by class name, and the enumerations that attribute kinds refer to."""

    elements: Mapping[str, Element]
    enumerations: Mapping[str, frozenset[str]]


@cache
def table(dialect: Dialect) -> Table:
    """The table of voice or messaging TwiML, from `tables/twiml.json`."""
    path = Path(__file__).parent / "tables" / "twiml.json"
    generated = json.loads(path.read_text(encoding="utf-8"))[dialect]
    return Table(
        elements={name: Element(**one) for name, one in generated["elements"].items()},
        enumerations={name: frozenset(values) for name, values in generated["enumerations"].items()},
    )
