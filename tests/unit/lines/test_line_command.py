"""`charterline line` as an operator uses it: checking files and walking through a line."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from commands.line import line
from config.files import LINES

MONDAY = "2026-11-23 10:00"


def run(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(line, arguments, input=typed)


def steps(*arguments: str) -> list[dict[str, Any]]:  # JSON
    result = run("walk", *arguments, "--json")
    assert result.exit_code == 0, result.output
    return list(json.loads(result.stdout))


def test_the_installed_files_pass_the_check() -> None:
    result = run("check")
    assert (result.exit_code, result.stdout) == (0, "0 errors, 0 warnings\n")


def test_a_check_names_every_fault_with_file_and_key_and_fails(tmp_path: Path) -> None:
    spoilt = (LINES / "kibo.toml").read_text(encoding="utf-8").replace('start = "main"', 'start = "mian"')
    (tmp_path / "kibo.toml").write_text(spoilt, encoding="utf-8")
    (tmp_path / "broken.toml").write_text("menus = [")
    result = run("check", "--lines", str(tmp_path))
    assert result.exit_code == 1
    assert "kibo.toml: start: names the menu 'mian'" in result.stderr
    assert "broken.toml: (whole file): is not valid TOML" in result.stderr
    faults = json.loads(run("check", "--lines", str(tmp_path), "--json").stdout)
    assert {fault["file"] for fault in faults} == {"kibo.toml", "broken.toml"}


def test_pressing_1_reaches_a_queue_on_every_line_by_its_public_number() -> None:
    for number in ("1544-1120", "1533-0001", "1670-0002", "1877-0003", "1811-0004"):
        walked = steps(number, "--press", "1", "--at", MONDAY)
        assert walked[-1]["end"].startswith("queue "), number


def test_three_wrong_keys_or_silences_lead_to_an_agent() -> None:
    walked = steps("070-1000-0001", "--press", "7,,7", "--at", MONDAY)
    assert walked[-1]["end"] == "queue guide"
    assert sum(step["heard"] == "입력이 확인되지 않았습니다." for step in walked) == 1


def test_at_night_the_opening_is_said_and_a_callback_can_be_asked_for() -> None:
    walked = steps("1544-1120", "--press", "1", "--at", "2026-11-23 20:00")
    assert "내일 오전 아홉 시" in walked[1]["heard"]
    assert walked[-1]["end"] == "callback by guide"


def test_a_person_can_walk_by_hand() -> None:
    result = run("walk", "15441120", "--at", MONDAY, typed="3\n#\n1\n")
    assert result.exit_code == 0
    assert "기술평가는 1번" in result.stdout
    assert "=> queue guarantee, skill new" in result.stdout


def test_an_unknown_line_and_a_wrong_number_are_told_apart() -> None:
    unknown, wrong, untimely = (
        run("walk", "1544-9999"),
        run("walk", "abc"),
        run("walk", "1544-1120", "--at", "noon"),
    )
    assert unknown.exit_code == 1
    assert "1544-1120" in unknown.stderr
    assert wrong.exit_code == 2
    assert untimely.exit_code == 2


def test_the_table_of_a_years_holidays_can_be_printed() -> None:
    assert '[public.2031]\n"01-01"' in run("holidays", "2031").stdout
