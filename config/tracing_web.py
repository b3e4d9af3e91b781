"""Each request of a web process as one trace: by its route, never by its address."""

from flask import Flask, Response, g, request

from config.tracing import open_part, tracer


def trace_requests(app: Flask) -> None:
    """Trace the requests of an app; nothing where no collector is named."""
    if tracer() is None:
        return
    app.before_request_funcs.setdefault(None, []).insert(0, _begin)
    app.after_request(_note_answer)
    app.teardown_request(_end)


def _begin() -> None:
    made_by, rule = tracer(), request.url_rule
    if made_by is None or rule is None:
        return
    asked = {"http.request.method": request.method, "http.route": rule.rule}
    g.charterline_trace = open_part(made_by, f"{request.method} {rule.rule}", asked)
    g.charterline_span = g.charterline_trace.__enter__()


def _note_answer(response: Response) -> Response:
    if "charterline_span" in g:
        g.charterline_span.set_attribute("http.response.status_code", response.status_code)
    return response


def _end(_error: BaseException | None) -> None:
    if "charterline_trace" in g:
        g.pop("charterline_span")
        g.pop("charterline_trace").__exit__(None, None, None)
