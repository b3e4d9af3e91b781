"""Forged forms, missing reasons, colleagues' work, headers, and numbers in answers, addresses and logs: every view."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine
from werkzeug.routing import Rule

from console.visitor import roles_of
from ivr.accounts.rows import Role
from tests.console.asking import FORM, Place, addresses, asked, is_of_row
from tests.console.other_lines import CALL, Filled, colleague, fill
from tests.log_lines import operators_log
from tests.store_fixtures.databases import ON_SQLITE

pytestmark = ON_SQLITE
# The customers of `other_lines`, without the sign of the country and in any spelling.
NUMBER = re.compile(r"10[- ]?1000[- ]?000[12]|10[- ]?1100[- ]?000[1-3]|10[- ]?2000[- ]?0001")
# Personal data in full, or as a file: each wants a reason.
REASONS = {
    "access.export",
    "callbacks.number",
    "calls.caller",
    "calls.play",
    "calls.take",
    "campaigns.export",
    "cases.export",
    "cases.number",
    "consents.show_number",
    "messages.number",
    "monitoring.come",
}
OF_FIRMS = {"firm.caller"}
# Shown to everybody on the line.
OF_THE_LINE = {"directory.one", "charter.standard"}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}


@pytest.fixture
def place(engine: Engine, tmp_path: Path) -> Place:
    return Place(engine, tmp_path / "others")


@pytest.fixture
def filled(place: Place) -> Filled:
    return fill(place.office, place.enter)


def test_a_form_without_its_token_changes_nothing(place: Place, filled: Filled) -> None:
    owner, *others = filled.owners
    before = place.rows()
    for rule, method, address in addresses(place, filled.ids):
        # Pages of a client firm's own turn these people away before: test_firms_apart.py sends them without a token.
        for token in (
            ("", "forged", others[0].token + "x") if method == "POST" and rule.endpoint not in OF_FIRMS else ()
        ):
            answer = owner.post(address, {**FORM, "csrf": token}, **{"HX-Request": "true"})
            assert (rule.endpoint, answer.status_code) == (rule.endpoint, 400)
    assert place.rows() == before


def test_nothing_personal_is_shown_in_full_or_taken_away_without_a_reason(place: Place, filled: Filled) -> None:
    before = place.rows()
    seen = set()
    for rule, method, address in addresses(place, filled.ids):
        for reason in ("", "  ", "\t") if rule.endpoint in REASONS and method == "POST" else ():
            for owner in filled.owners:
                answer = owner.post(address, {**FORM, "reason": reason, "form": "csv"})
                assert answer.status_code < 500, rule.endpoint
                assert not NUMBER.search(answer.text), rule.endpoint
                assert "Content-Disposition" not in answer.headers, rule.endpoint
                seen.add(rule.endpoint)
    assert seen == REASONS
    assert place.rows() == before


def test_an_agent_sees_and_does_nothing_of_a_colleague(place: Place, filled: Filled) -> None:
    agent = place.enter(colleague(place.office, "kibo", number=2))
    before = place.rows()
    for (endpoint, method), answer in asked(place, agent, filled.ids).items():
        roles = roles_of(place.app.view_functions[endpoint]) or frozenset(Role)
        status = int(answer[:3])
        if Role.AGENT not in roles:
            assert (endpoint, method, status) == (endpoint, method, 403)
        elif endpoint not in OF_THE_LINE and any(is_of_row(rule, filled.ids) for rule in _rules(place, endpoint)):
            assert (endpoint, method, status in {403, 404}) == (endpoint, method, True), answer[:200]
    case = {"reference": "1" * 24, "kind": "inquiry", "channel": "phone", "content": "기한", "call": CALL}
    assert agent.get(f"/cases/new?call={CALL}").status_code == agent.post("/cases/new", case).status_code == 404
    assert place.rows() == before


def test_owners_find_their_rows_and_no_number_stands_in_a_page_an_address_or_a_log(
    place: Place, filled: Filled
) -> None:
    there = set()
    with operators_log() as lines:
        for owner in filled.owners:
            answers = asked(place, owner, filled.ids, methods={"GET"})
            there |= {key for key, answer in answers.items() if not answer.startswith(("404", "5"))}
            for key, answer in answers.items():
                assert not NUMBER.search(answer), key
            for address in ("/calls/number", "/consents/look-up"):
                found = owner.post(address, {"number": "010-1000-0001"})
                assert not NUMBER.search(found.location or ""), address
            owner.post("/accounts/new", {"id": "010-1000-0001", "name": "010-1000-0001"})
    assert not NUMBER.search(lines.getvalue())
    # What test_lines_apart asks for in vain is there under these very addresses.
    rows = {rule.endpoint for rule in place.app.url_map.iter_rules() if is_of_row(rule, filled.ids)}
    assert {key for key in answers if key[0] in rows} - there == set()


def test_every_answer_has_the_headers_of_a_careful_site(place: Place, filled: Filled) -> None:
    owner, stranger = filled.owners[0], place.app.test_client()
    pages = [address for _, method, address in addresses(place, filled.ids) if method == "GET"]
    for client in (owner.client, stranger):
        for address in (
            *pages,
            "/nowhere",
            "/static/console.css",
            "/static/nothing",
            "/calls/?after=x",
            "/sign-in/out",
        ):
            with client.get(address) as answer:
                assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, address
                policy = answer.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy
                assert "unsafe" not in policy
                if not address.startswith("/static/"):
                    assert answer.headers["Cache-Control"] == "no-store", address


def test_the_stream_of_a_desk_has_them_too(place: Place, filled: Filled) -> None:
    with filled.owners[0].client.get("/desk/stream", buffered=False) as answer:
        assert answer.mimetype == "text/event-stream"
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert answer.headers["Cache-Control"] == "no-store"


def _rules(place: Place, endpoint: str) -> list[Rule]:
    return list(place.app.url_map.iter_rules(endpoint))
