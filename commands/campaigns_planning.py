"""The options that make a plan, over a plan's file or over what a campaign has: only what is given is changed."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from ivr.campaigns.plan import Plan, read_plan, written_plan
from ivr.faults import BadData, Fault

Command = TypeVar("Command", bound=Callable[..., Any])  # Any: click's own
DAY = click.DateTime(["%Y-%m-%d"])
HOLDERS = click.Choice(["own_staff", "outside_agency"])
MOST_BYTES = 100_000

OPTIONS = (
    click.option("--plan", "plan_file", type=click.Path(path_type=Path), help="A plan as TOML (docs/campaigns.md)."),
    click.option("--cps", type=float, help="Orders a second at most."),
    click.option("--concurrency", type=int, help="Calls open at once at most."),
    click.option("--cut-off", type=int, help="How many completed answers suffice."),
    click.option("--quota", "quotas", multiple=True, metavar="GROUP=N", help="Completed answers wanted of a group."),
    click.option("--price", type=int, help="Won for one completed answer; the line's own price else."),
    click.option("--starts-on", type=DAY, help="The first local day, like 2026-11-23."),
    click.option("--ends-on", type=DAY, help="The last local day; it is included."),
    click.option("--downgrade-reason", help="Why a kind that may be either is no advertisement."),
    click.option("--held-by", type=HOLDERS, help="Who conducts it, for promises that name who must."),
)


def plan_options(command: Command) -> Command:
    """Give a command the options of a plan."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def plan_from(base: Plan, options: Mapping[str, Any]) -> Plan:  # Any: click's own
    """The plan with what the options say; raises `BadData`, or a usage error for what is written wrongly."""
    file: Path | None = options["plan_file"]
    document = written_plan(base) if file is None else dict(_read(file))
    for name in ("cps", "concurrency", "cut_off", "price", "downgrade_reason", "held_by"):
        if options[name] is not None:
            document[name] = options[name]
    for name in ("starts_on", "ends_on"):
        day: datetime | None = options[name]
        if day is not None:
            document[name] = day.date()
    if options["quotas"]:
        document["groups"] = dict(_quota(text) for text in options["quotas"])
    return read_plan(document, "plan" if file is None else file.name)


def _read(file: Path) -> Mapping[str, object]:
    try:
        with file.open("rb") as opened:
            text = opened.read(MOST_BYTES + 1)
        if len(text) > MOST_BYTES:
            raise BadData([Fault(file.name, "", f"has more than {MOST_BYTES} bytes: this is no plan")])
        return tomllib.loads(text.decode())
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadData([Fault(file.name, "", f"is not valid TOML in UTF-8: {error}")]) from None


def _quota(text: str) -> tuple[str, int]:
    group, _, number = text.rpartition("=")
    if not group or not number.isdecimal():
        raise click.UsageError(f"--quota {text!r}: write GROUP=N, like --quota daejeon=100")
    return group, int(number)
