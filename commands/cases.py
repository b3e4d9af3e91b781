"""`charterline cases`: take matters of customers in, list them by their due dates, and see the story of each."""

import json
import secrets
from datetime import datetime

import click

from commands.case_desk import (
    ACTOR,
    WHEN,
    ListedCase,
    desk,
    entry_of,
    local,
    moment,
    on_case,
    refusals,
    reply_by,
    row_of,
    told_line,
)
from commands.cases_acting import ACTS
from commands.cases_figures import FIGURES
from commands.shared import AS_JSON, OF_LINE
from ivr.calls.facts import facts_of
from ivr.calls.rows import Call
from ivr.cases.clocks import Sort
from ivr.cases.objecting import object_to
from ivr.cases.reading import Wanted, cases_of, cases_to_tell, find_case
from ivr.cases.repeats import flags_of
from ivr.cases.rows import CaseState, ReplyBy
from ivr.cases.taking import CHANNELS, KINDS, Customer, Matter, take_case
from ivr.cases.telling import tellings_owed
from ivr.charters.verdicts import verdicts_of
from ivr.numbers import PhoneNumber


@click.group()
def cases() -> None:
    """Opinions, questions, complaints and requests of customers, answered by the date the charter gives.

    \b
    Take one in during a call:   charterline cases take --call CALL --kind complaint --content "..."
    What is due first:           charterline cases list
    The story of one:            charterline cases show RECEIPT
    Say direction and date:      charterline cases direct RECEIPT --direction "..." --until 2026-12-01
    Answer:                      charterline cases answer RECEIPT --result "..."
    """


@cases.command("take")
@click.option("--call", "call_id", help="The call in which it was said: gives line, number and channel.")
@click.option("--line", "line_id", help="The line (like kibo), where there is no call.")
@click.option("--kind", required=True, type=click.Choice(KINDS))
@click.option("--channel", type=click.Choice(CHANNELS), help="How it came in; phone for a call.")
@click.option("--topic", help="A topic of the line's file: decides who handles it.")
@click.option("--content", required=True, help="What the customer said; kept sealed.")
@click.option("--name", help="The customer's name; kept sealed.")
@click.option("--number", help="The customer's number; the caller's where it is left out.")
@click.option("--address", help="E-mail or postal address for the reply; kept sealed.")
@click.option("--reply-by", "way", type=click.Choice([way.value for way in ReplyBy]), help="Else by text, or address.")
@click.option("--received", type=WHEN, help="When it arrived at the institution, local; now if left out.")
@click.option("--overdue", default="", help="Why it is entered after its due date; without it that is refused.")
@click.option("--about", "about_officer_id", help="The officer whom a complaint is about.")
@click.option("--reference", help="The id of the sender's system: the same one is the same case.")
@click.option("--test", "is_test", is_flag=True, help="A trial: judged as exempt and left out of figures.")
@ACTOR
@AS_JSON
def take(as_json: bool, **given: str | datetime | bool | None) -> None:
    """Take a matter in: its due date, its officer and the receipt to the customer follow at once."""
    here = desk()
    with refusals(), here.opened.store.transaction() as session:
        call = session.get(Call, given["call_id"]) if given["call_id"] else None
        if given["call_id"] and call is None:
            raise click.ClickException(f"there is no call {given['call_id']}: `charterline calls list` shows them")
        line_id = call.line if call else given["line_id"]
        if line_id is None:
            raise click.UsageError("give --call or --line")
        case = take_case(session, _matter(given, call, here.at), institution=here.institution(str(line_id)), at=here.at)
        entry = entry_of(case, here.at)
    here.ring()
    click.echo(json.dumps(entry, ensure_ascii=False) if as_json else row_of(entry))


