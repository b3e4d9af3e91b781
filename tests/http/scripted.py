"""A carrier port that takes every order, tells it in a short line, and answers as a transcript says."""

from dataclasses import dataclass, field

from ivr.orders import (
    Accepted,
    Announce,
    AskCall,
    AskText,
    DeleteRecording,
    EndCall,
    FetchRecording,
    FindCall,
    FindRecording,
    FindTalk,
    FindText,
    Found,
    HoldParty,
    MoveCall,
    Order,
    PlaceCall,
    Receipt,
    Rejected,
    SeatParty,
    SendText,
    StartRecording,
    StopRecording,
    StopTranscription,
    TakeFromQueue,
    Unknown,
)
from tests.http.hearing import short

ANSWERS: dict[str, Receipt] = {
    "gone": Rejected(20404, "the member has left", permanent=True),
    "refused": Rejected(21217, "not a number that can be rung", permanent=True),
    "too many": Rejected(20429, "too many requests", permanent=False),
    "silence": Unknown("ReadTimeout"),
    "not let in": Rejected(20003, "not let in", permanent=False),
    "found": Found("SM-found", "sent", None),
}

LISTENING = {
    StartRecording: "record",
    StopRecording: "stop recording",
    FindRecording: "look for a recording of",
    StopTranscription: "stop listening to",
    FetchRecording: "fetch the recording",
    DeleteRecording: "forget the recording",
}


@dataclass
class ScriptedCarrier:
    """Takes orders; `orders` are told in short lines, `addresses` are those the orders name, by path."""

    orders: list[str] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    given: list[Order] = field(default_factory=list)

    def do(self, order: Order) -> Receipt:
        """Take one order."""
        self.given.append(order)
        self.orders.append(self._told(order))
        for url in (getattr(order, name, None) for name in ("url", "answer_url", "status_url", "events_url")):
            if url:
                path = "/" + url.split("/", 3)[3]
                self.addresses[path.partition("?")[0]] = path
        answer = self.answers.pop(0) if self.answers else "accepted"
        return self._accepted(order) if answer == "accepted" else ANSWERS[answer]

    def _accepted(self, order: Order) -> Receipt:
        match order:
            case PlaceCall():
                rung = any(path in order.answer_url for path in ("/voice/dial/", "/voice/reading"))
                return self._rung("customer" if rung else "agent")
            case SendText():
                return Accepted("SM-" + str(sum(isinstance(given, SendText) for given in self.given)))
            case AskCall(sid) | FindTalk(_, sid):
                return Found(sid, "in-progress", None)
            case AskText(sid):
                return Found(sid, "sent", None)
            case FindText() | FindCall():
                return Rejected(20404, "nothing such was sent or placed", permanent=True)
            case StartRecording():
                return Accepted(f"RE-{order.sid}")
            case FindRecording(sid):
                return Found(f"RE-{sid}", "completed", None, 15)
            case _:
                return Accepted(order.sid)

    def _rung(self, who: str) -> Accepted:
        sid = f"CA-{who}-{sum(name.startswith(who) for name in self.names.values()) + 1}"
        self.names[sid] = sid.removeprefix("CA-").replace("-", " ")
        return Accepted(sid)

    def _told(self, order: Order) -> str:
        match order:
            case PlaceCall():
                return f"ring {order.to} -> {short(order.answer_url)}"
            case SendText():
                return f"text {order.to}: {order.body}"
            case FindText() | FindCall():
                return f"look for a {'text' if isinstance(order, FindText) else 'call'} to {order.to}"
            case FindTalk():
                return "look whether they talk"
            case AskText():
                return f"ask after the text {order.reference}"
            case FetchRecording(sid) | DeleteRecording(sid):
                return f"{LISTENING[type(order)]} {sid}"
            case StartRecording() | StopRecording() | FindRecording() | StopTranscription():
                return f"{LISTENING[type(order)]} {self.names.get(order.sid, 'caller')}"
            case _:
                return self._told_of_leg(order)

    def _told_of_leg(
        self, order: MoveCall | EndCall | TakeFromQueue | HoldParty | SeatParty | Announce | AskCall
    ) -> str:
        name = self.names.get(order.sid, "caller")
        match order:
            case MoveCall(_, url):
                return f"move {name} -> {short(url)}"
            case TakeFromQueue(_, _, url):
                return f"take {name} -> {short(url)}"
            case HoldParty(_, _, music):
                return f"hold {name}" if music else f"resume {name}"
            case SeatParty(_, _, is_muted, coach):
                return f"seat {name}, {'muted' if is_muted else 'coaching' if coach else 'heard'}"
            case Announce(_, _, url):
                return f"announce to {name} -> {short(url)}"
            case EndCall():
                return f"end {name}"
            case AskCall():
                return f"ask after {name}"
