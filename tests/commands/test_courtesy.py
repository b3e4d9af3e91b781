"""`charterline courtesy` as the people of a survey use it: a whole round, by hand and by file, and what is refused."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from commands.courtesy import courtesy
from commands.courtesy_files import MOST_BYTES
from config.settings import new_secret_keys
from ivr.store import Store
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.courtesy.stock import LINE, Stock, form

Run = Callable[..., Result]
ROUND = "kotra-20260105-20260109-7"
# Days that are over by every clock by which the form is in force: the command has the system's.
ARRIVED = datetime(2026, 1, 5, 1, tzinfo=UTC)
SAMPLE = (
    *("sample", "--institution", LINE, "--from", "2026-01-05", "--to", "2026-01-09"),
    *("--size", "4", "--seed", "7", "--second", "25", "--by", "lead"),
)
IDS = [item.id for item in form().items]


@pytest.fixture
def stock(engine: Engine) -> Stock:
    """Six calls of two agents."""
    made = Stock(Store(engine))
    made.calls(made.agents(), 3, at=ARRIVED)
    return made


@pytest.fixture
def run(stock: Stock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command over the database of the stock."""
    settings = {
        "DATABASE_URL": stock.store.engine.url.render_as_string(hide_password=False),
        "DATA_DIR": str(tmp_path / "data"),
        "TWILIO_AUTH_TOKEN": "a token of the tests",
        "SECRET_KEYS": new_secret_keys(bytes(range(64))),
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"CHARTERLINE_{name}", value)
    return lambda *arguments: CliRunner().invoke(courtesy, arguments)


def printed(result: Result) -> Any:  # JSON of any shape
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(result: Result) -> str:
    assert (result.exit_code, result.stdout) == (1, "")
    return result.stderr


def items(points: int = 5, **other: str) -> list[str]:
    """--item options for every item."""
    given = dict.fromkeys(IDS, str(points)) | {id.replace("_", "-"): value for id, value in other.items()}
    return [word for id, value in given.items() for word in ("--item", f"{id}={value}")]


