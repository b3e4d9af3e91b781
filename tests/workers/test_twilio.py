"""Twilio's own client at a scripted network: what an answer of the carrier proves, and what it does not."""

import json
import logging
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import requests
from twilio.http import HttpClient
from twilio.http.response import Response

from ivr.orders import (
    Announce,
    AskCall,
    AskText,
    EndCall,
    FindCall,
    FindText,
    Found,
    HoldParty,
    Receipt,
    Rejected,
    SeatParty,
    Unknown,
)
from tests.http.board import CALLER, MORNING
from workers.twilio import TwilioCarrier

URL = "https://carrier.example"
BODY = "안내입니다."


class Network(HttpClient):  # type: ignore[misc]  # the SDK has no types
    """Answers every request with one status and body, and keeps what was asked."""

    def __init__(self, status: int, body: dict[str, Any] | Exception) -> None:  # Any: JSON
        super().__init__(logging.getLogger(__name__), is_async=False)
        self.status, self.body = status, body
        self.asked: list[tuple[str, str, dict[str, object]]] = []

    def request(
        self, method: str, url: str, params: Any = None, data: Any = None, **_: Any
    ) -> Response:  # Any: as the SDK calls it
        # Any: as the SDK calls it.
        self.asked.append((method, url, {**(params or {}), **(data or {})}))
        if isinstance(self.body, Exception):
            raise self.body
        return Response(self.status, json.dumps(self.body))


def answered(
    status: int, body: dict[str, Any] | Exception, order: AskCall | AskText | FindCall | FindText | EndCall
) -> Receipt:
    return TwilioCarrier("AC" + "1" * 32, "token", URL, Network(status, body)).do(order)


def refused(status: int, code: int) -> Receipt:
    return answered(status, {"code": code, "message": "no", "status": status}, AskCall("CA1"))


def test_only_not_found_says_that_what_was_asked_about_is_gone() -> None:
    codes = {404: 20404, 400: 21220, 401: 20003, 403: 20003, 429: 20429}
    answers = {status: refused(status, code) for status, code in codes.items()}
    assert [status for status, answer in answers.items() if isinstance(answer, Rejected) and answer.gone] == [404]


@pytest.mark.parametrize(("status", "permanent"), [(401, False), (403, False), (429, False), (400, True), (404, True)])
def test_a_bad_token_or_too_many_requests_say_nothing_about_the_order(status: int, permanent: bool) -> None:
    receipt = refused(status, 20000 + status)
    assert isinstance(receipt, Rejected)
    assert receipt.permanent is permanent


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_failing_carrier_may_have_done_it(status: int) -> None:
    assert isinstance(refused(status, 20500), Unknown)


def test_a_carrier_that_was_never_reached_has_not_done_it() -> None:
    receipt = answered(0, requests.exceptions.ConnectTimeout("late"), EndCall("CA1"))
    assert receipt == Rejected(0, "the carrier cannot be reached", permanent=False)


def test_a_carrier_that_did_not_answer_in_time_may_have_done_it() -> None:
    assert isinstance(answered(0, requests.exceptions.ReadTimeout("late"), EndCall("CA1")), Unknown)


def texts(**changes: object) -> dict[str, Any]:
    """A page of messages with one on it, written a minute after the morning and not sent yet."""
    created = format_datetime(MORNING + timedelta(minutes=1))
    message = {"sid": "SM1", "body": BODY, "status": "queued", "date_created": created, "date_sent": None, **changes}
    return {"messages": [message], "page": 0, "page_size": 50, "next_page_uri": None, "uri": "/Messages.json"}


def found(**changes: object) -> Receipt:
    return answered(200, texts(**changes), FindText(CALLER, BODY, MORNING))


def test_a_text_that_still_waits_to_be_sent_is_found() -> None:
    assert found() == Found("SM1", "queued", None)


def test_a_text_of_other_words_or_of_an_earlier_day_is_not_the_one() -> None:
    earlier = format_datetime(MORNING - timedelta(days=1))
    for receipt in (found(body="다른 안내입니다."), found(date_created=earlier)):
        assert isinstance(receipt, Rejected)
        assert receipt.gone


def test_another_message_of_the_same_words_is_not_taken_for_the_one_in_doubt() -> None:
    receipt = answered(200, texts(), FindText(CALLER, BODY, MORNING, others=frozenset({"SM1"})))
    assert isinstance(receipt, Rejected)
    assert receipt.gone


