"""Call-centre figures of a line's quarter with their definitions, by month, hour, team, product and firm."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from ivr.figures.asking import Behind, By, Part, Period, Question, calls_behind, figures_by, figures_of
from ivr.figures.definitions import Definition, Definitions
from ivr.figures.formulas import FORMULAS, Count, Share
from ivr.figures.sums import Figures
from ivr.lines.model import Line
from ivr.reports.quarters import Quarter

# Never by agent: a report on a charter names nobody.
DIMENSIONS = (By.MONTH, By.HOUR, By.TEAM, By.PRODUCT, By.FIRM)
BEHIND_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Split:
    """The figures by one dimension: each value's id, its name, and its figures."""

    by: By
    name: str
    values: tuple[tuple[str, str, Figures], ...]


@dataclass(frozen=True, slots=True)
class FigureReport:
    """The figures of one line's quarter; `splits` has only dimensions that say something."""

    line: Line
    quarter: Quarter
    definitions: tuple[Definition, ...]
    whole: Figures
    splits: tuple[Split, ...]
    words: Mapping[str, str]

    def question(self, figure: str, part: Part) -> Question:
        """One number, to be opened."""
        return Question(self.line.id, _period(self.quarter), figure, part)


def figure_report(session: Session, line: Line, quarter: Quarter, *, definitions: Definitions) -> FigureReport:
    """Put the figures of a line's quarter together, from the roll-up alone."""
    splits = (_split(session, line, quarter, by=by, definitions=definitions) for by in DIMENSIONS)
    return FigureReport(
        line=line,
        quarter=quarter,
        definitions=tuple(definitions.all(line)),
        whole=figures_of(session, [line.id], _period(quarter)),
        splits=tuple(split for split in splits if _says_something(split)),
        words=definitions.words,
    )


def agent_figures(session: Session, line: Line, quarter: Quarter, *, agent: str) -> Figures:
    """The figures of one agent; empty where the agent had no call."""
    found = dict(figures_by(session, [line.id], period=_period(quarter), by=By.AGENT))
    return found.get(agent, Figures())


def behind(session: Session, question: Question) -> Iterator[Behind]:
    """Every call that a number counts, a page at a time."""
    after: Behind | None = None
    while page := calls_behind(session, question, after=after, limit=BEHIND_AT_A_TIME):
        yield from page
        after = page[-1]


def opened_parts(figure: str) -> tuple[Part, ...]:
    """The sides of a figure that are listed; a base that is a count of its own is listed there."""
    formula = FORMULAS[figure]
    counts = {other.counted for other in FORMULAS.values() if isinstance(other, Count)}
    parts: list[Part] = ["counted"] if isinstance(formula, Count | Share) else []
    if not isinstance(formula, Count) and formula.base not in counts:
        parts.append("base")
    if isinstance(formula, Share) and formula.apart:
        parts.append("apart")
    return tuple(parts)


def _period(quarter: Quarter) -> Period:
    return Period(quarter.first, quarter.last)


def _split(session: Session, line: Line, quarter: Quarter, *, by: By, definitions: Definitions) -> Split:
    found = figures_by(session, [line.id], period=_period(quarter), by=by)
    naming = _naming(line, by)
    values = tuple((value, naming(value) if value else definitions.unknown, figures) for value, figures in found)
    return Split(by, definitions.by(by.value), values)


def _naming(line: Line, by: By) -> Callable[[str], str]:
    """How the ids of a dimension are called; an id that the line's file no longer has stands for itself."""
    match by:
        case By.TEAM:
            return lambda id: line.teams[id].name if id in line.teams else id
        case By.PRODUCT:
            return lambda id: line.products[id].name if id in line.products else id
        case By.FIRM:
            return lambda id: line.firms[id].name if id in line.firms else id
        case _:
            return lambda id: id


def _says_something(split: Split) -> bool:
    """A dimension that a line does not have would be one row of unknowns."""
    return split.by in {By.MONTH, By.HOUR} or any(value for value, _, _ in split.values)
