"""Papers over the REST API: received, missing, complete, withdrawn, and told of by a person (docs/documents.md)."""

from collections.abc import Sequence

from flask_smorest import Blueprint
from sqlalchemy import select, tuple_

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
from ivr.documents.rows import Channel, Document, DocumentState
from ivr.lines.model import Line
from webhooks.api.documents_shapes import ArrivalShape, DocumentShape, DocumentsQuery, LackingShape, TellingShape
from webhooks.api.operations import Asked, Given, changes, makes, reads
from webhooks.api.problems import wrong_fields

blueprint = Blueprint("documents", __name__, url_prefix="/api/documents", description="Papers received from customers")
READ, WRITE = "documents:read", "documents:write"


@makes(blueprint, "", scope=WRITE, takes=ArrivalShape, gives=DocumentShape)
def take(asked: Asked, given: Given) -> Document:
    """Tell of papers that were received; the same reference again gives the same papers."""
    line = asked.line(given["line"])
    arrival = Arrival(
        channel=Channel(given["channel"]),
        reference=given["reference"],
        kind=given["kind"],
        received_at=given["received_at"],
        pages=given["pages"],
        sender=given["sender"],
        number=given["number"],
        is_test=given["is_test"],
    )
    try:
        document = receive(asked.session, line, arrival, at=asked.at)
        if given["missing"] and document.state is DocumentState.RECEIVED:
            _lack(asked, document, line, given)
    except NotTaken as error:
        raise wrong_fields({error.field: [str(error)]}) from None
    return document


@reads(blueprint, "", scope=READ, takes=DocumentsQuery, gives=DocumentShape(many=True))
def listed(asked: Asked, given: Given) -> Sequence[Document]:
    """List papers, those received first at the top."""
    order = (Document.received_at, Document.id)
    lines = (asked.line(given["line"]).id,) if "line" in given else asked.lines()
    query = select(Document).where(Document.line.in_(lines)).order_by(*order).limit(given["limit"])
    if "state" in given:
        query = query.where(Document.state == DocumentState(given["state"]))
    if "after" in given:
        last = asked.found(asked.session.get(Document, given["after"]), "document")
        query = query.where(tuple_(*order) > (last.received_at, last.id))
    return asked.session.scalars(query).all()


@reads(blueprint, "/<id>", scope=READ, takes=None, gives=DocumentShape)
def show(asked: Asked, given: Given, id: str) -> Document:
    """Show papers."""
    return asked.found(asked.session.get(Document, id), "document")


@changes(blueprint, "/<id>/missing", scope=WRITE, takes=LackingShape, gives=DocumentShape)
def missing(asked: Asked, given: Given, id: str) -> Document:
    """Note which papers are missing; the sender is told what, why and by when."""
    document = _locked(asked, id)
    try:
        _lack(asked, document, asked.board.line(document.line), given)
    except NotTaken as error:
        raise wrong_fields({error.field: [str(error)]}) from None
    return document


@changes(blueprint, "/<id>/complete", scope=WRITE, takes=None, gives=DocumentShape)
def completed(asked: Asked, given: Given, id: str) -> Document:
    """Note that all papers are there."""
    document = _locked(asked, id)
    complete(asked.session, document, at=asked.at)
    return document


@changes(blueprint, "/<id>/withdraw", scope=WRITE, takes=None, gives=DocumentShape)
def withdrawn(asked: Asked, given: Given, id: str) -> Document:
    """Note that the customer takes the papers back; nothing more is told of them."""
    document = _locked(asked, id)
    withdraw_document(asked.session, document, at=asked.at)
    return document


@changes(blueprint, "/<id>/told", scope=WRITE, takes=TellingShape, gives=DocumentShape)
def told(asked: Asked, given: Given, id: str) -> Document:
    """Note that a person told the sender of the receipt, the officer or what is missing."""
    document = _locked(asked, id)
    telling = Telling(What(given["what"]), Way(given["by"]), given["on"] or asked.at)
    try:
        note_telling(asked.session, document, telling, at=asked.at)
    except NotTaken as error:
        raise wrong_fields({error.field: [str(error)]}) from None
    return document


def _locked(asked: Asked, id: str) -> Document:
    return asked.found(locked_document(asked.session, id), "document")


def _lack(asked: Asked, document: Document, line: Line, given: Given) -> None:
    lacking = [Missing(one["paper"], Lack(one["lack"])) for one in given["missing"]]
    check_papers(line, lacking)
    until = hand_in_by(WorkingTime(line, asked.board.calendar), given["until"], at=asked.at)
    note_missing(asked.session, document, lacking, until=until, at=asked.at)
