"""Tables of sheets: what is written can be read back, and a bad one is told with all its faults."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from ivr.courtesy.grids import grid_of, read_grid
from ivr.courtesy.suggestions import Suggestion
from tests.unit.courtesy.stock import form


class ReadBy(TypedDict):
    """How every table here is read."""

    file: str
    suggested: Mapping[str, Sequence[Suggestion]]


ROUND = "kotra-r"
FOUND = [Suggestion("pick-up", 5, "빨리 받았습니다.", ("f1",)), Suggestion("hanging-up", None, "모릅니다.", ())]
CALLS: dict[str, Sequence[Suggestion]] = {"c1": FOUND, "c2": [], "c3": FOUND}
READ = ReadBy(file="f.csv", suggested=CALLS)
IDS = [item.id for item in form().items]


def written() -> list[list[str]]:
    return grid_of(form(), ROUND, CALLS)


def filled(row: list[str], **other: str) -> list[str]:
    """The row with 5 in every item, and other cells by the name of their column."""
    values = dict(zip(written()[0], row, strict=True)) | dict.fromkeys(IDS, "5")
    return list((values | {name.replace("_", "-"): cell for name, cell in other.items()}).values())


def test_the_template_has_a_row_for_each_call_with_what_is_suggested_and_why() -> None:
    head, first, second, _ = written()
    assert head == ["round", "call", *IDS, "note", "evidence"]
    assert dict(zip(head, first, strict=True))["pick-up"] == "5"
    assert dict(zip(head, first, strict=True))["hanging-up"] == ""
    assert first[-1] == "pick-up: 빨리 받았습니다. / hanging-up: 모릅니다."
    assert second == [ROUND, "c2", *[""] * 13]


def test_a_filled_table_is_read_back_and_untouched_rows_are_left_out() -> None:
    head, first, second, third = written()
    grid = [head, first, filled(second, transfer="-", note="좋음"), ["", *third[1:2]][:0], filled(third)]
    rows, faults = read_grid(form(), ROUND, grid, **READ)
    assert faults == []
    assert [(row.number, row.call_id) for row in rows] == [(3, "c2"), (5, "c3")]
    assert rows[0].filled.scores == {**dict.fromkeys(IDS, 5), "transfer": None}
    assert rows[0].filled.note == "좋음"


def test_a_row_with_a_changed_suggestion_or_a_note_alone_is_not_dropped_in_silence() -> None:
    head, first, second, third = written()
    changed = dict(zip(head, first, strict=True)) | {"pick-up": "2"}
    noted = dict(zip(head, third, strict=True)) | {"note": "fell asleep"}
    _, faults = read_grid(form(), ROUND, [head, list(changed.values()), second, list(noted.values())], **READ)
    missing = [id for id in IDS if id != "pick-up"]
    assert [fault.key for fault in faults] == [f"row {number}, {id}" for number in (2, 4) for id in missing]


def test_a_row_of_which_a_suggestion_was_only_taken_out_is_left_out() -> None:
    head, first, _, _ = written()
    emptied = dict(zip(head, first, strict=True)) | {"pick-up": ""}
    assert read_grid(form(), ROUND, [head, list(emptied.values())], **READ) == ([], [])


def test_every_fault_of_a_table_is_named_at_once() -> None:
    head, first, second, third = written()
    grid = [
        [*head, "colour"],
        filled(first, listening="", wording="8", attitude="gut", round="other"),
        filled(second, explanation="-"),
        filled(third, call="c2"),
        filled(third, call=""),
    ]
    _, faults = read_grid(form(), ROUND, grid, **READ)
    assert [str(fault) for fault in faults] == [
        "f.csv: row 1: names 'colour', which is no item of the form: remove the column or check the spelling",
        "f.csv: row 2, round: is 'other', but the round is kotra-r",
        "f.csv: row 2, listening: is missing: give a score",
        "f.csv: row 2, wording: cannot be 8: use 1, 2, 3, 4, 5",
        "f.csv: row 2, attitude: is 'gut': write one of 1, 2, 3, 4, 5, or - for not applicable",
        "f.csv: row 3, explanation: must be scored in every call",
        "f.csv: row 5, call: is missing: every row begins with the round and the call",
        "f.csv: row 4: has the call c2 again",
    ]


def test_columns_that_are_missing_or_doubled_are_one_fault_each() -> None:
    head, first, _, _ = written()
    row = filled(first)
    place = head.index("wording")
    grid = [[*head[:place], *head[place + 1 :], "note"], [*row[:place], *row[place + 1 :], "again"]]
    _, faults = read_grid(form(), ROUND, grid, **READ)
    assert [fault.message.split(":")[0] for fault in faults] == ["names 'note' 2 times", "has no column 'wording'"]


def test_an_empty_file_is_told() -> None:
    rows, faults = read_grid(form(), ROUND, [], **READ)
    assert (rows, [fault.key for fault in faults]) == ([], ["row 1"])
