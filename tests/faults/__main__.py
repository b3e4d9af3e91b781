"""Faults in real processes under load: python -m tests.faults [--only NAME,...] [--quick] [--json]; status 1 when
anything was lost, doubled, or left somebody in silence.
"""

import argparse
import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import gettempdir

from benchmarks import stores
from tests.faults.house import Wanted
from tests.faults.judge import Excused
from tests.faults.running import Figures, Report, Run, Trial, run
from tests.faults.scenarios import database, disk, kills, locked, redis, workers
from tests.faults.scenarios_carrier import carrier, slow

# While the database is away callers hear an apology, and one who is met by it has no call in it.
AWAY = Excused(sorry=True, fallback=True, unknown=True, silence=160.0)
TOGETHER = replace(AWAY, silence=240.0)
TRIALS: Mapping[str, Trial] = {
    "kills": Trial(kills, people=160, excused=Excused(fallback=True, unknown=True)),
    "database": Trial(database, people=80, excused=AWAY),
    "redis": Trial(redis, people=160, excused=Excused(silence=160.0)),
    "disk": Trial(disk, Wanted(megabytes=160), people=60, excused=AWAY),
    "locked": Trial(locked, Wanted(stores.SQLITE, megabytes=40), people=60, excused=AWAY),
    "carrier": Trial(carrier, people=160, excused=Excused(silence=160.0)),
    "workers": Trial(workers, people=60, excused=Excused(silence=240.0)),
    "slow": Trial(slow, people=80),
}
QUICK = 0.25


def main() -> int:
    """Run what is asked for, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default=",".join(TRIALS), help="which, separated by commas")
    parser.add_argument("--quick", action="store_true", help="a quarter of the time and of the people")
    parser.add_argument("--together", action="store_true", help="all in one installation, one after the other")
    parser.add_argument("--seed", type=int, default=1, help="seed of people, kills and faults")
    parser.add_argument("--json", action="store_true", help="one JSON object for each fault")
    parser.add_argument("--place", type=Path, default=Path(gettempdir()) / "charterline-faults", help="folder")
    asked = parser.parse_args()
    # Whoever ends us ends everything that we have started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    good = True
    chosen = {name: TRIALS[name] for name in asked.only.split(",")}
    if asked.together:
        chosen = {"together": _together(chosen)}
    for name, trial in chosen.items():
        if trial.wanted.megabytes and os.geteuid() != 0:
            sys.stderr.write(f"{name} is passed over: it mounts a small file system, which needs root\n")
            continue
        scale = QUICK if asked.quick else 1.0
        report = run(name, trial, asked.place / name, seed=asked.seed, scale=scale)
        _show(report, as_json=asked.json)
        good = good and not report.violations
    return 0 if good else 1


def _together(trials: Mapping[str, Trial]) -> Trial:
    """One installation that lives through all of them, one after the other."""

    def happen(acting: Run) -> Figures:
        return {f"{name}: {what}": value for name, one in trials.items() for what, value in one.fault(acting).items()}

    people, megabytes = sum(one.people for one in trials.values()), max(one.wanted.megabytes for one in trials.values())
    return Trial(happen, Wanted(megabytes=megabytes), people, TOGETHER)


def _show(report: Report, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(asdict(report), ensure_ascii=False) + "\n")
    else:
        verdict = f"{len(report.violations)} violations" if report.violations else "nothing wrong"
        sys.stdout.write(
            f"{report.name}: {report.calls} callers, {report.campaign_calls} calls of a campaign,"
            f" {report.seconds:.0f} s: {verdict}\n"
        )
        sys.stdout.writelines(f"  {what}: {value}\n" for what, value in report.figures.items())
        sys.stdout.writelines(f"  WRONG {one}\n" for one in report.violations[:60])
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
