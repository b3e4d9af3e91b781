"""Signatures: the published vectors, the traps in which other verifiers fall, and hostile requests."""

import hashlib
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from webhooks.signature import FORM, Received, sign, verify

TOKEN = "12345"
ADDRESS = "https://mycompany.com/myapp.php?foo=1&bar=2"
CALL = (
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
)
BODY = b'{"property": "value", "boolean": true}'
HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
EMPTY_OBJECT_HASH = hashlib.sha256(b"{}").hexdigest()
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
FIELDS = st.lists(st.tuples(WORDS, WORDS), max_size=8)


def form(url: str, pairs: tuple[tuple[str, str], ...] | list[tuple[str, str]], signature: str | None) -> Received:
    return Received(url, urlencode(pairs).encode(), FORM, signature)


def json(url: str, body: bytes, signature: str | None) -> Received:
    return Received(url, body, "application/json", signature)


@pytest.mark.parametrize(
    ("url", "signature"),
    [
        (ADDRESS, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (ADDRESS, "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (ADDRESS.replace("https", "http"), "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        ("http://mycompany.com:1234/myapp.php?foo=1&bar=2", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        ("https://mycompany.com:1234/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("https://user:pass@mycompany.com/myapp.php?foo=1&bar=2", "CukzLTc1tT5dXEDIHm/tKBanW10="),
        ("https://user@mycompany.com/myapp.php?foo=1&bar=2", "2YRLlVAflCqxaNicjMpJcSTgzSs="),
        ("https://user:pass@mycompany.com/myapp.php?foo=1&bar=2", "ZQFR1PTIZXF2MXB8ZnKCvnnA+rI="),
        (ADDRESS + "&Body=It's+amazing", "TfZzewPq8wqrGlMfyAud8+/IvJ0="),
        (ADDRESS + "&Body=It's+amazing", "dsq4Ehbj6cs+KdTkpF5sSSplOWw="),
    ],
)
def test_every_published_form_vector_is_accepted(url: str, signature: str) -> None:
    assert verify(form(url, CALL, signature), [TOKEN])


@pytest.mark.parametrize(
    ("pairs", "signature"),
    [
        (
            (
                ("Sid", "CA123"),
                ("SidAccount", "AC123"),
                ("Digits", "5678"),
                ("Digits", "1234"),
                ("Digits", "1234"),
            ),
            "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
        ),
        (
            (("MessagingBinding.Address", "+1325xxxxxxx"), ("MessagingBinding.Address", "+1415xxxxxxx")),
            "83O6e2vORAoJHUNzJjDWN1jz+BA=",
        ),
        (
            (("MessagingBinding.Address", "+1415xxxxxxx"), ("MessagingBinding.Address", "+1325xxxxxxx")),
            "83O6e2vORAoJHUNzJjDWN1jz+BA=",
        ),
    ],
)
def test_the_published_vectors_with_repeated_fields_are_accepted(
    pairs: tuple[tuple[str, str], ...], signature: str
) -> None:
    assert verify(form(ADDRESS, pairs, signature), [TOKEN])


@pytest.mark.parametrize(
    ("url", "body", "signature"),
    [
        (f"{ADDRESS}&bodySHA256={HASH}", BODY, "a9nBmqA0ju/hNViExpshrM61xv4="),
        (f"{ADDRESS}&bodySHA256={EMPTY_OBJECT_HASH}", b"{}", "Ldidvp12m26NI7eqEvxnEpkd9Hc="),
        (f"{ADDRESS}&bodySHA256={EMPTY_OBJECT_HASH}", b"{}", "rw/jVviOgicj2+kHZULvebnA4ag="),
        (f"https://mycompany.com/myapp.php?bodySHA256={HASH}", BODY, "y77kIzt2vzLz71DgmJGsen2scGs="),
    ],
)
def test_every_published_json_vector_is_accepted_for_its_own_body_only(url: str, body: bytes, signature: str) -> None:
    assert verify(json(url, body, signature), [TOKEN])
    assert not verify(json(url, body + b" ", signature), [TOKEN])


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data; boundary=x", None])
def test_a_body_that_is_no_form_is_refused_without_its_hash_in_the_url(content_type: str | None) -> None:
    signature = sign(ADDRESS, (), token=TOKEN)
    assert not verify(Received(ADDRESS, BODY, content_type, signature), [TOKEN])


def test_an_empty_json_body_is_refused_without_its_hash_in_the_url() -> None:
    assert not verify(json(ADDRESS, b"", sign(ADDRESS, (), token=TOKEN)), [TOKEN])


def test_a_request_without_a_body_is_signed_by_its_url_alone() -> None:
    signature = sign(ADDRESS, (), token=TOKEN)
    assert verify(Received(ADDRESS, b"", None, signature), [TOKEN])
    assert not verify(Received(ADDRESS + "0", b"", None, signature), [TOKEN])


def test_two_hashes_in_one_url_are_refused() -> None:
    url = f"{ADDRESS}&bodySHA256={HASH}&bodySHA256={EMPTY_OBJECT_HASH}"
    assert not verify(json(url, BODY, sign(url, (), token=TOKEN)), [TOKEN])


def test_a_hash_in_the_fragment_does_not_cover_a_body() -> None:
    assert not verify(json(f"{ADDRESS}#&bodySHA256={HASH}", BODY, sign(ADDRESS, (), token=TOKEN)), [TOKEN])


def test_form_fields_are_covered_even_when_the_url_holds_the_hash_of_the_body() -> None:
    body = b"From=%2B821000000001"
    url = f"{ADDRESS}&bodySHA256={hashlib.sha256(body).hexdigest()}"
    assert not verify(Received(url, body, FORM, sign(url, (), token=TOKEN)), [TOKEN])
    assert verify(Received(url, body, FORM, sign(url, [("From", "+821000000001")], token=TOKEN)), [TOKEN])


@pytest.mark.parametrize("signature", [None, "", "WRONG", "\udc80", "é", "A" * 100_000, "RSOYDt4T1cUTdK1PDd93/VVr8B8"])
def test_a_missing_or_senseless_signature_is_refused(signature: str | None) -> None:
    assert not verify(form(ADDRESS, CALL, signature), [TOKEN])


def test_both_tokens_are_accepted_while_one_replaces_the_other() -> None:
    for token in ("old", "new"):
        assert verify(form(ADDRESS, CALL, sign(ADDRESS, CALL, token=token)), ["new", "old"])
    assert not verify(form(ADDRESS, CALL, sign(ADDRESS, CALL, token="older")), ["new", "old"])


@pytest.mark.parametrize("tokens", [[], [""]])
def test_no_token_or_an_empty_one_signs_nothing(tokens: list[str]) -> None:
    assert not verify(form(ADDRESS, CALL, sign(ADDRESS, CALL, token="")), tokens)


@pytest.mark.parametrize(
    "host",
    ["user:pass@mycompany.com", "mycompany.com", "[2001:db8::1]", "user:p@ss:1@mycompany.com"],
)
@pytest.mark.parametrize(("shown", "signed"), [("", ""), ("", ":443"), (":443", ""), (":8443", ":8443"), (":1", "")])
def test_the_port_may_be_added_or_dropped_beside_passwords_and_ipv6_addresses(
    host: str, shown: str, signed: str
) -> None:
    signature = sign(f"https://{host}{signed}/voice", CALL, token=TOKEN)
    assert verify(form(f"https://{host}{shown}/voice", CALL, signature), [TOKEN])


def test_one_odd_port_does_not_stand_for_another() -> None:
    signature = sign("https://mycompany.com:8443/voice", CALL, token=TOKEN)
    assert not verify(form("https://mycompany.com:8444/voice", CALL, signature), [TOKEN])


@pytest.mark.parametrize("shown", ["https://h/voice", "https://h/voice?", "https://h/voice?#rc=2"])
@pytest.mark.parametrize("signed", ["https://h/voice", "https://h/voice?"])
def test_a_bare_question_mark_and_a_fragment_make_no_difference(shown: str, signed: str) -> None:
    assert verify(form(shown, CALL, sign(signed, CALL, token=TOKEN)), [TOKEN])


@pytest.mark.parametrize("body", [b"From=%FF", b"\xff\xfe=1", b"a=1&" * 501])
def test_a_form_that_cannot_be_read_is_refused(body: bytes) -> None:
    received = Received(ADDRESS, body, FORM, sign(ADDRESS, (), token=TOKEN))
    assert received.pairs is None
    assert not verify(received, [TOKEN])


def test_the_fields_that_were_signed_are_the_fields_that_are_read() -> None:
    received = Received(ADDRESS, b"Body=%EB%84%A4+&Body=b&Empty=", f"{FORM}; charset=UTF-8", None)
    assert received.pairs == (("Body", "네 "), ("Body", "b"), ("Empty", ""))


@given(st.text(), st.binary(), st.none() | st.text(), st.none() | st.text())
def test_no_request_raises_and_none_is_accepted_by_luck(
    url: str, body: bytes, content_type: str | None, signature: str | None
) -> None:
    assert not verify(Received(url, body, content_type, signature), [TOKEN])
    assert not verify(Received(url, body, FORM, signature), [TOKEN])


@given(
    FIELDS,
    st.sampled_from([ADDRESS, "https://h/voice/%EA%B0%80?a=%2F&b", "http://h:81/", "https://h/x?it's"]),
)
def test_whatever_the_official_library_signs_is_accepted_and_computed_alike(
    fields: list[tuple[str, str]], url: str
) -> None:
    official = RequestValidator(TOKEN).compute_signature(url, MultiDict(fields))
    assert sign(url, fields, token=TOKEN) == official
    assert verify(form(url, fields, official), [TOKEN])


@given(FIELDS, st.tuples(WORDS, WORDS))
def test_one_more_field_breaks_the_signature(fields: list[tuple[str, str]], added: tuple[str, str]) -> None:
    received = form(ADDRESS, [*fields, added], sign(ADDRESS, fields, token=TOKEN))
    assert verify(received, [TOKEN]) == (added in fields or added == ("", ""))
