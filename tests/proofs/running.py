"""One proof as a process of its own: what it prints goes to a file, and how far it is can be asked."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import stores
from tests.proofs.listing import Proof

ROOT = Path(__file__).resolve().parents[2]
LOOK_SECONDS, TELL_SECONDS, PATIENCE_SECONDS = 0.2, 30.0, 10.0
# A proof that takes so many times as long as it is known to hangs.
MOST_TIMES = 6
# The end of what a process wrote, to find its last line in.
TAIL = 4096
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a proof: its exit status (None where it was ended for taking too long), times, and its last line.

    `figures` are those that it measured, by name and database; `missed` are the names of those that miss their goal.
    """

    name: str
    status: int | None
    seconds: float
    processor_seconds: float
    said: str
    figures: Mapping[str, float] = field(default_factory=dict)
    missed: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the proof came out."""
        return self.status == 0 and not self.missed


def prove(proof: Proof, folder: Path, tell: Callable[[str], None], *, is_quick: bool) -> Outcome:
    """Run a proof; every half minute tell how far it is. Whoever interrupts ends its whole group of processes."""
    log, words = folder / f"{proof.name}.log", proof.words(is_quick=is_quick)
    environment = _environment(proof, words, folder)
    began, used = time.monotonic(), _used()
    with log.open("wb") as file:
        process = subprocess.Popen(
            _command(words),
            stdout=file,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=environment,
            start_new_session=True,
        )
        try:
            status = _wait(process, log, tell, longest=proof.expected(is_quick=is_quick) * MOST_TIMES)
        finally:
            _end(process)
    seconds, processor = time.monotonic() - began, _used() - used
    measured = list(_measured(log))
    # A small part of a measurement shows that it runs; its figures mean little.
    missed = tuple(_name(one) for one in measured if one.get("met") is False and not is_quick)
    figures = {_name(one): float(one["value"]) for one in measured}
    return Outcome(proof.name, status, seconds, processor, last_line(log), figures, missed)


def last_line(log: Path) -> str:
    """The last line that says something."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - TAIL))
        lines = file.read().decode(errors="replace").splitlines()
    return next((line.strip()[:LONGEST] for line in reversed(lines) if line.strip()), "")


def _measured(log: Path) -> Iterator[Mapping[str, Any]]:
    """The lines by which benchmarks tell a figure."""
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith('{"metric"'):
            with suppress(ValueError):
                yield json.loads(line)


def _name(measured: Mapping[str, Any]) -> str:
    return f"{measured['metric']} {measured['database']}"


def _command(words: Sequence[str]) -> list[str]:
    return [sys.executable, *words[1:]] if words[0] == "python" else list(words)


def _environment(proof: Proof, words: Sequence[str], folder: Path) -> dict[str, str]:
    """The caller's; the command line of the hotline gets an installation of its own to read its settings from."""
    if words[0] != "charterline":
        return {**os.environ, **proof.environment}
    place = folder / "installation"
    if not place.is_dir():
        place.mkdir()
        with stores.database(stores.SQLITE, place):
            pass
    return {**stores.settings(f"sqlite:///{place / 'hotline.db'}", "unix:///none", place), **proof.environment}


def _wait(process: "subprocess.Popen[bytes]", log: Path, tell: Callable[[str], None], *, longest: float) -> int | None:
    began = told = time.monotonic()
    while (status := process.poll()) is None:
        now = time.monotonic()
        if now - began > longest:
            return None
        if now - told >= TELL_SECONDS:
            told = now
            tell(f"{now - began:.0f} s: {last_line(log)}")
        time.sleep(LOOK_SECONDS)
    return status


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End what is left of its group: a proof starts servers and workers of its own."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE_SECONDS)
            return


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
