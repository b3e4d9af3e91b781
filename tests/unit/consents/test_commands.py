"""`charterline consents`: what is entered is shown, what cannot be done is said, and no number is printed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.store_fixtures.databases import ON_SQLITE

Command = Callable[..., Result]
pytestmark = pytest.mark.usefixtures("installed")
NUMBER = "010-1000-0001"
WHOSE = (NUMBER, "--line", "kibo", "--by", "이서연")
PROOF = ("--purpose", "happy_call", "--how", "paper", "--evidence", "form 2026-118")


def shown(command_line: Command, *words: str) -> dict[str, Any]:
    result = command_line("consents", "show", NUMBER, "--json", *words)
    assert result.exit_code == 0, result.output
    assert "1000-0001" not in result.output.replace("****-0001", "")
    found: dict[str, Any] = json.loads(result.output)
    return found


def done(command_line: Command, *words: str) -> str:
    result = command_line("consents", *words)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_consent_is_entered_with_its_proof_withdrawn_and_shown(command_line: Command) -> None:
    assert "may be rung by kibo for happy_call until" in done(command_line, "grant", *WHOSE, *PROOF, "--hours", "both")
    (person,) = shown(command_line)["people"]
    assert [(entry["hours"], entry["evidence"], entry["recorded_by"]) for entry in person["ledger"]] == [
        ("day", "form 2026-118", "이서연"),
        ("night", "form 2026-118", "이서연"),
    ]
    assert person["may_be_rung"]["happy_call"] == "yes"
    assert person["may_be_rung"]["telesales"] == "no-consent"
    assert "2 consents" in done(command_line, "withdraw", *WHOSE, "--purpose", "happy_call")
    (person,) = shown(command_line, "--line", "kibo")["people"]
    assert all(entry["withdrawn"] for entry in person["ledger"])
    assert person["may_be_rung"]["happy_call"] == "withdrawn"
    assert "withdrawn 20" in done(command_line, "show", NUMBER)


def test_somebody_unknown_can_refuse_everything_and_is_kept_out(command_line: Command) -> None:
    done(command_line, "withdraw", *WHOSE)
    (ban,) = shown(command_line)["suppressions"]
    assert (ban["scope"], ban["line"], ban["why"]) == ("institution", "kibo", "withdrawn")


def test_a_suppression_is_added_and_lifted(command_line: Command) -> None:
    done(command_line, "suppress", NUMBER, "--everybody", "--why", "complaint", "--by", "이서연")
    assert shown(command_line)["suppressions"][0]["scope"] == "everybody"
    assert [ban["why"] for ban in json.loads(done(command_line, "suppressions", "--json"))] == ["complaint"]
    assert "it was: complaint" in done(command_line, "lift", NUMBER, "--everybody")
    assert command_line("consents", "show", NUMBER).exit_code == 1


def test_somebody_is_forgotten_once_and_only_the_mark_remains(command_line: Command) -> None:
    done(command_line, "grant", *WHOSE, *PROOF)
    done(command_line, "erase", *WHOSE)
    assert shown(command_line)["people"] == []
    assert [ban["why"] for ban in shown(command_line)["suppressions"]] == ["erased"]
    again = command_line("consents", "erase", *WHOSE)
    assert again.exit_code == 1
    assert "was forgotten by kibo on" in again.output
    assert "only the suppression remains" in again.output


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["show", NUMBER], 1, "is not known here"),
        (["show", "12"], 2, "12"),
        (["grant", NUMBER, "--line", "nowhere", "--by", "x", *PROOF], 2, "nowhere"),
        (["grant", *WHOSE, *PROOF, "--on", "yesterday"], 2, "is no time"),
        (["grant", *WHOSE, *PROOF, "--on", "2020-01-01 10:00"], 1, "ran out before 2022-01-01"),
        (["grant", *WHOSE, *PROOF, "--on", "2999-01-01 10:00"], 1, "not given yet"),
        (["grant", *WHOSE, *PROOF, "--source", "가" * 121], 1, "source takes 1 to 120 letters"),
        (["withdraw", *WHOSE, "--evidence", " "], 1, "evidence takes 1 to 120 letters"),
        (["withdraw", *WHOSE, "--purpose", "happy_call"], 1, "is not known to kibo"),
        (["erase", *WHOSE], 1, "is not known to kibo"),
        (["suppress", NUMBER, "--why", "x", "--by", "y"], 2, "exactly one of"),
        (["suppress", NUMBER, "--everybody", "--why", "x", "--by", "y" * 61], 2, "1 to 60 letters"),
        (["erase", NUMBER, "--line", "kibo", "--by", " "], 2, "1 to 60 letters"),
        (["suppress", NUMBER, "--everybody", "--line", "kibo", "--why", "x", "--by", "y"], 2, "exactly one of"),
        (["lift", NUMBER, "--line", "kibo"], 1, "is not suppressed so"),
        (["register", "show"], 1, "was never read"),
        (["notices", "due", "--line", "nowhere"], 2, "nowhere"),
    ],
)
def test_what_cannot_be_done_is_said_plainly(command_line: Command, words: list[str], status: int, says: str) -> None:
    result = command_line("consents", *words)
    assert result.exit_code == status, result.output
    assert says in result.output


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_the_register_is_read_from_any_file_of_numbers(command_line: Command, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "register.csv"
    rows = ["번호,등록일", *(f"{ordinal},010-1000-{ordinal:04},2026-11-01" for ordinal in range(1, 31)), "끝,없음"]
    file.write_bytes("\r\n".join(rows).encode(encoding))
    output = done(command_line, "register", "import", str(file), "--by", "이서연")
    assert "30 numbers" in output
    assert "1 lines are no telephone numbers: line 32" in output
    stands = json.loads(done(command_line, "register", "show", "--json"))
    assert (stands["numbers"], stands["is_stale"]) == (30, False)


@ON_SQLITE
@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "not a single number"),
        ("이름\n이서연\n김민수\n010-1000-0002\n".encode(), "are no telephone numbers (line 2, 3)"),
        (b"\x00\xff\xfe" * 100, "register.csv"),
    ],
)
def test_a_file_that_is_no_register_changes_nothing(
    command_line: Command, tmp_path: Path, body: bytes, says: str
) -> None:
    file = tmp_path / "register.csv"
    file.write_text("010-1000-0001\n")
    done(command_line, "register", "import", str(file), "--by", "이서연")
    file.write_bytes(body)
    refused = command_line("consents", "register", "import", str(file), "--by", "이서연")
    assert refused.exit_code == 1
    assert says in refused.output
    older = command_line("consents", "register", "import", str(file), "--checked-on", "2020-01-01", "--by", "x")
    assert older.exit_code == 1
    assert json.loads(done(command_line, "register", "show", "--json"))["numbers"] == 1


def test_notices_that_are_owed_are_listed_until_they_are_written(command_line: Command) -> None:
    done(command_line, "grant", *WHOSE, *PROOF)
    (entry,) = json.loads(done(command_line, "notices", "due", "--json"))
    assert (entry["purpose"], entry["is_late"], entry["text"]) == ("happy_call", False, None)
    assert "not written yet" in done(command_line, "notices", "due")
    assert "started" in done(command_line, "notices", "start")
    done(command_line, "grant", "010-1000-0002", "--line", "kibo", "--by", "x", *PROOF, "--told")
    assert len(json.loads(done(command_line, "notices", "due", "--json"))) == 1
