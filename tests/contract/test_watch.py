"""ContractWatch sees both sides of the wire and learns from documents where the next one runs."""

import json
from wsgiref.types import WSGIApplication

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from commands.in_process import InProcessHttp

from .test_rest_shape import ACCOUNT, CALL, CALLS, CREATE_CALL, QUEUE, call_answer
from .watch import ContractWatch


def serving(documents: dict[str, str]) -> WSGIApplication:
    @Request.application
    def app(request: Request) -> Response:
        return Response(documents[request.path], mimetype="text/xml")

    return app


def heard(documents: dict[str, str], *paths: str) -> list[str]:
    """Violations after the paths were fetched in turn."""
    watch = ContractWatch()
    client = Client(watch.webhooks(serving(documents)))
    for path in paths:
        client.post(path)
    assert watch.documents == len(paths)
    return watch.violations


def test_a_clean_document_passes_through_unchanged() -> None:
    watch = ContractWatch()
    answer = Client(watch.webhooks(serving({"/v": "<Response><Hangup/></Response>"}))).post("/v")
    assert answer.text == "<Response><Hangup/></Response>"
    watch.assert_clean()


def test_every_violation_is_named_with_its_url() -> None:
    watch = ContractWatch()
    Client(watch.webhooks(serving({"/v": "<Response><Leave/></Response>"}))).post("/v?step=1")
    with pytest.raises(AssertionError, match=r"/v\?step=1 \(voice\).*Leave"):
        watch.assert_clean()


def test_a_wait_url_is_linted_as_a_wait_document_and_so_is_what_it_leads_to() -> None:
    documents = {
        "/in": '<Response><Enqueue action="/left" waitUrl="wait">q</Enqueue></Response>',
        "/wait": '<Response><Gather action="/pressed" numDigits="1"/></Response>',
        "/pressed": "<Response><Leave/></Response>",
        "/left": "<Response><Leave/></Response>",
    }
    assert heard(documents, "/in", "/wait", "/pressed") == []
    assert heard(documents, "/in", "/left") == [
        "/left (voice): Response/*[1]: Leave has no meaning at the top of a voice document"
    ]


def test_a_noun_url_may_not_dial() -> None:
    documents = {
        "/in": '<Response><Dial><Client url="/whisper">agent_7</Client></Dial></Response>',
        "/whisper": "<Response><Dial>+827010000002</Dial></Response>",
    }
    assert "Dial is not run in noun-url" in heard(documents, "/in", "/whisper")[0]


def test_joiners_of_one_conference_must_send_the_same_status_callback() -> None:
    room = '<Response><Dial><Conference statusCallback="{}">c-1</Conference></Dial></Response>'
    same = {"/a": room.format("/room"), "/b": room.format("/room")}
    other = {"/a": room.format("/room"), "/b": room.format("/agent-room")}
    assert heard(same, "/a", "/b") == []
    assert "differ from" in heard(other, "/a", "/b")[0]


def carrier(status: int, body: object) -> WSGIApplication:
    @Request.application
    def app(request: Request) -> Response:
        received = [f"{name}={value}" for name, value in request.form.items(multi=True)]
        headers = {"X-Received": " ".join(received)}
        return Response(json.dumps(body), status=status, mimetype="application/json", headers=headers)

    return app


def test_a_faulty_request_and_a_faulty_answer_are_both_collected_at_the_carriers_door() -> None:
    watch = ContractWatch()
    client = Client(watch.carrier(carrier(201, call_answer() | {"status": "dialling"})))
    answer = client.post(CALLS, data={"To": "+821012345678", "From": "+827010000001"})
    assert answer.headers["X-Received"] == "To=+821012345678 From=+827010000001"
    assert watch.operations == ["POST /Calls.json"]
    assert len(watch.violations) == 2
    assert "exactly one of Url" in watch.violations[0]
    assert "'dialling' is not one of" in watch.violations[1]


def test_paths_outside_the_rest_api_are_left_alone() -> None:
    watch = ContractWatch()
    assert Client(watch.carrier(carrier(200, {}))).get("/handsets").status_code == 200
    assert (watch.operations, watch.violations) == ([], [])


def test_the_sdks_requests_are_checked_as_they_go_over_the_wire() -> None:
    watch = ContractWatch()
    send = watch.sdk_call(InProcessHttp(carrier(201, call_answer())).request)
    data = {name: values if len(values) > 1 else values[0] for name, values in CREATE_CALL.items()}
    answer = send("POST", f"http://carrier.example{CALLS}", None, data)
    assert answer.status_code == 201
    watch.assert_clean()
    send("POST", f"http://carrier.example{CALLS}", None, {**data, "Timeout": 0})
    assert watch.violations == ["POST /Calls.json: Timeout: 0 must be 1 to 600"]


def test_an_announcement_ordered_over_rest_runs_as_conference_words() -> None:
    watch = ContractWatch()
    watch.rest_request(
        "POST",
        f"{ACCOUNT}/Conferences/CF{'3' * 32}/Participants/{CALL}.json",
        {"AnnounceUrl": ["https://hotline.example/say?id=1"]},
    )
    watch.document("/say?id=1", '<Response><Gather actionOnEmptyResult="true"/></Response>')
    assert "Gather is not run in conference-wait" in watch.violations[0]


def test_a_dequeued_member_hears_an_ordinary_document() -> None:
    watch = ContractWatch()
    watch.rest_request(
        "POST", f"{ACCOUNT}/Queues/{QUEUE}/Members/{CALL}.json", {"Url": ["https://hotline.example/joined"]}
    )
    watch.document("/joined", "<Response><Dial><Conference>c-1</Conference></Dial></Response>")
    watch.assert_clean()
