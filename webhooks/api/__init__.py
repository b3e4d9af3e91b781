"""The REST API under /api, for the institution's own systems: every operation needs a token (docs/api.md)."""

from flask import Flask, Response, request
from flask_smorest import Blueprint
from werkzeug.exceptions import HTTPException

from webhooks.api.access import Paces
from webhooks.api.bookings import blueprint as bookings
from webhooks.api.callbacks import blueprint as callbacks
from webhooks.api.cases import blueprint as cases
from webhooks.api.documents import blueprint as documents
from webhooks.api.openapi import openapi
from webhooks.api.operations import PACES
from webhooks.api.pages import pages
from webhooks.api.problems import of_http

BLUEPRINTS: tuple[Blueprint, ...] = (bookings, callbacks, cases, documents)
PREFIX = "/api/"


def mount(app: Flask) -> None:
    """Put the API, its document and its page into an app."""
    app.extensions[PACES] = Paces()
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_blueprint(pages)
    app.add_url_rule(f"{PREFIX}openapi.json", "openapi", _document)
    app.register_error_handler(HTTPException, _refused)
    app.after_request(_kept_by_nobody)


def _kept_by_nobody(answer: Response) -> Response:
    """What the API answers is for whoever asked: no cache keeps it. No browser guesses what any answer is."""
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    if request.path.startswith(PREFIX):
        answer.headers.setdefault("Cache-Control", "no-store")
    return answer


def _document() -> Response:
    return Response(openapi(BLUEPRINTS), content_type="application/json")


def _refused(error: HTTPException) -> Response | HTTPException:
    """Addresses and methods that there are not: told in the API's shape, and elsewhere as Flask does."""
    return of_http(error).response() if request.path.startswith(PREFIX) else error