def damaged(part: str) -> bytes:
    """A workbook of which one part ends halfway."""
    whole, broken = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(whole)
    with zipfile.ZipFile(whole) as read, zipfile.ZipFile(broken, "w") as written:
        for name in read.namelist():
            content = read.read(name)
            written.writestr(name, content[: len(content) // 2] if name == part else content)
    return broken.getvalue()


def sample_of(run: Run) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = printed(run("show", ROUND, "--json"))["sample"]
    return calls


def test_a_whole_round_by_hand(run: Run) -> None:
    drawn = printed(run(*SAMPLE, "--json"))
    assert (drawn["round"], drawn["drawn_by"], drawn["calls"], drawn["form"]) == (ROUND, "lead", 4, "form/1")
    assert printed(run(*SAMPLE, "--json")) == drawn
    double = next(call["call"] for call in drawn["sample"] if call["scored_twice"])
    single = [call["call"] for call in drawn["sample"] if not call["scored_twice"]]
    for call in single:
        assert run("score", ROUND, call, "--rater", "one", *items(transfer="-")).exit_code == 0
    assert run("score", ROUND, double, "--rater", "one", *items(), "--note", "비밀 의견").exit_code == 0
    # The second rater sees nothing of the first one's sheet, by whatever way.
    for command in (["show", ROUND, double], ["show", ROUND], ["result", ROUND], ["agreement", ROUND]):
        rater = ["--rater", "two"] if command[0] == "show" else []
        told = run(*command, *rater, "--json")
        assert told.exit_code == 0
        assert "비밀 의견" not in told.stdout
    assert printed(run("show", ROUND, double, "--rater", "two", "--json"))["sheets"] == []
    assert printed(run("result", ROUND, "--json"))["calls"] == 3
    assert run("score", ROUND, double, "--rater", "two", *items(listening="2")).exit_code == 0
    assert "to reconcile kotra" in refused(run("publish", ROUND, "--by", "lead"))
    agreed = printed(run("agreement", ROUND, "--json"))
    assert agreed["disputes"] == {double: ["listening"]}
    assert (agreed["whole"]["n"], agreed["items"]["listening"]["exact"]) == (11, 0.0)
    assert "정의할 수 없습니다" in agreed["items"]["wording"]["why"]
    assert run("reconcile", ROUND, double, "--by", "lead", "--item", "listening=4").exit_code == 0
    assert "appeals may be made up to" in run("publish", ROUND, "--by", "lead").stdout
    result = printed(run("result", ROUND, "--json"))
    # Listening weighs 15: a quarter of it is lost in one call of four.
    assert (result["score"]["score"], result["score"]["n"]) == (round((300 + 100 - 3.75) / 4, 2), 4)
    assert "kotra-1" not in json.dumps(result["teams"])
    assert result["formula"] in run("result", ROUND).stdout


def test_an_appeal_from_the_agents_page_to_the_decision(run: Run) -> None:
    run(*SAMPLE)
    for call in sample_of(run):
        for rater in ("one", "two")[: 1 + call["scored_twice"]]:
            run("score", ROUND, call["call"], "--rater", rater, *items(listening="3"))
    assert "once it is published" in refused(run("result", ROUND, "--agent", "kotra-1"))
    run("publish", ROUND)
    page = printed(run("result", ROUND, "--agent", "kotra-1", "--json"))
    assert {call["scores"]["listening"] for call in page["calls"]} == {3}
    assert "rater" not in json.dumps(page)
    call = page["calls"][0]["call"]
    appeal = ("appeal", ROUND, call, "listening", "--agent", "kotra-1", "--text", "끝까지 들었습니다")
    assert "to be decided up to" in run(*appeal).stdout
    assert "once is all" in refused(run(*appeal))
    decide = ("decide", ROUND, call, "listening", "--reason", "다시 들었습니다")
    assert "somebody else decides" in refused(run(*decide, "--by", "one", "--uphold", "5"))
    assert run(*decide, "--by", "judge").exit_code == 2
    assert run(*decide, "--by", "judge", "--uphold", "5", "--dismiss").exit_code == 2
    assert "give a score" in refused(run(*decide, "--by", "judge", "--uphold", "gut"))
    assert run(*decide, "--by", "judge", "--uphold", "5").stdout == "the appeal is upheld\n"
    (told,) = printed(run("appeals", ROUND, "--json"))
    assert (told["state"], told["decided_by"], told["late"]) == ("upheld", "judge", False)
    assert printed(run("appeals", ROUND, "--open", "--json")) == []
    changed = printed(run("result", ROUND, "--agent", "kotra-1", "--json"))
    assert next(one for one in changed["calls"] if one["call"] == call)["scores"]["listening"] == 5
    history = [event["event"] for event in printed(run("show", ROUND, "--json"))["history"]]
    assert history == ["draw", "publish", "appeal", "uphold"]
    other = next(one["call"] for one in page["calls"] if one["call"] != call)
    run("appeal", ROUND, other, "listening", "--agent", "kotra-1", "--text", "why")
    assert run("withdraw", ROUND, other, "listening", "--agent", "kotra-1").exit_code == 0


def filled(rows: list[list[str]]) -> list[list[str]]:
    """A template with 5 wherever nothing is suggested."""
    return [
        rows[0],
        *([cell or "5" if place < 2 + len(IDS) else cell for place, cell in enumerate(row)] for row in rows[1:]),
    ]


def test_sheets_by_csv(run: Run, tmp_path: Path) -> None:
    run(*SAMPLE)
    file = tmp_path / "sheets.csv"
    assert run("template", ROUND, "--rater", "one", "--output", str(file)).stdout == f"{file}: 4 calls\n"
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert all(row[2] == "5" for row in rows[1:])
    # A template that nobody touched hands nothing in, whatever was suggested in it.
    assert run("import", ROUND, str(file), "--rater", "one").stdout == "0 calls are scored\n"
    file.write_text("\n".join(",".join(row[:-1]) for row in filled(rows)), encoding="cp949")
    assert run("import", ROUND, str(file), "--rater", "one").stdout == "4 calls are scored\n"
    assert refused(run("import", ROUND, str(file), "--rater", "one")).count("a sheet is final") == 4
    run("template", ROUND, "--rater", "two", "--output", str(file))
    (row,) = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))[1:]
    assert row[1] == next(call["call"] for call in sample_of(run) if call["scored_twice"])
    run("template", ROUND, "--rater", "kotra-1", "--output", str(file))
    assert "kotra-1-call" not in file.read_text(encoding="utf-8-sig")


