"""Tables that leave the house: no cell runs, Korean is read by Excel, and rows are written as they come."""

import csv
import io

import openpyxl
import pytest

from ivr.tables import CSV, XLSX, Cell, UnknownTable, ending_of, harmless, write_rows

HEAD = ["person", "comment"]
EVIL = ["=1+1", "+82", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|' /C calc'!A0", "\uff1d1+1", "|calc"]
QUOTED: list[list[Cell]] = [[3, one] for one in EVIL]
ROWS: list[list[Cell]] = [[1, "친절합니다"], [2, None], *QUOTED]


@pytest.mark.parametrize("cell", EVIL)
def test_what_a_spreadsheet_would_run_is_quoted(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["좋습니다", "a=b", "", 5, None, -5])
def test_everything_else_stays(cell: Cell) -> None:
    assert harmless(cell) == cell


def test_a_csv_file_begins_with_the_mark_that_excel_looks_for() -> None:
    file = io.BytesIO()
    assert write_rows(file, CSV, head=HEAD, rows=iter(ROWS)) == len(ROWS)
    assert file.getvalue().startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline="")))
    assert read[:3] == [HEAD, ["1", "친절합니다"], ["2", ""]]
    assert [row[1] for row in read[3:]] == [f"'{one}" for one in EVIL]


def test_a_sheet_has_texts_and_numbers_and_no_formula() -> None:
    file = io.BytesIO()
    assert write_rows(file, XLSX, head=HEAD, rows=iter(ROWS)) == len(ROWS)
    sheet = openpyxl.load_workbook(file).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert sheet["A2"].value == 1
    assert sheet["B2"].value == "친절합니다"
    assert sheet["B4"].value == "'=1+1"


def test_another_ending_is_refused() -> None:
    assert ending_of("folder/answers.CSV") == CSV
    with pytest.raises(UnknownTable, match="must end in"):
        ending_of("answers.pdf")
