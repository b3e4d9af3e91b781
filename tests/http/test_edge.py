"""The edge: what is not signed for this very address is refused, and nothing of it is stored."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from twilio.request_validator import RequestValidator

from ivr.addresses import Address
from tests.http.board import BASE_URL, FORM, OTHER_TOKEN, TOKEN, Moment, Signed, arriving, board_over
from tests.sizes import examples
from tests.store_fixtures.databases import filled_tables
from webhooks.edge import LARGEST_BODY
from webhooks.switchboard import Switchboard

INCOMING = Address.INCOMING.value
HEADER = "X-Twilio-Signature"


@pytest.fixture
def board(sqlite_engine: Engine) -> Switchboard:
    return board_over(sqlite_engine, Moment())


@pytest.fixture
def wire(board: Switchboard) -> Signed:
    return Signed.to(board)


@pytest.fixture
def nothing_kept(board: Switchboard) -> Iterator[None]:
    """Whatever the test sends, no row of any table may come of it."""
    yield
    with board.store.engine.connect() as connection:
        assert filled_tables(connection) == []


def signature(url: str, form: dict[str, str], token: str = TOKEN) -> str:
    made: str = RequestValidator(token).compute_signature(url, form)
    return made


@pytest.mark.usefixtures("nothing_kept")
def test_a_request_without_a_signature_is_refused(wire: Signed) -> None:
    for address in Address:
        answer = wire.client.post(address.value, data=arriving())
        assert (address, answer.status_code, answer.data) == (address, 403, b"")


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize(
    "claimed", ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "=" * 4000, "\x7f", "none", "á", "Bearer token"]
)
def test_a_wrong_signature_is_refused(wire: Signed, claimed: str) -> None:
    answer = wire.client.post(INCOMING, data=arriving(), headers={HEADER: claimed.encode().decode("latin-1")})
    assert answer.status_code == 403


@pytest.mark.usefixtures("nothing_kept")
def test_the_token_of_another_account_is_refused(board: Switchboard) -> None:
    assert Signed.to(board, token=OTHER_TOKEN).post(INCOMING, arriving()).status_code == 403


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize(
    "other", ["/voice/status", "/voice/menu?menu=main", "/voice/incoming?step=2", "/voice/incoming/"]
)
def test_a_request_replayed_onto_another_address_is_refused(wire: Signed, other: str) -> None:
    form = arriving()
    stolen = signature(BASE_URL + INCOMING, form)
    answer = wire.client.post(other, data=form, headers={HEADER: stolen})
    assert answer.status_code in {403, 404}


@pytest.mark.usefixtures("nothing_kept")
def test_one_changed_field_breaks_the_signature(wire: Signed) -> None:
    stolen = signature(BASE_URL + INCOMING, arriving())
    answer = wire.client.post(INCOMING, data=arriving(To="+827010000002"), headers={HEADER: stolen})
    assert answer.status_code == 403


@pytest.mark.usefixtures("nothing_kept")
def test_json_without_its_hash_in_the_address_is_refused(wire: Signed) -> None:
    body = b'{"CallSid": "CA1"}'
    headers = {HEADER: signature(BASE_URL + INCOMING, {})}
    assert wire.client.post(INCOMING, data=body, content_type="application/json", headers=headers).status_code == 403


def test_json_with_its_hash_is_let_in_and_heard_as_an_unknown_line(wire: Signed) -> None:
    body = b'{"CallSid": "CA1"}'
    address = f"{INCOMING}?bodySHA256={hashlib.sha256(body).hexdigest()}"
    headers = {HEADER: signature(BASE_URL + address, {})}
    answer = wire.client.post(address, data=body, content_type="application/json", headers=headers)
    assert answer.status_code == 200
    assert "<Hangup" in answer.text


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("body", [b"\xff\xfe=1", b"\x00" * 100, b"CallSid=%ff%fe", b"&" * 600, b"a=1&" * 501])
@pytest.mark.parametrize("kind", [FORM, "application/octet-stream", "multipart/form-data; boundary=x", "", "a/b;;;"])
def test_a_body_of_bytes_is_refused(wire: Signed, body: bytes, kind: str) -> None:
    headers = {HEADER: signature(BASE_URL + INCOMING, {})}
    assert wire.client.post(INCOMING, data=body, content_type=kind, headers=headers).status_code == 403


@pytest.mark.usefixtures("nothing_kept")
def test_a_body_larger_than_any_of_the_carriers_is_refused(wire: Signed) -> None:
    answer = wire.post(INCOMING, arriving(Filler="x" * (LARGEST_BODY + 1)))
    assert answer.status_code in {403, 413}


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_only_a_post_is_allowed(wire: Signed, method: str) -> None:
    for address in Address:
        assert (address, getattr(wire.client, method)(address.value).status_code) == (address, 405)


@pytest.mark.parametrize(
    "base_url",
    [
        "https://user:pass@hotline.example",
        "https://hotline.example:8443",
        "http://hotline.example:8080",
        "https://user:p%40ss@hotline.example:444",
        "https://[::1]:8443",
        "http://127.0.0.1:18080",
        "https://hotline.example/behind/a/proxy",
    ],
)
def test_the_configured_public_address_is_what_is_signed(board: Switchboard, base_url: str) -> None:
    # The Host header of the request says something else altogether.
    placed = replace(board, public_base_url=base_url)
    answer = Signed.to(placed).post(INCOMING, arriving())
    assert (answer.status_code, "<Redirect" in answer.text) == (200, True)


def test_the_host_header_is_never_believed(board: Switchboard) -> None:
    wire = Signed.to(board, base_url="https://attacker.example")
    answer = wire.post(INCOMING, arriving(), Host="attacker.example", **{"X-Forwarded-Host": "attacker.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize("token", ["first token", "second token"])
def test_both_tokens_hold_while_the_token_is_rotated(board: Switchboard, token: str) -> None:
    rotating = replace(board, auth_tokens=("first token", "second token"))
    assert Signed.to(rotating, token=token).post(INCOMING, arriving()).status_code == 200


LATIN = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\x00"), max_size=60)


@given(
    address=st.sampled_from(list(Address)),
    query=st.dictionaries(st.sampled_from(["call", "line", "step", "offer", "bodySHA256", "x"]), LATIN, max_size=4),
    body=st.binary(max_size=200),
    kind=LATIN | st.sampled_from([FORM, "application/json", ""]),
    claimed=LATIN,
)
@settings(max_examples=examples(150), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_stranger_sends_is_refused_and_never_an_error(
    board: Switchboard, address: Address, query: dict[str, str], body: bytes, kind: str, claimed: str
) -> None:
    wire = Signed.to(board)
    path = f"{address.value}?{urlencode(query)}"
    answer = wire.client.post(path, data=body, content_type=kind, headers={HEADER: claimed})
    assert answer.status_code == 403
