"""What people see when something does not work: what happened and what to do, never a trace."""

import re
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

import structlog
from flask import make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from console.guard import BY_ITSELF

log = structlog.get_logger(__name__)
KNOWN: Final = frozenset({401, 403, 404, 405, 409, 410, 413, 429})
# What may be otherwise a moment later: whatever asks by itself asks again.
PASSING: Final = frozenset({409, 429})
# What a form carries without its person's doing, and what nobody is shown again.
CHOSEN: Final = re.compile(r"[a-z][a-z0-9_.-]*")
NOT_TYPED: Final = frozenset({"csrf", "mark", "version", "password"})


class Stale(Exception):
    """The form was made from something that somebody else has changed since."""


def problem(name: str, status: int, **more: object) -> Response:
    """The page of a problem by its name in `problems` of the texts; a piece of a page gets a short message.

    The message takes nothing off the page: what was typed stays, and what asks by itself goes on asking.
    """
    if "HX-Request" not in request.headers:
        return make_response(render_template("problem.html", name=name, **more), status)
    answer = make_response(render_template("problem_piece.html", name=name), status)
    if BY_ITSELF not in request.headers:
        answer.headers["HX-Reswap"], answer.headers["HX-Reselect"] = "afterbegin", ".problem-now"
    elif status >= 500 or status in PASSING:
        answer.headers["HX-Reswap"] = "none"
    return answer


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None and status < 400:
        return make_response(error.response)
    return problem(f"http_{status}" if status in KNOWN else "http_400" if status < 500 else "http_500", status)


def _expired(_error: CSRFError) -> Response:
    return problem("expired", 400)


def _stale(_error: Exception) -> Response:
    """What was sent is shown once more, so that nothing of it must be thought of again, and the way back."""
    typed = (value for name, value in request.form.items() if value.strip() and name not in NOT_TYPED)
    sent = [value for value in typed if not CHOSEN.fullmatch(value)]
    back = urlsplit(request.referrer or "")
    return problem("stale", 409, sent=sent, back=back.path if back.netloc == request.host else "")


def _database(error: OperationalError) -> Response:
    log.error("database does not answer", reason=type(error.orig).__name__)
    return problem("database", 503)


def _strange(error: Exception) -> Response:
    log.warning("no such value can be kept", path=_path(), reason=type(error).__name__)
    return problem("http_400", 400)


def _path() -> str:
    return request.url_rule.rule if request.url_rule else ""


def _unforeseen(error: Exception) -> Response:
    log.error("page failed", path=_path(), exc_info=error)
    return problem("http_500", 500)


# Any: each function takes the kind of error that it stands beside.
PROBLEMS: Final[Mapping[type[Exception], Callable[..., Response]]] = {
    HTTPException: _http,
    CSRFError: _expired,
    Stale: _stale,
    StaleDataError: _stale,
    OperationalError: _database,
    # A number beyond what a database counts, a character that it cannot keep: no page sends them.
    DataError: _strange,
    OverflowError: _strange,
    Exception: _unforeseen,
}
