"""`charterline simulate world` and `soak`: whole worlds by seed, with everything going wrong that does."""

import json
import logging
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from commands.installation import installed_settings
from commands.opened import Opened, open_installation
from commands.world_plan import BadPlan, WorldFault, WorldPlan, drawn_plan, read_world_plan
from config.logging import configure_logging
from ivr.numbers import mask_numbers

if TYPE_CHECKING:
    from commands.world_runs import Ground, Judged

MOST_WORLDS = 1_000_000
ALL, NONE = "all", "none"
REPORT_EVERY_SECONDS = 60.0


class ViolationEntry(TypedDict):
    """One world that failed: its seed, what was wrong in it, the smallest plan that still fails, and what is wrong
    in that one.
    """

    seed: int
    wrong: Sequence[str]
    plan: dict[str, object]
    story: Sequence[str]


class WorldsEntry(TypedDict):
    """What is printed: worlds, violations, each world that failed, calls, seconds of processor time, and a digest of
    everything that happened: the same for the same seeds and faults.
    """

    worlds: int
    violations: int
    failed: list[ViolationEntry]
    calls: int
    processor_seconds: float
    digest: str


class Faults(click.ParamType):  # type: ignore[type-arg]  # generic in click's types alone
    """`all`, `none`, or names with commas."""

    name = "all|none|LIST"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Sequence[WorldFault]:
        """The faults named."""
        if value in {ALL, NONE}:
            return tuple(WorldFault) if value == ALL else ()
        try:
            return tuple(WorldFault(name.strip()) for name in str(value).split(","))
        except ValueError as error:
            known = ", ".join(fault.value for fault in WorldFault)
            self.fail(f"{error}: give all, none, or some of {known}", param, ctx)


class AskedWorlds(TypedDict):
    """The options as they were given."""

    seed: int
    count: int
    faults: Sequence[WorldFault]
    plan_file: Path | None
    shrink: bool
    database: str
    as_json: bool


class AskedSoak(TypedDict):
    """The options of a soak as they were given."""

    hours: float
    seed: int
    faults: Sequence[WorldFault]
    database: str
    go_on: bool


_FAULTS = click.option("--faults", type=Faults(), default=ALL, show_default=True, help="What goes wrong.")
_SHRINK = click.option("--shrink/--no-shrink", default=True, help="Make a failing world as small as it still fails.")
_DATABASE = click.option(
    "--database", default="", metavar="URL", help="A PostgreSQL: worlds get a database of their own on it."
)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("world")
@click.option("--seed", default=1, show_default=True, help="Of the first world; the next has the next number.")
@click.option("--count", default=1, show_default=True, type=click.IntRange(1, MOST_WORLDS), help="How many worlds.")
@_FAULTS
@click.option("--plan", "plan_file", type=_FILE, help="Live this plan instead: what --json printed under plan.")
@_SHRINK
@_DATABASE
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def simulate_world(**asked: Unpack[AskedWorlds]) -> None:
    """Live whole worlds while everything goes wrong, and judge each.

    A world is five to twenty minutes of one line, mostly with one or two callers: callers and agents of many tempers,
    callbacks, texts, what agents press at the console, a centre's firms, and in a fifth of all worlds a campaign from
    which people withdraw. It is seen to its end, and then judged from the database and from the carrier's own record.
    The same seed and faults give the same world. It all happens in a store of its own. Ends with status 1 when anything
    is wrong.

    \b
    callbacks   doubled, reordered, delayed, lost
    carrier     429, 5xx and time-outs, before and after the effect
    kills       a process dies between any two statements of a worker or a webhook, and around orders and commits
    database    connections refused for up to two seconds; commits that are carried out and whose answer is lost
    redis       flushed, or away for seconds and empty afterwards
    clock       ours steps forth and back by up to 20 seconds
    pairs       two of every worker, relay and dialler, at work while the other waits; jobs doubled
    web         nobody answers the carrier for up to twelve seconds; callers hear the static document
    """
    opened = _opened()
    plans = _plans(opened, asked)
    with _ground(opened, asked["database"]) as ground:
        entry = _lived(ground, plans, shrink=asked["shrink"])
    click.echo(json.dumps(entry, ensure_ascii=False) if asked["as_json"] else "\n".join(_in_words(entry)))
    if entry["violations"]:
        sys.exit(1)


