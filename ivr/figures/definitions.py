"""What figures are called, mean and rest on: words from a file, filled with the rules of a line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError

from ivr.calls.rings import RingLimits, ring_limits
from ivr.faults import BadData, Fault, refuse_errors
from ivr.figures.formulas import FORMULAS, Count, Formula, Share
from ivr.lines.model import Line
from ivr.lines.shapes import Shape
from ivr.lines.wording import in_words
from ivr.messages.fields import BadText, fields_of, fill

Document = Mapping[str, object]
Unit = Literal["count", "share", "seconds"]
FIELDS = frozenset(
    {"answer_within", "short_abandon", "repeat_days", "reading", "limit", "strict", "literal", "customary"}
)


class FigureWords(Shape):
    """One figure as the file words it; the bounds are targets in percent or seconds that others set."""

    name: str
    definition: str
    source: str = ""
    at_least: float | None = None
    at_most: float | None = None


class FigureFile(Shape):
    """The whole file: figures by id, and the names of what figures are asked by."""

    language: str
    words: Mapping[Literal["unknown", "apart", "target"], str]
    by: Mapping[Literal["line", "hour", "team", "agent", "product", "firm", "day", "month"], str]
    readings: Mapping[Literal["strict", "literal", "customary"], str]
    times: Mapping[Literal["rings", "waits"], FigureWords]
    figures: Mapping[str, FigureWords]


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure of one line in words; `at_least` and `at_most` are targets, in percent or seconds."""

    id: str
    unit: Unit
    name: str
    definition: str
    source: str
    at_least: float | None
    at_most: float | None


class Definitions:
    """The definitions of every figure."""

    def __init__(self, file: FigureFile) -> None:
        self._file = file

    @property
    def unknown(self) -> str:
        """What stands for a value that is not known."""
        return self._file.words["unknown"]

    @property
    def words(self) -> Mapping[str, str]:
        """The headings beside numbers: what stands apart, and targets."""
        return {str(name): word for name, word in self._file.words.items()}

    @property
    def times(self) -> Mapping[str, FigureWords]:
        """The percentiles of rings and waits, by the names of `ivr.figures.asking.Times`."""
        return {str(name): words for name, words in self._file.times.items()}

    def by(self, by: str) -> str:
        """The name of what figures are asked by."""
        return next(name for key, name in self._file.by.items() if key == by)

    def of(self, figure: str, line: Line) -> Definition:
        """A figure as this line counts it; raises KeyError for an unknown id."""
        words = self._file.figures[figure]
        text = fill(words.definition, self._values(line))
        unit = _unit(FORMULAS[figure])
        return Definition(figure, unit, words.name, text, words.source, words.at_least, words.at_most)

    def all(self, line: Line) -> list[Definition]:
        """Every figure as this line counts it, in the order of the formulas."""
        return [self.of(figure, line) for figure in FORMULAS]

    def _values(self, line: Line) -> dict[str, str | int]:
        rule, limits = line.ring, _limits(line)
        known = {"strict": limits.strict, "literal": limits.literal, "customary": limits.customary}
        return {
            "answer_within": line.figures.answer_within,
            "short_abandon": line.figures.short_abandon,
            "repeat_days": line.figures.repeat_days,
            "reading": self._file.readings[rule.reading],
            "limit": f"{known[rule.reading] / 1000:g}",
            **{name: f"{limit / 1000:g}" for name, limit in known.items()},
        }


def _limits(line: Line) -> RingLimits:
    return ring_limits(rings=line.ring.rings, tone_ms=line.ring.tone_ms, pause_ms=line.ring.pause_ms)


def _unit(formula: Formula) -> Unit:
    if isinstance(formula, Count):
        return "count"
    return "share" if isinstance(formula, Share) else "seconds"


def load_definitions(document: Document, file: str = "ko.toml") -> Definitions:
    """Read the file of figures; raises `BadData` with every fault of it."""
    try:
        read = FigureFile.model_validate(document)
    except ValidationError as error:
        raise BadData([in_words(item, file) for item in error.errors(include_url=False)]) from None
    refuse_errors(list(_faults(read, file)))
    return Definitions(read)


def _faults(read: FigureFile, file: str) -> Iterator[Fault]:
    for id in FORMULAS.keys() - read.figures.keys():
        yield Fault(file, f"figures.{id}", "is missing: a formula has this id")
    for id, words in read.figures.items():
        if id not in FORMULAS:
            yield Fault(file, f"figures.{id}", "has no formula: remove it or correct the id")
        try:
            strange = sorted(fields_of(words.definition) - FIELDS)
        except BadText as error:
            yield Fault(file, f"figures.{id}.definition", str(error))
            continue
        if strange:
            known = ", ".join(sorted(FIELDS))
            yield Fault(file, f"figures.{id}.definition", f"has unknown fields {', '.join(strange)}: use {known}")
