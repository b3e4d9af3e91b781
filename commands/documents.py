"""`charterline documents`: papers that were received, what their senders were told, and what is still owed to them."""

import json
from typing import TypedDict

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.documents_changing import changing_documents
from commands.installation import installed_settings
from commands.opened import open_installation
from commands.shared import AS_JSON_LIST, AS_JSON_OBJECT, OF_LINE
from ivr.calls.facts import Told, facts_of
from ivr.charters.verdicts import verdicts_of
from ivr.documents.owed import may_be_owed, still_owed, untold
from ivr.documents.rows import Document, DocumentState
from ivr.lines.hours import SEOUL
from ivr.messages.rows import Message


class DocumentEntry(TypedDict):
    """Papers as printed: the sender's number masked; times in ISO 8601."""

    document: str
    receipt: str
    line: str
    channel: str
    kind: str
    received_at: str
    state: str
    number: str | None
    contact: str
    no_contact: str | None
    officer: str | None
    missing: list[dict[str, str]]
    missing_until: str | None
    owed: list[str]


@click.group()
def documents() -> None:
    """See and change papers that customers handed in by fax, e-mail, post, web or at the desk."""


for change in changing_documents:
    documents.add_command(change)


@documents.command("list")
@OF_LINE
@click.option("--state", type=click.Choice([state.value for state in DocumentState]), help="Only in this state.")
@click.option("--officer", "officer_id", help="Only of this officer (`charterline directory list`).")
@click.option("--owed", "only_owed", is_flag=True, help="Only where a person still has to tell the sender something.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="How many, newest first.")
@AS_JSON_LIST
def list_documents(only_owed: bool, limit: int, as_json: bool, **wanted: str | None) -> None:
    """List the newest papers and what their senders are still to be told by a person."""
    query = select(Document).order_by(Document.received_at.desc(), Document.id)
    columns = {"line_id": Document.line, "state": Document.state, "officer_id": Document.officer_id}
    for name, value in wanted.items():
        if value is not None:
            query = query.where(columns[name] == value)
    if only_owed:
        query = query.where(may_be_owed())
    with open_installation(installed_settings()).store.reading() as session:
        found = session.scalars(query if only_owed else query.limit(limit))
        entries = [_entry(session, document, facts_of(session, document.id)) for document in found]
    entries = [entry for entry in entries if entry["owed"] or not only_owed][:limit]
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False))
        return
    for entry in entries:
        owed = f"  to tell by a person: {', '.join(entry['owed'])}" if entry["owed"] else ""
        told = f"{entry['document']}  {entry['receipt']}  {entry['line']:<9} {entry['channel']:<6} {entry['state']:<9}"
        reached = entry["number"] if entry["no_contact"] is None else entry["no_contact"]
        click.echo(f"{told} {entry['received_at'][:16]}  {reached}  {entry['officer'] or '-'}{owed}")


@documents.command("show")
@click.argument("document_id")
@AS_JSON_OBJECT
def show_document(document_id: str, as_json: bool) -> None:
    """Show papers: what happened, which texts were written, and how the charter was kept."""
    with open_installation(installed_settings()).store.reading() as session:
        document = session.get(Document, document_id)
        if document is None:
            raise click.ClickException(f"there are no papers {document_id}: `charterline documents list` shows them")
        facts = facts_of(session, document_id)
        entry = _entry(session, document, facts)
        texts = session.scalars(select(Message).where(Message.subject == f"document:{document_id}")).all()
        messages = [
            {"to": text.recipient.masked, "state": text.state.value, "error": text.error, "text": text.body}
            for text in texts
        ]
        verdicts = [
            {"promise": verdict.key, "verdict": verdict.verdict.value, "reason": verdict.reason}
            for verdict in verdicts_of(session, document_id)
        ]
    story = [_line_of(fact) for fact in facts]
    if as_json:
        whole = {**entry, "facts": story, "messages": messages, "verdicts": verdicts}
        click.echo(json.dumps(whole, ensure_ascii=False))
        return
    for name, value in entry.items():
        click.echo(f"{name:<14} {json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value}")
    for told in story:
        click.echo(f"  {told['at']}  {told['kind']:<17} {json.dumps(told['detail'], ensure_ascii=False)}")
    for message in messages:
        click.echo(f"  text to {message['to']}: {message['state']} {message['error'] or ''}\n{message['text']}")
    for verdict in verdicts:
        click.echo(f"  {verdict['promise']}: {verdict['verdict']}  {verdict['reason']}")


def _entry(session: Session, document: Document, facts: list[Told]) -> DocumentEntry:
    until = document.missing_until
    return {
        "document": document.id,
        "receipt": document.receipt,
        "line": document.line,
        "channel": document.channel.value,
        "kind": document.kind,
        "received_at": document.received_at.astimezone(SEOUL).isoformat(),
        "state": document.state.value,
        "number": document.number.masked if document.number else None,
        "contact": document.contact.value,
        "no_contact": document.no_contact.value if document.no_contact else None,
        "officer": document.officer_id,
        "missing": document.missing,
        "missing_until": until.astimezone(SEOUL).isoformat() if until else None,
        "owed": [what.value for what in still_owed(document, facts, untold(session, document))],
    }


def _line_of(fact: Told) -> dict[str, object]:
    at = (fact.said_at or fact.received_at).astimezone(SEOUL)
    return {"at": at.isoformat(timespec="seconds"), "kind": fact.kind, "detail": fact.detail}