@ON_SQLITE
def test_sheets_by_xlsx(run: Run, tmp_path: Path) -> None:
    run(*SAMPLE)
    file = tmp_path / "sheets.xlsx"
    run("template", ROUND, "--rater", "one", "--output", str(file))
    book = openpyxl.load_workbook(file)
    sheet = book["sheets"]
    assert [cell.value for cell in sheet[1]] == ["round", "call", *IDS, "note", "evidence"]
    assert sheet.freeze_panes == "C2"
    assert len(sheet.data_validations.dataValidation) == len(IDS)
    assert "5: 끝까지 듣고 요점을 되물어 확인했습니다." in str(book["form"]["B4"].value)
    for row in sheet.iter_rows(min_row=2, min_col=3, max_col=2 + len(IDS)):
        for cell in row:
            cell.value = 5 if cell.value is None else cell.value
    sheet["M2"] = "=1+1"
    book.save(file)
    assert "row 2, hanging-up: is missing" in refused(run("import", ROUND, str(file), "--rater", "one"))
    sheet["M2"] = 5
    book.save(file)
    assert run("import", ROUND, str(file), "--rater", "one").stdout == "4 calls are scored\n"


def test_a_file_with_one_fault_hands_nothing_in_and_names_all(run: Run, tmp_path: Path) -> None:
    run(*SAMPLE)
    file = tmp_path / "sheets.csv"
    run("template", ROUND, "--rater", "kotra-1", "--output", str(tmp_path / "own.csv"))
    run("template", ROUND, "--rater", "one", "--output", str(file))
    rows = filled(list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines())))
    own = next(row[1] for row in rows[1:] if row[1].startswith("kotra-1"))
    rows.append([ROUND, "c-other", *["5"] * len(IDS), "", ""])
    rows.append([ROUND, rows[1][1], *["7"] * len(IDS), "", ""])
    file.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    told = refused(run("import", ROUND, str(file), "--rater", "kotra-1"))
    assert "row 6: c-other is not in the sample" in told
    assert "row 7, wording: cannot be 7" in told
    assert f"row 7: has the call {rows[1][1]} again" in told
    assert f"kotra-1 spoke in {own}" in told
    assert all(call["missing"] for call in sample_of(run))


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("sheets.ods", b"x", "must end in .csv or .xlsx"),
        ("sheets.xlsx", b"no archive", "is no XLSX file"),
        ("sheets.csv", b"\xff\xfe\x00\xd8", "cannot be read: save it as UTF-8"),
        ("sheets.xlsx", damaged("xl/worksheets/sheet1.xml"), "is no XLSX file"),
        ("sheets.xlsx", damaged("xl/workbook.xml"), "is no XLSX file"),
        ("sheets.csv", b"", "row 1: is missing"),
        ("sheets.csv", b"x" * (MOST_BYTES + 1), "has more than 8 MB"),
        ("missing.csv", None, "check that it is there"),
    ],
)
def test_a_file_that_is_no_table_is_told(run: Run, tmp_path: Path, name: str, content: bytes | None, told: str) -> None:
    run(*SAMPLE)
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    assert told in refused(run("import", ROUND, str(file), "--rater", "one"))


@ON_SQLITE
def test_a_row_that_was_begun_is_not_dropped_in_silence(run: Run, tmp_path: Path) -> None:
    run(*SAMPLE)
    file = tmp_path / "sheets.csv"
    run("template", ROUND, "--rater", "one", "--output", str(file))
    rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    rows[1][2] = "2"
    file.write_text("\n".join(",".join(row[:-1]) for row in rows), encoding="utf-8")
    assert "row 2, listening: is missing" in refused(run("import", ROUND, str(file), "--rater", "one"))


@ON_SQLITE
def test_every_version_of_a_sheet_is_shown_with_who_wrote_it_once_it_may_be_seen(run: Run) -> None:
    run(*SAMPLE)
    double = next(call["call"] for call in sample_of(run) if call["scored_twice"])
    run("score", ROUND, double, "--rater", "one", *items())
    run("correct", ROUND, double, "--rater", "one", "--item", "listening=2", "--reason", "잘못 들었습니다")
    for rater, seen in (("two", []), ("one", [5, 2])):
        shown = printed(run("show", ROUND, double, "--rater", rater, "--json"))
        assert [sheet["scores"]["listening"] for sheet in shown["versions"]] == seen
    run("score", ROUND, double, "--rater", "two", *items())
    run("reconcile", ROUND, double, "--by", "lead", "--item", "listening=4")
    versions = printed(run("show", ROUND, double, "--rater", "two", "--json"))["versions"]
    assert [(one["place"], one["version"], one["written_by"], one["reason"]) for one in versions] == [
        ("first", 1, "one", ""),
        ("first", 2, "one", "잘못 들었습니다"),
        ("second", 1, "two", ""),
        ("agreed", 1, "lead", ""),
    ]


@ON_SQLITE
def test_a_page_of_somebody_who_is_not_in_the_round_is_refused(run: Run) -> None:
    run(*SAMPLE)
    for call in sample_of(run):
        for rater in ("one", "two")[: 1 + call["scored_twice"]]:
            run("score", ROUND, call["call"], "--rater", rater, *items())
    run("publish", ROUND)
    assert "no call of nobody is in" in refused(run("result", ROUND, "--agent", "nobody"))


