"""What is open beside the signed entries: the figures for the inside, and the music of the queue."""

from flask import Blueprint, Response, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST

from webhooks.figures import figures_page
from webhooks.media import waiting_music
from webhooks.switchboard import Switchboard

inside = Blueprint("inside", __name__)
EXTENSION = "switchboard"
# A proxy names whom it asks for in one of these.
PROXIED = frozenset({"X-Forwarded-For", "Forwarded", "X-Real-Ip"})


@inside.get("/metrics")
def metrics() -> Response:
    """Figures in Prometheus' form, for who asks on the inner network: what comes through a proxy is from outside."""
    if PROXIED.intersection(request.headers.keys()):
        return Response(status=404)
    board: Switchboard = current_app.extensions[EXTENSION]
    return Response(figures_page(board.fresh()), content_type=CONTENT_TYPE_LATEST)


@inside.get("/media/waiting.wav")
def music() -> Response:
    """The music of the queue, only in the lengths that lines use: anyone can ask, and making it takes time."""
    board: Switchboard = current_app.extensions[EXTENSION]
    seconds = request.args.get("seconds", 0, type=int)
    if seconds not in {line.waiting.announce_every for line in board.lines}:
        return Response(status=404)
    headers = {"Cache-Control": "public, max-age=86400"}
    return Response(waiting_music(seconds), content_type="audio/wav", headers=headers)
