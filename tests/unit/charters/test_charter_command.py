"""`charterline charter` as an operator uses it: reading, checking and comparing charters."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from commands.charter import charter
from config.files import CHARTERS

SECOND = """
[[versions]]
version = 2
effective_from = 2026-07-01

[[standards]]
promise = "S15"
title = "고객센터 통화 연결"
clause = "제13조(고객센터) 제1항"
quote = "고객센터를 설치·운영한다."
scope = "offer"
measure = { name = "ring_to_answer", rings = 3 }
from_version = 2
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(charter, arguments)


def amended(folder: Path) -> Path:
    """A folder with K-SURE's charter in two versions."""
    text = (CHARTERS / "ksure.toml").read_text(encoding="utf-8")
    begins = "effective_from = 2019-12-26"
    text = text.replace(begins, f"{begins}\neffective_to = 2026-06-30")
    (folder / "ksure.toml").write_text(text + SECOND, encoding="utf-8")
    return folder


def test_the_installed_charters_pass_the_check() -> None:
    result = run("check")
    assert (result.exit_code, result.stdout) == (0, "0 errors, 0 warnings\n")


def test_a_check_names_every_fault_with_file_and_key_and_fails(tmp_path: Path) -> None:
    spoilt = (CHARTERS / "kibo.toml").read_text(encoding="utf-8").replace("rings = 3", "rings = 0")
    (tmp_path / "kibo.toml").write_text(spoilt, encoding="utf-8")
    (tmp_path / "broken.toml").write_text("versions = [")
    result = run("check", "--charters", str(tmp_path))
    assert result.exit_code == 1
    assert "kibo.toml: standards.K4.measure.rings: is 0" in result.stderr
    assert "broken.toml: (whole file): is not valid TOML" in result.stderr
    faults = json.loads(run("check", "--charters", str(tmp_path), "--json").stdout)
    assert {fault["file"] for fault in faults} == {"kibo.toml", "broken.toml"}


def test_a_charter_is_shown_with_its_words_and_what_cannot_be_measured() -> None:
    shown = run("show", "--institution", "kibo").stdout
    assert "K4          벨이 3번 울리기 전에 받기" in shown
    assert "offer: ring_to_answer rings=3 target=100%" in shown
    assert "not measurable: 홈페이지 디지털지점" in shown
    assert "dcgf" not in shown


def test_all_charters_are_shown_as_json() -> None:
    shown = json.loads(run("show", "--json").stdout)
    assert {one["institution"] for one in shown} == {"kibo", "dcgf", "kotra", "ksure", "ascentre"}
    dcgf = next(one for one in shown if one["institution"] == "dcgf")
    hour = next(standard for standard in dcgf["standards"] if standard["id"] == "dcgf/D6/1")
    assert hour["measure"] == {"name": "answered_within", "within": "1 hour", "answer": "final"}
    assert (hour["basis"], hour["target"]) == ("working_hours_8", 100.0)


def test_another_version_can_be_shown_and_compared(tmp_path: Path) -> None:
    folder = ["--charters", str(amended(tmp_path))]
    old, new = (json.loads(run("show", "--version", version, "--json", *folder).stdout) for version in ("1", "2"))
    assert len(new[0]["standards"]) == len(old[0]["standards"]) + 1
    told = run("diff", "ksure", "1", "2", *folder)
    assert told.stdout == "added: S15 고객센터 통화 연결\n1 changes\n"
    changes = json.loads(run("diff", "ksure", "1", "2", "--json", *folder).stdout)
    assert changes == [{"key": "S15", "title": "고객센터 통화 연결", "what": "added", "fields": []}]


def test_the_page_on_charters_lists_what_a_file_may_use() -> None:
    page = (CHARTERS.parents[1] / "docs" / "charters.md").read_text(encoding="utf-8")
    assert page.endswith(run("terms").stdout), "replace the end of the page by: charterline charter terms"


def test_an_unknown_institution_or_version_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    unknown, absent = run("show", "--institution", "kibbo"), run("diff", "kibo", "1", "2")
    assert (unknown.exit_code, absent.exit_code) == (1, 1)
    assert "known are" in unknown.stderr
    assert "kibo has no version 2: known are 1" in absent.stderr
    (tmp_path / "kibo.toml").write_text('institution = "kibo"')
    assert "standards: is missing" in run("show", "--charters", str(tmp_path)).stderr
