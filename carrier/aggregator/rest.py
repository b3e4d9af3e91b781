"""The aggregator's REST API, shaped after NHN Cloud SMS v3.0: send, list, its keys, its codes and its faults."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from flask import Blueprint, Response, current_app, jsonify, make_response, request

from carrier.aggregator.texts import SEOUL, AggregatedText
from carrier.numbers import is_e164, is_landline, normalise

if TYPE_CHECKING:
    from carrier.gate import Gate
    from carrier.network import Network

blueprint = Blueprint("aggregator", __name__)
ROOT = "/sms/v3.0/appKeys/<key>/sender/<any(sms, mms):kind>"
LONGEST = {"sms": 255, "mms": 4_000}
LONGEST_RANGE_DAYS = 31
LARGEST_PAGE = 1_000
Json: TypeAlias = dict[str, object]


class Wrong(Exception):
    """A request that the API refuses under HTTP status 200, with its code (page on error codes)."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        super().__init__(message)


@blueprint.post(ROOT)
def send(key: str, kind: str) -> Response:
    return _answer(key, lambda network: _sent(network, kind, request.get_json(force=True, silent=True)))


@blueprint.get(ROOT)
def listed(key: str, kind: str) -> Response:
    return _answer(key, lambda network: _listed(network, kind))


def _answer(key: str, view: Callable[[Network], Json]) -> Response:
    gate: Gate = current_app.extensions["gate"]
    with gate.entered() as network:
        faults, dice, reads = network.faults, network.dice, request.method == "GET"
        if dice.happens(faults.aggregator_429):
            return make_response(_failed(429, "too many requests"), 429)
        if dice.happens(faults.aggregator_error_before):
            return make_response(_failed(-9999, "system error"), 500)
        try:
            _check_keys(network, key)
            told = view(network)
        except Wrong as wrong:
            return make_response(_failed(wrong.code, str(wrong)), 200)
        if not reads and dice.happens(faults.aggregator_error_after):
            return make_response(_failed(-9999, "gateway timeout"), 504)
        header = {"isSuccessful": True, "resultCode": 0, "resultMessage": "SUCCESS"}
        return make_response(jsonify({"header": header, "body": told}), 200)


def _failed(code: int, message: str) -> Response:
    return jsonify({"header": {"isSuccessful": False, "resultCode": code, "resultMessage": message}})


def _check_keys(network: Network, key: str) -> None:
    ours, secret = network.account, request.headers.get("X-Secret-Key", "")
    if not ours.aggregator_key or not hmac.compare_digest(key.encode(), ours.aggregator_key.encode()):
        raise Wrong(-1000, "Invalid appkey")
    if not hmac.compare_digest(secret.encode(), ours.aggregator_secret.encode()):
        raise Wrong(-1000, "Invalid secret key")


def _sent(network: Network, kind: str, given: object) -> Json:
    if not isinstance(given, dict):
        raise Wrong(-9997, "Invalid JSON format")
    body, sender, title = (str(given.get(name) or "") for name in ("body", "sendNo", "title"))
    recipients = given.get("recipientList")
    if not isinstance(recipients, list) or len(recipients) != 1 or not isinstance(recipients[0], dict):
        raise Wrong(-2001, "Recipient is missing")
    if not body or (kind == "mms" and not title):
        raise Wrong(-2014, "Title or body is missing")
    _check_body(body, kind)
    if not network.owns(normalise(sender)):
        raise Wrong(-2312, "Sender number is missing or unregistered")
    number = normalise(str(recipients[0].get("recipientNo") or ""))
    wrong = not is_e164(number) or is_landline(number)
    result = {"recipientSeq": 1, "resultCode": -2019 if wrong else 0, "resultMessage": "Recipient number is invalid"}
    text = AggregatedText(
        network, network.dice.sid("TX")[:25], kind, sender, number, body,
        str(recipients[0].get("recipientGroupingKey") or ""), network.now, title,
    )  # fmt: skip
    if not wrong:
        network.aggregated[text.request] = text
        text.send()
    return {"data": {"requestId": text.request, "statusCode": "2", "sendResultList": [result]}}


def _check_body(body: str, kind: str) -> None:
    if len(body) > LONGEST[kind]:
        raise Wrong(4, "Parameter validation failed")
    try:
        body.encode("cp949")
    except UnicodeEncodeError:
        raise Wrong(-2023, "Title or body includes characters that are not allowed") from None


def _listed(network: Network, kind: str) -> Json:
    asked = request.args
    start, end = _moment("startRequestDate"), _moment("endRequestDate")
    if not asked.get("requestId") and not (start and end):
        raise Wrong(-2011, "Required query parameters are missing")
    if start and end and (end - start).days > LONGEST_RANGE_DAYS:
        raise Wrong(-4000, "Query range is more than a month")
    found = [
        text
        for text in network.aggregated.values()
        if text.kind == kind
        and asked.get("requestId", text.request) == text.request
        and asked.get("recipientGroupingKey", text.reference) == text.reference
        and (start is None or start <= text.asked)
        and (end is None or text.asked <= end)
    ]
    return {"pageNum": 1, "pageSize": LARGEST_PAGE, "totalCount": len(found), "data": [t.as_json() for t in found]}


def _moment(name: str) -> datetime | None:
    try:
        return datetime.strptime(request.args[name], "%Y-%m-%d %H:%M:%S").replace(tzinfo=SEOUL)
    except KeyError:
        return None
    except ValueError:
        raise Wrong(-2000, "Invalid date format") from None
