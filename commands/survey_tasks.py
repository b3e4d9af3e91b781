"""`charterline survey tasks`: what is to be looked after after low scores; and handing a caller over to the survey."""

from dataclasses import asdict

import click

from commands.shared import AS_JSON, local_time, opened, print_json
from commands.survey_opened import BY, in_words
from config.clock import system_clock
from ivr.base import Refused
from ivr.calls.rows import Call
from ivr.surveys.entering import hand_over
from ivr.surveys.following_up import finish_follow_up, follow_ups
from ivr.surveys.ratings import ratings
from ivr.surveys.rows import FollowUp, FollowUpState

Entry = dict[str, str | int | None]


@click.group("tasks")
def tasks() -> None:
    """Tasks after low scores: who was dissatisfied is looked after, and it is put down how."""


@tasks.command("list")
@click.option("--line", help="Only those of this line (an id like dcgf).")
@click.option("--all", "everything", is_flag=True, help="Those done too.")
@AS_JSON
@in_words
def list_tasks(line: str | None, everything: bool, as_json: bool) -> None:
    """List the tasks that are open, those that wait longest first."""
    installation = opened()
    if line is not None:
        installation.lines.by_id(line)
    with installation.store.reading() as session:
        rows = follow_ups(session, line=line, state=None if everything else FollowUpState.OPEN)
        entries = [_entry(row) for row in rows]
    if as_json:
        print_json(entries)
        return
    for entry in entries:
        click.echo("{interview}  {line}  {question}: {score}  opened {opened}  {state}".format(**entry))
    if not entries:
        click.echo("no task is open")


@tasks.command("done")
@click.argument("interview")
@click.option("--note", required=True, help="What was found out, and what was done.")
@BY
@in_words
def done_command(interview: str, note: str, by: str) -> None:
    """Put down that the low answers of INTERVIEW were looked after."""
    with opened().store.transaction() as session:
        done = finish_follow_up(session, interview, by=by, note=note, at=system_clock())
    click.echo(f"{len(done)} task{'s' if len(done) > 1 else ''} after {interview} done by {done[0].done_by}")


@click.command("hand-over")
@click.argument("call")
@in_words
def hand_over_command(call: str) -> None:
    """Tell that the agent of CALL leaves so that the caller can rate the talk; then the agent hangs up.

    Only a hand-over told before the agent has left counts as the exemption of the promise that the customer hangs up
    first (D8).
    """
    installation = opened()
    with installation.store.transaction() as session:
        row = session.get(Call, call)
        if row is None:
            raise Refused(f"there is no call {call!r}: see `charterline calls list`")
        offer = hand_over(session, call, line=installation.lines.by_id(row.line), at=system_clock())
    click.echo(f"{offer.agent_id} may hang up: the caller of {call} is asked next")


@click.command("ratings")
@click.option("--line", help="Only agents of this line (an id like dcgf).")
@AS_JSON
@in_words
def ratings_command(line: str | None, as_json: bool) -> None:
    """Show what callers who stayed on the line gave each agent, from 1 to 5 points an answer."""
    installation = opened()
    if line is not None:
        installation.lines.by_id(line)
    with installation.store.reading() as session:
        found = ratings(session, installation.surveys, line=line)
    if as_json:
        print_json([asdict(one) | {"mean": round(one.mean, 2)} for one in found])
        return
    for one in found:
        click.echo(f"{one.agent}  mean {one.mean:.2f}  points {one.points}  answers {one.answers}")
    if not found:
        click.echo("no agent was rated yet")


def _entry(task: FollowUp) -> Entry:
    return {
        "interview": task.interview_id,
        "line": task.line,
        "question": task.question,
        "score": task.score,
        "state": task.state.value,
        "opened": local_time(task.opened_at),
        "done_by": task.done_by,
        "note": task.note,
    }


task_commands = (tasks, hand_over_command, ratings_command)
