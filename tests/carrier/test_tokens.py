"""Pages of other programs: their own softphone with a valid access token, and nothing else."""

from typing import Any

import pytest

from tests.carrier.minting import bent, token_of
from tests.carrier.stage import AGENT, BASE, KEY, KEY_SECRET, LINE, Stage

DESK = "http://127.0.0.1:8081"
KIM = "/handsets/client:kim"


def asked(stage: Stage, token: str, path: str = KIM, **more: Any) -> Any:
    """Ask as the page of another program does."""
    headers = {"Origin": DESK, **({"Authorization": f"Bearer {token}"} if token else {})}
    return stage.web.open(path, headers=headers, **more)


def good(stage: Stage) -> str:
    return token_of("kim", at=stage.network.now)


def test_with_a_token_of_twilios_own_library_a_desk_answers_and_ends_its_call() -> None:
    stage = Stage({"/agent": "<Pause length='60'/>"})
    stage.rest.calls.create(to="client:kim", from_=LINE, url=f"{BASE}/agent")
    stage.run(1)
    answer = asked(stage, good(stage))
    assert answer.get_json()["state"] == "ringing"
    assert answer.headers["Access-Control-Allow-Origin"] == DESK
    assert "Origin" in answer.headers["Vary"]
    assert asked(stage, good(stage), f"{KIM}/answer", method="POST").get_json()["state"] == "talking"
    assert asked(stage, good(stage), f"{KIM}/hangup", method="POST").get_json()["state"] == "idle"


def test_a_browser_is_told_beforehand_what_it_may_send() -> None:
    answer = asked(Stage({}), "", f"{KIM}/answer", method="OPTIONS")
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == DESK
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"]


def wrong_tokens(stage: Stage) -> dict[str, str]:
    now, right = stage.network.now, good(stage)
    header, payload, signature = right.split(".")
    return {
        "none at all": "",
        "no JWT": "abc",
        "no JSON inside": "YQ.YQ.YQ",
        "a list inside": "W10.W10.W10",
        "expired": token_of("kim", at=now, seconds=0),
        "of another key's secret": token_of("kim", at=now, key=(KEY, KEY_SECRET[::-1])),
        "of another key": token_of("kim", at=now, key=("SK" + "3" * 32, KEY_SECRET)),
        "of another account": bent(right, payload={"sub": "AC" + "9" * 32}),
        "without a signature": f"{header}.{payload}.",
        "with another's signature": f"{header}.{token_of('lee', at=now).split('.')[1]}.{signature}",
        "alg none": bent(right, header={"alg": "none"}),
        "alg none, unsigned": bent(right, header={"alg": "none"}).rsplit(".", 1)[0] + ".",
        "of another kind": bent(right, header={"cty": "stuff"}),
        "without an end": bent(right, payload={"exp": None}),
        "of words for an end": bent(right, payload={"exp": "later"}),
        "for longer than a day": token_of("kim", at=now, seconds=90_000),
        "not valid yet": bent(right, payload={"nbf": int(now.timestamp()) + 600}),
        "without incoming calls": bent(right, payload={"grants": {"identity": "kim", "voice": {}}}),
        "for nobody": bent(right, payload={"grants": {"voice": {"incoming": {"allow": True}}}}),
    }


@pytest.mark.parametrize("fault", list(wrong_tokens(Stage({}))))
def test_a_token_that_is_not_right_lets_nobody_in_and_the_page_can_read_why(fault: str) -> None:
    stage = Stage({})
    answer = asked(stage, wrong_tokens(stage)[fault])
    assert answer.status_code == 401
    assert answer.get_json()["error"]
    assert answer.headers["Access-Control-Allow-Origin"] == DESK


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/handsets/client:lee", "GET"),
        (f"/handsets/{AGENT}/answer", "POST"),
        ("/handsets/client:kim%20", "GET"),
        (f"{KIM}/person", "PUT"),
        (f"{KIM}/messages", "POST"),
        (KIM, "PUT"),
        ("/handsets", "GET"),
        ("/handsets/events?number=client:kim", "GET"),
        ("/admin/reset", "POST"),
        ("/truth/calls", "GET"),
        ("/nothing", "GET"),
        ("/", "GET"),
    ],
)
def test_a_good_token_opens_its_own_softphone_and_nothing_more(path: str, method: str) -> None:
    stage = Stage({})
    expected = 200 if path.endswith("%20") else 403  # a space more is the same softphone
    assert asked(stage, good(stage), path, method=method).status_code == expected


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1.evil.example", "file://"])
def test_a_good_token_helps_no_page_from_elsewhere(origin: str) -> None:
    stage = Stage({})
    headers = {"Origin": origin, "Authorization": f"Bearer {good(stage)}"}
    for path in (KIM, "/sdk/voice.js"):
        answer = stage.web.get(path, headers=headers)
        assert answer.status_code == 403
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_modules_are_served_to_every_page_of_this_machine() -> None:
    stage = Stage({})
    with asked(stage, "", "/sdk/voice.js") as answer:
        assert answer.status_code == 200
        assert "javascript" in answer.content_type
        assert answer.headers["Access-Control-Allow-Origin"] == DESK
    assert stage.web.get("/sdk/../app.py").status_code == 404


def test_the_stream_of_a_desk_ends_with_its_token() -> None:
    stage = Stage({})
    token = token_of("kim", at=stage.network.now, seconds=30)
    answer = asked(stage, token, f"{KIM}/events", buffered=False)
    told = iter(answer.response)
    assert b'"state": "idle"' in next(told)
    stage.run(31)
    stage.network.handset("client:kim").changed()
    assert list(told) == []
    assert stage.network.watchers == []
    assert asked(stage, token).status_code == 401


def test_a_token_that_is_used_again_after_the_call_finds_nothing_to_do() -> None:
    stage = Stage({"/agent": "<Pause length='60'/>"})
    stage.rest.calls.create(to="client:kim", from_=LINE, url=f"{BASE}/agent")
    stage.run(1)
    token = good(stage)
    asked(stage, token, f"{KIM}/answer", method="POST")
    asked(stage, token, f"{KIM}/hangup", method="POST")
    for order in ("answer", "hangup", "reject"):
        answer = asked(stage, token, f"{KIM}/{order}", method="POST")
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (409, DESK)


def test_a_carrier_without_an_api_key_lets_no_other_page_in() -> None:
    stage = Stage({})
    token = good(stage)
    stage.network.account = type(stage.network.account)(stage.network.account.sid, "x")
    assert asked(stage, token).status_code == 401
