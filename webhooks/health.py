"""What is open beside the signed entries: the figures of this process for the inside, and the music of the queue."""

from flask import Blueprint, Response, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from webhooks.media import waiting_music
from webhooks.switchboard import Switchboard

inside = Blueprint("inside", __name__)
EXTENSION = "switchboard"


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
