"""The edge: verify, hear, answer, wake the relay, render; and when we fail, apologise from memory."""

import logging
import time
from collections.abc import Callable

import structlog
from flask import Request, Response, request
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from config.tracing import note_traced
from ivr.addresses import Address
from webhooks.answers import Answer, Document, Noted, View
from webhooks.apology import apology
from webhooks.heard import Heard, NotOurs
from webhooks.measuring import FAILURES, RETRIES, timed
from webhooks.outage import LONGEST_RETRY_SECONDS, DatabaseAwayError
from webhooks.signature import Received, verify
from webhooks.switchboard import Switchboard
from webhooks.twiml import render

RETRY_STEP_SECONDS = 0.1
LARGEST_BODY = 64 * 1024

log = structlog.get_logger(__name__)
# One line for each request: through the library, which costs nothing where nobody set up such lines.
lines = logging.getLogger(__name__)


def guarded(address: Address, view: View, board: Switchboard) -> Callable[[], Response]:
    """Make a Flask view of ours: nothing behind it ever sees an unsigned request."""
    standing = board

    def answer() -> Response:
        board = standing.fresh()
        received = _received(request, board)
        if received is None or not verify(received, board.auth_tokens):
            FAILURES.labels(address.value, "unsigned").inc()
            log.warning("unsigned request refused", address=address.value)
            return Response(status=403)
        heard = Heard(request.args.to_dict(), dict(received.pairs or ()), board.clock())
        about = _about(address, heard)
        structlog.contextvars.bind_contextvars(**about)
        note_traced(**about)
        try:
            response = _respond(_with_retries(address, view, heard, board), board)
            lines.info("webhook answered")
            return response
        except Exception as error:
            return _failed(address, heard, board, error)
        finally:
            structlog.contextvars.clear_contextvars()

    answer.__name__ = address.name.lower()
    return timed(address, answer)


def _about(address: Address, heard: Heard) -> dict[str, str]:
    """What every log line of a request names: no number of anybody. An event without a call in its address, and a
    call that arrives, are about the call whose first leg speaks."""
    call = heard.call if heard.sid else heard.query.get("call", "")
    ids = {"call": call, "text": heard.query.get("message", ""), "carrier_sid": heard.sid}
    return {"address": address.value, **{name: value for name, value in ids.items() if value}}


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


def _with_retries(address: Address, view: View, heard: Heard, board: Switchboard) -> Answer:
    """Answer, waiting out a lost connection or a lost race for a bounded time.

    Where the database is known to be away nobody waits in turn; of events, which are told by nothing else, a few do.
    """
    if not board.outage.is_known(time.monotonic()) or not address.is_event:
        return _retried(address, view, heard, board)
    with board.outage.place() as may_wait:
        return _retried(address, view, heard, board) if may_wait else _asked(view, heard, board)


def _retried(address: Address, view: View, heard: Heard, board: Switchboard) -> Answer:
    began = time.monotonic()
    while True:
        try:
            return _asked(view, heard, board)
        except (DBAPIError, StaleDataError, DatabaseAwayError) as error:
            if not _may_pass(error) or time.monotonic() >= _give_up_at(address, error, board, began):
                raise
            RETRIES.labels(address.value).inc()
            board.wait(RETRY_STEP_SECONDS)


def _give_up_at(address: Address, error: Exception, board: Switchboard, began: float) -> float:
    """Callers wait so long after the database went away, not after their own request came; events after their own."""
    is_lost_race = isinstance(error, StaleDataError)
    since = began if is_lost_race or address.is_event else board.outage.noted(began)
    return since + LONGEST_RETRY_SECONDS


def _asked(view: View, heard: Heard, board: Switchboard) -> Answer:
    """One try, by which all requests of the process learn whether the database answers."""
    began = time.monotonic()
    try:
        with board.outage.asking(began):
            answer = view(heard, board)
    except OperationalError:
        board.outage.noted(began)
        raise
    board.outage.is_over()
    return answer


def _may_pass(error: Exception) -> bool:
    """Whether the same request may succeed a moment later."""
    if isinstance(error, OperationalError | StaleDataError | DatabaseAwayError):
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
    is_strange = isinstance(error, NotOurs)
    FAILURES.labels(address.value, "not_ours" if is_strange else "failed").inc()
    log.error("address is not ours" if is_strange else "webhook failed", exc_info=error)
    if address.is_event:
        return Response(status=503)
    return Response(apology(address, heard, board), content_type="text/xml; charset=utf-8")
