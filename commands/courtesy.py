"""`charterline courtesy`: the telephone-courtesy survey, from the drawing of a sample to its publication."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import click
from sqlalchemy import Select, select

from commands.courtesy_appeals import appeal_commands
from commands.courtesy_opened import REASON, deed, in_words
from commands.courtesy_results import result_commands
from commands.courtesy_scoring import scoring_commands
from commands.courtesy_sheets import entry_of
from commands.shared import AS_JSON, by_option, opened, print_json
from config.files import COURTESY, read_folder
from ivr.courtesy.form import Form
from ivr.courtesy.ledger import Ledger, read_ledger
from ivr.courtesy.reading import check_forms, load_forms
from ivr.courtesy.rounds import Plan, cancel, draw_sample, drop_call, keep_round, publish, refuse_unfinished
from ivr.courtesy.rows import CourtesyEvent, CourtesyRound
from ivr.faults import Fault
from ivr.lines.hours import SEOUL

DAY = click.DateTime(["%Y-%m-%d"])
Entry = dict[str, object]


@click.group()
def courtesy() -> None:
    """Hold a telephone-courtesy survey: draw calls, score them, decide appeals, publish.

    \b
    Draw the calls of a round:   charterline courtesy sample --institution kotra --from 2026-11-01 --to 2026-11-30
                                 --size 30 --seed 7
    Score one:                   charterline courtesy score ROUND CALL --item pick-up=5 --item greeting=4 ...
    Publish it and see it:       charterline courtesy publish ROUND; charterline courtesy result ROUND
    """


@courtesy.command()
@click.option("--institution", required=True, help="Whose calls (the id of its line, like kotra).")
@click.option("--from", "first", type=DAY, required=True, help="The first local day, like 2026-11-01.")
@click.option("--to", "last", type=DAY, required=True, help="The last local day; it is included.")
@click.option("--size", type=click.IntRange(1, 5000), default=30, show_default=True, help="How many calls.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), required=True, help="The same seed draws the same calls.")
@click.option("--per-agent", type=click.IntRange(1), help="The most calls of one agent.")
@click.option("--second", "second_share", type=click.IntRange(0, 100), help="Percent scored twice; the form's else.")
@click.option("--held-by", type=click.Choice(["own_staff", "outside_agency"]), default="own_staff", show_default=True)
@by_option("--by", text="Who draws it")
@AS_JSON
@in_words
def sample(first: datetime, last: datetime, by: str, as_json: bool, **plan: Any) -> None:  # Any: click's own
    """Draw the calls of a round, evenly over teams and agents; drawing again by the same seed changes nothing."""
    if first > last:
        raise click.UsageError(f"--from {first.date()} lies after --to {last.date()}")
    installation, deed_ = opened(), deed(by)
    installation.lines.by_id(plan["institution"])
    drawn = Plan(first_day=first.date(), last_day=last.date(), **plan)
    # Before anything is drawn: of a busy line that takes seconds.
    refuse_unfinished(drawn, deed_.at)
    form = load_forms(read_folder(COURTESY)).of(drawn.institution, deed_.at.astimezone(SEOUL).date())
    with installation.store.reading() as session:
        chosen = draw_sample(session, drawn, form)
    with installation.store.transaction() as session:
        ledger = keep_round(session, drawn, sample=chosen, form=form, deed=deed_)
        entry = _entry(ledger)
    _print_round(entry, as_json=as_json)


@courtesy.command("list")
@click.option("--institution", help="Only rounds of this institution.")
@AS_JSON
@in_words
def list_rounds(institution: str | None, as_json: bool) -> None:
    """List the rounds, newest first, with who drew them and how far they are."""
    query = select(CourtesyRound.id).order_by(CourtesyRound.drawn_at.desc(), CourtesyRound.id)
    if institution is not None:
        query = query.where(CourtesyRound.institution == institution)
    with opened().store.reading() as session:
        entries = [_entry(read_ledger(session, id)) for id in session.scalars(query)]
    for entry in entries:
        # The calls are for `show`: a list of many rounds stays short.
        del entry["sample"]
    if as_json:
        print_json(entries)
        return
    for entry in entries:
        click.echo(_line(entry))
    if not entries:
        click.echo("No rounds yet. Draw one: charterline courtesy sample --help")


@courtesy.command()
@click.argument("round_id")
@click.argument("call_id", required=False)
@by_option("--rater", text="Who looks: sheets of other raters are shown once nobody has to score the call any more")
@AS_JSON
@in_words
def show(round_id: str, call_id: str | None, rater: str, as_json: bool) -> None:
    """Show a round with its calls and history; or one call with the form, what the record suggests, and sheets."""
    installation = opened()
    with installation.store.reading() as session:
        ledger = read_ledger(session, round_id)
        if call_id is not None:
            sheet, lines = entry_of(session, installation, ledger, call_id=call_id, rater=rater)
        else:
            entry = {**_entry(ledger), "history": _history(session.scalars(_events(round_id)).all())}
    if call_id is not None:
        if as_json:
            print_json(sheet)
        else:
            click.echo("\n".join(lines))
        return
    _print_round(entry, as_json=as_json)


@courtesy.command("drop")
@click.argument("round_id")
@click.argument("call_id")
@by_option("--by", text="Who leaves it out")
@REASON
@in_words
def drop_command(round_id: str, call_id: str, by: str, reason: str) -> None:
    """Leave a call out that cannot be scored; only before anybody has scored it."""
    with opened().store.transaction() as session:
        drop_call(session, round_id, call_id=call_id, deed=deed(by, reason))
    click.echo(f"{call_id} is left out of {round_id}")


@courtesy.command("publish")
@click.argument("round_id")
@by_option("--by", text="Who publishes it")
@in_words
def publish_command(round_id: str, by: str) -> None:
    """Publish a round that is scored and reconciled; agents may appeal from then on."""
    with opened().store.transaction() as session:
        ledger = publish(session, round_id, deed=deed(by))
        until = ledger.round.appeal_until
    click.echo(f"{round_id} is published; appeals may be made up to {until}")


@courtesy.command("cancel")
@click.argument("round_id")
@by_option("--by", text="Who gives it up")
@REASON
@in_words
def cancel_command(round_id: str, by: str, reason: str) -> None:
    """Give up a round that has not been published; it stays on the list."""
    with opened().store.transaction() as session:
        cancel(session, round_id, deed=deed(by, reason))
    click.echo(f"{round_id} is cancelled")


@courtesy.command("form")
@click.option("--check", "only_check", is_flag=True, help="Name every fault of the form files; status 1 on errors.")
@click.option("--institution", default="form", help="The form of this institution; the common one else.")
@AS_JSON
@in_words
def show_form(only_check: bool, institution: str, as_json: bool) -> None:
    """Show the form in force today: stages, items, the words of every score, weights and the formula."""
    documents = read_folder(COURTESY)
    if only_check:
        _check(check_forms(documents))
        return
    form = load_forms(documents).of(institution, deed("-").at.astimezone(SEOUL).date())
    if as_json:
        print_json(form.model_dump(mode="json"))
    else:
        click.echo("\n".join(_form_lines(form)))


def _check(faults: list[Fault]) -> None:
    errors = sum(fault.severity == "error" for fault in faults)
    for fault in faults:
        click.echo(f"{fault.severity}: {fault}", err=fault.severity == "error")
    click.echo(f"{errors} errors, {len(faults) - errors} warnings")
    if errors:
        raise SystemExit(1)


def _form_lines(form: Form) -> list[str]:
    lines = [f"{form.heading.title} ({form.name})", form.heading.formula]
    for item in form.items:
        stage = form.heading.stages[item.stage]
        lines += ["", f"{stage}  {item.id}: {item.text} ({item.weight})", f"    {item.guide}"]
        lines += [f"    {points}  {words}" for points, words in sorted(item.scores.items(), reverse=True)]
        lines += [f"    -  {item.not_applicable}"] if item.not_applicable else []
    return lines


def _entry(ledger: Ledger) -> Entry:
    kept = ledger.round
    return {
        "round": kept.id,
        "institution": kept.institution,
        "first_day": kept.first_day.isoformat(),
        "last_day": kept.last_day.isoformat(),
        "size": kept.size,
        "seed": kept.seed,
        "per_agent": kept.per_agent,
        "second_share": kept.second_share,
        "held_by": kept.held_by,
        "form": ledger.form.name,
        "drawn_by": kept.drawn_by,
        "drawn_at": kept.drawn_at.isoformat(),
        "state": kept.state.value,
        "published_at": kept.published_at.isoformat() if kept.published_at else None,
        "appeal_until": kept.appeal_until.isoformat() if kept.appeal_until else None,
        "calls": len(ledger.picks),
        "scored": len(ledger.scored()),
        "dropped": sum(pick.dropped is not None for pick in ledger.picks.values()),
        "to_reconcile": ledger.unsettled(),
        "sample": [_picked(ledger, call_id) for call_id in ledger.picks],
    }


def _picked(ledger: Ledger, call_id: str) -> Entry:
    """A call of the sample; whose it was is not told to those who still have to score it."""
    pick, missing = ledger.pick(call_id), ledger.open_places(call_id)
    return {
        "call": call_id,
        "team": pick.team,
        "agent": None if missing else pick.agent_id,
        "scored_twice": pick.second,
        "missing": [place.value for place in missing],
        "dropped": pick.dropped,
    }


def _events(round_id: str) -> Select[CourtesyEvent]:
    return select(CourtesyEvent).where(CourtesyEvent.round_id == round_id).order_by(CourtesyEvent.id)


def _history(events: Iterable[CourtesyEvent]) -> list[Entry]:
    return [
        {
            "at": one.at.isoformat(),
            "event": one.event,
            "by": one.by,
            "call": one.call_id,
            "item": one.item,
            "reason": one.reason,
        }
        for one in events
    ]


def _line(entry: Entry) -> str:
    days = f"{entry['first_day']} to {entry['last_day']}"
    far = f"{entry['scored']} of {entry['calls']} scored, {entry['dropped']} dropped"
    return f"{entry['round']}  {days}  {entry['state']:<9}  {far}; drawn by {entry['drawn_by']}"


def _print_round(entry: Entry, *, as_json: bool) -> None:
    if as_json:
        print_json(entry)
        return
    click.echo(_line(entry))
    calls: Any = entry["sample"]  # JSON of any shape
    for call in calls:
        state = (
            "dropped" if call["dropped"] else f"missing {', '.join(call['missing'])}" if call["missing"] else "scored"
        )
        click.echo(f"  {call['call']}  {call['team']:<16} {'twice' if call['scored_twice'] else 'once ':<6} {state}")
    history: Any = entry.get("history", [])  # JSON of any shape
    for event in history:
        click.echo(
            f"  {event['at'][:16]}  {event['event']} by {event['by']} {event['call']} {event['item']} {event['reason']}"
        )


for command in (*scoring_commands, *appeal_commands, *result_commands):
    courtesy.add_command(command)
