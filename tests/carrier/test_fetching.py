"""How documents are fetched: signature, cookies, redirects, connection rules, retries and the fallback."""

import pytest

from carrier.outgoing import ConnectionRules, Failure, Outcome, Response, signature, split_rules
from tests.carrier.stage import BASE, LINE, Asked, Stage, heard

XML = ("Content-Type", "text/xml")
SAY = b"<Response><Say>\xea\xb0\x80</Say></Response>"


def with_voice_url(url: str, documents: dict[str, object], **more: str) -> Stage:
    stage = Stage(documents)  # type: ignore[arg-type]
    number = stage.rest.incoming_phone_numbers.list()[0]
    stage.rest.incoming_phone_numbers(number.sid).update(voice_url=url, **more)
    return stage


def test_every_request_is_signed_over_the_url_without_its_fragment() -> None:
    """The fragment is never sent and is not part of the signed URL."""
    stage = with_voice_url(
        f"{BASE}/in?line=1&x=%EA%B0%80#rc=3&rp=all",
        {"/in": "<Redirect method='GET'>/two?y=2</Redirect>", "/two": "<Say>가</Say>"},
    )
    stage.dial()
    stage.run(10)
    assert all(asked.genuine for asked in stage.asked)
    assert stage.asked[0].url == f"{BASE}/in?line=1&x=%EA%B0%80"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://mycompany.com/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("https://mycompany.com:443/myapp.php?foo=1&bar=2", "kvajT1Ptam85bY51eRf/AJRuM3w="),
        ("http://mycompany.com:1234/myapp.php?foo=1&bar=2", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    ],
)
def test_the_signature_is_that_of_the_published_vectors(url: str, expected: str) -> None:
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    assert signature("12345", url, form.items()) == expected


