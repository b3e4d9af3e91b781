"""A stage for contract tests: the local carrier in virtual time, the official SDK, a small app, a watch."""

from dataclasses import dataclass, field
from typing import Any  # the SDK publishes no types

from twilio.rest import Client
from werkzeug.wrappers import Request, Response

from carrier.app import create_app
from carrier.options import Account
from carrier.virtual import VirtualCarrier, wsgi_fetch
from commands.in_process import InProcessHttp

from .watch import ContractWatch

LINE, CALLER, AGENT = "+827010000001", "+821000000001", "+821000000002"
APP = "https://hotline.example"
ACCOUNT, TOKEN = "AC" + "5" * 32, "stage-token"
# The app's documents by path; each runs long enough for a test to look at the call meanwhile.
_LONG = '<Say language="ko-KR">잠시만 기다려 주십시오.</Say><Pause length="600"/>'
_ROOM = (
    '<Dial><Conference participantLabel="{}" statusCallback="/room" statusCallbackEvent="join leave end">'
    "c-5f3a9be2</Conference></Dial>"
)
_DOCUMENTS = {
    "/talk": _LONG,
    "/queue": '<Enqueue waitUrl="/wait" action="/left">stage</Enqueue>',
    "/wait": _LONG,
    "/left": "<Hangup/>",
    "/joined": _ROOM.format("caller"),
    "/agent": _ROOM.format("agent"),
    "/sorry": '<Say language="ko-KR">죄송합니다.</Say>',
    "/hold": '<Say language="ko-KR">잠시만 기다려 주십시오.</Say>',
}


@Request.application
def stage_app(request: Request) -> Response:
    """Answers every webhook; a path without a document is a status callback and gets 204, /away fails."""
    if request.path == "/away":
        return Response(status=503)
    if request.path == "/sorry" and request.method != "GET":
        return Response(status=405)
    body = _DOCUMENTS.get(request.path)
    if body is None:
        return Response(status=204)
    return Response(f"<Response>{body}</Response>", mimetype="text/xml")


def _network() -> VirtualCarrier:
    return VirtualCarrier(fetch=wsgi_fetch(stage_app), account=Account(ACCOUNT, TOKEN), seed=7)


@dataclass
class Stage:
    """`client` is the official SDK, in process, with every exchange watched; `handsets` the carrier's own API."""

    watch: ContractWatch = field(default_factory=ContractWatch)
    carrier: VirtualCarrier = field(default_factory=_network)
    client: Any = None
    handsets: Any = None

    def __post_init__(self) -> None:
        app = create_app(self.carrier.gate)
        self.handsets = app.test_client()
        self.client = Client(ACCOUNT, TOKEN, http_client=InProcessHttp(self.watch.carrier(app)))
        self.client.incoming_phone_numbers.create(
            phone_number=LINE, voice_url=f"{APP}/queue", voice_fallback_url=f"{APP}/left"
        )

    def run(self, seconds: float) -> None:
        """Lets `seconds` of the carrier's time pass."""
        self.carrier.run_for(seconds)

    def ring_in(self) -> str:
        """A person calls the line, and waits in its queue; gives the call's sid."""
        answer = self.handsets.post(f"/handsets/{CALLER}/calls", json={"to": LINE})
        self.run(3)
        return str(answer.get_json()["call"])

    def ring_out(self, path: str = "/talk", to: str = AGENT) -> str:
        """A call ordered over REST, answered two seconds after the first ring."""
        self.handsets.put(f"/handsets/{to}/person", json={"answer_after": 2.0})
        call = self.client.calls.create(to=to, from_=LINE, url=f"{APP}{path}")
        self.run(6)
        return str(call.sid)
