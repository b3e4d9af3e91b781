"""Set-up and inspection: aliases, the directory, faults, reset, alerts and the truth about calls."""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, make_response, send_from_directory

from carrier.api.door import Refused, body, gate, is_loopback, text
from carrier.hearing import stamp
from carrier.numbers import normalise
from carrier.options import Faults
from carrier.truth import truth_of

blueprint = Blueprint("admin", __name__)
PAGE = Path(__file__).resolve().parent.parent / "page"
_KINDS = ("lines", "handsets")


@blueprint.get("/healthz")
def healthz() -> Response:
    with gate().entered() as network:
        return jsonify({"status": "ok", "now": stamp(network.now)})


@blueprint.get("/")
def phone() -> Response:
    return send_from_directory(PAGE, "index.html")


@blueprint.get("/page/<path:name>")
def page_file(name: str) -> Response:
    return send_from_directory(PAGE, name)


@blueprint.get("/directory")
def read_directory() -> Response:
    with gate().entered() as network:
        known = network.directory
        shown: dict[str, object] = {kind: [{"name": n, "number": a} for n, a in known[kind]] for kind in _KINDS}
        return jsonify({**shown, "desk_url": network.desk_url} if network.desk_url else shown)


@blueprint.post("/admin/directory")
def set_directory() -> Response:
    """Replace the names of lines or of handsets, or the address of the agents' desk; what is not given stays."""
    given = body()
    unknown = set(given) - {*_KINDS, "desk_url"}
    if unknown or not given:
        raise Refused("give lines or handsets, each a list of {name, number}, or desk_url, the address of the desk")
    read = {kind: _entries(kind, given[kind]) for kind in _KINDS if kind in given}
    desk_url = _desk_url(given["desk_url"]) if "desk_url" in given else None
    with gate().entered() as network:
        network.directory.update(read)
        network.desk_url = network.desk_url if desk_url is None else desk_url
    return read_directory()


def _desk_url(given: object) -> str:
    if given in ("", None):
        return ""
    parts = urlsplit(given if isinstance(given, str) else "")
    if parts.scheme not in ("http", "https") or not is_loopback(parts.hostname or ""):
        raise Refused("desk_url must be an http address on this machine, for instance http://127.0.0.1:8081/desk")
    return parts.geturl()


def _entries(kind: str, given: object) -> list[tuple[str, str]]:
    if not isinstance(given, list):
        raise Refused(f"{kind} must be a list of {{name, number}}")
    found = []
    for position, entry in enumerate(given):
        if not isinstance(entry, dict):
            raise Refused(f"{kind}[{position}] must be an object with name and number")
        try:
            found.append((text(entry, "name"), normalise(text(entry, "number"))))
        except Refused as error:
            raise Refused(f"{kind}[{position}]: {error}") from None
    return found


@blueprint.post("/admin/aliases")
def set_alias() -> Response:
    given = body()
    number, to = text(given, "number"), text(given, "to")
    with gate().entered() as network:
        network.alias(number, to)
        return make_response(jsonify({"number": normalise(number), "to": normalise(to)}), 201)


@blueprint.post("/admin/reset")
def reset() -> Response:
    with gate().entered() as network:
        network.reset()
    return make_response("", 204)


@blueprint.post("/admin/faults")
def set_faults() -> Response:
    given = body()
    values: dict[str, object] = {}
    for name, value in given.items():
        if name not in {f.name for f in fields(Faults)}:
            raise Refused(f"{name} is not known: use one of {', '.join(f.name for f in fields(Faults))}")
        values[name] = _seconds(value) if name == "delay_seconds" else _chance(name, value)
    faults = Faults(**values)  # type: ignore[arg-type]  # each value was checked just above
    with gate().entered() as network:
        network.faults = faults
    return jsonify(asdict(faults))


def _chance(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise Refused(f"{name} must be a chance between 0 and 1")
    return float(value)


def _seconds(value: object) -> tuple[float, float]:
    if isinstance(value, list) and len(value) == 2 and all(isinstance(item, int | float) for item in value):
        low, high = value
        if 0 <= low <= high:
            return float(low), float(high)
    raise Refused("delay_seconds must be two numbers, [low, high]")


@blueprint.get("/debug/alerts")
def alerts() -> Response:
    with gate().entered() as network:
        return jsonify({"alerts": [{**asdict(alert), "at": stamp(alert.at)} for alert in network.alerts]})


@blueprint.get("/truth/calls")
def list_truth() -> Response:
    with gate().entered() as network:
        return jsonify({"calls": list(network.calls)})


@blueprint.get("/truth/calls/<sid>")
def read_truth(sid: str) -> Response:
    with gate().entered() as network:
        call = network.calls.get(sid)
        if call is None:
            raise Refused(f"no call has the id {sid}", 404)
        return jsonify(truth_of(network, call))