def test_repeated_names_are_signed_as_the_sorted_set_of_their_values() -> None:
    form = [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")]
    assert signature("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form) == "IK+Dwps556ElfBT0I3Rgjkr1wJU="


def test_cookies_are_kept_for_one_call_only() -> None:
    """Keeps cookies per call."""
    first = Response(
        200, (XML, ("Set-Cookie", "call=one; Path=/; HttpOnly")), b"<Response><Redirect>/two</Redirect></Response>"
    )
    stage = Stage({"/in": first, "/two": "<Say>가</Say>"})
    stage.dial()
    stage.run(10)
    stage.dial(number="010-1000-0002")
    stage.run(10)
    sent = [(asked.path, asked.headers.get("Cookie")) for asked in stage.asked if asked.path in ("/in", "/two")]
    assert sent == [("/in", None), ("/two", "call=one"), ("/in", None), ("/two", "call=one")]


def test_ten_redirects_are_followed_and_the_eleventh_is_11215() -> None:
    """Follows at most 10 redirects, then 11215."""

    def hop(asked: Asked) -> Outcome:
        count = int(asked.form.get("hop", "0") if "hop" in asked.form else "0")
        return Response(302, (("Location", f"/in?hop={count + 1}"),))

    stage = Stage({"/in": hop})
    call = stage.dial()
    stage.run(10)
    assert len(stage.forms("/in")) == 11
    assert stage.codes() == [11215]
    assert call.status == "failed"


@pytest.mark.parametrize(("status", "method"), [(302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
def test_a_redirect_changes_the_method_as_http_says_and_is_signed_anew(status: int, method: str) -> None:
    stage = Stage({"/in": Response(status, (("Location", "two"),)), "/two": "<Say>가</Say>"})
    call = stage.dial()
    stage.run(5)
    first = [(asked.method, asked.path, asked.genuine) for asked in stage.asked][:2]
    assert first == [("POST", "/in", True), (method, "/two", True)]
    assert heard(call) == ["가"]


def test_by_default_only_a_failed_connection_is_tried_again_with_the_same_token() -> None:
    """rc default 1, rp default ct only; I-Twilio-Idempotency-Token is the same on the retries of one request."""
    answers: list[Outcome] = [Failure("connect"), Response(200, (XML,), SAY)]
    stage = Stage({"/in": lambda _: answers.pop(0)})
    call = stage.dial()
    stage.run(5)
    tokens = [asked.headers["I-Twilio-Idempotency-Token"] for asked in stage.asked if asked.path == "/in"]
    assert len(tokens) == 2
    assert len(set(tokens)) == 1
    assert heard(call) == ["가"]


def test_a_server_error_is_not_tried_again_unless_asked_for() -> None:
    """A 500 is not retried unless asked: 11200."""
    stage = Stage({"/in": Response(500)})
    stage.dial()
    stage.run(5)
    assert len(stage.forms("/in")) == 1
    assert stage.codes() == [11200]


def test_the_fragment_asks_for_more_attempts() -> None:
    """#rc 0-5 retries, #rp policy list."""
    stage = with_voice_url(f"{BASE}/in#rc=3&rp=5xx", {"/in": Response(503)})
    stage.dial()
    stage.run(5)
    assert len(stage.forms("/in")) == 4


def test_no_answer_in_time_ends_after_fifteen_seconds_with_11205() -> None:
    """Hard cap on a call-related HTTP request: 15 s."""
    stage = Stage({"/in": "<Say>가</Say>"})
    stage.carrier.latency = (40.0, 40.0)
    call = stage.dial()
    stage.run(20)
    assert stage.codes() == [11205]
    assert call.status == "failed"
    assert 15 <= (call.times["ended"] - call.times["created"]).total_seconds() < 16


def test_the_fallback_is_asked_with_the_error_and_its_document_runs() -> None:
    """The fallback URL gets the normal parameters plus ErrorCode and ErrorUrl."""
    stage = with_voice_url(
        f"{BASE}/in", {"/in": Response(500), "/sorry": "<Say>죄송합니다</Say>"}, voice_fallback_url=f"{BASE}/sorry"
    )
    call = stage.dial()
    stage.run(10)
    form = stage.forms("/sorry")[0]
    assert (form["ErrorCode"], form["ErrorUrl"], form["To"]) == ("11200", f"{BASE}/in", LINE)
    assert heard(call) == ["죄송합니다"]


def test_a_document_that_fails_later_in_the_call_goes_to_the_fallback_too() -> None:
    stage = with_voice_url(
        f"{BASE}/in",
        {"/in": "<Say>가</Say><Redirect>/broken</Redirect>", "/broken": "<Say", "/sorry": "<Say>죄송합니다</Say>"},
        voice_fallback_url=f"{BASE}/sorry",
    )
    call = stage.dial()
    stage.run(10)
    assert stage.forms("/sorry")[0]["ErrorCode"] == "12100"
    assert heard(call) == ["가", "죄송합니다"]


def test_a_fallback_that_fails_as_well_ends_the_call() -> None:
    stage = with_voice_url(
        f"{BASE}/in", {"/in": Response(500), "/sorry": Response(500)}, voice_fallback_url=f"{BASE}/sorry"
    )
    call = stage.dial()
    stage.run(10)
    assert call.ended
    assert len(stage.forms("/sorry")) == 1


@pytest.mark.parametrize(
    ("fragment", "rules"),
    [
        ("", ConnectionRules()),
        ("ct=2000&rt=4000&rc=1&rp=ct,rt,5xx", ConnectionRules(2.0, 4.0, 15.0, 1, frozenset({"ct", "rt", "5xx"}))),
        ("ct=1&rt=99999&tt=100&rc=9&rp=never", ConnectionRules(5.0, 15.0, 0.1, 1, frozenset({"ct"}))),
        ("rc=0&rp=all", ConnectionRules(retries=0, policy=frozenset({"all"}))),
    ],
)
def test_connection_rules_are_read_from_the_fragment_within_their_limits(fragment: str, rules: ConnectionRules) -> None:
    """ct 100-10000 ms (5000), rt and tt 100-15000 (15000), rc 0-5 (1), rp default ct."""
    assert split_rules(f"{BASE}/in?a=1#{fragment}") == (f"{BASE}/in?a=1", rules)


def test_a_relative_url_in_an_inline_document_has_nothing_to_be_resolved_against() -> None:
    """With the inline Twiml parameter there is no base document: every URL inside must be absolute."""
    stage = Stage({})
    stage.agent(answer_after=1)
    stage.rest.calls.create(to="+821020000001", from_=LINE, twiml="<Response><Redirect>/next</Redirect></Response>")
    stage.run(5)
    assert stage.codes() == [11100]


def test_the_present_document_is_asked_again_under_the_same_connection_rules() -> None:
    answers: list[Outcome] = [Response(200, (XML,), b"<Response><Gather numDigits='1'/></Response>"), Response(503)]
    stage = with_voice_url(
        f"{BASE}/in#rc=2&rp=5xx", {"/in": lambda _: answers.pop(0) if len(answers) > 1 else answers[0]}
    )
    stage.dial("1")
    stage.run(10)
    assert len(stage.forms("/in")) == 4
