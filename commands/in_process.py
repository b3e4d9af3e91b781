"""The Twilio SDK's HTTP client over a WSGI app in this process: the real SDK, no socket."""

import logging
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import WSGIApplication

from twilio.http import HttpClient
from twilio.http.response import Response
from werkzeug.test import Client as WsgiClient
from werkzeug.wrappers import Response as WsgiResponse


class InProcessHttp(HttpClient):  # type: ignore[misc]  # the SDK has no types
    """Hands the SDK's requests to `app`, whatever host they name."""

    def __init__(self, app: WSGIApplication) -> None:
        super().__init__(logging.getLogger(__name__), is_async=False)
        self._client = WsgiClient(app, WsgiResponse)

    def request(  # noqa: PLR0913 - the SDK calls it with these
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,  # Any: whatever the SDK sends
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Run one request against the app."""
        sent = dict(headers or {})
        if auth:
            sent["Authorization"] = "Basic " + b64encode(":".join(auth).encode()).decode()
        sent.pop("Content-Type", None)
        parts = urlsplit(url)
        answer = self._client.open(
            path=parts.path,
            query_string=params or parts.query,
            method=method,
            data=dict(data or {}) if method.upper() == "POST" else None,
            headers=sent,
        )
        return Response(answer.status_code, answer.get_data(as_text=True))
