"""The aggregator's port: what is posted, what each answer means, and what is looked up."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
import responses

from ivr.orders import (
    NOT_FOUND,
    Accepted,
    AskText,
    EndCall,
    FindText,
    Found,
    Order,
    Receipt,
    Rejected,
    SendText,
    Unknown,
)
from tests.http.scripted import ScriptedCarrier
from workers.providers.nhn import NHN, NhnSms
from workers.providers.switch import Switch

URL = "https://texts.example"
SMS, MMS = (f"{URL}/sms/v3.0/appKeys/app/sender/{path}" for path in ("sms", "mms"))
SINCE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
SHORT = SendText("+821010000001", "+8215441120", "짧은 안내", "https://hotline.example/s", 600, NHN, "m1")
FIND = FindText("+821010000001", "짧은 안내", SINCE, NHN, "m1")


@pytest.fixture
def port() -> NhnSms:
    return NhnSms(URL, "app", "secret")


def answer(code: int = 0, *, data: object = None) -> dict[str, Any]:
    header = {"isSuccessful": code == 0, "resultCode": code, "resultMessage": "told"}
    return {"header": header, "body": {"data": data}}


def taken(code: int = 0) -> dict[str, Any]:
    return answer(data={"requestId": "20261123R1", "sendResultList": [{"resultCode": code, "resultMessage": "told"}]})


@responses.activate
def test_a_short_text_is_posted_with_our_reference_and_the_secret_key(port: NhnSms) -> None:
    responses.post(SMS, json=taken())
    assert port.do(SHORT) == Accepted("sms/20261123R1")
    sent = responses.calls[0].request
    assert sent.headers["X-Secret-Key"] == "secret"
    assert json.loads(sent.body or b"") == {
        "body": "짧은 안내",
        "sendNo": "15441120",
        "recipientList": [{"recipientNo": "01010000001", "recipientGroupingKey": "m1"}],
    }


@responses.activate
def test_a_long_text_goes_as_lms_with_a_title_of_forty_bytes(port: NhnSms) -> None:
    responses.post(MMS, json=taken())
    body = "[기술보증기금] 상담이 완료되었습니다. 감사합니다.\n" + "가" * 60
    order = SendText("+821010000001", "+8215441120", body, "https://hotline.example/s", 600, NHN, "m1")
    assert port.do(order) == Accepted("mms/20261123R1")
    title = json.loads(responses.calls[0].request.body or b"")["title"]
    assert title == "[기술보증기금] 상담이 완료되었습니다. 감"
    assert len(title.encode("cp949")) <= 40


@pytest.mark.parametrize(
    ("answered", "receipt"),
    [
        ({"json": taken(-2019)}, Rejected(-2019, "told", permanent=True)),
        ({"json": answer(-2312)}, Rejected(-2312, "told", permanent=True)),
        ({"json": answer(-1000)}, Rejected(-1000, "not let in", permanent=False)),
        ({"json": answer(-9999)}, Unknown("the provider answered -9999")),
        ({"json": answer(-2021)}, Unknown("the provider answered -2021")),
        ({"json": answer(data={})}, Unknown("no request id")),
        ({"json": []}, Unknown("AttributeError")),
        ({"body": "no json"}, Unknown("JSONDecodeError")),
        ({"status": 429, "json": {}}, Rejected(429, "too many requests", permanent=False)),
        ({"status": 500, "json": {}}, Unknown("the provider answered 500")),
        ({"status": 504, "json": {}}, Unknown("the provider answered 504")),
        ({"status": 401, "json": {}}, Rejected(401, "not let in", permanent=False)),
        ({"status": 400, "json": {}}, Rejected(400, "refused", permanent=True)),
        ({"body": requests.exceptions.ReadTimeout()}, Unknown("ReadTimeout")),
        ({"body": requests.exceptions.ConnectionError("aborted")}, Unknown("ConnectionError")),
        (
            {"body": requests.exceptions.ConnectTimeout()},
            Rejected(0, "the provider cannot be reached", permanent=False),
        ),
        (
            {"body": requests.exceptions.ConnectionError("NewConnectionError: refused")},
            Rejected(0, "the provider cannot be reached", permanent=False),
        ),
    ],
)
@responses.activate
def test_only_what_proves_that_nothing_was_sent_may_be_given_again(
    port: NhnSms, answered: dict[str, Any], receipt: Receipt
) -> None:
    responses.post(SMS, **answered)
    assert port.do(SHORT) == receipt


@pytest.mark.parametrize("data", [{"R1": {}}, ["R1"], "R1", 7])
@responses.activate
def test_a_list_that_cannot_be_read_proves_nothing(port: NhnSms, data: object) -> None:
    responses.get(SMS, json=answer(data=data))
    assert isinstance(port.do(FIND), Unknown)


@pytest.mark.parametrize("results", [["R1"], {"resultCode": 0}, [{"resultCode": "none"}]])
@responses.activate
def test_an_answer_that_cannot_be_read_leaves_it_in_doubt(port: NhnSms, results: object) -> None:
    responses.post(SMS, json=answer(data={"requestId": "R1", "sendResultList": results}))
    assert isinstance(port.do(SHORT), Unknown)


@responses.activate
def test_a_message_is_looked_up_by_our_reference_and_by_time_in_seoul(port: NhnSms) -> None:
    entry = {"requestId": "R1", "msgStatus": "3", "resultCode": "1000", "resultDate": "2026-11-23 10:00:07.0"}
    responses.get(SMS, json=answer(data=[entry]))
    assert port.do(FIND) == Found("sms/R1", "delivered", datetime(2026, 11, 23, 1, 0, 7, tzinfo=UTC))
    assert responses.calls[0].request.params == {  # type: ignore[attr-defined]  # responses adds it
        "recipientGroupingKey": "m1",
        "startRequestDate": "2026-11-23 10:00:00",
        "endRequestDate": "2026-11-25 10:00:00",
    }


@responses.activate
def test_an_empty_list_proves_that_nothing_was_sent_and_a_failed_look_up_proves_nothing(port: NhnSms) -> None:
    responses.get(SMS, json=answer(data=[]))
    found = port.do(FIND)
    assert isinstance(found, Rejected)
    assert (found.code, found.gone) == (NOT_FOUND, True)
    responses.replace(responses.GET, SMS, status=503)
    assert port.do(FIND) == Unknown("the provider answered 503")


@pytest.mark.parametrize(
    ("status", "code", "state", "error"),
    [
        ("1", None, "queued", None),
        ("2", None, "sent", None),
        ("0", "2003", "undelivered", "2003"),
        ("4", "E915", "canceled", "E915"),
        ("9", None, "queued", None),
    ],
)
@responses.activate
def test_a_provider_that_does_not_report_is_asked(
    port: NhnSms, status: str, code: str | None, state: str, error: str | None
) -> None:
    responses.get(MMS, json=answer(data=[{"requestId": "R1", "msgStatus": status, "resultCode": code}]))
    found = port.do(AskText("mms/R1", SINCE, NHN, "m1"))
    assert isinstance(found, Found)
    assert (found.state, found.error) == (state, error)


@pytest.mark.parametrize(
    ("order", "goes_to"),
    [
        (SHORT, "aggregator"),
        (FIND, "aggregator"),
        (AskText("sms/R1", SINCE, NHN, "m1"), "aggregator"),
        (SendText("+821010000001", "+8215441120", "안내", "https://hotline.example/s", 600), "carrier"),
        (EndCall("CA1"), "carrier"),
    ],
)
def test_each_order_goes_to_the_provider_that_it_names(order: Order, goes_to: str) -> None:
    ports = {"carrier": ScriptedCarrier(), "aggregator": ScriptedCarrier()}
    Switch(ports["carrier"], {NHN: ports["aggregator"]}).do(order)
    assert {name: len(port.given) for name, port in ports.items() if port.given} == {goes_to: 1}


def test_a_provider_to_which_there_is_no_access_any_more_has_refused_for_the_moment() -> None:
    receipt = Switch(ScriptedCarrier()).do(SHORT)
    assert isinstance(receipt, Rejected)
    assert (receipt.permanent, receipt.gone) == (False, False)