@ON_SQLITE
@pytest.mark.parametrize("last", ["2999-12-31", "9999-12-31"])
def test_days_that_are_not_over_are_refused(run: Run, last: str) -> None:
    days = ("--from", "2026-01-05", "--to", last)
    assert f"once {last} is over" in refused(run("sample", "--institution", LINE, *days, "--seed", "1"))


@ON_SQLITE
def test_a_template_goes_only_where_it_can_be_written(run: Run, tmp_path: Path) -> None:
    run(*SAMPLE)
    assert "cannot be written" in refused(run("template", ROUND, "--output", str(tmp_path / "no" / "sheets.csv")))
    assert "must end in" in refused(run("template", ROUND, "--output", str(tmp_path / "sheets.pdf")))


@ON_SQLITE
def test_a_call_is_shown_with_the_form_and_what_the_record_suggests(run: Run) -> None:
    run(*SAMPLE)
    call = sample_of(run)[0]
    assert call["agent"] is None
    for json_or_lines in ("--json", "--rater=one"):
        told = run("show", ROUND, call["call"], json_or_lines).stdout
        assert "greeting" in told
        assert "김민수" not in told
    shown = printed(run("show", ROUND, call["call"], "--rater", "one", "--json"))
    by_id = {item["id"]: item for item in shown["items"]}
    assert by_id["pick-up"]["suggestion"]["points"] == 5
    assert by_id["pick-up"]["suggestion"]["evidence"][0] == f"{call['call']}-1"
    assert by_id["listening"]["suggestion"] is None
    told = run("show", ROUND, call["call"], "--rater", "one").stdout
    assert "[5] 울린 지 2.40초(오차 0.25초) 만에 받아 세 번째 벨이 울리기 전입니다." in told


@ON_SQLITE
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("score", ROUND, "c1", "--item", "listening"), "listening: is '': write ITEM=SCORE"),
        (("score", ROUND, "c1", "--item", "a=1", "--item", "a=2", "--item", "b=x"), "a: is given twice\nb: is 'x'"),
        (("score", ROUND, "c1", "--item", f"a={'9' * 5000}"), "write ITEM=SCORE"),
        (("score", "nowhere", "c1"), "there is no courtesy round nowhere: `courtesy list` shows them"),
        (("publish", "nowhere"), "there is no courtesy round nowhere"),
        (("show", ROUND, "c1"), "c1 is not in the sample"),
        (("sample", *SAMPLE[1:2], "nobody", *SAMPLE[3:]), "no line has the id 'nobody'"),
        (("drop", ROUND, "c1", "--reason", "why"), "c1 is not in the sample"),
        (("decide", ROUND, "c1", "listening", "--dismiss", "--reason", "why"), "nobody has appealed"),
    ],
)
def test_what_cannot_be_is_told_in_words(run: Run, arguments: tuple[str, ...], told: str) -> None:
    run(*SAMPLE)
    assert told in refused(run(*arguments))


@ON_SQLITE
def test_days_the_wrong_way_round_are_wrong_usage(run: Run) -> None:
    days = ("--from", "2026-01-09", "--to", "2026-01-05")
    assert run("sample", "--institution", LINE, *days, "--seed", "1").exit_code == 2


def test_rounds_are_listed_and_cancelled_ones_stay(run: Run) -> None:
    assert "No rounds yet" in run("list").stdout
    run(*SAMPLE)
    call = sample_of(run)[0]["call"]
    assert run("drop", ROUND, call, "--reason", "녹음이 없습니다", "--by", "lead").exit_code == 0
    assert run("cancel", ROUND, "--reason", "기간을 잘못 잡았습니다", "--by", "lead").exit_code == 0
    (entry,) = printed(run("list", "--institution", LINE, "--json"))
    assert (entry["state"], entry["dropped"], "sample" in entry) == ("cancelled", 1, False)
    assert printed(run("list", "--institution", "kibo", "--json")) == []
    assert f"{call}" in run("show", ROUND).stdout


def test_the_form_is_shown_and_checked() -> None:
    checked = CliRunner().invoke(courtesy, ["form", "--check"])
    assert (checked.exit_code, checked.stdout) == (0, "0 errors, 0 warnings\n")
    assert "수신의 신속성" in CliRunner().invoke(courtesy, ["form"]).stdout
    assert len(printed(CliRunner().invoke(courtesy, ["form", "--json"]))["items"]) == 11
