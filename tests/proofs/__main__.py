"""Runs every proof: `./bin/prove [--quick] [--only NAME] [--list]`; status 1 when one of them does not come out."""

import argparse
import json
import os
import platform
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.proofs.listing import Proof, chosen, load_proofs
from tests.proofs.running import ROOT, Outcome, prove


def main() -> int:
    """Run what is asked for, one after the other, and end with a table."""
    parser = argparse.ArgumentParser(prog="bin/prove", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small part of each: shows that it runs, proves little")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="only this one; may be repeated")
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="where logs and figures go; data/proofs/TIME")
    parser.add_argument("--list", action="store_true", dest="is_list", help="say what there is, and how long it takes")
    asked = parser.parse_args()
    try:
        proofs = chosen(load_proofs(), asked.only)
    except LookupError as error:
        parser.error(str(error.args[0]))
    if asked.is_list:
        _list(proofs)
        return 0
    # Whoever ends this ends the proof that runs, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = asked.to or ROOT / "data" / "proofs" / f"{datetime.now(UTC):%Y%m%dT%H%M%S}"
    folder.mkdir(parents=True, exist_ok=True)
    outcomes = _run(proofs, folder.resolve(), is_quick=asked.quick)
    _table(proofs, outcomes)
    _print(f"\nlogs and figures: {folder}")
    return 0 if len(outcomes) == len(proofs) and all(one.holds for one in outcomes) else 1


def _run(proofs: Sequence[Proof], folder: Path, *, is_quick: bool) -> list[Outcome]:
    """Each proof's outcome; what was interrupted has none."""
    outcomes: list[Outcome] = []
    for number, proof in enumerate(proofs, start=1):
        minutes = proof.expected(is_quick=is_quick) / 60
        _print(f"[{number}/{len(proofs)}] {proof.name}, about {minutes:g} min: {proof.shows}")
        try:
            outcome = prove(proof, folder, lambda said: _print(f"    {said}"), is_quick=is_quick)
        except KeyboardInterrupt:
            _print(f"    {proof.name} was interrupted")
            break
        outcomes.append(outcome)
        _print(f"    {_verdict(outcome)} after {outcome.seconds:.0f} s: {outcome.said}")
        for missed in outcome.missed:
            _print(f"    misses its goal: {missed} = {outcome.figures[missed]:g}")
        with (folder / "proofs.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(_entry(proof, outcome, is_quick=is_quick), ensure_ascii=False) + "\n")
    return outcomes


def _entry(proof: Proof, outcome: Outcome, *, is_quick: bool) -> dict[str, object]:
    return {
        "proof": proof.name,
        "rows": proof.rows,
        "command": " ".join(proof.words(is_quick=is_quick)),
        "quick": is_quick,
        "holds": outcome.holds,
        "status": outcome.status,
        "seconds": round(outcome.seconds, 1),
        "processor_seconds": round(outcome.processor_seconds, 1),
        "said": outcome.said,
        "figures": outcome.figures,
        "missed": outcome.missed,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "processors": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
    }


def _table(proofs: Sequence[Proof], outcomes: Sequence[Outcome]) -> None:
    by_name = {outcome.name: outcome for outcome in outcomes}
    _print(f"\n{'proof':<22} {'result':<9} {'seconds':>8}  rows")
    for proof in proofs:
        outcome = by_name.get(proof.name)
        seconds = f"{outcome.seconds:.0f}" if outcome else "-"
        _print(f"{proof.name:<22} {_verdict(outcome):<9} {seconds:>8}  {' '.join(proof.rows)}")


def _verdict(outcome: Outcome | None) -> str:
    if outcome is None:
        return "not run"
    return "holds" if outcome.holds else "too long" if outcome.status is None else "FAILED"


def _list(proofs: Sequence[Proof]) -> None:
    for proof in proofs:
        whole, quick = proof.minutes
        _print(f"{proof.name:<22} {whole:g} min, quick {quick:g} min; rows {' '.join(proof.rows) or '-'}")
        _print(f"{'':<22} {proof.shows}")
        _print(f"{'':<22} {proof.run}")
    total = sum(proof.minutes[0] for proof in proofs) / 60
    _print(f"{len(proofs)} proofs, about {total:.1f} hours on two processors; every one starts what it needs")


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
