"""Puts each defect into the product and sees whether it is noticed: `python -m tests.mutations [PART OF A NAME]`."""

import argparse
import os
import sys

from tests.mutations.every import EVERY
from tests.mutations.putting import put


def main() -> int:
    """Try them all and say which were noticed; the exit status is 1 when one was not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", default="", help="only the defects whose name holds this")
    parser.add_argument("--after", type=int, default=0, help="leave out so many of the first")
    asked = parser.parse_args()
    chosen = [defect for defect in EVERY[asked.after :] if asked.part in defect.name]
    missed = 0
    for defect in chosen:
        began = _processor_seconds()
        with put(defect):
            wrong = defect.noticed()
        missed += not wrong
        seconds = _processor_seconds() - began
        _print(f"{'caught' if wrong else 'MISSED'}  {defect.name} ({seconds:.0f} s)")
        if wrong:
            _print(f"        {wrong[0][:160]}")
    _print(f"{len(chosen) - missed} of {len(chosen)} caught")
    return 1 if missed or not chosen else 0


def _processor_seconds() -> float:
    """Of this process and of those that it has waited for."""
    return sum(os.times()[:4])


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
