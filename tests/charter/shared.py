"""The table lived through once in a test run, however many processes share it: a world for each institution."""

import fcntl
import json
import random
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import structlog

from tests.charter.comparing import compare, judged_again, told_otherwise
from tests.charter.living import stage
from tests.charter.table import Case, cases, lines
from tests.phone.storm import database
from tests.sizes import is_full

Findings = Mapping[str, Sequence[str]]
SEED = 1
# Every so many cases are also played where nobody promised what they are about.
ELSEWHERE = 8 if is_full() else 48
AGAIN, SHUFFLED, BROKEN = "judged again", "told otherwise", "broken"


def chosen() -> Mapping[str, list[Case]]:
    """The cases that the check plays of each institution: each where it was promised, some elsewhere too.

    `python -m tests.charter.thousand` plays all of them everywhere.
    """
    found: dict[str, list[Case]] = {line: [] for line in lines()}
    for place, case in enumerate(cases()):
        able = list(case.lines or lines())
        promised = [line for line in able if set(case.asks) & set(lines()[line].promises.values())] or able
        mine = {promised[place % len(promised)]}
        if place % ELSEWHERE == 0:
            mine.add(able[place // ELSEWHERE % len(able)])
        for line in mine:
            found[line].append(case)
    return found


def findings(line: str, folder: Path) -> Findings:
    """What differs from the table in the world of a line: by case, and by what was tried with all verdicts.

    Whoever comes first lives through it; whoever would have to wait lives through another one meanwhile.
    """
    order = [line, *(other for other in lines() if other != line)]
    while not _result(line, folder).exists():
        if not any(_live_if_free(other, folder) for other in order):
            time.sleep(0.2)
    known: Findings = json.loads(_result(line, folder).read_text(encoding="utf-8"))
    if BROKEN in known:
        raise RuntimeError(f"the world of {line} broke: {known[BROKEN][0]}")
    return known


def _result(line: str, folder: Path) -> Path:
    return folder / f"table-{line}.json"


def _live_if_free(line: str, folder: Path) -> bool:
    with _taken(folder / f"table-{line}.lock") as mine:
        if not mine or _result(line, folder).exists():
            return False
        try:
            found = _live(line)
        except Exception:
            # Whoever waits for this world is told at once, and nobody tries it again.
            found = {BROKEN: [traceback.format_exc()]}
        half = folder / f"table-{line}.half"
        half.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
        half.rename(_result(line, folder))
        return True


@contextmanager
def _taken(path: Path) -> Iterator[bool]:
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _live(line: str) -> Findings:
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    try:
        with database() as engine:
            scene = stage(engine, line, lines()[line], seed=SEED)
            lived = scene.live(chosen()[line])
            found: dict[str, list[str]] = {case.id: [] for case in chosen()[line]}
            for one in lived:
                found[one.case.id] += compare(scene.world, scene.page, one).differences
            found[AGAIN] = judged_again(scene.world, scene.line)
            found[SHUFFLED] = told_otherwise(scene.world, scene.line, random.Random(SEED))
            return found
    finally:
        structlog.configure(**before)
