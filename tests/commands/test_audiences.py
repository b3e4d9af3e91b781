"""`charterline audiences`, as it is typed: files as people send them, and what is refused of them."""

import csv
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import Result
from sqlalchemy import Engine, func, select

from commands.audience_files import UnreadableTable, opened_table
from commands.demo_customers import customers
from config.files import DEMO_CUSTOMERS
from ivr.audiences import tables
from ivr.audiences.rows import Audience
from ivr.people.rows import Person
from ivr.store import Store
from tests.store_fixtures.databases import ON_SQLITE

INSTALLED = pytest.mark.usefixtures("installed")
Type = Callable[..., Result]
HEADER = "전화번호,이름,동의목적,동의일,증빙,수집출처,동의문구"
GOOD = "010-1100-0001,김민수,해피콜,2026-10-01,신청서 1,상담 신청서,v1"


def imported(command_line: Type, path: Path, *more: str) -> Result:
    """What the import of a file prints."""
    return command_line("audiences", "import", str(path), "--line", "dcgf", "--by", "김감독", *more)


def written(folder: Path, text: str, *, letters: str = "utf-8", name: str = "customers.csv") -> Path:
    """A file with this text."""
    path = folder / name
    path.write_bytes(text.encode(letters))
    return path


@pytest.mark.parametrize(
    ("letters", "told"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("cp949", "CP949")], ids=lambda value: str(value)
)
@pytest.mark.parametrize(("delimiter", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab")])
def test_letters_and_delimiters_are_found_out(
    tmp_path: Path, letters: str, told: str, delimiter: str, name: str
) -> None:
    path = written(tmp_path, f"{HEADER}\r\n{GOOD}\r\n".replace(",", delimiter), letters=letters)
    with opened_table(path) as table:
        assert (table.letters, table.delimiter, list(table.header)) == (told, name, HEADER.split(","))
        assert list(table.rows) == [(2, GOOD.split(","))]


@INSTALLED
def test_a_file_of_excel_in_korea_becomes_a_list(command_line: Type, engine: Engine, tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEADER}\r\n{GOOD}\r\n1011000002,뷁,,,,,\r\n", letters="cp949")
    result = imported(command_line, path, "--json")
    assert result.exit_code == 0, result.output
    shown = json.loads(result.stdout)
    assert (shown["state"], shown["people"], shown["source"]) == ("ready", 2, "customers.csv")
    assert shown["report"]["notes"] == ["read as CP949, cells parted by comma"]
    with Store(engine).reading() as session:
        assert set(session.scalars(select(Person.name))) == {"김민수", "뷁"}
    entries = json.loads(command_line("audiences", "members", str(shown["audience"]), "--json").stdout)
    assert sorted((entry["number"], entry["name"]) for entry in entries) == [
        ("010-****-0001", "김*수"),
        ("010-****-0002", "뷁*"),
    ]
    assert "010-1100" not in command_line("audiences", "members", str(shown["audience"])).output


@ON_SQLITE
@INSTALLED
def test_a_workbook_is_read_as_its_cells_stand(command_line: Type, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADER.split(","))
    sheet.append([1011000001, "김민수", "해피콜", date(2026, 10, 1), "=1+1", "상담 신청서", "v1"])
    sheet.append([None])
    sheet.append([1011000002.0, None, "해피콜", "2026-10-02", "신청서 2", "상담 신청서", "v1"])
    # What the name says does not count.
    book.save(tmp_path / "customers.csv")
    result = imported(command_line, tmp_path / "customers.csv", "--json", "--refused", str(tmp_path / "refused.csv"))
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)["report"]
    # The formula was never calculated, so that the proof is empty.
    assert (report["taken"], report["refused"]) == (1, {"incomplete_consent": 1})
    assert report["repaired"] == {"leading_zero": 1}
    assert report["notes"] == ["read as XLSX"]


@ON_SQLITE
@INSTALLED
def test_refused_rows_are_written_without_persons_and_formulas(command_line: Type, tmp_path: Path) -> None:
    formula = '"=HYPERLINK(""http://x"")",김민수,해피콜,2026-10-01,증빙,출처,v1'
    rows = (GOOD, "010-1234-56789,홍길동,,,,,", formula, "-1,,,,,,", "010-1100-0009,김,해피콜,2020-01-01,p,s,v1")
    path = written(tmp_path, "\n".join([HEADER, *rows]))
    result = imported(command_line, path, "--refused", str(tmp_path / "refused.csv"))
    assert result.exit_code == 0, result.output
    text = (tmp_path / "refused.csv").read_text(encoding="utf-8-sig")
    refused = list(csv.DictReader(text.splitlines()))
    assert [(row["row"], row["reason"]) for row in refused] == [
        ("3", "not_a_number"),
        ("4", "not_a_number"),
        ("5", "not_a_number"),
        ("6", "consent_expired"),
    ]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in refused for cell in row.values())
    assert "홍길동" not in text
    assert "56789" not in text


