"""The page behind the signed link in a text, where its reader refuses further ones."""

from datetime import datetime

from flask import Blueprint
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.lines.hours import SEOUL
from ivr.messages.rows import Message
from ivr.optouts.links import LINKS_LAST, PATH, is_signed, message_of
from ivr.optouts.refusing import Refusal, refuse
from ivr.optouts.rows import OptOut, Scope, Way
from webhooks.linked import Asked, Page, linked_pages, sender_of, words_of
from webhooks.switchboard import Switchboard

KIND = "refusal"
ADDRESS = PATH + "<token>"


def refusal_pages(board: Switchboard) -> Blueprint:
    """The two answers at `/t/TOKEN`: GET shows what would be refused, POST refuses it (RFC 8058: in one click)."""
    return linked_pages(KIND, ADDRESS, board, answer=_answer)


def _answer(asked: Asked) -> Page:
    at, message = asked.board.clock(), asked.session.get(Message, message_of(asked.token))
    if message is None or not is_signed(asked.board.store.keyring, asked.token, message):
        return Page("unknown", 404)
    line = asked.board.line(message.line)
    about = {"masked": message.recipient.masked, "days": str(LINKS_LAST.days)}
    given = sender_of(line) | about
    if at > message.written_at + LINKS_LAST:
        return Page("expired", 410, given)
    if asked.form is None:
        return Page("ask", 200, given | {"refused": _standing(asked.session, message)})
    # A mail program's one click names no scope: the smaller one is meant.
    scope = Scope.ALL if asked.form.get("scope") == Scope.ALL else Scope.INFORMATION
    source = f"{message.id}:{at.isoformat()}"
    refuse(asked.session, Refusal(line.id, message.recipient, scope, Way.LINK, source), at=at)
    return Page("done", 200, given | {"refused": _in_words(scope), "when": _written(at)})


def _standing(session: Session, message: Message) -> str:
    """What this recipient has refused of the line already, in words; empty for nothing."""
    query = select(OptOut.scope).where(OptOut.line == message.line, OptOut.withdrawn_at.is_(None))
    scopes = set(session.scalars(query.where(OptOut.number_index == message.recipient_index)))
    widest = Scope.ALL if Scope.ALL in scopes else next(iter(scopes), None)
    return _in_words(widest) if widest else ""


def _in_words(scope: Scope) -> str:
    return words_of(KIND)["ask"][scope.value]


def _written(at: datetime) -> str:
    return f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M}"
