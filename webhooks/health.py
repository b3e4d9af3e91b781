"""Is this process alive, can it serve, and its figures: for probes on the inside."""

from flask import Blueprint, Response, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from webhooks.media import waiting_music
from webhooks.switchboard import Switchboard

inside = Blueprint("inside", __name__)
EXTENSION = "switchboard"


@inside.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", content_type="text/plain")


@inside.get("/readyz")
def readyz() -> Response:
    """The process can serve: its database answers. 503 with the reason otherwise."""
    board: Switchboard = current_app.extensions[EXTENSION]
    try:
        with board.store.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return Response("the database does not answer\n", status=503, content_type="text/plain")
    return Response("ready\n", content_type="text/plain")


@inside.get("/metrics")
def metrics() -> Response:
    """Figures in Prometheus' form."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


@inside.get("/media/waiting.wav")
def music() -> Response:
    """The music of the queue, only in the lengths that lines use: anyone can ask, and making it takes time."""
    board: Switchboard = current_app.extensions[EXTENSION]
    seconds = request.args.get("seconds", 0, type=int)
    if seconds not in {line.waiting.announce_every for line in board.lines}:
        return Response(status=404)
    headers = {"Cache-Control": "public, max-age=86400"}
    return Response(waiting_music(seconds), content_type="audio/wav", headers=headers)