@ON_SQLITE
@INSTALLED
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old or password-protected"),
        (b"%PDF-1.7", "a PDF"),
        (b"<html><table>", "is a web page"),
        ("전화번호".encode("utf-16"), "UTF-16"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no table of text"),
        (b"number\n\xff\xfe\xfd", "neither UTF-8 nor CP949"),
        (b"PK\x03\x04 and no more", "no XLSX file"),
        ("이름,주소\n김민수,대전\n".encode(), "no column holds telephone numbers: found 이름, 주소; wanted 전화번호"),
        ("전화번호,동의목적\n01011000001,해피콜\n".encode(), "동의일 (consented_on)"),
        ("전화번호\n".encode(), "the source has no rows"),
        ("전화번호\n없음\n".encode(), "all 1 rows are refused (1 not_a_number)"),
        ('전화번호,이름\n01011000001,"김\n01011000002,이\n'.encode(), "quotation mark"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_list_is_refused_and_leaves_nothing(
    command_line: Type, engine: Engine, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "customers.xlsx"
    path.write_bytes(content)
    result = imported(command_line, path)
    assert result.exit_code == 1
    assert said in result.output
    with Store(engine).reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0
        assert {one.state.value for one in session.scalars(select(Audience))} <= {"abandoned"}


def test_a_file_that_is_too_big_is_not_even_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, f"{HEADER}\n{GOOD}\n")
    with pytest.raises(UnreadableTable, match="cut it into smaller"), opened_table(path, most_bytes=20):
        pass
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)
    monkeypatch.setattr(tables, "MOST_UNPACKED_BYTES", 1_000_000)
    with pytest.raises(UnreadableTable, match="unpacks to"), opened_table(tmp_path / "bomb.xlsx"):
        pass


@INSTALLED
def test_the_demo_customers_are_what_is_said_of_them(command_line: Type) -> None:
    assert DEMO_CUSTOMERS.read_text(encoding="utf-8-sig") == customers()
    shown = json.loads(imported(command_line, DEMO_CUSTOMERS, "--json").stdout)
    report = shown["report"]
    assert (report["rows"], report["taken"], report["doubled"], sum(report["refused"].values())) == (240, 218, 8, 14)
    assert (shown["people"], report["not_callable"], report["withdrawals"]) == (218, 2, 10)
    assert set(shown["groups"]) == {"신규", "연장", "재기"}


@INSTALLED
def test_lists_are_listed_shown_and_removed(command_line: Type, tmp_path: Path) -> None:
    assert "There is no list" in command_line("audiences", "list").output
    path = written(tmp_path, f"{HEADER}\n{GOOD}\n")
    assert imported(command_line, path, "--name", "상반기 고객").exit_code == 0
    (entry,) = json.loads(command_line("audiences", "list", "--line", "dcgf", "--json").output)
    assert (entry["name"], entry["people"], entry["made_by"]) == ("상반기 고객", 1, "김감독")
    assert "consents new" in command_line("audiences", "show", str(entry["audience"])).output
    assert command_line("audiences", "remove", str(entry["audience"])).exit_code == 0
    gone = command_line("audiences", "show", str(entry["audience"]))
    assert (gone.exit_code, "audiences list" in gone.output) == (1, True)


@ON_SQLITE
@INSTALLED
@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("import", "nothing.csv", "--line", "dcgf", "--by", "kim"), 1, "check that it is there"),
        (("import", "nothing.csv", "--line", "nowhere", "--by", "kim"), 2, "nowhere"),
        (("import", "nothing.csv", "--line", "dcgf"), 2, "--by"),
        (("choose", "--line", "kibo", "--from", "calls", "--by", "kim"), 2, "either --on, or --since"),
        (("choose", "--line", "kibo", "--from", "calls", "--on", "soon", "--by", "kim"), 2, "soon"),
        (("choose", "--line", "kibo", "--from", "calls", "--on", "yesterday", "--by", "kim"), 1, "nobody comes"),
        (("choose", "--line", "kibo", "--from", "cases", "--since", "2126-01-01", "--by", "kim"), 2, "earlier first"),
    ],
)
def test_wrong_words_are_refused_in_words(command_line: Type, words: tuple[str, ...], status: int, said: str) -> None:
    result = command_line("audiences", *words)
    assert (result.exit_code, said in result.output) == (status, True), result.output


def test_a_first_row_without_end_is_refused_in_words(tmp_path: Path) -> None:
    path = written(tmp_path, "x" * 200_000)
    with pytest.raises(UnreadableTable, match="first row"), opened_table(path):
        pass


@INSTALLED
def test_the_rows_not_taken_are_never_written_over_the_list(command_line: Type, tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEADER}\n{GOOD}\n")
    before = path.read_bytes()
    result = imported(command_line, path, "--refused", str(tmp_path / "." / path.name))
    assert (result.exit_code, path.read_bytes()) == (2, before)
    assert "name another file" in result.stderr
