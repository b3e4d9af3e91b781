"""Pages behind a link in a text: shown when the link is opened, acting only when their button is pressed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import structlog
from flask import Blueprint, Response, current_app, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from config.files import PAGES, read_file
from ivr.lines.model import Line
from ivr.messages.fields import fill
from ivr.numbers import PhoneNumber
from webhooks.switchboard import Switchboard
from webhooks.visitors import EXTENSION, Visitors

# The token is all a stranger needs: no other site may learn, keep or frame it.
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
}
FOLDER = Path(__file__).parent / "pages"

log = structlog.get_logger(__name__)

Words: TypeAlias = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: the token of the link, and the form where the button was pressed."""

    session: Session
    board: Switchboard
    token: str
    form: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Page:
    """One of the pages of a file in `config/pages/`, by its name there; `given` fills its words.

    `shown` is for what has no words of its own there, such as the questions of a survey.
    """

    name: str
    status: int = 200
    given: Mapping[str, str] = field(default_factory=dict)
    shown: object = None


def linked_pages(kind: str, address: str, board: Switchboard, *, answer: Callable[[Asked], Page]) -> Blueprint:
    """GET shows and POST acts at `address`; `kind` names the template and the file of words."""
    pages = Blueprint(kind, __name__, template_folder="pages")

    @pages.get(address)
    def show(token: str) -> Response:
        return shown(kind, board, token, answer=answer)

    @pages.post(address)
    def act(token: str) -> Response:
        form = request.form.to_dict()
        page = _in(board, lambda session: answer(Asked(session, board.fresh(), token, form)), form)
        if page.status == 200:
            board.ring_bell()
        return _shown(kind, page)

    return pages


def shown(kind: str, board: Switchboard, token: str, *, answer: Callable[[Asked], Page]) -> Response:
    """The page of one kind as it is opened, which changes nothing."""
    return _shown(kind, _in(board, lambda session: answer(Asked(session, board.fresh(), token, None)), None))


def _in(board: Switchboard, answer: Callable[[Session], Page], form: Mapping[str, str] | None) -> Page:
    """Only what acts is given a transaction; whoever asks too often is told so before any row is looked at."""
    visitors: Visitors = current_app.extensions[EXTENSION]
    if not visitors.admits(request.remote_addr or "", board.clock()):
        return Page("busy", 429)
    try:
        with board.store.reading() if form is None else board.store.transaction() as session:
            return answer(session)
    except SQLAlchemyError as error:
        log.error("page behind a link failed", exc_info=error)
        return Page("busy", 503)


def _shown(kind: str, page: Page) -> Response:
    words = words_of(kind)[page.name]

    def say(id: str, **values: str) -> str:
        return fill(words[id], {**page.given, **values})

    html = render_template(f"{kind}.html", page=page.name, given=page.given, shown=page.shown, say=say, css=_css())
    headers = HEADERS | {"Retry-After": "5"} if page.name == "busy" else HEADERS
    return Response(html, status=page.status, headers=headers, content_type="text/html; charset=utf-8")


def sender_of(line: Line) -> dict[str, str]:
    """Who wrote the text: the institution, and the number at which it can be reached."""
    return {"institution": line.institution, "number": PhoneNumber.parse(line.number).national}


@lru_cache(maxsize=8)
def words_of(kind: str) -> Words:
    """The words of the pages of one kind."""
    tables = read_file(PAGES / f"{kind}.toml").items()
    return {page: dict(table) for page, table in tables if isinstance(table, Mapping)}


@lru_cache(maxsize=1)
def _css() -> str:
    return (FOLDER / "page.css").read_text(encoding="utf-8")