@click.command("soak")
@click.option("--hours", required=True, type=click.FloatRange(min=0, min_open=True), help="Of real time.")
@click.option("--seed", default=1, show_default=True, help="Of the first world; the next has the next number.")
@_FAULTS
@_DATABASE
@click.option("--go-on", is_flag=True, help="Do not stop at the first violation.")
def simulate_soak(**asked: Unpack[AskedSoak]) -> None:
    """Live one world after the other until the time is over, and print a line a minute.

    Stops at the first violation, with the smallest plan that still fails, unless told to go on. Ends with status 1
    when anything was wrong.
    """
    opened, seed = _opened(), asked["seed"]
    ends_at, told_at = time.monotonic() + asked["hours"] * 3600, time.monotonic()
    worlds, failed = 0, 0
    with _ground(opened, asked["database"]) as ground:
        while time.monotonic() < ends_at and (asked["go_on"] or not failed):
            entry = _lived(ground, [_drawn(seed + worlds, asked["faults"])], shrink=True)
            worlds, failed = worlds + 1, failed + bool(entry["violations"])
            if entry["violations"]:
                click.echo("\n".join(_in_words(entry)))
            if time.monotonic() - told_at >= REPORT_EVERY_SECONDS:
                told_at = time.monotonic()
                click.echo(f"{worlds} worlds, seeds {seed} to {seed + worlds - 1}: {failed} with violations")
    click.echo(f"{worlds} worlds, seeds {seed} to {seed + worlds - 1}: {failed} with violations")
    if failed:
        sys.exit(1)


def _opened() -> Opened:
    settings = installed_settings()
    configure_logging(settings.log_format, mask=mask_numbers)
    # Deaths, refusals and delays are part of such a world.
    logging.getLogger().setLevel(logging.CRITICAL)
    return open_installation(settings)


def _ground(opened: Opened, database: str) -> AbstractContextManager["Ground"]:
    # Only these commands need the carrier, the webhooks and the workers in their own process.
    from commands.world_runs import ground

    return ground(opened.store.keyring, database=database)


def _plans(opened: Opened, asked: AskedWorlds) -> Iterator[WorldPlan]:
    if asked["plan_file"] is not None:
        try:
            plan = read_world_plan(json.loads(asked["plan_file"].read_text(encoding="utf-8")))
            opened.lines.by_id(plan.line)
        except (BadPlan, ValueError, LookupError) as error:
            raise click.UsageError(f"{asked['plan_file']}: {error}") from None
        return iter([plan])
    seeds = range(asked["seed"], asked["seed"] + asked["count"])
    return (_drawn(seed, asked["faults"]) for seed in seeds)


def _drawn(seed: int, faults: Sequence[WorldFault]) -> WorldPlan:
    from commands.world import installed_lines

    lines, calendar = installed_lines()
    return drawn_plan(seed, faults, lines=lines, calendar=calendar)


def _lived(ground: "Ground", plans: Iterable[WorldPlan], *, shrink: bool) -> WorldsEntry:
    from commands.world_runs import digest_of_several, shrunk

    began, worlds = time.process_time(), list["Judged"]()
    failed: list[ViolationEntry] = []
    for plan in plans:
        judged = ground.run(plan)
        worlds.append(judged)
        if judged.wrong:
            small = shrunk(judged, ground.run) if shrink else judged
            failed.append(_violation(judged, small))
    return {
        "worlds": len(worlds),
        "violations": sum(len(one["wrong"]) for one in failed),
        "failed": failed,
        "calls": sum(one.calls for one in worlds),
        "processor_seconds": round(time.process_time() - began, 1),
        "digest": digest_of_several(worlds),
    }


def _violation(judged: "Judged", small: "Judged") -> ViolationEntry:
    return {"seed": judged.plan.seed, "wrong": judged.wrong, "plan": small.plan.as_json(), "story": small.wrong}


def _in_words(entry: WorldsEntry) -> Iterator[str]:
    for one in entry["failed"]:
        yield f"seed {one['seed']}: {len(one['wrong'])} violations; the smallest plan that still fails:"
        yield f"  {json.dumps(one['plan'])}"
        yield from (f"  {wrong}" for wrong in one["story"])
    yield f"{entry['worlds']} worlds, {entry['calls']} calls, {entry['violations']} violations"
