"""The stream of events of a desk: a word whenever something has changed, and a beat that keeps both ends awake."""

import random
import time
from collections.abc import Iterator
from typing import Final

from flask import Response, current_app

from console.desk.room import blueprint
from console.desk.showing import own_agent
from console.desk.watch import Stream, Watch, watch_of
from console.office import office
from console.visitor import allowed, visitor
from ivr.accounts.rows import Role
from ivr.desks.presence import BEAT_EVERY

RETRY_MS: Final = 1000


@blueprint.get("/stream")
@allowed(Role.AGENT)
def stream() -> Response:
    """Server-sent events: `desk` (look again), `beat` (say that you are there), `over` (the session has ended).

    204, after which a browser does not ask again, where the session has too many streams: the page then polls.
    """
    here, person = office(), visitor()
    with here.store.reading() as session:
        agent = own_agent(session).id
    told = _told(watch_of(current_app, here.store, here.clock), agent, person.session_id)
    first = next(told)
    if not first:
        return Response(status=204)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(_with(first, told), mimetype="text/event-stream", headers=headers)


def _with(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _told(watch: Watch, agent: str, session_id: str) -> Iterator[str]:
    with watch.over(agent, session_id) as desk:
        if desk is None:
            yield ""
            return
        yield f"retry: {RETRY_MS}\n{_event('desk')}"
        # Desks that were opened together do not all beat at the same moment for ever.
        first = BEAT_EVERY.total_seconds() * random.uniform(0.5, 1)  # noqa: S311 - spreads load
        yield from _changes(desk, seconds=first)
        while desk.goes_on:
            yield _event("beat")
            yield from _changes(desk, seconds=BEAT_EVERY.total_seconds())
        if desk.is_over:
            yield _event("over")


def _changes(desk: Stream, *, seconds: float) -> Iterator[str]:
    """What changes in so many seconds, or until the stream ends."""
    ends_at = time.monotonic() + seconds
    while desk.goes_on and (left := ends_at - time.monotonic()) > 0:
        if desk.changed(left) and desk.goes_on:
            yield _event("desk")


def _event(name: str) -> str:
    return f"event: {name}\ndata: 1\n\n"
