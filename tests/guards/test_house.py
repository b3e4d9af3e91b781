"""The house stands: programs can be run, the Procfile names what exists, written pages are fresh."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from commands.docs import SETTINGS_PAGE, settings_page
from commands.licences import LICENCES_PAGE, licences_page
from commands.processes import read_procfile
from config.settings import PREFIX, Settings
from tests.guards.tree import ROOT

PROGRAMS = ("bin/up", "bin/check", "bin/bench", "bin/charterline", ".ci/run")
APPLICATION = re.compile(r"(\w+)\.(\w+):create_app\(\)")


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_can_be_run_and_reads_as_shell(program: str) -> None:
    path = ROOT / program
    assert os.access(path, os.X_OK)
    shell = "bash" if "bash" in path.read_text(encoding="utf-8").splitlines()[0] else "sh"
    assert subprocess.run([shell, "-n", str(path)], check=False).returncode == 0


def test_the_settings_page_is_what_the_settings_say() -> None:
    assert SETTINGS_PAGE.read_text(encoding="utf-8") == settings_page(), "run: charterline docs settings"


def test_the_page_of_licences_names_what_is_installed() -> None:
    written, found = LICENCES_PAGE.read_text(encoding="utf-8").splitlines(), licences_page().splitlines()
    missing = [line for line in found if line not in written]
    assert missing == [], "run: charterline docs licences"
    assert "see its files" not in "".join(written)


@pytest.mark.parametrize("page", ["security.md", "keeping.md", "backup.md"])
def test_every_proof_that_a_page_names_is_there(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    missing = [path for path in re.findall(r"`(tests/[\w./]+)`", text) if not (ROOT / path).exists()]
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    missing += [name for name in re.findall(r"`(test_\w+)`", text) if f"def {name}(" not in tests]
    assert missing == []


def test_every_setting_is_explained() -> None:
    unexplained = [PREFIX + name.upper() for name, field in Settings.model_fields.items() if not field.description]
    assert not unexplained


def test_the_procfile_starts_every_part() -> None:
    assert list(read_procfile()) == [
        *("valkey", "carrier", "webhooks", "console", "relay", "dialler"),
        *("worker-calls", "worker-texts", "worker-chores"),
    ]


@pytest.mark.parametrize("name", list(read_procfile()))
def test_a_process_of_the_procfile_exists(name: str) -> None:
    command = shlex.split(read_procfile()[name])
    if command[0] == "charterline":
        _assert_command_exists(command[1:])
    elif command[0] == "gunicorn":
        found = APPLICATION.fullmatch(command[-1])
        assert found is not None
        assert (ROOT / found[1] / f"{found[2]}.py").exists()
    else:
        assert command[:2] == ["python", "-m"]
        assert (ROOT / command[2] / "__main__.py").exists()


def _assert_command_exists(words: list[str]) -> None:
    import click

    from commands.main import cli

    command: click.Command | None = cli
    context = click.Context(cli)
    for word in words:
        if not isinstance(command, click.Group):
            break
        command = command.get_command(context, word)
    assert command is not None, f"charterline {' '.join(words)} is no command"


def test_every_command_is_where_the_command_line_looks_for_it_and_explains_itself() -> None:
    import click

    from commands.main import COMMANDS, cli

    found = {name: cli.get_command(click.Context(cli), name) for name in COMMANDS}
    assert [name for name, command in found.items() if command is None or command.name != name] == []
    assert [name for name, command in found.items() if command is not None and not command.help] == []


def test_every_decision_says_context_decision_and_consequence() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [page.name[:4] for page in pages]
    assert numbers == [f"{number:04}" for number in range(1, len(pages) + 1)]
    wrong = [page.name for page in pages if not _is_complete(page)]
    assert not wrong


def _is_complete(page: Path) -> bool:
    text = page.read_text(encoding="utf-8")
    return all(f"## {part}" in text for part in ("Context", "Decision", "Consequence"))
