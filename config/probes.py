"""What probes on the inside ask of every web process: is it alive, can it serve."""

from collections.abc import Callable

from flask import Blueprint, Response

# In an app's extensions: what a process begins beside its requests once it has been forked.
BEGIN = "charterline.begin"


def probes(database_answers: Callable[[], bool]) -> Blueprint:
    """The two routes, for an app whose database is asked by `database_answers`."""
    room = Blueprint("probes", __name__)

    @room.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", content_type="text/plain")

    @room.get("/readyz")
    def readyz() -> Response:
        if not database_answers():
            return Response("the database does not answer\n", status=503, content_type="text/plain")
        return Response("ready\n", content_type="text/plain")

    return room
