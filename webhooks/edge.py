"""The edge: verify, hear, answer, wake the relay, render; and when we fail, apologise from memory."""

import time
from collections.abc import Callable

import structlog
from flask import Request, Response, request
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from ivr.addresses import Address
from webhooks.answers import Answer, Document, Noted, View
from webhooks.apology import apology
from webhooks.heard import Heard, NotOurs
from webhooks.signature import Received, verify
from webhooks.switchboard import Switchboard
from webhooks.twiml import render

# A database that restarts is back within this time, and a caller hears only a short silence. The last try
# may take as long as the store is patient; together they stay below the 5 s that the carrier waits.
LONGEST_RETRY_SECONDS = 3.0
RETRY_STEP_SECONDS = 0.1
LARGEST_BODY = 64 * 1024

log = structlog.get_logger(__name__)


def guarded(address: Address, view: View, board: Switchboard) -> Callable[[], Response]:
    """Make a Flask view of ours: nothing behind it ever sees an unsigned request."""
    standing = board

    def answer() -> Response:
        board = standing.fresh()
        received = _received(request, board)
        if received is None or not verify(received, board.auth_tokens):
            log.warning("unsigned request refused", address=address.value)
            return Response(status=403)
        heard = Heard(request.args.to_dict(), dict(received.pairs or ()), board.clock())
        structlog.contextvars.bind_contextvars(call=heard.query.get("call"), carrier_sid=heard.sid)
        try:
            return _respond(_with_retries(view, heard, board), board)
        except Exception as error:
            return _failed(address, heard, board, error)
        finally:
            structlog.contextvars.clear_contextvars()

    answer.__name__ = address.name.lower()
    return answer


def _received(asked: Request, board: Switchboard) -> Received | None:
    """The request as signed, or None for one that is too large to be the carrier's."""
    query = asked.environ.get("QUERY_STRING", "")
    try:
        body = asked.get_data(cache=False)
    except HTTPException:
        return None
    return Received(
        url=f"{board.public_base_url}{_raw_path(asked)}" + (f"?{query}" if query else ""),
        body=body,
        content_type=asked.headers.get("Content-Type"),
        signature=asked.headers.get("X-Twilio-Signature"),
    )


def _raw_path(asked: Request) -> str:
    """The path byte for byte as requested where the server tells it (gunicorn does)."""
    raw = str(asked.environ.get("RAW_URI", ""))
    return raw.partition("?")[0] if raw.startswith("/") else asked.path


def _with_retries(view: View, heard: Heard, board: Switchboard) -> Answer:
    """Answer, waiting out a lost connection or a lost race for a bounded time."""
    give_up_at = time.monotonic() + LONGEST_RETRY_SECONDS
    while True:
        try:
            return view(heard, board)
        except (OperationalError, DBAPIError, StaleDataError) as error:
            if not _may_pass(error) or time.monotonic() >= give_up_at:
                raise
            time.sleep(RETRY_STEP_SECONDS)


def _may_pass(error: Exception) -> bool:
    """Whether the same request may succeed a moment later."""
    if isinstance(error, OperationalError | StaleDataError):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _respond(answer: Answer, board: Switchboard) -> Response:
    if answer.promised:
        board.ring_bell()
    match answer:
        case Document(prompts, line):
            voice_of = (line or next(iter(board.lines))).voice_of
            return Response(render(prompts, voice_of), content_type="text/xml; charset=utf-8")
        case Noted():
            return Response(status=204)


def _failed(address: Address, heard: Heard, board: Switchboard, error: Exception) -> Response:
    """A leg hears an apology and is handed on; an event is refused, so that the carrier tells it again."""
    kind = "address is not ours" if isinstance(error, NotOurs) else "webhook failed"
    log.error(kind, address=address.value, exc_info=error)
    if address.is_event:
        return Response(status=503)
    return Response(apology(address, heard, board), content_type="text/xml; charset=utf-8")
