"""An HTTP client for the official SDK that calls a WSGI app in process, with no socket."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit
from wsgiref.types import WSGIApplication

from werkzeug.test import EnvironBuilder

from .exchange import Exchange, decoded


@dataclass(frozen=True)
class SdkAnswer:
    """What the SDK reads of an answer."""

    status_code: int
    text: str
    headers: Mapping[str, str]

    @property
    def content(self) -> str:
        """The text again: the SDK asks for both names."""
        return self.text


@dataclass
class WsgiClient:
    """Stands in for the SDK's HttpClient: `Client(sid, token, http_client=WsgiClient(app))`.

    Host and scheme of the SDK's URLs are kept in the WSGI environment; any host reaches the app.
    """

    app: WSGIApplication
    timeout: float | None = None
    is_async: bool = False
    answers: list[SdkAnswer] = field(default_factory=list)

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[object, object] | None = None,
        data: Mapping[object, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> SdkAnswer:
        """Runs one request against the app and keeps its answer in `answers`."""
        sent = dict(headers or {})
        if auth:
            sent["Authorization"] = "Basic " + b64encode(":".join(auth).encode()).decode()
        parts = urlsplit(url)
        query = "&".join(filter(None, [parts.query, urlencode(decoded(params or {}), doseq=True)]))
        body = urlencode(decoded(data or {}), doseq=True)
        builder = EnvironBuilder(
            method=method,
            path=parts.path,
            query_string=query,
            base_url=f"{parts.scheme}://{parts.netloc}",
            headers=list(sent.items()),
            data=body.encode() if method.upper() == "POST" else None,
            content_type="application/x-www-form-urlencoded" if method.upper() == "POST" else None,
        )
        exchange = Exchange.run(self.app, builder.get_environ())
        answer = SdkAnswer(exchange.status, exchange.text, dict(exchange.headers))
        self.answers.append(answer)
        return answer
