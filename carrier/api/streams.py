"""What happens at handsets, told as it happens: server-sent events of one handset, or of all those of a page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, SimpleQueue

from flask import Blueprint, Response, request

from carrier.api.door import Refused, gate
from carrier.api.origins import admitted_until
from carrier.gate import Gate
from carrier.network import Network
from carrier.numbers import normalise

blueprint = Blueprint("streams", __name__, url_prefix="/handsets")
# Often enough that a page that is gone is noticed soon: only what is sent finds out.
KEEP_ALIVE_SECONDS = 5.0
MOST_HANDSETS = 12


@blueprint.get("/<number>/events")
def follow(number: str) -> Response:
    return _answer([number])


@blueprint.get("/events")
def follow_many() -> Response:
    numbers = request.args.getlist("number")
    if not 0 < len(numbers) <= MOST_HANDSETS:
        raise Refused(f"name 1 to {MOST_HANDSETS} handsets: ?number=...&number=...")
    return _answer(numbers)


def _answer(numbers: list[str]) -> Response:
    asked = {normalise(number): number for number in numbers}
    follower = Follower(gate(), asked, request.args.get("voice", ""), admitted_until())
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(follower.stream(), content_type="text/event-stream", headers=headers)


@dataclass(eq=False)
class Follower:
    """Somebody who follows handsets, `numbers` as E.164 with the form in which each was asked for.

    Signals are for the page that holds the `voice`. It ends with its pass.
    """

    door: Gate
    numbers: Mapping[str, str]
    voice: str
    until: datetime | None
    _shown: dict[str, str] = field(default_factory=dict)

    def stream(self) -> Iterator[str]:
        """Yield the present states, then each new one and each signal; a comment when nothing happens."""
        changes: SimpleQueue[None] = SimpleQueue()

        def changed(number: str) -> None:
            if number in self.numbers:
                changes.put(None)

        with self.door.entered() as network:
            network.watchers.append(changed)
        try:
            while True:
                with self.door.entered() as network:
                    if self.until is not None and network.now >= self.until:
                        return
                    news = list(self._news(network))
                yield "".join(news) or ": keep-alive\n\n"
                _wait(changes)
        finally:
            with self.door.entered() as network:
                network.watchers.remove(changed)
                self._leave(network)

    def _leave(self, network: Network) -> None:
        for handset in map(network.handset, self.numbers):
            if handset.voice is not None and handset.voice.left_by(self):
                handset.page_left()

    def _news(self, network: Network) -> Iterator[str]:
        for number, asked in self.numbers.items():
            handset = network.handset(number)
            shown = json.dumps({"asked": asked, **handset.as_json()}, ensure_ascii=False)
            if shown != self._shown.get(number):
                self._shown[number] = shown
                yield f"data: {shown}\n\n"
            if handset.voice is not None and handset.voice.is_read_by(self, self.voice):
                for signal in handset.voice.collect():
                    yield f"event: signal\ndata: {json.dumps({'asked': asked, **signal}, ensure_ascii=False)}\n\n"


def _wait(changes: SimpleQueue[None]) -> None:
    try:
        changes.get(timeout=KEEP_ALIVE_SECONDS)
    except Empty:
        return
    while not changes.empty():
        changes.get()
