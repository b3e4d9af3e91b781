"""`charterline staffing agents`: the Erlang calculator, without any history."""

from dataclasses import asdict

import click

from commands.shared import AS_JSON, ToldInWords, print_json
from commands.staffing_asked import AWAY, as_json_expected, percent, seconds
from ivr.staffing.erlang import Expected, expect, expect_patient, offered
from ivr.staffing.needing import CALLS_PER_AGENT_DAY, Target, TooMuchWork, needed_for


@click.command()
@click.option("--calls", type=click.FloatRange(0, 1_000_000), required=True, help="Calls in these minutes.")
@click.option("--minutes", type=click.FloatRange(1, 1440), default=30, show_default=True)
@click.option("--work", type=click.FloatRange(1, 36_000), default=180, show_default=True, help="Seconds for each call.")
@click.option("--percent", type=click.IntRange(1, 99), default=80, show_default=True, help="Answered in time.")
@click.option(
    "--within", "seconds", type=click.IntRange(1, 3600), default=20, show_default=True, help="In time, in seconds."
)
@click.option("--patience", type=click.IntRange(1, 86_400), default=120, show_default=True, help="Mean, in seconds.")
@click.option("--agents", "there", type=click.IntRange(0, 5000), help="Say what so many agents are worth instead.")
@AWAY
@AS_JSON
@ToldInWords(TooMuchWork)
def agents(calls: float, minutes: float, work: float, as_json: bool, **more: int | None) -> None:
    """Say how many agents are enough for so many calls, by Erlang C and Erlang A."""
    named = {name: more[name] or 0 for name in ("percent", "seconds", "patience", "away")}
    target = Target(**named)
    given = offered(calls, minutes=minutes, work=work, patience=target.patience)
    needed = needed_for(given, target)
    a_agents, c_agents = (needed.agents, needed.patient) if more["there"] is None else (more["there"], more["there"])
    by_a, by_c = (
        expect(given, a_agents, seconds=target.seconds),
        expect_patient(given, c_agents, seconds=target.seconds),
    )
    if as_json:
        found = {"agents": a_agents, "expected": as_json_expected(by_a)}
        patient = {"agents": c_agents, "expected": as_json_expected(by_c)}
        known = {"erlangs": round(given.load, 6), "target": asdict(target), "to_plan": needed.planned}
        rule = {"agents_by_rule": round(calls / CALLS_PER_AGENT_DAY, 2)}
        print_json({**known, "erlang_a": found, "erlang_c": patient, **rule})
        return
    click.echo(f"{given.load:.4g} erlangs; {target.percent}% within {target.seconds} s")
    click.echo(f"Erlang A (callers give up): {a_agents:>4} agents  {_told(by_a)}")
    click.echo(f"Erlang C (nobody gives up): {c_agents:>4} agents  {_told(by_c)}")
    click.echo(f"to plan with {target.away}% away: {needed.planned}")
    click.echo(f"were these the calls of a day: {calls / CALLS_PER_AGENT_DAY:.2f} agents at {CALLS_PER_AGENT_DAY} each")


def _told(expected: Expected) -> str:
    waits = f"{percent(expected.waits)} wait, {seconds(expected.wait)} in the mean"
    given_up = f"{percent(expected.abandoned)} give up, busy {percent(expected.occupancy)}"
    return f"{percent(expected.within)} in time, {waits}, {given_up}"
