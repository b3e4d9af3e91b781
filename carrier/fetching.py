"""One logical request to the app: retries, redirects, cookies and the 15 s cap, all in engine time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urldefrag, urljoin, urlsplit

from carrier.outgoing import (
    ConnectionRules,
    Failure,
    Form,
    Outcome,
    Request,
    Response,
    build,
    signature,
    split_rules,
)

if TYPE_CHECKING:
    from carrier.network import Network

REDIRECTS = 10
RETRY_SECONDS = 0.1


class Cookies:
    """The cookies of one call, by host."""

    def __init__(self) -> None:
        self._by_host: dict[str, dict[str, str]] = {}

    def learn(self, url: str, response: Response) -> None:
        """Keep what a response sets; a Max-Age of 0 forgets it."""
        kept = self._by_host.setdefault(urlsplit(url).netloc, {})
        for name, value in response.headers:
            if name.lower() != "set-cookie":
                continue
            try:
                cookies = SimpleCookie(value)
            except CookieError:
                continue
            for key, morsel in cookies.items():
                kept[key] = morsel.coded_value
                if morsel["max-age"] == "0":
                    del kept[key]

    def header(self, url: str) -> str:
        """Return the Cookie header for a URL, or the empty string."""
        return "; ".join(f"{k}={v}" for k, v in self._by_host.get(urlsplit(url).netloc, {}).items())


@dataclass(frozen=True)
class Wanted:
    """What to ask of the app; `url` may carry connection rules in its fragment.

    `token` is the idempotency token; without one, a new one is made.
    """

    method: str
    url: str
    form: Form = ()
    token: str = ""


@dataclass(frozen=True)
class Fetched:
    """A good answer, with the address that it finally came from."""

    response: Response
    url: str
    method: str


@dataclass(frozen=True)
class Unfetched:
    """Why there is no document: Twilio's error code, the address and plain words."""

    code: int
    url: str
    message: str
    status: int = 0


Finished: TypeAlias = Callable[[Fetched | Unfetched], None]


class Fetch:
    """Sends until the app has answered, the rules are exhausted or the time is up; then calls `finished` once."""

    def __init__(self, network: Network, wanted: Wanted, cookies: Cookies, finished: Finished) -> None:
        self._network, self._cookies, self._finished = network, cookies, finished
        self._token = wanted.token or network.dice.token()
        self._round = self._hops = self._retries = 0
        self._wanted = wanted
        bare, self._rules = split_rules(wanted.url)
        self._wanted = replace(wanted, url=bare)
        self._total = network.after(self._rules.total, self._too_late)
        self._read = self._total
        self._send()

    @property
    def rules(self) -> ConnectionRules:
        """The connection rules that this request follows."""
        return self._rules

    def stop(self) -> None:
        """Forget the request: an answer that still comes is not looked at."""
        self._round = -1
        self._total.cancel()
        self._read.cancel()

    def _send(self) -> None:
        self._round += 1
        this_round = self._round
        url, form = build(self._wanted.method, self._wanted.url, self._wanted.form)
        headers = [
            ("X-Twilio-Signature", signature(self._network.account.auth_token, url, form)),
            ("I-Twilio-Idempotency-Token", self._token),
            ("User-Agent", "TwilioProxy/1.1"),
            ("Accept", "*/*"),
        ]
        if cookie := self._cookies.header(url):
            headers.append(("Cookie", cookie))
        if self._wanted.method == "POST":
            headers.append(("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"))
        request = Request(self._wanted.method, url, form, tuple(headers), self._rules.connect, self._rules.read)
        late = Failure("timeout", f"no answer within {self._rules.read:g} s")
        self._read = self._network.after(self._rules.read, lambda: self._heard(this_round, late))
        self._network.send(request, lambda outcome: self._heard(this_round, outcome))

    def _heard(self, this_round: int, outcome: Outcome) -> None:
        if this_round != self._round:
            return
        self._read.cancel()
        if isinstance(outcome, Response):
            self._cookies.learn(self._wanted.url, outcome)
            if outcome.status in (301, 302, 303, 307, 308) and outcome.header("Location"):
                self._follow(outcome)
                return
        if self._retries < self._rules.retries and self._rules.retries_after(outcome):
            self._retries += 1
            self._round += 1
            self._read = self._network.after(RETRY_SECONDS, self._send)
            return
        self._finish(self._judged(outcome))

    def _follow(self, response: Response) -> None:
        self._hops += 1
        if self._hops > REDIRECTS:
            self._finish(Unfetched(11215, self._wanted.url, f"more than {REDIRECTS} redirects", response.status))
            return
        target = urldefrag(urljoin(self._wanted.url, response.header("Location"))).url
        method = self._wanted.method if response.status in (307, 308) else "GET"
        self._wanted = replace(self._wanted, method=method, url=target)
        self._send()

    def _judged(self, outcome: Outcome) -> Fetched | Unfetched:
        url = self._wanted.url
        if isinstance(outcome, Failure):
            return Unfetched(11205, url, outcome.detail or outcome.kind)
        if outcome.status >= 300:
            return Unfetched(11200, url, f"the app answered {outcome.status}", outcome.status)
        return Fetched(outcome, url, self._wanted.method)

    def _too_late(self) -> None:
        self._finish(Unfetched(11205, self._wanted.url, f"no answer within {self._rules.total:g} s in all"))

    def _finish(self, result: Fetched | Unfetched) -> None:
        if self._round >= 0:
            self.stop()
            self._finished(result)
