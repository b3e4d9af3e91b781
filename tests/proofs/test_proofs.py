"""`./bin/prove` runs what docs/reliability.md names, tells which proofs come out, and leaves figures behind."""

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.__main__ import BENCHMARKS
from commands.simulate import simulate
from tests.guards.tree import ROOT
from tests.proofs.listing import Proof, load_proofs
from tests.proofs.running import prove

PROOFS = load_proofs()
DOCUMENT = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
# Commands by which the document says that something was proved.
NAMED = re.compile(r"python -m (tests\.[\w.]+)|charterline (simulate \w+)|(bin/bench \w+)")


def named(text: str) -> set[str]:
    """What these words run: a module, a simulation, a benchmark."""
    return {next(filter(None, found.groups())) for found in NAMED.finditer(text)}


def commands() -> Iterator[tuple[str, list[str]]]:
    for proof in PROOFS:
        for is_quick in (False, True):
            yield proof.name, proof.words(is_quick=is_quick)


@pytest.mark.parametrize(("name", "words"), list(commands()))
def test_every_command_of_a_proof_is_there(name: str, words: list[str]) -> None:
    match words:
        case ["python", "-m", "pytest", *rest]:
            assert all((ROOT / word).exists() for word in rest if word.startswith("tests/"))
        case ["python", "-m", module, *_]:
            assert importlib.util.find_spec(f"{module}.__main__" if _is_package(module) else module) is not None
        case ["charterline", "simulate", what, *_]:
            assert what in simulate.commands
        case ["./bin/bench", what, *_]:
            assert what in BENCHMARKS
        case _:
            pytest.fail(f"{name} runs what nobody knows: {words}")


def _is_package(module: str) -> bool:
    found = importlib.util.find_spec(module)
    return found is not None and found.submodule_search_locations is not None


def test_every_proof_stands_in_the_document_with_its_time() -> None:
    table = re.findall(r"^\| `([a-z-]+)` \| (.+?) \| `(.+?)` \| (\d+) min \|$", DOCUMENT, re.MULTILINE)
    assert table == [(one.name, one.shows, one.run, f"{one.minutes[0]:g}") for one in PROOFS]


def test_whatever_the_document_says_was_run_is_run_by_a_proof() -> None:
    run = named("\n".join(proof.run for proof in PROOFS))
    # A soak is worlds until the time is over.
    assert named(DOCUMENT) - {"simulate soak"} <= run


@pytest.mark.parametrize(("code", "status", "said"), [(0, 0, "2 of 2"), (1, 1, "1 of 2")])
def test_a_proof_is_run_and_what_it_says_last_is_kept(tmp_path: Path, code: int, status: int, said: str) -> None:
    script = f"import sys; print('figures'); print('{said}'); sys.exit({code})"
    proof = Proof(name="own", shows="", rows=(), run=f'python -c "{script}"', minutes=(1, 1))
    outcome = prove(proof, tmp_path, print, is_quick=False)
    assert (outcome.status, outcome.said, outcome.holds) == (status, said, code == 0)
    assert (tmp_path / "own.log").read_text(encoding="utf-8").splitlines() == ["figures", said]


def test_a_measurement_that_misses_its_goal_is_no_proof_though_it_ends_well(tmp_path: Path) -> None:
    line = json.dumps({"metric": "lost_calls", "database": "sqlite", "value": 2, "goal": "<= 0", "met": False})
    (tmp_path / "told.jsonl").write_text(line + "\n", encoding="utf-8")
    words = f"python -c \"print(open('{tmp_path / 'told.jsonl'}').read())\""
    proof = Proof(name="own", shows="", rows=(), run=words, minutes=(1, 1))
    outcome = prove(proof, tmp_path, print, is_quick=False)
    assert (outcome.status, outcome.missed, outcome.holds) == (0, ("lost_calls sqlite",), False)
    assert outcome.figures == {"lost_calls sqlite": 2.0}


def test_the_list_names_every_proof_and_a_wrong_name_is_refused() -> None:
    listed = _program("--list")
    assert listed.returncode == 0
    assert [line.split()[0] for line in listed.stdout.splitlines() if " min, quick " in line] == [
        proof.name for proof in PROOFS
    ]
    refused = _program("--only", "suites")
    assert refused.returncode == 2
    assert "there are suite, worlds" in refused.stderr


def test_a_run_ends_with_a_table_and_lines_of_figures(tmp_path: Path) -> None:
    done = _program("--quick", "--only", "campaign-bill", "--to", str(tmp_path))
    assert done.returncode == 0, done.stdout
    assert re.search(r"^campaign-bill +holds +\d+  R12$", done.stdout, re.MULTILINE)
    (line,) = (tmp_path / "proofs.jsonl").read_text(encoding="utf-8").splitlines()
    entry = json.loads(line)
    assert (entry["proof"], entry["holds"], entry["status"], entry["quick"]) == ("campaign-bill", True, 0, True)
    assert entry["processor_seconds"] > 0


def _program(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "tests.proofs", *words], capture_output=True, text=True, cwd=ROOT, check=False
    )
