"""`charterline survey` and the results of campaigns, as they are typed."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from commands.campaigns_results import export_command, results_command
from config.files import LINES
from ivr.campaigns.rows import CampaignDeed
from ivr.lines.hours import SEOUL
from ivr.store import Store
from ivr.surveys.results import comments
from ivr.surveys.rows import Disposition
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.surveys.asked import Asking
from tests.unit.surveys.making import happy

CommandLine = Callable[..., Result]


def test_the_installed_ones_are_played_and_checked_without_an_installation(command_line: CommandLine) -> None:
    walked = command_line("survey", "walk", "happy-dcgf", "--press", "1,5,4,3,#", "--json")
    assert walked.exit_code == 0, walked.output
    steps = json.loads(walked.stdout)
    assert steps[-1]["end"] == "completed"
    assert [step["kept"] for step in steps if step["kept"] is not None] == [5, 4, 3]
    assert command_line("survey", "check").output == "0 errors, 0 warnings\n"
    assert "=> minor" in command_line("survey", "show", "ascentre-loyalty").stdout


@ON_SQLITE
def test_an_unknown_one_is_refused_in_words(command_line: CommandLine, installed: None) -> None:
    shown = command_line("survey", "show", "happy-mars")
    assert shown.exit_code == 1
    assert "no questionnaire has the id 'happy-mars'" in shown.stderr


def test_a_copy_is_made_exported_edited_and_imported(
    command_line: CommandLine, installed: None, tmp_path: Path
) -> None:
    assert command_line("survey", "copy", "happy-kibo", "own", "--by", "lee").exit_code == 0
    file = tmp_path / "own.toml"
    assert command_line("survey", "export", "own", "--output", str(file)).exit_code == 0
    body = file.read_text(encoding="utf-8")
    file.write_text(body.replace("asks = 3", "asks = 2"), encoding="utf-8")
    imported = command_line("survey", "import", str(file), "--by", "kim")
    assert imported.exit_code == 0, imported.output
    assert "own/2 is kept" in imported.stdout
    listed = json.loads(command_line("survey", "list", "--line", "kibo", "--json").stdout)
    assert [(one["id"], one["version"], one["based_on"]) for one in listed] == [
        ("happy-kibo", 1, None),
        ("own", 2, "happy-kibo"),
    ]
    again = command_line("survey", "copy", "happy-kibo", "own", "--by", "lee")
    assert (again.exit_code, "is kept already" in again.stderr) == (1, True)


@ON_SQLITE
def test_a_file_with_faults_is_refused_as_a_whole(command_line: CommandLine, installed: None, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    body = command_line("survey", "export", "happy-kibo").stdout.replace('id = "happy-kibo"', 'id = "own"')
    file.write_text(body.replace('lines = ["kibo"]', 'lines = ["mars"]'), encoding="utf-8")
    refused = command_line("survey", "import", str(file))
    assert refused.exit_code == 1
    assert "names 'mars', which is not there" in refused.stderr
    file.write_text(body.replace("이번 상담을", "만점이라면"), encoding="utf-8")
    assert command_line("survey", "check", str(file)).exit_code == 1
    assert "leads to an answer ('만점')" in command_line("survey", "import", str(file)).stderr
    file.write_bytes(b"\xb0\xa1")
    assert "save it as UTF-8" in command_line("survey", "import", str(file)).stderr
    with file.open("wb") as large:
        large.truncate(3 * 1024**3)
    for command in ("check", "import"):
        assert "this is no questionnaire" in command_line("survey", command, str(file)).stderr
    assert "own" not in command_line("survey", "list").stdout.split()


@pytest.fixture
def campaign(engine: Engine) -> Asking:
    """A campaign with two answers, one of which would like to be a formula."""
    asking = Asking(Store(engine))
    asking.begin(happy(id="asked"))
    asking.add(Disposition.COMPLETED, {"kindness": 5, "speed": 4, "whole": 5, "comment": "=HYPERLINK(1)"})
    asking.add(Disposition.COMPLETED, {"kindness": 4, "speed": 4, "whole": 3})
    return asking


@ON_SQLITE
def test_results_are_shown_with_intervals(campaign: Asking, installed: None) -> None:
    shown = CliRunner().invoke(results_command, [str(campaign.campaign)])
    assert shown.exit_code == 0, shown.output
    assert "kindness: kindness 항목은 어떠셨습니까?  n = 2 (under 30: read with care)" in shown.stdout
    assert "score 87.5" in shown.stdout
    with campaign.store.reading() as session:
        said_at = comments(session, campaign.campaign)[0].at
    assert f"{said_at.astimezone(SEOUL):%Y-%m-%d %H:%M}  comment: =HYPERLINK(1)" in shown.stdout
    entry = json.loads(CliRunner().invoke(results_command, [str(campaign.campaign), "--json"]).stdout)
    assert entry["rates"]["minimum"] == 1.0
    assert entry["questions"][0]["score"] == 87.5
    assert entry["comments"][0]["text"] == "=HYPERLINK(1)"
    unknown = CliRunner().invoke(results_command, ["99"])
    assert (unknown.exit_code, "no campaign has the number 99" in unknown.stderr) == (1, True)


@ON_SQLITE
def test_an_export_needs_a_reason_and_is_kept(campaign: Asking, installed: None, tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    words = [str(campaign.campaign), "--output", str(file), "--by", "lee"]
    assert CliRunner().invoke(export_command, words).exit_code == 2
    assert CliRunner().invoke(export_command, [*words, "--why", " "]).exit_code == 2
    assert not file.exists()
    exported = CliRunner().invoke(export_command, [*words, "--why", "연간 보고"])
    assert exported.exit_code == 0, exported.output
    table = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert [row["comment"] for row in table] == ["'=HYPERLINK(1)", ""]
    with campaign.store.reading() as session:
        assert session.scalars(select(CampaignDeed.detail)).all() == ["연간 보고"]
    wrong = CliRunner().invoke(export_command, [*words[:2], str(tmp_path / "answers.pdf"), "--why", "보고"])
    assert wrong.exit_code == 2
    assert not (tmp_path / "answers.pdf").exists()


def test_the_check_of_lines_checks_what_they_say_of_questionnaires(command_line: CommandLine, tmp_path: Path) -> None:
    for file in LINES.glob("*.toml"):
        body = file.read_text(encoding="utf-8")
        body = body.replace('end_of_call = "happy-dcgf"', 'end_of_call = "happy-mars"')
        body = body.replace("monthly_calls = 200", 'monthly_calls = -1\nrequires_ = "x"')
        (tmp_path / file.name).write_text(body, encoding="utf-8")
    checked = command_line("line", "check", "--lines", str(tmp_path))
    assert checked.exit_code == 1
    assert "dcgf.toml: surveys.end_of_call: names the questionnaire 'happy-mars', which is not installed" in (
        checked.stderr
    )
    assert "ascentre.toml: surveys.monthly_calls" in checked.stderr
    assert "ascentre.toml: surveys.requires_: is not known here" in checked.stderr


@ON_SQLITE
def test_what_callers_answered_is_shown_for_lines_that_ask_them(command_line: CommandLine, installed: None) -> None:
    shown = command_line("survey", "results", "dcgf", "--from", "2026-11-01", "--to", "2026-11-30", "--json")
    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.stdout)["people"] == 0
    assert command_line("survey", "results", "dcgf").exit_code == 0
    assert "asks nobody at the end of a call" in command_line("survey", "results", "kibo").stderr
    assert command_line("survey", "results", "dcgf", "--from", "2026-11-02", "--to", "2026-11-01").exit_code == 2
