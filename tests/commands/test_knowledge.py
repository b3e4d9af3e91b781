"""Knowledge, repairs and intake on the command line: what is written is found again, and refusals are told in words."""

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from tests.store_fixtures.databases import ON_SQLITE

pytestmark = ON_SQLITE
Run = Callable[..., Result]
ASKED = ("--firm", "hanbit", "--fault", "소음", "--number", "010-1000-0001")


def test_knowledge_is_taken_in_found_changed_and_written_out(
    command_line: Run, installed: None, tmp_path: Path
) -> None:
    table, out = tmp_path / "in.csv", tmp_path / "out.xlsx"
    table.write_text("question,answer,firm\n필터 교체,뚜껑을 여십시오.,hanbit\n,답,\n", encoding="utf-8")
    taken = command_line("knowledge", "import", str(table), "--json")
    assert (taken.exit_code, json.loads(taken.stdout)["added"]) == (1, 1)
    assert json.loads(taken.stdout)["refused"][0]["row"] == 3
    (found,) = json.loads(command_line("knowledge", "search", "휠터", "교채", "--firm", "hanbit", "--json").stdout)
    assert found["answer"] == "뚜껑을 여십시오."
    changed = command_line("knowledge", "change", found["entry"], "--answer", "뒷면을 여십시오.", "--json")
    assert (json.loads(changed.stdout)["version"], json.loads(changed.stdout)["firm"]) == (2, "hanbit")
    assert "1 entries" in command_line("knowledge", "export", str(out)).stdout
    assert command_line("knowledge", "withdraw", found["entry"]).exit_code == 0
    assert "Nothing fits" in command_line("knowledge", "search", "필터").stdout
    assert "was withdrawn" in command_line("knowledge", "withdraw", found["entry"]).stderr


def test_a_repair_is_asked_accepted_and_done_with_its_customer_masked(command_line: Run, installed: None) -> None:
    refused = command_line("repairs", "ask", "--way", "parcel", "--partner", "nationwide", *ASKED)
    assert (refused.exit_code, "does not repair by parcel" in refused.stderr) == (1, True)
    asked = command_line("repairs", "ask", "--way", "shop", "--partner", "nationwide", *ASKED, "--json")
    id = json.loads(asked.stdout)["repair"]
    accepted = command_line("repairs", "accept", id, "--reference", "N-7", "--due", "2099-01-01", "--json")
    assert json.loads(accepted.stdout)["number"] == "010-****-0001"
    assert command_line("repairs", "done", "N-7", "--outcome", "부품 교체").exit_code == 0
    shown = json.loads(command_line("repairs", "show", id, "--json").stdout)
    assert [told["kind"] for told in shown["story"]] == ["repair-asked", "repair-accepted", "repair-done"]
    assert json.loads(command_line("repairs", "list", "--overdue", "--json").stdout) == []


def test_intake_says_what_there_is_and_what_there_is_not(command_line: Run, installed: None) -> None:
    assert json.loads(command_line("intake", "accuracy", "--json").stdout)["marked"] == 0
    assert json.loads(command_line("intake", "sample", "--seed", "7", "--json").stdout) == {"seed": 7, "calls": []}
    assert "has no call" in command_line("intake", "mark", "nothing", "--as", "right").stderr
    assert command_line("intake", "accuracy", "--from", "2026-12-02", "--to", "2026-12-01").exit_code == 2
