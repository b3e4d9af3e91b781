"""Traces as a collector takes them: what is told of a call, and that nothing of anybody goes out with it."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from ivr.identifiers import call_id
from tests.guards.tree import ROOT
from tests.http.board import CALL_SID
from tests.http.unreachable import refusing_port


@dataclass
class Collector:
    """Takes traces over HTTP, as they are sent."""

    url: str
    bodies: list[bytes] = field(default_factory=list)

    @property
    def spans(self) -> list[Span]:
        """Everything that was told."""
        told = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        scopes = [scope for one in told for resource in one.resource_spans for scope in resource.scope_spans]
        return [span for scope in scopes for span in scope.spans]


@pytest.fixture
def collector() -> Iterator[Collector]:
    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/v1/traces":
                here.bodies.append(body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        here = Collector(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield here
        server.shutdown()


def live(collector: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    words = [sys.executable, "-m", "tests.config.traced_life", collector, str(folder / "traced.db")]
    return subprocess.run(words, capture_output=True, text=True, cwd=ROOT, timeout=110, check=False)


def attributes(span: Span) -> dict[str, str | int]:
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


def test_a_call_is_told_by_route_promise_order_and_statement_and_nobody_is_named(
    collector: Collector, tmp_path: Path
) -> None:
    lived = live(collector.url, tmp_path)
    assert (lived.returncode, lived.stdout.splitlines()[-1:]) == (0, ["lived"]), lived.stderr
    spans = {span.name: span for span in collector.spans}
    # The unsigned request has the same route, and tells no call.
    arrived = [attributes(span) for span in collector.spans if span.name == "POST /voice/incoming"]
    route = {"http.request.method": "POST", "http.route": "/voice/incoming"}
    assert arrived == [
        {**route, "http.response.status_code": 200, "charterline.call": call_id(CALL_SID)},
        {**route, "http.response.status_code": 403},
    ]
    order, promise = spans["order SendText"], spans["promise text"]
    assert (order.parent_span_id, order.trace_id) == (promise.span_id, promise.trace_id)
    assert attributes(order) == {"charterline.receipt": "accepted"}
    asked = [span for span in collector.spans if span.parent_span_id == promise.span_id]
    assert any("message" in str(attributes(span).get("db.query.text")) for span in asked)
    assert attributes(spans["breaks"]) == {"error.type": "OperationalError"}
    whole = b"".join(collector.bodies)
    for number in (b"821010000001", b"1010000001", b"010-1000-0001", b"AC" + b"a" * 8, "안내입니다".encode()):
        assert number not in whole
    assert not any(span.events or span.status.message for span in collector.spans)


def test_without_a_collector_that_answers_the_work_is_done_all_the_same(tmp_path: Path) -> None:
    with refusing_port() as port:
        lived = live(f"http://127.0.0.1:{port}", tmp_path)
    assert (lived.returncode, lived.stdout.splitlines()[-1:]) == (0, ["lived"]), lived.stderr


def test_where_its_packages_are_missing_all_works_without_it_and_the_setting_is_refused_in_words() -> None:
    code = """
import sys
sys.modules["opentelemetry"] = None
import webhooks.app, console.app, workers.main
from config.settings import BadSettings
from config.tracing import begin_tracing, note_traced, traced
begin_tracing("")
with traced("promise", call="c1"):
    note_traced("promise text", call="c1")
try:
    begin_tracing("http://127.0.0.1:4318")
except BadSettings as error:
    print(error)
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert "uv sync --no-dev --group tracing" in said.stdout
