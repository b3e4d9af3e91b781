"""Commands that tell of papers: received, missing, complete, withdrawn, and told of by a person."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from sqlalchemy.orm import Session

from commands.installation import installed_settings
from commands.opened import Opened, open_installation
from config.bell import bell_at
from config.clock import system_clock
from ivr.base import Refused
from ivr.deadlines import WorkingTime
from ivr.documents.changing import (
    Lack,
    Missing,
    Telling,
    Way,
    What,
    check_papers,
    complete,
    hand_in_by,
    locked_document,
    note_missing,
    note_telling,
    withdraw_document,
)
from ivr.documents.receiving import Arrival, NotTaken, receive
from ivr.documents.rows import Channel, Document
from ivr.lines.hours import SEOUL
from ivr.lines.model import UnknownLine
from ivr.numbers import BadNumber, PhoneNumber


@click.command("receive")
@click.option("--line", "line_id", required=True, help="The line that received them (its id, like dcgf).")
@click.option("--channel", required=True, type=click.Choice([channel.value for channel in Channel]))
@click.option("--kind", required=True, help="A code of [documents.kinds] of the line's file.")
@click.option("--reference", required=True, help="The id of this event in the system that knows of it.")
@click.option("--at", "received", type=click.DateTime(), help="When they came, local time; now if left out.")
@click.option("--from", "number", help="The sender's telephone number.")
@click.option("--sender", help="The sender's name.")
@click.option("--pages", type=click.IntRange(1), help="How many pages.")
def receive_document(line_id: str, received: datetime | None, number: str | None, **told: str | int | None) -> None:
    """Keep that papers were received; the sender is told at once, or at eight in the morning."""
    with _changing() as (session, opened, at):
        arrival = Arrival(
            channel=Channel(str(told["channel"])),
            reference=str(told["reference"]),
            kind=str(told["kind"]),
            received_at=received.replace(tzinfo=SEOUL) if received else at,
            pages=int(told["pages"]) if told["pages"] else None,
            sender=str(told["sender"]) if told["sender"] else None,
            number=PhoneNumber.parse(number) if number else None,
        )
        document = receive(session, opened.lines.by_id(line_id), arrival, at=at)
    click.echo(f"{document.id}  {document.receipt}")


@click.command("missing")
@click.argument("document_id")
@click.option(
    "--paper", "papers", multiple=True, required=True, help="CODE or CODE:REASON; reasons absent, unreadable ..."
)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day; by the line's rule if left out.")
def note_missing_papers(document_id: str, papers: tuple[str, ...], until: datetime | None) -> None:
    """Note which papers are missing; the sender is told what, why and by when."""
    with _changing() as (session, opened, at):
        document = _found(session, document_id)
        line = opened.lines.by_id(document.line)
        lacking = [_missing(paper) for paper in papers]
        check_papers(line, lacking)
        working = WorkingTime(line, opened.calendar)
        last = hand_in_by(working, until.date() if until else None, at=at)
        note_missing(session, document, lacking, until=last, at=at)
    click.echo(f"{document_id} lacks {', '.join(papers)}")


@click.command("complete")
@click.argument("document_id")
def complete_document(document_id: str) -> None:
    """Note that all papers are there."""
    with _changing() as (session, _, at):
        complete(session, _found(session, document_id), at=at)
    click.echo(f"{document_id} is complete")


@click.command("withdraw")
@click.argument("document_id")
def withdraw_papers(document_id: str) -> None:
    """Note that the customer takes the papers back."""
    with _changing() as (session, _, at):
        withdraw_document(session, _found(session, document_id), at=at)
    click.echo(f"{document_id} is withdrawn")


@click.command("told")
@click.argument("document_id")
@click.option("--what", required=True, type=click.Choice([what.value for what in What]))
@click.option("--by", required=True, type=click.Choice([way.value for way in Way]))
@click.option("--at", "on", type=click.DateTime(), help="When, local time; now if left out.")
def note_told(document_id: str, what: str, by: str, on: datetime | None) -> None:
    """Note that a person told the sender, by telephone, post, fax or e-mail."""
    with _changing() as (session, _, at):
        telling = Telling(What(what), Way(by), on.replace(tzinfo=SEOUL) if on else at)
        note_telling(session, _found(session, document_id), telling, at=at)
    click.echo("kept")


changing_documents = (receive_document, note_missing_papers, complete_document, withdraw_papers, note_told)


@contextmanager
def _changing() -> Iterator[tuple[Session, Opened, datetime]]:
    """A transaction after which the relay is woken; what cannot be done is told in words."""
    settings = installed_settings()
    opened, at = open_installation(settings), system_clock()
    try:
        with opened.store.transaction() as session:
            yield session, opened, at
    except NotTaken as error:
        raise click.ClickException(f"{error.field}: {error}") from None
    except (Refused, UnknownLine, BadNumber) as error:
        raise click.ClickException(str(error)) from None
    bell_at(settings.redis_url)()


def _found(session: Session, document_id: str) -> Document:
    document = locked_document(session, document_id)
    if document is None:
        raise click.ClickException(f"there are no papers {document_id}: `charterline documents list` shows them")
    return document


def _missing(text: str) -> Missing:
    paper, _, lack = text.partition(":")
    if lack and lack not in set(Lack):
        raise click.UsageError(f"{lack} is no reason: known are {', '.join(Lack)}")
    return Missing(paper, Lack(lack or Lack.ABSENT))
