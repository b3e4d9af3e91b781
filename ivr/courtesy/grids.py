"""A rater's sheets as one table, a row for each call: to be filled in elsewhere, and read back with all its faults."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ivr.courtesy.form import Form, Item
from ivr.courtesy.sheets import Filled, problems_of
from ivr.courtesy.suggestions import Suggestion
from ivr.faults import Fault

ROUND, CALL, NOTE, EVIDENCE = "round", "call", "note", "evidence"
NOT_APPLICABLE = "-"
FIXED = (ROUND, CALL, NOTE, EVIDENCE)

Grid = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One call as filled in; `number` is the row of the table, the head being 1."""

    number: int
    call_id: str
    filled: Filled


def grid_of(form: Form, round_id: str, calls: Mapping[str, Sequence[Suggestion]]) -> list[list[str]]:
    """The table to fill in: what the record suggests is filled in already, with its evidence in words beside it."""
    head = [ROUND, CALL, *(item.id for item in form.items), NOTE, EVIDENCE]
    rows = [head]
    for call_id, found in calls.items():
        points = _points(found)
        told = " / ".join(f"{one.item}: {one.words}" for one in found)
        rows.append([round_id, call_id, *(points.get(item.id, "") for item in form.items), "", told])
    return rows


def read_grid(
    form: Form, round_id: str, grid: Grid, *, file: str, suggested: Mapping[str, Sequence[Suggestion]]
) -> tuple[list[Row], list[Fault]]:
    """Read a table back. Rows in which nothing stands but what had been `suggested`, by call, are left out."""
    if not grid:
        return [], [Fault(file, "row 1", "is missing: begin with the head of the template")]
    head = [cell.strip() for cell in grid[0]]
    faults = [Fault(file, "row 1", message) for message in _of_head(form, head)]
    rows: list[Row] = []
    for number, cells in enumerate(grid[1:], start=2):
        values = {name: cell.strip() for name, cell in zip(head, cells, strict=False) if name}
        if _is_untouched(form, values, suggested.get(values.get(CALL, ""), ())):
            continue
        row, found = _row(form, round_id, number, values)
        faults += [Fault(file, f"row {number}{f', {key}' if key else ''}", message) for key, message in found]
        rows.append(row)
    faults += [Fault(file, f"row {row.number}", f"has the call {row.call_id} again") for row in _doubled(rows)]
    return rows, faults


def _of_head(form: Form, head: Sequence[str]) -> Iterator[str]:
    known = {*FIXED, *(item.id for item in form.items)}
    for name, times in Counter(name for name in head if name).items():
        if name not in known:
            yield f"names {name!r}, which is no item of the form: remove the column or check the spelling"
        elif times > 1:
            yield f"names {name!r} {times} times: keep one column"
    for name in (ROUND, CALL, *(item.id for item in form.items)):
        if name not in head:
            yield f"has no column {name!r}: take the template's head as it is"


def _points(found: Sequence[Suggestion]) -> dict[str, str]:
    return {one.item: str(one.points) for one in found if one.points is not None}


def _is_untouched(form: Form, values: Mapping[str, str], found: Sequence[Suggestion]) -> bool:
    """Whether a rater wrote nothing into the row; to take a suggestion out is not to write."""
    points = _points(found)
    cells = {item.id: values.get(item.id, "") for item in form.items}
    return not values.get(NOTE) and all(cell in {"", points.get(id)} for id, cell in cells.items())


def _row(form: Form, round_id: str, number: int, values: Mapping[str, str]) -> tuple[Row, list[tuple[str, str]]]:
    problems: list[tuple[str, str]] = []
    if values.get(ROUND, "") != round_id:
        problems.append((ROUND, f"is {values.get(ROUND, '')!r}, but the round is {round_id}"))
    if not values.get(CALL):
        problems.append((CALL, "is missing: every row begins with the round and the call"))
    scores: dict[str, int | None] = {}
    for item in form.items:
        # A column that is missing altogether is one fault of the head, not one of each row.
        if item.id in values:
            problems += _score(form, item, values[item.id], scores)
    return Row(number, values.get(CALL, ""), Filled(scores, values.get(NOTE, ""))), problems


def _score(form: Form, item: Item, cell: str, scores: dict[str, int | None]) -> list[tuple[str, str]]:
    if not cell:
        return [(item.id, "is missing: give a score")]
    try:
        points = None if cell == NOT_APPLICABLE else int(cell)
    except ValueError:
        known = ", ".join(map(str, sorted(item.scores)))
        return [(item.id, f"is {cell!r}: write one of {known}, or {NOT_APPLICABLE} for not applicable")]
    scores[item.id] = points
    return problems_of(form, {item.id: points})


def _doubled(rows: Sequence[Row]) -> Iterator[Row]:
    seen: set[str] = set()
    for row in rows:
        if row.call_id in seen:
            yield row
        seen.add(row.call_id)
