"""What the formats do with any data: formulas, full sheets, missing signs, charts, and courtesy rounds."""

import io
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.reports.blocks import Document, Paragraph, Part, Terms
from console.reports.charts import Bar, Chart, Row, stacked
from console.reports.courtesy_blocks import courtesy_blocks
from console.reports.page import page
from console.reports.paper import paper
from console.reports.rows import DANGEROUS, harmless, rows
from console.reports.svg import drawn
from console.reports.tables import Cell, Column, Kind, Table, Value, read, row, table
from console.reports.workbook import sheet_of, workbook
from ivr.courtesy.agreement import Agreement, agreement
from ivr.courtesy.results import CourtesySummary, HeldRound, Score
from tests.unit.charters.tales import line_of
from tests.unit.reports.quarter import words

DAY = date(2026, 12, 31)
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")')


def of_one(*values: Value, kind: Kind = "text") -> Table:
    return table("표", [Column("값", kind)], [row(value) for value in values])


def book_of(made: Table, **options: int) -> Any:  # cells of every type
    out = io.BytesIO()
    workbook([sheet_of(made)], title="표", dated=DAY, out=out, **options)
    return openpyxl.load_workbook(out)


def document(*blocks: Any) -> Document:  # any blocks
    part = Part("part", "부분")
    return Document("제목", "제목", DAY, (("기관", "기관"),), (part,), [part, *blocks])


def test_a_workbook_that_fails_half_written_leaves_no_file_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    whole, seen = sheet_of(of_one("값")), list[Path]()

    def cut_off() -> Iterator[tuple[Cell | datetime, ...]]:
        yield from whole.rows
        seen.extend(tmp_path.iterdir())
        raise ConnectionError("the database went away")

    with pytest.raises(ConnectionError):
        workbook([replace(whole, rows=cut_off())], title="표", dated=DAY, out=io.BytesIO())
    assert len(seen) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_is_never_run_by_a_spreadsheet(text: str) -> None:
    written = b"".join(rows(of_one(text))).decode("utf-8-sig")
    assert f"'{text[0]}" in written
    (cell,) = [cell for (cell,) in book_of(of_one(text))["표"].iter_rows(min_row=2)]
    assert cell.data_type == "s"
    assert cell.hyperlink is None


@given(st.text(max_size=30))
def test_no_harmless_text_begins_dangerously_and_other_texts_stay(text: str) -> None:
    assert not harmless(text).startswith(DANGEROUS)
    assert harmless(text).removeprefix("'") == text.removeprefix("'")


@pytest.mark.parametrize("number", [0, 1, 3, 4, 9, 10])
def test_rows_go_on_in_a_second_sheet_where_one_is_full(number: int) -> None:
    book = book_of(of_one(*range(number), kind="count"), most_rows=4)
    assert book.sheetnames[0] == "표"
    found = [value for sheet in book for (value,) in sheet.iter_rows(min_row=2, values_only=True)]
    assert found == list(range(number))
    assert all(sheet.max_row <= 4 for sheet in book)
    assert all(sheet["A1"].value == "값" for sheet in book)


def test_cells_read_as_people_write_numbers() -> None:
    from console.reports.tables import Cell

    told = words()
    assert read(Cell(1234567), "count", told) == "1,234,567"
    assert read(Cell(Fraction(2, 3)), "percent", told) == "66.7%"
    assert read(Cell(Fraction(25, 2)), "seconds", told) == "12.5"
    assert read(Cell(None), "text", told) == "-"
    assert read(Cell(DAY), "label", told) == "2026-12-31"


def test_a_row_that_does_not_fit_its_table_is_refused() -> None:
    with pytest.raises(ValueError, match="2 cells for 1 columns"):
        table("표", [Column("값")], [row("a", "b")])


@given(st.lists(st.integers(0, 1000), min_size=4, max_size=4))
def test_stacked_bars_fill_the_width_without_gap_or_overlap(numbers: list[int]) -> None:
    bars = stacked((("met", numbers[0]), ("missed", numbers[1]), ("indeterminate", numbers[2]), ("exempt", numbers[3])))
    if sum(numbers):
        assert (bars[0].start, bars[-1].end) == (Fraction(0), Fraction(1))
    assert all(one.end == other.start for one, other in pairwise(bars))
    assert len(bars) == sum(bool(number) for number in numbers)


def test_what_is_told_is_escaped_in_the_chart_and_on_the_page() -> None:
    bad = '<script>alert("x")</script>'
    chart = Chart("chart", bad, bad, (Row(bad, bad, (Bar("met", Fraction(0), Fraction(1, 2)),), Fraction(1)),))
    assert "<script" not in drawn(chart)
    made = document(chart, Paragraph(bad), Terms(((bad, bad),)), of_one(bad))
    assert "<script" not in b"".join(page(made, words(), "ko-KR")).decode("utf-8")


def test_a_chart_says_in_words_what_it_draws() -> None:
    chart = Chart("chart", "약속별 이행률", "막대로 보입니다.", (Row("K4", "76.9%"),))
    assert 'aria-labelledby="chart-title chart-desc"' in drawn(chart)
    assert "막대로 보입니다. K4: 76.9%." in drawn(chart)


def test_the_pdf_prints_a_stand_in_for_signs_that_its_font_lacks() -> None:
    made = paper(document(Paragraph("가\u2219나 \U0001f600 각")), words(), "ko-KR")
    text = pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text()
    assert "가·나 □ 각" in text


def summary(found: Agreement) -> CourtesySummary:
    return CourtesySummary(
        institution="kibo",
        first_day=date(2026, 10, 1),
        last_day=DAY,
        rounds=(HeldRound("round-1", date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 10), "own_staff", 30, 2),),
        whole=Score("", "", 30, Fraction(845, 10)),
        stages=(Score("opening", "맞이", 30, Fraction(90)),),
        items=(Score("pick-up", "전화를 받는 속도", 30, Fraction(95)),),
        teams=(Score("guide", "", 20, Fraction(80)), Score("", "", 10, None)),
        agreement=found,
        formula="점수의 평균을 100점으로 바꿉니다.",
    )


def test_courtesy_rounds_are_told_with_how_far_the_raters_agree() -> None:
    blocks = list(courtesy_blocks(summary(agreement([(5, 5), (4, 5), (3, 3)])), line_of("kibo"), words()))
    said = b"".join(page(document(*blocks), words(), "ko-KR")).decode("utf-8")
    for expected in (
        "30건",
        "84.5점",
        "자체 직원",
        "전화를 받는 속도",
        "고객센터",
        "66.7%",
        "알 수 없음",
        "점수의 평균을",
    ):
        assert expected in said
    assert paper(document(*blocks), words(), "ko-KR").startswith(b"%PDF")


def test_courtesy_without_a_round_or_without_a_second_rater_says_so() -> None:
    (none,) = courtesy_blocks(None, line_of("kibo"), words())
    assert none == Paragraph("이 분기에 발표한 전화친절도 평가가 없습니다.")
    alone = list(courtesy_blocks(summary(agreement([])), None, words()))
    assert Paragraph("두 사람이 함께 평가한 통화가 없어 일치를 구하지 않습니다.") in alone
