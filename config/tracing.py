"""Traces, where an operator names a collector: requests, promises, orders and statements, joined by the call's id.

Without one nothing of OpenTelemetry is imported. Nothing personal goes into a trace: only the names in `KEPT`.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Engine, event

from config.metrics import process_name
from config.settings import BadSettings

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

PATH: Final = "/v1/traces"
CALL: Final = "charterline.call"
KEPT: Final = frozenset({CALL, "charterline.receipt", "error.type"})
KEPT_OF_REQUESTS: Final = frozenset({"http.request.method", "http.route", "http.response.status_code"})
# An id of ours, never anything that somebody dials: telephone numbers are digits alone, or begin with +.
ID: Final = re.compile(r"(?=.*[A-Za-z])[\w-]{1,40}")
LONGEST_STATEMENT: Final = 1000
_SPAN: Final = "charterline_span"

_tracer: "Tracer | None" = None


def begin_tracing(endpoint: str) -> None:
    """Send traces of this process to the collector at `endpoint` from now on, none without. Raises `BadSettings`."""
    global _tracer
    if not endpoint or _tracer is not None:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        missing = "CHARTERLINE_OTLP_ENDPOINT: its packages are not installed: uv sync --no-dev --group tracing"
        raise BadSettings([missing]) from None
    provider = TracerProvider(resource=Resource.create({"service.name": f"charterline-{process_name()}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint.rstrip("/") + PATH)))
    _tracer = provider.get_tracer("charterline")
    event.listen(Engine, "before_cursor_execute", _begin_statement, named=True)
    event.listen(Engine, "after_cursor_execute", _end_statement, named=True)
    event.listen(Engine, "handle_error", _fail_statement)


def tracer() -> "Tracer | None":
    """What makes traces in this process; None without a collector."""
    return _tracer


@contextmanager
def open_part(made_by: "Tracer", name: str, attributes: Mapping[str, str | int]) -> Iterator["Span"]:
    """One part of a trace, with what may leave the house of these attributes."""
    # Neither the text of an error nor its traceback goes out: either may quote what was written.
    with made_by.start_as_current_span(
        name, attributes=_kept(attributes), record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            yield span
        except BaseException as error:
            span.set_attribute("error.type", type(error).__name__)
            raise


def traced(name: str, **attributes: str | int | None) -> AbstractContextManager[Any]:  # Any: a span, or nothing
    """What is done within the block is one part of a trace; `call` is the id of the call that it is about."""
    if _tracer is None:
        return nullcontext()
    named = {f"charterline.{key}": value for key, value in attributes.items() if value is not None}
    return open_part(_tracer, name, named)


def note_traced(name: str = "", **attributes: str | int) -> None:
    """Add to the part of the trace that is open, and call it by a name that was not known before."""
    if _tracer is None:
        return
    from opentelemetry.trace import get_current_span

    span = get_current_span()
    span.set_attributes(_kept({f"charterline.{key}": value for key, value in attributes.items()}))
    if name:
        span.update_name(name)


def _kept(attributes: Mapping[str, str | int]) -> dict[str, str | int]:
    """What may leave the house of these: known names alone, and an id that is one of ours."""
    known = {name: value for name, value in attributes.items() if name in KEPT | KEPT_OF_REQUESTS}
    if not ID.fullmatch(str(known.get(CALL, ""))):
        known.pop(CALL, None)
    return known


def _begin_statement(**told: Any) -> None:  # Any: as SQLAlchemy's events tell it
    # The values, which are personal, are not looked at.
    if _tracer is not None and told["context"] is not None:
        statement = str(told["statement"])
        word, asked = statement.lstrip().partition(" ")[0].upper(), {"db.query.text": statement[:LONGEST_STATEMENT]}
        setattr(told["context"], _SPAN, _tracer.start_span(word, attributes=asked))


def _end_statement(**told: Any) -> None:  # Any: the same
    span = getattr(told["context"], _SPAN, None)
    if span is not None:
        span.end()


def _fail_statement(failure: Any) -> None:
    span = getattr(failure.execution_context, _SPAN, None)
    if span is not None:
        span.set_attribute("error.type", type(failure.original_exception).__name__)
        span.end()
