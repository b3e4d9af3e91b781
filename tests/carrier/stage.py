"""A stage for carrier tests: documents by path, a carrier in virtual time, people, and the official SDK."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from twilio.request_validator import RequestValidator
from twilio.rest import Client

from carrier.app import create_app
from carrier.calls import Call
from carrier.options import Account, Options
from carrier.outgoing import Failure, Outcome, Request, Response
from carrier.persons import PersonPlan
from carrier.virtual import VirtualCarrier
from commands.in_process import InProcessHttp
from tests.contract import ContractWatch

SID, TOKEN = "AC" + "1" * 32, "a token of the carrier tests"
KEY, KEY_SECRET = "SK" + "2" * 32, "a secret of the carrier tests, long enough to sign with"
BASE = "http://app.example"
LINE, OTHER_LINE = "+827010000001", "+827010000002"
CALLER, AGENT, COLLEAGUE = "+821010000001", "+821020000001", "+821020000002"

Document: TypeAlias = "str | Outcome | Callable[[Asked], str | Outcome]"


@dataclass(frozen=True)
class Asked:
    """One request that reached the app."""

    at: datetime
    method: str
    path: str
    form: Mapping[str, str]
    headers: Mapping[str, str]
    url: str
    genuine: bool


@dataclass
class Stage:
    """Serves `documents` (path to TwiML without the Response tag, an outcome, or a function) at http://app.example."""

    documents: Mapping[str, Document]
    options: Options | None = None
    seed: int = 7
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.carrier = VirtualCarrier(
            fetch=self._fetch,
            account=Account(SID, TOKEN, KEY, KEY_SECRET),
            seed=self.seed,
            options=self.options,
        )
        self.network = self.carrier.network
        self.watch = ContractWatch()
        app = create_app(self.carrier.gate)
        self.web = app.test_client()
        self.rest: Any = Client(SID, TOKEN, http_client=InProcessHttp(self.watch.carrier(app)))
        self.rest.incoming_phone_numbers.create(
            phone_number=LINE, voice_url=f"{BASE}/in", status_callback=f"{BASE}/ended", sms_url=f"{BASE}/text"
        )

    def _fetch(self, request: Request) -> Outcome:
        parts = urlsplit(request.url)
        form = dict(parse_qsl(parts.query)) | dict(request.form)
        headers = dict(request.headers)
        genuine = RequestValidator(TOKEN).validate(request.url, dict(request.form), headers["X-Twilio-Signature"])
        asked = Asked(self.network.now, request.method, parts.path, form, headers, request.url, genuine)
        self.asked.append(asked)
        document = self.documents.get(parts.path, Response(204))
        answer = document(asked) if callable(document) else document
        if isinstance(answer, Response | Failure):
            return answer
        return Response(200, (("Content-Type", "text/xml"),), f"<Response>{answer}</Response>".encode())

    def dial(self, *presses: str, number: str = CALLER, **person: Any) -> Call:
        """Let somebody call the line and press these keys, one for each Gather."""
        plan = PersonPlan(presses=presses, **person)
        return self.network.handset(number).dial(LINE, plan=plan)

    def agent(self, number: str = AGENT, **person: Any) -> None:
        """Say how somebody behaves when called."""
        self.network.handset(number).plan = PersonPlan(**person)

    def run(self, seconds: float) -> None:
        """Let so many seconds happen."""
        self.carrier.run_for(seconds)

    def forms(self, path: str) -> list[Mapping[str, str]]:
        """Return the forms that reached a path, in order."""
        return [asked.form for asked in self.asked if asked.path == path]

    def at(self, path: str) -> list[float]:
        """Return when a path was asked for, in seconds from the start."""
        return [(asked.at - self.network.started).total_seconds() for asked in self.asked if asked.path == path]

    def assert_answers_fit(self) -> None:
        """Fail if any REST answer so far did not fit Twilio's OpenAPI document."""
        wrong = [fault for fault in self.watch.violations if " -> " in fault]
        assert not wrong, wrong

    def codes(self) -> list[int]:
        """Return the codes of all alerts."""
        return [alert.code for alert in self.network.alerts]


def heard(call: Call, *kinds: str) -> list[str]:
    """Return what was heard on a call: texts and URLs of the kinds given, all kinds but ring by default."""
    wanted = kinds or ("say", "play", "beep", "silence", "hold")
    return [piece.text or piece.url or piece.kind for piece in call.heard if piece.kind in wanted]


def lasted(call: Call) -> list[float]:
    """Return how long each piece was heard, in seconds, without the ringing."""
    return [
        round((piece.until - piece.at).total_seconds(), 2)
        for piece in call.heard
        if piece.kind != "ring" and piece.until is not None
    ]
