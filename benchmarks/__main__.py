"""Runs the benchmarks: ./bin/bench [NAME ...] [--quick] [--database sqlite]; one JSON object a line."""

import json
import os
import platform
import sys
from collections.abc import Callable
from importlib import import_module
from typing import TypeAlias

import click

from benchmarks.run import Run
from benchmarks.stores import POSTGRESQL, SQLITE
from config.clock import system_clock

Benchmark: TypeAlias = Callable[[Run], None]
# Each is a function of its own name in the module named here, or the one named after the colon.
BENCHMARKS = {
    "step": "step",
    "mix": "step",
    "latency": "latency",
    "promise": "promise",
    "calls": "calls",
    "overload": "overload",
    "lost": "lost",
    "soak": "soak",
    "simulation": "simulation",
    "footprint": "footprint",
    "ring": "simulation",
    "figures": "figures",
    "sweep": "sweep",
    "messages": "messages",
    "pacing": "pacing",
    "dialler": "dialler",
    "import": "importing:importing",
    "launch": "launch",
    "desks": "desks",
    "pages": "pages",
    "month": "month_close:month",
    "keeping": "keeping",
}


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--list", "is_list", is_flag=True, help="Say what there is.")
@click.option("--quick", is_flag=True, help="A smoke run: proves that the benchmarks work, its figures mean little.")
@click.option("--database", type=click.Choice([POSTGRESQL, SQLITE]), help="Only this one.")
def main(names: tuple[str, ...], is_list: bool, quick: bool, database: str | None) -> None:
    """Measure the hotline on this machine; all benchmarks, or those named."""
    if unknown := sorted(set(names) - set(BENCHMARKS)):
        raise click.UsageError(f"no benchmark is called {', '.join(unknown)}: there are {', '.join(BENCHMARKS)}")
    if is_list:
        for name in BENCHMARKS:
            click.echo(f"{name:<11} {(_benchmark(name).__doc__ or '').splitlines()[0]}")
        return
    click.echo(json.dumps(_machine(), ensure_ascii=False), err=True)
    run = Run((database,) if database else (POSTGRESQL, SQLITE), quick)
    for name in names or BENCHMARKS:
        _benchmark(name)(run)


def _benchmark(name: str) -> Benchmark:
    module, _, function = BENCHMARKS[name].partition(":")
    found: Benchmark = getattr(import_module(f"benchmarks.{module}"), function or name)
    return found


def _machine() -> dict[str, object]:
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    return {
        "at": system_clock().isoformat(timespec="seconds"),
        "processors": f"{len(models)} x {models[0] if models else platform.machine()}",
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "command": " ".join(sys.argv[1:]),
    }


if __name__ == "__main__":
    main(prog_name="bin/bench")
