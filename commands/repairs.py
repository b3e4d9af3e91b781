"""`charterline repairs`: repairs handed over to partners, their numbers and days, and what came of them."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from sqlalchemy.orm import Session

from commands.centre import LINE, centre_of
from commands.shared import AS_JSON, ToldInWords, by_option, local_time, opened, print_json
from config.bell import bell_at
from config.clock import system_clock
from ivr.base import ROW_LOCK, Refused
from ivr.calls.rows import Call
from ivr.lines.hours import SEOUL
from ivr.lines.model import UnknownLine
from ivr.numbers import BadNumber, PhoneNumber
from ivr.people.masking import masked_name
from ivr.repairs import changing
from ivr.repairs.asking import NotHandedOver, Wanted, hand_over
from ivr.repairs.changing import Acting
from ivr.repairs.reading import Sought, find_repair, is_overdue, repairs_of, story_of
from ivr.repairs.rows import Repair, RepairState, RepairWay

IN_WORDS = ToldInWords(Refused, NotHandedOver, BadNumber, UnknownLine)
BY = by_option("--by", text="Who tells it")
DAY = click.DateTime(["%Y-%m-%d"])
DUE = click.option("--due", required=True, type=DAY, help="The local day by which the partner does it.")
OUTCOME = click.option("--outcome", required=True, help="What came of it.")
Entry = dict[str, object]


@click.group()
def repairs() -> None:
    """Repairs of a shared centre's customers, as far as their partners have told.

    \b
    Hand one over:            charterline repairs ask --call CALL --way dispatch --partner nationwide ...
    The partner accepted it:  charterline repairs accept REPAIR --reference N-77 --due 2026-12-01
    Which are past their day: charterline repairs list --overdue
    """


@repairs.command("list")
@click.option("--firm", help="Only of this firm.")
@click.option("--state", type=click.Choice([state.value for state in RepairState]), help="Only in this state.")
@click.option("--way", type=click.Choice([way.value for way in RepairWay]), help="Only those done this way.")
@click.option("--partner", help="Only of this partner of the line's file.")
@click.option("--overdue", is_flag=True, help="Only open ones whose day has passed.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="How many.")
@LINE
@AS_JSON
@IN_WORDS
def list_repairs(overdue: bool, limit: int, as_json: bool, **given: str | None) -> None:
    """List repairs, the latest first; names and numbers masked."""
    here = opened()
    line, today = centre_of(here, given["line_id"]), system_clock().astimezone(SEOUL).date()
    sought = Sought(
        state=RepairState(given["state"]) if given["state"] else None,
        way=RepairWay(given["way"]) if given["way"] else None,
        partner=given["partner"],
        overdue_on=today if overdue else None,
    )
    with here.store.reading() as session:
        found = repairs_of(session, line.id, firm=given["firm"], sought=sought, page=(None, limit))
        entries = [{**_entry(one), "overdue": is_overdue(one, today)} for one in found]
    if as_json:
        print_json(entries)
        return
    for entry in entries:
        click.echo(_line(entry) + ("  OVERDUE" if entry["overdue"] else ""))


@repairs.command("show")
@click.argument("name", metavar="REPAIR")
@LINE
@AS_JSON
@IN_WORDS
def show_repair(name: str, line_id: str | None, as_json: bool) -> None:
    """Show one repair (its id, or its number at the partner): what happened, and the texts about it."""
    here = opened()
    line = centre_of(here, line_id)
    with here.store.reading() as session:
        repair = _found(session, line.id, name)
        facts, messages = story_of(session, repair)
        entry = _entry(repair)
    story = [{"at": local_time(fact.received_at), "kind": fact.kind, "detail": fact.detail} for fact in facts]
    texts = [{"to": one.recipient.masked, "state": one.state.value, "text": one.body} for one in messages]
    if as_json:
        print_json({**entry, "story": story, "messages": texts})
        return
    for key, value in entry.items():
        click.echo(f"{key:<12} {value if value is not None else '-'}")
    for told in story:
        click.echo(f"  {told['at']}  {told['kind']}  {told['detail']}")
    for text in texts:
        click.echo(f"  text to {text['to']}: {text['state']}\n{text['text']}")


@repairs.command("ask")
@click.option("--call", "call_id", help="The call in which it was asked: gives firm and number.")
@click.option("--firm", help="The firm whose product it is; that of the call if left out.")
@click.option("--product", default="", help="The kind of product.")
@click.option("--way", required=True, type=click.Choice([way.value for way in RepairWay]), help="How it is done.")
@click.option("--partner", required=True, help="A partner of [repairs.partners] of the line's file.")
@click.option("--fault", required=True, help="What is wrong; kept sealed.")
@click.option("--name", "customer", help="The customer's name; kept sealed.")
@click.option("--number", help="The customer's number; that of the call if left out.")
@click.option("--place", help="Where the customer is; kept sealed.")
@click.option("--reference", help="The id of the sender's system: the same one is the same repair.")
@BY
@LINE
@AS_JSON
@IN_WORDS
def ask_repair(as_json: bool, by: str, line_id: str | None, **given: str | None) -> None:
    """Hand a repair over to a partner."""
    here = opened()
    line = centre_of(here, line_id)
    with here.store.transaction() as session:
        call = session.get(Call, given["call_id"]) if given["call_id"] else None
        if given["call_id"] and (call is None or call.line != line.id):
            raise Refused(f"{line.id} has no call {given['call_id']}: `charterline calls list` shows them")
        made = _entry(hand_over(session, line, _wanted(given, call), by=by, at=system_clock()))
    _told(made, as_json=as_json)


@repairs.command("accept")
@click.argument("name", metavar="REPAIR")
@click.option("--reference", required=True, help="The number under which the partner knows it.")
@DUE
@BY
@LINE
@AS_JSON
@IN_WORDS
def accept_repair(name: str, reference: str, due: datetime, as_json: bool, **given: str | None) -> None:
    """Note that the partner has accepted it; the customer is told number and day by text."""
    with _on(name, given) as (session, repair, acting):
        changing.accept(session, repair, reference, due_on=due.date(), acting=acting)
    _told(_entry(repair), as_json=as_json)


@repairs.command("delay")
@click.argument("name", metavar="REPAIR")
@DUE
@BY
@LINE
@AS_JSON
@IN_WORDS
def delay_repair(name: str, due: datetime, as_json: bool, **given: str | None) -> None:
    """Note that the partner names another day; the customer is told it by text."""
    with _on(name, given) as (session, repair, acting):
        changing.delay(session, repair, due_on=due.date(), acting=acting)
    _told(_entry(repair), as_json=as_json)


def _ending(word: str, help: str, end: Callable[..., None]) -> click.Command:
    """A command that ends a repair with what came of it."""

    @click.argument("name", metavar="REPAIR")
    @OUTCOME
    @BY
    @LINE
    @AS_JSON
    @IN_WORDS
    def ended(name: str, outcome: str, as_json: bool, **given: str | None) -> None:
        with _on(name, given) as (session, repair, acting):
            end(session, repair, outcome, acting=acting)
        _told(_entry(repair), as_json=as_json)

    return click.command(word, help=help)(ended)


repairs.add_command(_ending("done", "Note that it is repaired; the customer is told by text.", changing.finish))
repairs.add_command(
    _ending("cancel", "Note that it will not be repaired; the customer is told by text.", changing.cancel)
)


@contextmanager
def _on(name: str, given: dict[str, str | None]) -> Iterator[tuple[Session, Repair, Acting]]:
    """A repair, locked, in a transaction; afterwards the relay is woken."""
    here = opened()
    line = centre_of(here, given["line_id"])
    with here.store.transaction() as session:
        repair = _found(session, line.id, name)
        session.refresh(repair, with_for_update=ROW_LOCK)
        yield session, repair, Acting(given["by"] or "", system_clock())
    bell_at(here.settings.redis_url)()


def _found(session: Session, line_id: str, name: str) -> Repair:
    repair = find_repair(session, line_id, name)
    if repair is None:
        raise Refused(f"{line_id} has no repair {name}, or several: `charterline repairs list` shows their ids")
    return repair


def _wanted(given: dict[str, str | None], call: Call | None) -> Wanted:
    number = PhoneNumber.parse(given["number"]) if given["number"] else call.caller if call else None
    return Wanted(
        reference=given["reference"] or secrets.token_hex(12),
        firm=given["firm"] or (call.firm if call else ""),
        way=RepairWay(str(given["way"])),
        partner=str(given["partner"]),
        fault=str(given["fault"]),
        product=given["product"] or "",
        customer=given["customer"],
        number=number,
        place=given["place"],
        call_id=call.id if call else None,
    )


def _entry(repair: Repair) -> Entry:
    return {
        "repair": repair.id,
        "line": repair.line,
        "firm": repair.firm,
        "product": repair.product,
        "call": repair.call_id,
        "way": repair.way.value,
        "partner": repair.partner,
        "reference": repair.reference,
        "state": repair.state.value,
        "customer": masked_name(repair.customer),
        "number": repair.number.masked if repair.number else None,
        "asked_at": local_time(repair.asked_at),
        "due_on": repair.due_on.isoformat() if repair.due_on else None,
        "outcome": repair.outcome,
    }


def _line(entry: Entry) -> str:
    about = f"{entry['firm']:<10} {entry['partner']} by {entry['way']}"
    known = f"{entry['reference'] or 'no number yet'}, due {entry['due_on'] or '-'}"
    return f"{entry['repair']}  {entry['asked_at']}  {entry['state']:<9}  {about}  {known}  {entry['number']}"


def _told(entry: Entry, *, as_json: bool) -> None:
    if as_json:
        print_json(entry)
    else:
        click.echo(_line(entry))
