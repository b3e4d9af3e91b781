"""NHN Cloud SMS over HTTP (API v3.0, docs.nhncloud.com/ko/Notification/SMS/ko/api-guide, error-code).

Chosen because a message can be looked up by our own reference: an order without an answer is never given blindly.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
import structlog

from ivr.lines.hours import SEOUL
from ivr.messages.size import measure
from ivr.numbers import PhoneNumber
from ivr.orders import (
    NOT_FOUND,
    Accepted,
    AskText,
    FindText,
    Found,
    Order,
    Receipt,
    Rejected,
    SendText,
    Unknown,
)

NHN = "nhn"
SECONDS_FOR_AN_ANSWER = 10.0
LONGEST_TITLE_BYTES = 40
# The list is asked for by time; a range of more than a month is refused (-4000).
LOOKED_THROUGH = timedelta(days=2)
SHORT, LONG = "sms", "mms"
# "requesting" and "processing"; a message that was cancelled or held back as a double was not delivered.
STATE_OF_CODE: Mapping[str, str] = {
    "1": "queued",
    "2": "sent",
    "3": "delivered",
    "0": "undelivered",
    "4": "canceled",
    "5": "failed",
}
NOT_LET_IN = frozenset({-1000, -1001, -1002, -1003, -1004})
# An unexpected error, or one while the message was put on the queue: it may be on its way.
IN_DOUBT = frozenset({-9999, -2021})

# What reading an answer of another shape than the documented one comes to.
UNREADABLE = (ValueError, TypeError, AttributeError, LookupError)

log = structlog.get_logger(__name__)
Json = dict[str, Any]  # Any: the provider's JSON, read below with every part checked


class NhnSms:
    """The text orders at one app key; `session` carries the requests."""

    def __init__(self, url: str, key: str, secret: str, session: requests.Session | None = None) -> None:
        self._base = f"{url}/sms/v3.0/appKeys/{key}/sender"
        self._session = session or requests.Session()
        self._headers = {"X-Secret-Key": secret, "Content-Type": "application/json;charset=UTF-8"}

    def do(self, order: Order) -> Receipt:
        """Carry out one order; what went wrong comes back as a receipt, never as an exception."""
        try:
            return self._do(order)
        except requests.exceptions.ConnectTimeout:
            return Rejected(0, "the provider cannot be reached", permanent=False)
        except requests.exceptions.ConnectionError as error:
            if "NewConnectionError" in str(error):
                return Rejected(0, "the provider cannot be reached", permanent=False)
            return Unknown(type(error).__name__)
        except (requests.exceptions.RequestException, *UNREADABLE) as error:
            return Unknown(type(error).__name__)

    def _do(self, order: Order) -> Receipt:
        match order:
            case SendText():
                return self._send(order)
            case FindText(body=body, since=since, reference=reference):
                span = {"startRequestDate": _local(since), "endRequestDate": _local(since + LOOKED_THROUGH)}
                return self._look(_path_of(body), {**span, "recipientGroupingKey": reference})
            case AskText(sid=sid):
                path, _, request = sid.partition("/")
                return self._look(path, {"requestId": request})
            case _:
                raise NotImplementedError(f"{type(order).__name__} is no order about a text message")

    def _send(self, order: SendText) -> Receipt:
        path = _path_of(order.body)
        recipient = {"recipientNo": _dialled(order.to), "recipientGroupingKey": order.reference}
        wish: Json = {"body": order.body, "sendNo": _dialled(order.sender), "recipientList": [recipient]}
        if path == LONG:
            wish["title"] = _title(order.body)
        answer = self._exchange("POST", path, json=wish)
        if not isinstance(answer, dict):
            return answer
        data = _part(_part(answer, "body"), "data")
        results = data.get("sendResultList") or [{}]
        code = int(results[0].get("resultCode", 0))
        if code:
            return Rejected(code, str(results[0].get("resultMessage", "")), permanent=True)
        request = str(data.get("requestId") or "")
        return Accepted(f"{path}/{request}") if request else Unknown("no request id")

    def _look(self, path: str, asked: Mapping[str, str]) -> Receipt:
        answer = self._exchange("GET", path, params=asked)
        if not isinstance(answer, dict):
            return answer
        listed = _part(answer, "body").get("data")
        if not listed:
            return Rejected(NOT_FOUND, "no such message was sent", permanent=True)
        one = listed[0]
        state = STATE_OF_CODE.get(str(one.get("msgStatus")), "queued")
        arrived = _moment(one.get("resultDate")) if state == "delivered" else None
        error = str(one.get("resultCode") or "") if state not in {"queued", "sent", "delivered"} else ""
        return Found(f"{path}/{one.get('requestId')}", state, arrived, error=error or None)

    def _exchange(self, method: str, path: str, **given: Any) -> Json | Rejected | Unknown:  # Any: as in requests
        answer = self._session.request(
            method, f"{self._base}/{path}", headers=self._headers, timeout=SECONDS_FOR_AN_ANSWER, **given
        )
        return _refusal(answer.status_code) or _read(answer.json())


def _refusal(status: int) -> Rejected | Unknown | None:
    """What an HTTP status alone says: 429 was not processed, 5xx may have been."""
    if status == requests.codes.too_many_requests:
        return Rejected(status, "too many requests", permanent=False)
    if status >= requests.codes.server_error:
        return Unknown(f"the provider answered {status}")
    if status in {requests.codes.unauthorized, requests.codes.forbidden}:
        return _not_let_in(status)
    return Rejected(status, "refused", permanent=True) if status >= requests.codes.bad_request else None


def _read(answer: Json) -> Json | Rejected | Unknown:
    """The answer itself where it went well; the API says so in its header, under HTTP status 200."""
    header = _part(answer, "header")
    if header.get("isSuccessful") is True:
        return answer
    code = int(header.get("resultCode", -9999))
    if code in IN_DOUBT:
        return Unknown(f"the provider answered {code}")
    return _not_let_in(code) if code in NOT_LET_IN else Rejected(code, str(header.get("resultMessage")), permanent=True)


def _not_let_in(code: int) -> Rejected:
    log.error("the provider of texts does not let us in: look at the app key and the secret key", code=code)
    return Rejected(code, "not let in", permanent=False)


def _part(answer: Json, name: str) -> Json:
    found = answer.get(name)
    return found if isinstance(found, dict) else {}


def _path_of(body: str) -> str:
    return SHORT if measure(body).kind == "SMS" else LONG


def _title(body: str) -> str:
    """The first line, as far as a subject holds it: 40 bytes."""
    return body.split("\n", 1)[0].encode("cp949", "ignore")[:LONGEST_TITLE_BYTES].decode("cp949", "ignore").strip()


def _dialled(e164: str) -> str:
    return "".join(sign for sign in PhoneNumber.parse(e164).national if sign.isdigit())


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}"


def _moment(text: object) -> datetime | None:
    """A time of the provider, in Seoul (`2018-08-10 10:06:42.0`)."""
    try:
        return datetime.fromisoformat(str(text).partition(".")[0]).replace(tzinfo=SEOUL).astimezone(UTC)
    except ValueError:
        return None
