"""A probe: steps of a call of its own at fixed moments, to see how long callers wait for a document."""

import http.client
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from benchmarks.signed_steps import DID, LINE
from config.settings import Settings
from ivr.addresses import Address, address
from ivr.identifiers import call_id
from webhooks.signature import sign

CALLER = "+821010004999"
EVERY_SECONDS, PATIENCE_SECONDS = 0.2, 15.0
FORM = "application/x-www-form-urlencoded"


@dataclass
class Probe:
    """Asks for a menu of its call every 0.2 s while the block lasts; a wait counts from the moment it was due.

    What is not answered with a document within its patience is in `failed`, and counts as that long.
    """

    settings: Settings
    patience: float = PATIENCE_SECONDS
    waits: list[float] = field(default_factory=list)
    failed: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Probe":
        self._sid = f"CA{secrets.token_hex(16)}"
        self._post(address(Address.INCOMING), {"CallStatus": "ringing"})
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._post(address(Address.STATUS), {"CallStatus": "completed", "SequenceNumber": "3"})

    def _ask(self) -> None:
        began, step = time.monotonic(), 0
        while not self._over.is_set():
            step += 1
            due = began + step * EVERY_SECONDS
            time.sleep(max(0.0, due - time.monotonic()))
            asked = address(Address.MENU, call=call_id(self._sid), line=LINE, step=step, menu="main")
            answered = self._post(asked, {"CallStatus": "in-progress"})
            self.failed += not answered
            self.waits.append((time.monotonic() - due if answered else self.patience) * 1000)

    def _post(self, asked: str, more: Mapping[str, str]) -> bool:
        path, base = asked.partition("#")[0], urlsplit(self.settings.public_base_url)
        pairs = list({"CallSid": self._sid, "From": CALLER, "To": DID, **more}.items())
        signature = sign(self.settings.public_base_url + path, pairs, token=self.settings.auth_tokens[0])
        headers = {"Content-Type": FORM, "X-Twilio-Signature": signature}
        connection = http.client.HTTPConnection(base.hostname or "", base.port, timeout=self.patience)
        try:
            connection.request("POST", path, urlencode(pairs), headers)
            return connection.getresponse().status in {200, 204}
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
