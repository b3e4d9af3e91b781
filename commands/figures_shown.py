"""Figures for people who read them in a terminal: rows of figures, columns of values, definitions beneath."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ivr.figures.asking import By, Times, has_figure
from ivr.figures.definitions import Definition, Definitions
from ivr.figures.histogram import PERCENTILES, Histogram
from ivr.figures.sums import Figures
from ivr.rounding import percent

COLUMNS = 5
NOTHING = "-"
TIMES = ("rings", "waits")
WIDE = "WF"


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of one value: its figures, and how long rings and waits took unless single figures were asked."""

    value: str
    figures: Figures
    times: Times | None = None

    def cell(self, definition: Definition, by: By) -> str:
        """The number of one figure; `-` where a value of this kind has none."""
        return cell(self.figures, definition) if has_figure(definition.id, by) else NOTHING

    def percentiles(self, name: str) -> str:
        """The percentiles of rings or waits in seconds, and of how many: `2.4/6.1/8.9s (12)`."""
        times = _histogram(self, name)
        found = [times.percentile(share) for share in PERCENTILES.values()]
        seconds = "/".join(f"{each / 1000:.1f}" for each in found if each is not None)
        return f"{seconds}s ({times.total:,})" if seconds else NOTHING


def as_table(found: Sequence[Shown], definitions: Sequence[Definition], *, words: Definitions, by: By) -> Iterator[str]:
    """The figures of each value, some values at a time, as lines of text."""
    for place in range(0, len(found), COLUMNS):
        columns = found[place : place + COLUMNS]
        times = words.times if columns[0].times else {}
        table = [
            ["", *(shown.value or words.unknown for shown in columns)],
            *([each.name, *(shown.cell(each, by) for shown in columns)] for each in definitions),
            *([each.name, *(shown.percentiles(name) for shown in columns)] for name, each in times.items()),
        ]
        name_width = max(_width(row[0]) for row in table)
        widths = [name_width, *(max(_width(row[number]) for row in table) for number in range(1, len(columns) + 1))]
        yield from ("  ".join(map(_padded, row, widths)).rstrip() for row in table)
        yield ""


def percentiles_of(shown: Shown) -> dict[str, object]:
    """The percentiles of rings and waits in seconds, None where nothing was measured, and of how many."""
    found = {name: _histogram(shown, name) for name in TIMES}
    return {
        name: {percentile: _seconds(times.percentile(share)) for percentile, share in PERCENTILES.items()}
        | {"count": times.total}
        for name, times in found.items()
    }


def _histogram(shown: Shown, name: str) -> Histogram:
    times = shown.times or Times()
    return times.rings if name == "rings" else times.waits


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000


def cell(figures: Figures, definition: Definition) -> str:
    """One number with what it was divided by: `75.0% (3/4)`, `12.3s (8)`; `-` where there is nothing to divide by."""
    base, apart = figures.base(definition.id), figures.apart(definition.id)
    if definition.unit == "count":
        return f"{base:,}"
    beside = f" +{apart}?" if apart else ""
    if not base:
        return f"-{beside}"
    if definition.unit == "share":
        share = figures.share(definition.id)
        return f"{'-' if share is None else percent(share)}% ({figures.counted(definition.id):,}/{base:,}{beside})"
    seconds = figures.seconds(definition.id)
    return f"{'-' if seconds is None else f'{float(seconds):.1f}'}s ({base:,})"


def shown_definitions(definitions: Sequence[Definition], words: Definitions) -> Iterator[str]:
    """What each figure means, where it comes from and what it is held against."""
    for each in definitions:
        yield f"{each.name} [{each.id}]: {each.definition}"
        target = _target(each)
        beside = [*([each.source] if each.source else []), *([f"{words.words['target']} {target}"] if target else [])]
        if beside:
            yield f"    {' / '.join(beside)}"


def shown_times(words: Definitions) -> Iterator[str]:
    """What the percentiles mean."""
    return (f"{each.name} [{name}]: {each.definition}" for name, each in words.times.items())


def _target(definition: Definition) -> str:
    mark = "%" if definition.unit == "share" else "s"
    if definition.at_least is not None:
        return f">= {definition.at_least:g}{mark}"
    return f"<= {definition.at_most:g}{mark}" if definition.at_most is not None else ""


def _width(text: str) -> int:
    """Columns of a terminal: Korean letters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in WIDE else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
