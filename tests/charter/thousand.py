"""A thousand calls of the table in one world: `python -m tests.charter.thousand --institution kibo --calls 1000`."""

import argparse
import json
import logging
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

import structlog

from tests.charter.comparing import Compared, compare, judged_again, told_otherwise
from tests.charter.living import stage
from tests.charter.table import Case, cases_of, lines
from tests.phone.storm import database


@dataclass(slots=True)
class Findings:
    """What is printed: calls by kind of case, verdicts by promise and finding, and everything that was not as said."""

    institution: str
    seed: int
    calls: int = 0
    cases: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    offers: int = 0
    by_seconds: int = 0
    most_at_once: int = 0
    differences: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    shuffled: list[str] = field(default_factory=list)
    seconds: float = 0.0
    virtual_hours: float = 0.0

    @property
    def is_clean(self) -> bool:
        """Whether the table, the judging again and the shuffled facts all agree."""
        return not (self.differences or self.again or self.shuffled)


def drawn(line: str, calls: int, dice: random.Random) -> Iterator[Case]:
    """Cases by seed, every one of the institution before any comes again, until there are so many calls."""
    known = list(cases_of(line))
    while calls > 0:
        dice.shuffle(known)
        for case in known:
            if calls <= 0:
                return
            calls -= len(case.calls)
            yield case


def thousand(line: str, *, calls: int, seed: int) -> Findings:
    """Live through so many calls of an institution and hold everything found against the table."""
    began = time.monotonic()
    found = Findings(line, seed)
    dice = random.Random(seed)
    with database() as engine:
        scene = stage(engine, line, lines()[line], seed=seed)
        lived = scene.live(drawn(line, calls, dice))
        found.calls, found.most_at_once = len(lived), scene.most_at_once
        found.cases = len({one.case.id for one in lived})
        found.virtual_hours = round((scene.world.now() - scene.began).total_seconds() / 3600, 1)
        for one in lived:
            found.kinds[one.case.kind] += 1
            _count(found, compare(scene.world, scene.page, one))
        found.again = judged_again(scene.world, scene.line)
        found.shuffled = told_otherwise(scene.world, scene.line, dice)
    found.seconds = round(time.monotonic() - began, 1)
    return found


def _count(found: Findings, compared: Compared) -> None:
    found.outcomes[compared.outcome] += 1
    found.verdicts.update(compared.verdicts)
    found.offers += compared.offers
    found.by_seconds += compared.by_seconds
    found.differences += compared.differences


def main() -> int:
    """Live through the calls and say what was found; the exit status is 1 when anything differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--institution", choices=sorted(lines()), required=True)
    parser.add_argument("--calls", type=int, default=1000, help="how many calls, in one world")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same calls")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    # What goes wrong is found in the database, not in the log.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    found = thousand(asked.institution, calls=asked.calls, seed=asked.seed)
    sys.stdout.write(json.dumps(asdict(found), ensure_ascii=False) + "\n" if asked.json else _in_words(found))
    return 0 if found.is_clean else 1


def _in_words(found: Findings) -> str:
    wrong = [*found.differences, *found.again, *found.shuffled]
    return "\n".join(
        [
            f"{found.institution}, seed {found.seed}: {found.calls} calls of {found.cases} cases in "
            f"{found.virtual_hours} virtual hours ({found.seconds} s), at most {found.most_at_once} at once",
            f"  kinds     {_counts(found.kinds)}",
            f"  outcomes  {_counts(found.outcomes)}",
            f"  verdicts  {_counts(found.verdicts)}",
            f"  offers    {found.offers}, of which {found.by_seconds} undisturbed ones by whole seconds only",
            f"  against the table: {len(found.differences)} differences; thrown away and judged again: "
            f"{len(found.again)}; facts shuffled and doubled: {len(found.shuffled)}",
            *(f"  {one}" for one in wrong),
            "",
        ]
    )


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counter.items()))


if __name__ == "__main__":
    sys.exit(main())
