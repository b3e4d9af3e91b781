"""What the carrier sends to the customer's app: requests, their signature, and the rules in a URL's fragment."""

import base64
import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import parse_qs, urldefrag, urlencode

Form: TypeAlias = tuple[tuple[str, str], ...]
CAP_SECONDS = 15.0


@dataclass(frozen=True)
class Request:
    """One HTTP request to the app; `url` has no fragment, times are in seconds."""

    method: str
    url: str
    form: Form
    headers: Form
    connect_seconds: float
    read_seconds: float

    @property
    def body(self) -> bytes:
        """The form as it goes over the wire; empty for GET."""
        return urlencode(self.form).encode()


@dataclass(frozen=True)
class Response:
    """What the app answered; header names are compared without regard to case."""

    status: int
    headers: Form = ()
    body: bytes = b""

    def header(self, name: str) -> str:
        """Return the first header of that name, or the empty string."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass(frozen=True)
class Failure:
    """Why no answer came: `kind` is "connect" or "timeout"."""

    kind: str
    detail: str = ""


Outcome: TypeAlias = Response | Failure
Done: TypeAlias = Callable[[Outcome], None]
Send: TypeAlias = Callable[[Request, Done], None]


@dataclass(frozen=True)
class ConnectionRules:
    """Connection overrides from a URL's fragment (webhooks-connection-overrides), in seconds."""

    connect: float = 5.0
    read: float = CAP_SECONDS
    total: float = CAP_SECONDS
    retries: int = 1
    policy: frozenset[str] = frozenset({"ct"})

    def retries_after(self, outcome: Outcome) -> bool:
        """Say whether the retry policy covers this outcome; the default covers failed connections only."""
        if isinstance(outcome, Failure):
            reason = "ct" if outcome.kind == "connect" else "rt"
        elif outcome.status < 400:
            return False
        else:
            reason = "5xx" if outcome.status >= 500 else "4xx"
        return "all" in self.policy or reason in self.policy


def split_rules(url: str) -> tuple[str, ConnectionRules]:
    """Take the fragment off a URL and read it; what is out of range or not understood keeps its default."""
    bare, fragment = urldefrag(url)
    given = {key: values[-1] for key, values in parse_qs(fragment).items()}
    policy = frozenset(given.get("rp", "ct").split(",")) & {"4xx", "5xx", "ct", "rt", "all"}
    return bare, ConnectionRules(
        connect=_whole(given, "ct", (100, 10000, 5000)) / 1000,
        read=_whole(given, "rt", (100, 15000, 15000)) / 1000,
        total=_whole(given, "tt", (100, 15000, 15000)) / 1000,
        retries=_whole(given, "rc", (0, 5, 1)),
        policy=policy or frozenset({"ct"}),
    )


def _whole(given: Mapping[str, str], key: str, limits: tuple[int, int, int]) -> int:
    low, high, default = limits
    value = given.get(key, "")
    return int(value) if value.isascii() and value.isdigit() and low <= int(value) <= high else default


def signature(token: str, url: str, form: Iterable[tuple[str, str]]) -> str:
    """Return X-Twilio-Signature: HMAC-SHA1 over the URL and the sorted form (webhooks-security).

    Repeated names contribute the sorted set of their distinct values.
    """
    text = url + "".join(name + value for name, value in sorted(set(form)))
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), "sha1")).decode()


def build(method: str, url: str, form: Form) -> tuple[str, Form]:
    """Return the URL and form to send: the parameters of a GET belong into the query."""
    if method == "GET" and form:
        return f"{url}{'&' if '?' in url else '?'}{urlencode(form)}", ()
    return url, form
