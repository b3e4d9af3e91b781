"""Watches both sides of the wire in a test and collects every violation of Twilio's contract."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Protocol
from urllib.parse import urljoin, urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from xml.etree import ElementTree

from werkzeug.wrappers import Request

from .exchange import Exchange, decoded, replay
from .rest_shape import check_request, check_response
from .rest_table import find_operation
from .twiml_lint import Context, lint

_XML = ("text/xml", "application/xml")
# Which attribute of which element names a document of its own, and where that document runs.
_SERVED: Mapping[str, tuple[str, Context]] = {
    "Enqueue": ("waitUrl", "wait"),
    "Conference": ("waitUrl", "conference-wait"),
    "Queue": ("url", "queue-url"),
    "Number": ("url", "noun-url"),
    "Client": ("url", "noun-url"),
    "Sip": ("url", "noun-url"),
}
_ORDERED: Mapping[str, Context] = {
    "Url": "voice",
    "WaitUrl": "conference-wait",
    "HoldUrl": "conference-wait",
    "AnnounceUrl": "conference-wait",
}


class Answer(Protocol):
    """What an SDK HttpClient gives back."""

    @property
    def status_code(self) -> int: ...
    @property
    def text(self) -> str: ...


@dataclass
class ContractWatch:
    """Collects `violations` of TwiML and of the v2010 API while a test runs; `assert_clean` fails on any.

    It learns from the documents themselves which URL serves whom (waitUrl, noun url, ...), so each later
    document is linted in its own context. `messaging_paths` are paths that answer message webhooks.
    `documents` counts what was linted, `operations` names the REST operations in the order of their requests.
    """

    messaging_paths: tuple[str, ...] = ("/messages/incoming",)
    violations: list[str] = field(default_factory=list)
    documents: int = 0
    operations: list[str] = field(default_factory=list)
    _contexts: dict[str, Context] = field(default_factory=dict)
    _rooms: dict[str, tuple[str | None, ...]] = field(default_factory=dict)

    def webhooks(self, app: WSGIApplication) -> WSGIApplication:
        """The same WSGI app; every XML answer it gives is linted."""

        def watched(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            exchange = Exchange.run(app, environ)
            if exchange.status < 300 and exchange.content_type.startswith(_XML):
                self.document(Request(environ).full_path.rstrip("?"), exchange.text)
            return replay(exchange, start_response)

        return watched

    def carrier(self, app: WSGIApplication) -> WSGIApplication:
        """The same WSGI app; its /2010-04-01 requests and answers are validated, other paths pass."""

        def watched(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            request = Request(environ)
            if not request.path.startswith("/2010-04-01/"):
                return app(environ, start_response)
            # The app must find the body unread, so it is read whole here and put back.
            body = request.get_data(parse_form_data=False)
            environ["wsgi.input"] = BytesIO(body)
            values = request.form if request.method == "POST" else request.args
            environ["wsgi.input"] = BytesIO(body)
            form = {name: values.getlist(name) for name in values}
            self.rest_request(request.method, request.path, form)
            exchange = Exchange.run(app, environ)
            self.rest_answer(request.method, request.path, exchange.status, exchange.text)
            return replay(exchange, start_response)

        return watched

    def sdk_call(self, send: Callable[..., Answer]) -> Callable[..., Answer]:
        """The same `HttpClient.request` of the official SDK; each request and answer is validated."""

        def watched(
            method: str, url: str, params: object = None, data: object = None, *rest: object, **more: object
        ) -> Answer:
            given = params if method.upper() == "GET" else data
            path = urlsplit(url).path
            self.rest_request(method, path, decoded(given if isinstance(given, Mapping) else {}))
            answer = send(method, url, params, data, *rest, **more)
            self.rest_answer(method, path, answer.status_code, answer.text)
            return answer

        return watched

    def rest_request(self, method: str, path: str, form: Mapping[str, Sequence[str]]) -> None:
        """Validates one REST request, and remembers where the documents it names will run."""
        operation = find_operation(method, path.partition("?")[0])
        self.operations.append(operation.label if operation else f"{method} {path}")
        for name, context in _ORDERED.items():
            for url in form.get(name, ()):
                self._contexts[_key(url)] = context
        self.violations += check_request(method, path, form)

    def rest_answer(self, method: str, path: str, status: int, text: str) -> None:
        """Validates one REST answer as it went over the wire."""
        self.violations += check_response(method, path, status, Exchange.json_of(text))

    def document(self, url: str, xml: str) -> None:
        """Lints one TwiML document that was served at `url` (path and query, or whole)."""
        self.documents += 1
        context = self._context(url)
        self.violations += [f"{url} ({context}): {fault}" for fault in lint(xml, context=context)]
        try:
            root = ElementTree.fromstring(xml)  # noqa: S314 - own documents in a test
        except ElementTree.ParseError:
            return
        for node in root.iter():
            self._learn(node, url, context)
            if node.tag == "Conference":
                self._room(node, url)

    def assert_clean(self) -> None:
        """Raises AssertionError naming every violation, once each and in order."""
        found = list(dict.fromkeys(self.violations))
        if found:
            raise AssertionError(f"{len(found)} violations of the contract:\n" + "\n".join(found))

    def _context(self, url: str) -> Context:
        if urlsplit(url).path in self.messaging_paths:
            return "messaging"
        return self._contexts.get(_key(url), "voice")

    def _learn(self, node: ElementTree.Element, url: str, context: Context) -> None:
        if node.tag in {"Redirect", "Gather"}:
            # What follows in the same fetch chain runs where this document runs.
            target = node.text if node.tag == "Redirect" else node.get("action")
            purpose = context
        elif node.tag in _SERVED:
            attribute, purpose = _SERVED[node.tag]
            target = node.get(attribute)
        else:
            return
        if target:
            self._contexts[_key(urljoin(url, target.strip()))] = purpose

    def _room(self, node: ElementTree.Element, url: str) -> None:
        name = (node.text or "").strip()
        settings = tuple(node.get(key) for key in ("statusCallback", "statusCallbackMethod", "statusCallbackEvent"))
        first = self._rooms.setdefault(name, settings)
        if first != settings:
            self.violations.append(
                f"{url}: Conference {name}: statusCallback settings {settings} differ from {first}; "
                "only the first joiner's are used, so send the same"
            )


def _key(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"
