"""The commands about appeals: an agent makes one, somebody who did not score the call decides."""

from typing import Any, Literal

import click
from sqlalchemy.orm import Session

from commands.courtesy_opened import REASON, deed, in_words
from commands.shared import AS_JSON, by_option, opened, print_json
from config.clock import system_clock
from ivr.courtesy.appeals import Against, appeals_of, dismiss, file_appeal, is_late, uphold, withdraw
from ivr.courtesy.grids import NOT_APPLICABLE
from ivr.courtesy.ledger import read_ledger
from ivr.courtesy.rows import AppealState, CourtesyAppeal
from ivr.courtesy.sheets import BadSheet

Entry = dict[str, object]


@click.command("appeal")
@click.argument("round_id")
@click.argument("call_id")
@click.argument("item")
@click.option("--agent", required=True, help="The agent who spoke (the id, like kotra-1).")
@click.option("--text", required=True, help="What is wrong with the score.")
@in_words
def appeal(round_id: str, call_id: str, item: str, agent: str, text: str) -> None:
    """Appeal against the score of one ITEM of your own call."""
    with opened().store.transaction() as session:
        made = file_appeal(session, round_id, against=Against(call_id, item), deed=deed(agent, text))
        decide_by = made.decide_by
    click.echo(f"the appeal is made; it is to be decided up to {decide_by}")


@click.command("appeals")
@click.argument("round_id")
@click.option("--open", "only_open", is_flag=True, help="Only those that are still to be decided.")
@AS_JSON
@in_words
def list_appeals(round_id: str, only_open: bool, as_json: bool) -> None:
    """List the appeals of a round with what became of them, and which are late."""
    with opened().store.reading() as session:
        read_ledger(session, round_id)
        entries = _entries(session, round_id, states={AppealState.FILED} if only_open else set(AppealState))
    if as_json:
        print_json(entries)
        return
    for entry in entries:
        late = ", late" if entry["late"] else ""
        click.echo(f"{entry['call']} {entry['item']}: {entry['state']}{late}; decide by {entry['decide_by']}")
        click.echo(f"    {entry['text']} -> {entry['reason'] or '-'}")
    if not entries:
        click.echo("No appeals.")


@click.command("decide")
@click.argument("round_id")
@click.argument("call_id")
@click.argument("item")
@by_option("--by", text="Who decides: not a rater of the call, and not its agent")
@click.option("--uphold", "points", metavar="SCORE", help="The better score; - for not applicable.")
@click.option("--dismiss", "dismissed", is_flag=True, help="Let the score stand.")
@REASON
@in_words
def decide(round_id: str, *, call_id: str, item: str, by: str, **decision: Any) -> None:  # Any: click's own
    """Decide an appeal: a better score as a new version of the sheet, or none, with the reason."""
    against = Against(call_id, item)
    better = _better(item, decision["points"], dismissed=decision["dismissed"])
    done = deed(by, decision["reason"])
    with opened().store.transaction() as session:
        if isinstance(better, str):
            decided = dismiss(session, round_id, against=against, deed=done)
        else:
            decided = uphold(session, round_id, against=against, points=better, deed=done)
        state = decided.state.value
    click.echo(f"the appeal is {state}")


@click.command("withdraw")
@click.argument("round_id")
@click.argument("call_id")
@click.argument("item")
@click.option("--agent", required=True, help="The agent who made it.")
@in_words
def withdraw_command(round_id: str, call_id: str, item: str, agent: str) -> None:
    """Take an appeal back that has not been decided."""
    with opened().store.transaction() as session:
        withdraw(session, round_id, against=Against(call_id, item), deed=deed(agent))
    click.echo("the appeal is withdrawn")


def _better(item: str, given: str | None, *, dismissed: bool) -> int | Literal["dismissed"] | None:
    if (given is None) is not dismissed:
        raise click.UsageError("give either --uphold SCORE or --dismiss")
    if given is None:
        return "dismissed"
    if given != NOT_APPLICABLE and not given.isdecimal():
        raise BadSheet([(item, f"is {given!r}: give a score, or - for not applicable")])
    return None if given == NOT_APPLICABLE else int(given)


def _entries(session: Session, round_id: str, *, states: set[AppealState]) -> list[Entry]:
    at = system_clock()
    found = [appeal for appeal in appeals_of(session, round_id) if appeal.state in states]
    return [{**_entry(appeal), "late": is_late(appeal, at)} for appeal in found]


def _entry(appeal: CourtesyAppeal) -> Entry:
    return {
        "call": appeal.call_id,
        "item": appeal.item,
        "agent": appeal.agent_id,
        "text": appeal.text,
        "filed_at": appeal.filed_at.isoformat(),
        "decide_by": appeal.decide_by.isoformat(),
        "state": appeal.state.value,
        "decided_by": appeal.decided_by,
        "decided_at": appeal.decided_at.isoformat() if appeal.decided_at else None,
        "reason": appeal.reason,
    }


appeal_commands = (appeal, list_appeals, decide, withdraw_command)
