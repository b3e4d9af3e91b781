"""`charterline report` as it is used: four formats, the same bytes every time, numbers that open, and refusals."""

import csv
import hashlib
import io
import json
import re
import stat
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
from sqlalchemy import Engine

from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.reports.conftest import Run
from tests.unit.reports.quarter import Kept

FORMATS = ("html", "pdf", "xlsx", "csv")
ABOUT = ("--institution", "kibo", "--quarter", "2026Q4")
PHONE = re.compile(r"(?<!\d)(\+82|0)\d{1,2}-?\d{3,4}-?\d{4}(?!\d)")
VOID = {"meta", "rect", "line", "br"}


class Page(HTMLParser):
    """Reads a page: what is open, its ids and links, its headings, and everything that would be fetched."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.fetched: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name == "href":
                self.links.append(value or "")
            elif name in {"src", "srcset", "action", "data"}:
                self.fetched.append(value or "")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def write(run: Run, path: Path, *options: str, about: tuple[str, ...] = ABOUT) -> bytes:
    result = run("charter", *about, "--format", path.suffix[1:], "--output", str(path), *options)
    assert result.exit_code == 0, result.output
    return path.read_bytes()


@pytest.fixture
def page(kept: Kept, run: Run, tmp_path: Path) -> str:
    return write(run, tmp_path / "kibo.html").decode("utf-8")


@pytest.mark.parametrize(
    ("engine", "form"), [*(("sqlite", form) for form in FORMATS), ("postgresql", "csv")], indirect=["engine"]
)
def test_the_same_data_give_the_same_bytes_also_when_judged_again(
    kept: Kept, run: Run, tmp_path: Path, form: str
) -> None:
    first = write(run, tmp_path / f"a.{form}")
    again = write(run, tmp_path / f"b.{form}")
    kept.forget()
    kept.judge(backwards=True)
    judged_again = write(run, tmp_path / f"c.{form}")
    assert len({hashlib.sha256(text).hexdigest() for text in (first, again, judged_again)}) == 1


@ON_SQLITE
def test_the_page_is_well_formed_and_fetches_nothing(page: str) -> None:
    read = Page(page)
    assert read.open == []
    assert read.fetched == []
    assert "script" not in read.tags
    assert "@import" not in page
    assert "url(" not in page
    assert page.startswith('<!doctype html>\n<html lang="ko-KR">')
    assert {"header", "nav", "main"} <= set(read.tags)


@ON_SQLITE
def test_headings_go_down_one_level_at_a_time(page: str) -> None:
    headings = Page(page).headings
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))


@ON_SQLITE
def test_every_link_of_the_page_leads_to_a_place_on_it_and_ids_stand_once(page: str) -> None:
    read = Page(page)
    assert len(set(read.ids)) == len(read.ids)
    assert {link.removeprefix("#") for link in read.links} <= set(read.ids)


def test_each_count_of_the_page_opens_at_its_calls(page: str) -> None:
    assert '<a href="#K4-missed">1</a>' in page
    listed = page.split('id="K4-missed"')[1].split("</details>")[0]
    assert "<code>c3</code>" in listed
    assert "8초 만에" in listed
    assert "상담원의 전화에 벨이 울리기 시작함" in listed
    assert listed.count("<code>") == 1


@ON_SQLITE
def test_charts_have_a_title_and_words_and_a_table_beside_them(page: str) -> None:
    assert page.count("<svg") == page.count("</title><desc") >= 4
    assert page.count("<svg") <= page.count("<table")
    assert page.count("<caption>") == page.count("<table")
    assert page.count('scope="col"') > 0
    assert page.count('scope="row"') > 0


@ON_SQLITE
@pytest.mark.parametrize("form", ["html", "csv", "xlsx", "pdf"])
def test_no_report_names_a_person_or_a_telephone_number(kept: Kept, run: Run, tmp_path: Path, form: str) -> None:
    said = text_of(tmp_path / f"kibo.{form}", write(run, tmp_path / f"kibo.{form}"))
    assert "기술보증기금" in said
    assert not PHONE.search(said)
    for name in ("김민수", "이서연", "kibo-1"):
        assert name not in said


def text_of(path: Path, written: bytes) -> str:
    """Everything that can be read in a file."""
    match path.suffix:
        case ".pdf":
            return "".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
        case ".xlsx":
            sheets = openpyxl.load_workbook(path)
            return "\n".join(
                str(value) for sheet in sheets for row in sheet.iter_rows(values_only=True) for value in row
            )
        case _:
            return written.decode("utf-8-sig")


def test_the_public_report_has_the_same_numbers_and_no_calls(kept: Kept, run: Run, tmp_path: Path, page: str) -> None:
    public = write(run, tmp_path / "public.html", "--audience", "public").decode("utf-8")
    assert "<code>c3</code>" not in public
    assert "<details" not in public
    assert "<code>c3</code>" in page
    plain = re.sub(r"<a href=\"#[\w-]+\">([^<]*)</a>", r"\1", page)
    row = re.search(r"<tr><th scope=\"row\"[^>]*>K4</th>.*?</tr>", plain, re.DOTALL)
    public_row = re.search(r"<tr><th scope=\"row\"[^>]*><a[^>]*>K4</a></th>.*?</tr>", public, re.DOTALL)
    assert row is not None
    assert public_row is not None
    assert re.findall(r"<td[^>]*>([^<]*)", row[0]) == re.findall(r"<td[^>]*>([^<]*)", public_row[0])
    assert "판정" not in openpyxl.load_workbook(public_workbook(run, tmp_path)).sheetnames


def public_workbook(run: Run, tmp_path: Path) -> Path:
    write(run, tmp_path / "public.xlsx", "--audience", "public")
    return tmp_path / "public.xlsx"


def test_a_long_list_is_cut_with_the_command_that_shows_all(kept: Kept, run: Run, tmp_path: Path) -> None:
    cut = write(run, tmp_path / "cut.html", "--list-limit", "1").decode("utf-8")
    listed = cut.split('id="K4-met"')[1].split("</details>")[0]
    assert listed.count("<code>") == 1
    command = re.search(r"charterline report (calls [^<]+)<", listed)
    assert command is not None
    shown = run(*command[1].split(), "--json")
    assert [entry["call"] for entry in json.loads(shown.stdout)] == ["c2", "c7"]


@ON_SQLITE
def test_the_pdf_has_an_embedded_font_a_title_bookmarks_and_numbered_pages(
    kept: Kept, run: Run, tmp_path: Path
) -> None:
    write(run, tmp_path / "kibo.pdf")
    read: Any = pypdf.PdfReader(tmp_path / "kibo.pdf")  # objects of every type
    assert read.metadata is not None
    assert read.metadata.title == "기술보증기금 고객서비스 헌장 이행 결과 - 2026년 4분기"
    assert str(read.metadata.creation_date).startswith("2026-12-31")
    assert next(entry.title for entry in read.outline if not isinstance(entry, list)) == "약속별 이행 결과"
    fonts = [font.get_object() for font in read.pages[0]["/Resources"]["/Font"].values()]
    descriptors = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert all("/FontFile2" in descriptor for descriptor in descriptors)
    assert all("Pretendard" in font["/BaseFont"] for font in fonts)
    for number, page in enumerate(read.pages, start=1):
        assert f"{number} / {len(read.pages)}" in page.extract_text()


def test_the_workbook_is_typed_and_has_every_verdict(kept: Kept, run: Run, tmp_path: Path) -> None:
    write(run, tmp_path / "kibo.xlsx")
    book: Any = openpyxl.load_workbook(tmp_path / "kibo.xlsx")  # cells of every type
    assert book.sheetnames == ["약속별 결과", "달마다", "사유", "지표", "판정", "안내"]
    assert all(sheet.freeze_panes == "B2" for sheet in book)
    rows = {row[2]: row for row in book["약속별 결과"].iter_rows(values_only=True)}
    # In time, late, on the limit: 2 of 3, from 2 of 4 to 3 of 4.
    assert rows["K4"][6:10] == pytest.approx((1, 2 / 3, 0.5, 0.75))
    assert rows["K4"][10:17] == ("미달", 3, 2, 1, 1, 1, 0)
    assert rows["K2"][11] is None
    verdicts = list(book["판정"].iter_rows(min_row=2, values_only=True))
    assert len(verdicts) == sum(row[11] + sum(row[14:17]) for row in rows.values() if isinstance(row[11], int))
    assert verdicts[0][0].isoformat() == "2026-10-01T00:00:00"
    (late,) = (row for row in verdicts if row[2] == "c3-1")
    assert late[7] == 8
    assert late[8].split() == ["c3-1", "c3-1:ringing", "c3-1:in-progress"]


def test_comma_separated_rows_open_in_spreadsheets_and_say_the_same(kept: Kept, run: Run, tmp_path: Path) -> None:
    written = write(run, tmp_path / "kibo.csv")
    assert written.startswith(b"\xef\xbb\xbf")
    rows = {row["약속"]: row for row in csv.DictReader(io.StringIO(written.decode("utf-8-sig")))}
    assert rows["K4"] | {"이행률": "0.666667", "판정": "3", "미이행": "1", "판정 불가": "1"} == rows["K4"]
    assert (rows["K2"]["이행률"], rows["K2"]["판정"]) == ("", "")
    assert rows["K2"]["판정할 수 없는 사유"].startswith("홈페이지")


def test_text_reports_go_to_standard_output_and_others_are_refused_there(kept: Kept, run: Run, tmp_path: Path) -> None:
    shown = run("charter", *ABOUT, "--format", "csv", "--output", "-")
    assert shown.stdout_bytes == write(run, tmp_path / "kibo.csv")
    refused = run("charter", *ABOUT, "--format", "pdf", "--output", "-")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "name a file with --output" in refused.stderr


@ON_SQLITE
def test_a_quarter_without_calls_is_a_report_that_says_so(engine: Engine, run: Run, tmp_path: Path) -> None:
    for form in FORMATS:
        write(run, tmp_path / f"none.{form}")
    page = (tmp_path / "none.html").read_text(encoding="utf-8")
    assert "이 분기에는 판정한 기록이 없습니다." in page
    assert "통화 기록이 없습니다." in page
    assert Page(page).open == []
    write(run, tmp_path / "before.html", about=("--institution", "kibo", "--quarter", "2020Q1"))
    assert "이 분기에는 시행 중인 헌장이 없었습니다." in (tmp_path / "before.html").read_text(encoding="utf-8")


@ON_SQLITE
@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("--institution", "nobody", "--quarter", "2026Q4"), 1, "known are"),
        (("--institution", "kibo", "--quarter", "2026Q5"), 2, "write the year and the quarter like 2026Q4"),
        (("--institution", "kibo"), 2, "--quarter"),
    ],
)
def test_wrong_usage_is_told_in_words(
    engine: Engine, run: Run, tmp_path: Path, arguments: tuple[str, ...], status: int, said: str
) -> None:
    result = run("charter", *arguments, "--output", str(tmp_path / "x.html"))
    assert (result.exit_code, result.stdout) == (status, "")
    assert said in result.stderr
    assert not (tmp_path / "x.html").exists()


@ON_SQLITE
def test_a_file_that_cannot_be_written_is_told_and_an_existing_one_is_replaced_whole(
    kept: Kept, run: Run, tmp_path: Path
) -> None:
    for place, said in (("missing/x.html", "cannot be written"), (".", "is a folder")):
        result = run("charter", *ABOUT, "--output", str(tmp_path / place))
        assert result.exit_code == 1
        assert said in result.stderr
    path = tmp_path / "kibo.html"
    path.write_text("older", encoding="utf-8")
    path.chmod(0o640)
    assert run("charter", "--institution", "nobody", "--quarter", "2026Q4", "--output", str(path)).exit_code == 1
    assert path.read_text(encoding="utf-8") == "older"
    assert b"K4" in write(run, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []


def test_the_calls_behind_a_number_are_listed_in_the_terminal(kept: Kept, run: Run) -> None:
    shown = run("calls", *ABOUT, "--promise", "K4", "--verdict", "missed")
    assert shown.exit_code == 0, shown.output
    assert "2026-10-14 10:00:00  c3  벨이 울린 지 8초" in shown.stdout
    assert shown.stdout.endswith("1 verdicts\n")
    (entry,) = json.loads(run("calls", *ABOUT, "--promise", "K4", "--verdict", "missed", "--json").stdout)
    assert (entry["call"], entry["verdict"], entry["measured"]) == ("c3", "missed", 8000)
    assert [proof["key"] for proof in entry["evidence"]] == ["c3-1", "c3-1:ringing", "c3-1:in-progress"]
    assert json.loads(run("calls", *ABOUT, "--promise", "K9", "--verdict", "met", "--json").stdout) == []
    refused = run("calls", *ABOUT, "--promise", "Z9", "--verdict", "met")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "no promise 'Z9'" in refused.stderr


def test_an_agents_page_counts_that_agents_calls_with_the_lines_beside(kept: Kept, run: Run, tmp_path: Path) -> None:
    asked = ("agent", "--agent", "kibo-1", "--quarter", "2026Q4")
    for form in ("html", "csv"):
        result = run(*asked, "--format", form, "--output", str(tmp_path / f"agent.{form}"))
        assert result.exit_code == 0, result.output
    page = (tmp_path / "agent.html").read_text(encoding="utf-8")
    read = Page(page)
    assert read.open == []
    assert {link.removeprefix("#") for link in read.links} <= set(read.ids)
    assert "김민수" in page
    assert '<a href="#K4-missed">1</a>' in page
    text = (tmp_path / "agent.csv").read_text(encoding="utf-8-sig")
    rows = {row["이름표"]: row for row in csv.DictReader(io.StringIO(text))}
    assert (rows["K4"]["나"], rows["K4"]["회선 전체"], rows["K4"]["분모"]) == ("0.666667", "0.666667", "3")
    # Calls in which the agent did not talk are none of the agent's: the line has two more, not applicable.
    assert rows["K3"]["분모"] == "4"
    assert rows["within_rings"]["센 수"] == rows["K4"]["센 수"]


def test_an_agent_without_calls_has_a_page_and_an_unknown_one_is_told(kept: Kept, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "agent.html"
    assert run("agent", "--agent", "kibo-3", "--quarter", "2026Q4", "--output", str(path)).exit_code == 0
    assert "이 분기에는 판정한 기록이 없습니다." in path.read_text(encoding="utf-8")
    refused = run("agent", "--agent", "nobody", "--quarter", "2026Q4", "--output", "-")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "charterline agents list" in refused.stderr


def test_each_figure_of_the_page_opens_at_as_many_calls_as_it_counts(page: str) -> None:
    assert "전화상담 지표" in page
    counts = re.findall(r'<a href="#(figure-[\w-]+)">([\d,]+)</a>', page)
    assert len(counts) > 10
    for anchor, number in counts:
        listed = page.split(f'id="{anchor}"')[1].split("</details>")[0]
        assert listed.count("<code>c") == int(number), anchor


def test_the_share_within_rings_is_the_rate_of_the_promise(kept: Kept, run: Run, tmp_path: Path) -> None:
    write(run, tmp_path / "kibo.xlsx")
    book: Any = openpyxl.load_workbook(tmp_path / "kibo.xlsx")  # cells of every type
    promise = next(row for row in book["약속별 결과"].iter_rows(values_only=True) if row[2] == "K4")
    figure = next(row for row in book["지표"].iter_rows(values_only=True) if row[3] == "within_rings")
    assert (figure[4], figure[5], figure[6], figure[7]) == (promise[12], promise[11], promise[15], promise[7])
