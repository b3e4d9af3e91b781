"""The HTTP clients of the adapters over a WSGI app in this process: the real adapters, no socket."""

import logging
from base64 import b64encode
from collections.abc import Mapping
from io import BytesIO
from urllib.parse import urlencode
from wsgiref.types import WSGIApplication

import requests
from requests.adapters import BaseAdapter
from twilio.http import HttpClient
from twilio.http.response import Response
from werkzeug.test import Client

from carrier.outgoing import CAP_SECONDS, Request
from carrier.outgoing import Response as Answered
from carrier.virtual import wsgi_fetch


class InProcessHttp(HttpClient):  # type: ignore[misc]  # the SDK has no types
    """Hands the SDK's requests to `app`, whatever host they name: `Client(sid, token, http_client=InProcessHttp(app))`.

    Scheme and host of the SDK's URLs are kept in the WSGI environment.
    """

    def __init__(self, app: WSGIApplication) -> None:
        super().__init__(logging.getLogger(__name__), is_async=False)
        self._fetch = wsgi_fetch(app)

    def request(  # noqa: PLR0913 - the SDK calls it with these
        self,
        method: str,
        url: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Run one request against the app."""
        sent = dict(headers or {})
        if auth:
            sent["Authorization"] = "Basic " + b64encode(":".join(auth).encode()).decode()
        if params:
            url += ("&" if "?" in url else "?") + urlencode(_pairs(params))
        form = _pairs(data or {}) if method.upper() == "POST" else ()
        if form:
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        answer = self._fetch(Request(method, url, form, tuple(sent.items()), CAP_SECONDS, CAP_SECONDS))
        if not isinstance(answer, Answered):
            raise TypeError(f"an app in this process answers, it does not fail with {answer}")
        return Response(answer.status, answer.body.decode(errors="replace"), dict(answer.headers))


def in_process_session(app: WSGIApplication) -> requests.Session:
    """A session of `requests` whose every request is answered by `app`, whatever host it names."""
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, _WsgiAdapter(app))
    return session


class _WsgiAdapter(BaseAdapter):
    def __init__(self, app: WSGIApplication) -> None:
        super().__init__()
        self._browser = Client(app)

    def send(self, request: requests.PreparedRequest, *_given: object, **_more: object) -> requests.Response:
        """Run one prepared request against the app."""
        answer = self._browser.open(
            request.url, method=request.method, headers=list(request.headers.items()), data=request.body
        )
        made = requests.Response()
        made.status_code, made.url, made.request = answer.status_code, request.url or "", request
        made.raw = BytesIO(answer.get_data())
        made.headers.update(answer.headers.items())
        return made

    def close(self) -> None:
        """There is nothing to close."""


def _pairs(given: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Parameters as they go over the wire: a list gives its name once for each value."""
    return tuple(
        (name, str(one))
        for name, value in given.items()
        for one in (value if isinstance(value, list | tuple) else (value,))
    )
