"""Text messages: out with their states and callbacks, in to the line's SmsUrl with an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from carrier import callbacks
from carrier.callbacks import CallbackTarget
from carrier.fetching import Cookies, Fetch, Fetched, Unfetched, Wanted
from carrier.hearing import Heard, stamp
from carrier.segments import segments
from carrier.twiml.reading import read_texts
from carrier.twiml.xml import Unparsable

if TYPE_CHECKING:
    from carrier.lines import Line
    from carrier.network import Network

FINAL = frozenset({"delivered", "undelivered", "failed", "canceled", "received"})
OPT_OUT = frozenset({"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"})
UNREACHABLE = 30003


@dataclass(eq=False)
class Message:
    """A text as Twilio's Message resource describes it."""

    network: Network
    sid: str
    direction: str
    from_: str
    to: str
    body: str
    created: datetime
    updated: datetime
    status: str = "queued"
    sent: datetime | None = None
    service: str = ""
    callback: CallbackTarget | None = None
    error_code: int | None = None

    @property
    def num_segments(self) -> int:
        """How many segments the body takes."""
        return segments(self.body)

    def send(self) -> None:
        """Start on the way: sending, sent, then delivered or undelivered, each with its callback."""
        self._become("queued", tell=False)
        step = self.network.options.message_step_seconds
        self.network.after(step, lambda: self._advance("sending"))
        self.network.after(2 * step, lambda: self._advance("sent"))
        self.network.after(3 * step, self._arrive)

    def cancel(self) -> None:
        """Take back a text that is still scheduled."""
        if self.status == "scheduled":
            self._become("canceled")

    def _advance(self, status: str) -> None:
        if self.status not in FINAL:
            if status == "sent":
                self.sent = self.network.now
            self._become(status)

    def _arrive(self) -> None:
        if self.status in FINAL:
            return
        handset = self.network.handset(self.to)
        if not handset.accepts_messages:
            self.error_code = UNREACHABLE
            self._become("undelivered")
            return
        handset.messages.append({"at": stamp(self.network.now), "from": self.from_, "body": self.body, "sid": self.sid})
        now = self.network.now
        handset.hear(Heard(now, "message", text=self.body, until=now, complete=True))
        self._become("delivered")

    def _become(self, status: str, *, tell: bool = True) -> None:
        self.status, self.updated = status, self.network.now
        self.network.log(f"message {status}", self.sid, self.to)
        if tell and self.callback is not None:
            callbacks.send(self.network, self.callback, self._form())

    def _form(self) -> dict[str, str]:
        form = {
            "MessageSid": self.sid,
            "SmsSid": self.sid,
            "MessageStatus": self.status,
            "SmsStatus": self.status,
            "AccountSid": self.network.account.sid,
            "From": self.from_,
            "To": self.to,
            "ApiVersion": "2010-04-01",
            "MessagingServiceSid": self.service,
            "ErrorCode": str(self.error_code or ""),
        }
        return {key: value for key, value in form.items() if value}


def send_out(network: Network, fields: Mapping[str, str], callback: CallbackTarget | None) -> Message:
    """Make an outgoing text from From, To, Body and MessagingServiceSid; the sender calls `send` or schedules it."""
    message = Message(
        network, network.dice.sid("SM"), "outbound-api", fields.get("From", ""), fields["To"], fields["Body"],
        network.now, network.now, service=fields.get("MessagingServiceSid", ""), callback=callback,
    )  # fmt: skip
    network.messages[message.sid] = message
    return message


def receive(network: Network, line: Line, *, sender: str, body: str) -> Message:
    """Bring a person's text to a line's SmsUrl; the texts in its answer go back. Opt-out words are remembered."""
    now = network.now
    message = Message(network, network.dice.sid("SM"), "inbound", sender, line.number, body, now, now, "received")
    network.messages[message.sid] = message
    if body.strip().upper() in OPT_OUT:
        network.unsubscribed.add((sender, line.number))
    if line.sms_url:
        form = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "SmsMessageSid": message.sid,
            "AccountSid": network.account.sid,
            "From": sender,
            "To": line.number,
            "Body": body,
            "NumMedia": "0",
            "NumSegments": str(message.num_segments),
            "SmsStatus": "received",
            "ApiVersion": "2010-04-01",
        }
        wanted = Wanted(line.sms_method, line.sms_url, tuple(form.items()))
        Fetch(network, wanted, Cookies(), lambda result: _answered(message, result))
    return message


def _answered(message: Message, result: Fetched | Unfetched) -> None:
    network = message.network
    if isinstance(result, Unfetched):
        network.alert(result.code, result.message, url=result.url)
        return
    try:
        texts = read_texts(result.response.body)
    except Unparsable as error:
        network.alert(12100, str(error), url=result.url)
        return
    for body, to in texts.messages:
        fields = {"From": message.to, "To": to or message.from_, "Body": body}
        answer = send_out(network, fields, None)
        answer.direction = "outbound-reply"
        answer.send()
