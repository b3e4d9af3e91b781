"""What the aggregator has taken: one text for each request, delivered to a telephone or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from carrier.hearing import Heard, stamp

if TYPE_CHECKING:
    from carrier.network import Network

SEOUL = ZoneInfo("Asia/Seoul")
REQUESTING, PROCESSING, SUCCESSFUL, FAILED = "1", "2", "3", "0"
DELIVERED, POWER_OFF, NETWORK_TROUBLE = "1000", "2003", "2001"
SLOW_SECONDS = 180.0


@dataclass(eq=False)
class AggregatedText:
    """One text as the lists of the API show it; `status` and `result` are its codes."""

    network: Network
    request: str
    kind: str
    sender: str
    recipient: str
    body: str
    reference: str
    asked: datetime
    title: str = ""
    status: str = REQUESTING
    result: str = ""
    ended: datetime | None = None

    def send(self) -> None:
        """Start on the way; faults of the network may make it slow or lose it."""
        faults, dice = self.network.faults, self.network.dice
        wait = SLOW_SECONDS if dice.happens(faults.aggregator_slow) else self.network.options.message_step_seconds
        lost = dice.happens(faults.aggregator_undelivered)
        self.network.after(0, self._process)
        self.network.after(2 * wait, self._lose if lost else self._arrive)

    def as_json(self) -> dict[str, object]:
        """The entry of a list (API guide v3.0, list of short and long messages)."""
        return {
            "requestId": self.request,
            "requestDate": _written(self.asked),
            "resultDate": _written(self.ended) if self.ended else None,
            "title": self.title or None,
            "body": self.body,
            "sendNo": self.sender,
            "countryCode": "82",
            "recipientNo": self.recipient,
            "msgStatus": self.status,
            "resultCode": self.result or None,
            "recipientSeq": 1,
            "recipientGroupingKey": self.reference,
        }

    def _process(self) -> None:
        self.status = PROCESSING

    def _lose(self) -> None:
        self._end(FAILED, NETWORK_TROUBLE)

    def _arrive(self) -> None:
        handset = self.network.handset(self.recipient)
        if not handset.accepts_messages:
            self._end(FAILED, POWER_OFF)
            return
        now = self.network.now
        handset.messages.append({"at": stamp(now), "from": self.sender, "body": self.body, "sid": self.request})
        handset.hear(Heard(now, "message", text=self.body, until=now, complete=True))
        self._end(SUCCESSFUL, DELIVERED)

    def _end(self, status: str, result: str) -> None:
        self.status, self.result, self.ended = status, result, self.network.now
        self.network.log(f"aggregated text {status}/{result}", self.request, self.recipient)


def _written(moment: datetime) -> str:
    return f"{moment.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}.0"