def test_a_message_is_asked_about_with_the_reason_why_it_did_not_arrive() -> None:
    told = {"sid": "SM1", "status": "undelivered", "error_code": 30006}
    order = AskText("SM1", MORNING, "twilio", "m1")
    assert answered(200, told, order) == Found("SM1", "undelivered", None, error="30006")


def test_a_message_that_arrived_is_told_with_the_time_of_its_last_change() -> None:
    told = {"sid": "SM1", "status": "delivered", "date_updated": format_datetime(MORNING)}
    assert answered(200, told, AskText("SM1", MORNING, "twilio", "m1")) == Found("SM1", "delivered", MORNING)


def test_the_list_of_texts_is_not_narrowed_by_a_sending_date_that_a_waiting_text_does_not_have() -> None:
    network = Network(200, texts())
    TwilioCarrier("AC" + "1" * 32, "token", URL, network).do(FindText(CALLER, BODY, MORNING))
    ((_, _, asked),) = network.asked
    assert asked["To"] == CALLER
    assert not any(name.startswith("DateSent") and value for name, value in asked.items())


def test_a_party_is_held_in_the_room_by_the_rooms_own_id_with_music_fetched_by_get() -> None:
    network = Network(200, {"call_sid": "CA1", "conference_sid": "CF1"})
    carrier = TwilioCarrier("AC" + "1" * 32, "token", URL, network)
    carrier.do(HoldParty("CF1", "CA1", "https://hotline.example/media/waiting.wav?seconds=30"))
    ((method, url, asked),) = network.asked
    assert (method, url.partition("/Conferences/")[2]) == ("POST", "CF1/Participants/CA1.json")
    assert (asked["Hold"], asked["HoldMethod"]) in {(True, "GET"), ("true", "GET")}


def test_an_announcement_is_for_one_party_and_fetched_by_post() -> None:
    network = Network(200, {"call_sid": "CA1", "conference_sid": "CF1"})
    carrier = TwilioCarrier("AC" + "1" * 32, "token", URL, network)
    carrier.do(Announce("CF1", "CA1", "https://hotline.example/voice/notice?turn=1"))
    ((method, url, asked),) = network.asked
    assert (method, url.partition("/Conferences/")[2]) == ("POST", "CF1/Participants/CA1.json")
    assert (asked["AnnounceUrl"], asked["AnnounceMethod"]) == ("https://hotline.example/voice/notice?turn=1", "POST")
    assert "Hold" not in asked


def call_row(sid: str, seconds: float, status: str = "ringing") -> dict[str, Any]:  # Any: JSON
    created = format_datetime(MORNING + timedelta(seconds=seconds))
    return {"sid": sid, "status": status, "date_created": created, "end_time": None}


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([], None),
        ([call_row("CA1", 1)], "CA1"),
        ([call_row("CA-before", -60), call_row("CA-after", 60)], None),
        ([call_row("CA-known", 1), call_row("CA2", 2)], "CA2"),
    ],
)
def test_a_call_is_found_by_both_numbers_and_the_time_of_its_order(
    rows: list[dict[str, Any]], found: str | None
) -> None:
    # Any: JSON
    until = MORNING + timedelta(seconds=20)
    order = FindCall(CALLER, "+827010000001", MORNING, until, frozenset({"CA-known"}))
    network = Network(200, {"calls": rows, "next_page_uri": None})
    receipt = TwilioCarrier("AC" + "1" * 32, "token", URL, network).do(order)
    assert network.asked[0][2].get("To") == CALLER
    assert network.asked[0][2].get("From") == "+827010000001"
    if found is None:
        assert isinstance(receipt, Rejected)
        assert receipt.gone
    else:
        assert receipt == Found(found, "ringing", None)


@pytest.mark.parametrize(
    ("order", "asked_for"),
    [
        (SeatParty("CF1", "CA1", is_muted=True, coach=""), {"Muted": "true", "Coaching": "false"}),
        (
            SeatParty("CF1", "CA1", is_muted=False, coach="CA2"),
            {"Muted": "false", "Coaching": "true", "CallSidToCoach": "CA2"},
        ),
        (SeatParty("CF1", "CA1", is_muted=False, coach=""), {"Muted": "false", "Coaching": "false"}),
    ],
)
def test_a_party_is_heard_by_nobody_by_one_or_by_all(order: SeatParty, asked_for: dict[str, str]) -> None:
    network = Network(200, {"call_sid": "CA1", "conference_sid": "CF1"})
    TwilioCarrier("AC" + "1" * 32, "token", URL, network).do(order)
    ((_, _, asked),) = network.asked
    assert {name: str(value).lower() if value in (True, False) else value for name, value in asked.items()} == {
        name: value for name, value in asked_for.items()
    }