@cases.command("list")
@OF_LINE
@click.option("--state", type=click.Choice([state.value for state in CaseState]))
@click.option("--officer", help="Only those of one officer.")
@click.option("--kind", type=click.Choice(KINDS))
@click.option("--all", "with_closed", is_flag=True, help="Also those that are answered, closed or withdrawn.")
@click.option("--to-tell", "to_tell", is_flag=True, help="Those whose customers an officer still has to tell.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
@AS_JSON
def list_cases(as_json: bool, limit: int, **given: str | bool | None) -> None:
    """List cases, those that are due first before others."""
    here = desk()
    wanted = Wanted(
        lines=(str(given["line_id"]),) if given["line_id"] else None,
        state=CaseState(str(given["state"])) if given["state"] else None,
        officer=str(given["officer"]) if given["officer"] else None,
        kind=str(given["kind"]) if given["kind"] else None,
        with_closed=bool(given["with_closed"]),
    )
    with here.opened.store.reading() as session:
        found = (cases_to_tell if given["to_tell"] else cases_of)(session, wanted, limit=limit)
        owed = tellings_owed(session, [case.id for case in found])
        flagged = flags_of(session, [case.id for case in found])
        entries: list[ListedCase] = [
            {**entry_of(case, here.at), "to_tell": list(owed.get(case.id, ())), "repeated": case.id in flagged}
            for case in found
        ]
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False))
        return
    if not entries and given["to_tell"]:
        click.echo("Every customer has been told what was to be told.")
    elif not entries:
        click.echo("No case is open. `charterline cases list --all` shows those that are answered or closed too.")
    for entry in entries:
        more = (f"to tell: {', '.join(entry['to_tell'])}" if entry["to_tell"] else "", "repeated" * entry["repeated"])
        click.echo("  ".join((row_of(entry), *filter(None, more))))


@cases.command("show")
@click.argument("name", metavar="CASE")
@AS_JSON
def show_case(name: str, as_json: bool) -> None:
    """Show one case (its id or receipt number): what it is about, its story, and its verdicts."""
    here = desk()
    with refusals(), here.opened.store.reading() as session:
        case = find_case(session, name)
        entry, story = entry_of(case, here.at), facts_of(session, case.id)
        texts = {"content": case.content, "direction": case.direction, "result": case.result}
        verdicts = [
            {"standard": one.standard_id, "verdict": one.verdict.value, "reason": one.reason}
            for one in verdicts_of(session, case.id)
        ]
    if as_json:
        told = [{"at": local(one.said_at or one.received_at), "kind": one.kind, "detail": one.detail} for one in story]
        click.echo(json.dumps({**entry, **texts, "story": told, "verdicts": verdicts}, ensure_ascii=False))
        return
    for key, value in {**entry, **texts}.items():
        if value is not None:
            click.echo(f"{key:<14} {value}")
    click.echo("story")
    for fact in story:
        click.echo(told_line(fact))
    for verdict in verdicts:
        click.echo(f"  {verdict['verdict']:<14} {verdict['standard']:<22} {verdict['reason']}")


@cases.command("reopen")
@click.argument("name", metavar="CASE")
@click.option("--content", required=True, help="What the customer objects to; kept sealed.")
@click.option("--channel", type=click.Choice(CHANNELS), default="phone", show_default=True)
@ACTOR
@AS_JSON
def reopen(name: str, content: str, channel: str, by: str, as_json: bool) -> None:
    """The customer is not content with the result: an objection is taken in and reviewed at once (K19)."""
    with on_case(name, by) as (work, case):
        entry = entry_of(object_to(work, case, content, channel=channel), work.at)
    click.echo(json.dumps(entry, ensure_ascii=False) if as_json else row_of(entry))


def _matter(given: dict[str, str | datetime | bool | None], call: Call | None, at: datetime) -> Matter:
    text = {name: str(value) if value else None for name, value in given.items()}
    channel = text["channel"] or ("phone" if call else None)
    if channel is None:
        raise click.UsageError("give --channel: how the matter came in")
    number = PhoneNumber.parse(text["number"]) if text["number"] else call.caller if call else None
    received = given["received"]
    return Matter(
        reference=text["reference"] or secrets.token_hex(12),
        sort=Sort(text["kind"] or "", channel, text["topic"]),
        content=text["content"] or "",
        customer=Customer(text["name"], number, text["address"], reply_by(text["way"])),
        received_at=moment(received) if isinstance(received, datetime) else at,
        call_id=call.id if call else None,
        about_officer_id=text["about_officer_id"],
        overdue_because=text["overdue"] or "",
        by=text["by"] or "agent",
        is_test=bool(given["is_test"]),
    )


for command in (*ACTS, *FIGURES):
    cases.add_command(command)
