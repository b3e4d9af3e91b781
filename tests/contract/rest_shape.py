"""Validates v2010 REST requests and answers against the trimmed OpenAPI document and our own rules."""

import re
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any  # the JSON of an answer can be anything; judging it is the point

from jsonschema import Draft202012Validator

from .rest_form import decode
from .rest_rules import request_faults
from .rest_table import Operation, find_operation, validator

_MEDIA = re.compile(r"^/2010-04-01/Accounts/AC[0-9a-fA-F]{32}/Recordings/RE[0-9a-fA-F]{32}(\.wav|\.mp3)?$")
_ERROR_KEYS = {"code": int, "message": str, "more_info": str, "status": int}


def check_request(method: str, path: str, form: Mapping[str, Sequence[str]]) -> list[str]:
    """Every fault of one request; `path` without host, `form` the form's or (GET) the query's values by name.

    Unknown operations and parameters are faults: the carrier would ignore them in silence.
    """
    path = path.partition("?")[0]
    if _MEDIA.match(path):
        return [] if method.upper() in {"GET", "HEAD"} else [f"{method} {path}: media are read with GET only"]
    operation = find_operation(method, path)
    if operation is None:
        return [f"{method} {path}: no such operation in the v2010 document (or not one that we use)"]
    part = "form" if "form" in operation.schema else "query"
    schema = operation.schema.get("form", {"properties": operation.schema["query"]})
    values, faults = decode(form, schema.get("properties", {}))
    faults += _judge(operation, "path", dict(operation.values))
    faults += _judge(operation, part, values)
    faults += request_faults(operation, form)
    return [f"{operation.label}: {fault}" for fault in faults]


def check_response(method: str, path: str, status: int, json: Any) -> list[str]:
    """Every fault of one answer; `json` is the decoded body, None when it was empty or is media."""
    path = path.partition("?")[0]
    if _MEDIA.match(path) and status < HTTPStatus.BAD_REQUEST:
        return []
    operation = find_operation(method, path)
    label = operation.label if operation else f"{method} {path}"
    if status >= HTTPStatus.BAD_REQUEST:
        return [f"{label}: {fault}" for fault in _error_body(status, json)]
    if operation is None:
        return [f"{label}: no such operation in the v2010 document, yet answered {status}"]
    return [f"{label} -> {status}: {fault}" for fault in _success(operation, status, json)]


def _success(operation: Operation, status: int, json: Any) -> list[str]:
    declared = operation.schema["responses"]
    if str(status) not in declared:
        return [f"the document declares {', '.join(declared)}"]
    if declared[str(status)] is None:
        return [] if json is None else ["the body must be empty"]
    return _judge(operation, str(status), json)


def _judge(operation: Operation, part: str, instance: Any) -> list[str]:
    compiled = validator(operation.template, operation.method, part)
    return [*_messages(compiled, instance)] if compiled else []


def _messages(compiled: Draft202012Validator, instance: Any) -> Iterator[str]:
    for error in compiled.iter_errors(instance):
        place = "/".join(str(step) for step in error.absolute_path)
        yield f"{place}: {error.message}" if place else error.message


def _error_body(status: int, json: Any) -> Iterator[str]:
    if not isinstance(json, dict):
        yield f"an error {status} must have a JSON object as its body"
        return
    for name, kind in _ERROR_KEYS.items():
        if not isinstance(json.get(name), kind):
            yield f"error {status}: {name} is {json.get(name)!r}; it must be {kind.__name__}"
    if json.get("status") != status:
        yield f"error {status}: the body says status {json.get('status')!r}"
