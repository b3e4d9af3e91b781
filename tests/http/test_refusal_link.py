"""The page behind the link in a text: opening it changes nothing, its button refuses, and no stranger gets in."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select

from ivr.messages.writing import Outgoing, write_message
from ivr.numbers import PhoneNumber
from ivr.optouts.links import refusal_path
from ivr.optouts.rows import OptOut, Scope, Way
from ivr.promises import PromiseRow
from ivr.sealing import Keyring
from ivr.store import Store, make_engine
from tests.http.board import CALLER, Moment, board_over
from tests.http.unreachable import refusing_port
from webhooks.app import create_app

NUMBER = PhoneNumber.parse(CALLER)
Opened = tuple[FlaskClient, str, Moment, Store]


@pytest.fixture
def opened(engine: Engine) -> Opened:
    """A client, the path of the link in a text that was written, the clock, and the store."""
    return over(engine)


def over(engine: Engine) -> Opened:
    clock = Moment()
    board = board_over(engine, clock)
    line = board.line("dcgf")
    path = refusal_path(board.store.keyring, "c1-branches", line_id=line.id, number=NUMBER)
    outgoing = Outgoing("c1-branches", line, NUMBER, "branches", "menu:c1", {"link": board.public_base_url + path})
    with board.store.transaction() as session:
        write_message(session, board.texts, outgoing, at=clock.at)
    return create_app(board).test_client(), path, clock, board.store


def rows(store: Store) -> list[OptOut]:
    with store.reading() as session:
        return list(session.scalars(select(OptOut).order_by(OptOut.asked_at, OptOut.scope)))


def test_opening_the_link_shows_what_would_be_refused_and_changes_nothing(opened: Opened) -> None:
    client, path, _, store = opened
    for _ in range(3):
        answer = client.get(path)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert "대전신용보증재단" in page
        assert NUMBER.masked in page
        assert NUMBER.national not in page
        assert client.head(path).status_code == 200
    assert rows(store) == []


@pytest.mark.parametrize(
    ("form", "scope"),
    [
        ({"scope": "information"}, Scope.INFORMATION),
        ({"scope": "all"}, Scope.ALL),
        ({"List-Unsubscribe": "One-Click"}, Scope.INFORMATION),
        ({"scope": "nonsense"}, Scope.INFORMATION),
    ],
)
def test_the_button_or_one_click_refuses_at_once_and_promises_a_confirmation(
    opened: Opened, form: dict[str, str], scope: Scope
) -> None:
    client, path, _, store = opened
    answer = client.post(path, data=form)
    assert answer.status_code == 200
    assert "수신 거부를 접수하였습니다" in answer.get_data(as_text=True)
    assert [(row.scope, row.way, row.line) for row in rows(store)] == [(scope, Way.LINK, "dcgf")]
    with store.reading() as session:
        told = select(func.count()).where(PromiseRow.kind == "opt-out-told")
        assert session.scalar(told) == 1


def test_pressing_the_button_again_is_one_refusal_and_the_page_says_so(opened: Opened) -> None:
    client, path, clock, store = opened
    for _ in range(3):
        clock.pass_time(5)
        assert client.post(path, data={"scope": "information"}).status_code == 200
    assert len(rows(store)) == 1
    assert "이미 거부하신 문자: 안내와 광고 문자" in client.get(path).get_data(as_text=True)


def changed(path: str) -> list[str]:
    message, _, signature = path.rpartition(".")
    return [
        path[:-1],
        f"{path}A",
        f"{message}x.{signature}",
        f"{message}.{signature.swapcase()}",
        "/t/x",
        "/t/x.y",
        "/t/x%00.y",
    ]


def test_a_changed_cut_or_invented_token_is_404_with_a_plain_page(opened: Opened) -> None:
    client, path, _, store = opened
    for wrong in changed(path):
        for answer in (client.get(wrong), client.post(wrong, data={"scope": "all"})):
            assert answer.status_code == 404, wrong
            assert "알 수 없는 주소입니다" in answer.get_data(as_text=True)
    assert rows(store) == []


def test_after_180_days_the_link_says_plainly_what_to_do_instead(opened: Opened) -> None:
    client, path, clock, store = opened
    clock.at += timedelta(days=180, seconds=1)
    for answer in (client.get(path), client.post(path, data={"scope": "all"})):
        assert answer.status_code == 410
        assert "1533-0001" in answer.get_data(as_text=True)
    assert rows(store) == []


def test_no_other_site_may_keep_frame_or_learn_the_address(opened: Opened) -> None:
    client, path, _, _ = opened
    headers = client.get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    page = client.get(path).get_data(as_text=True)
    assert "script" not in page
    assert '"Pretendard GOV"' in page


def test_a_database_that_is_down_is_said_plainly_and_nothing_is_claimed(keyring: Keyring) -> None:
    with refusing_port() as port:
        engine = make_engine(f"postgresql://nobody@127.0.0.1:{port}/none", keyring=keyring)
        client = create_app(board_over(engine, Moment())).test_client()
        for answer in (client.get("/t/c1-branches.A"), client.post("/t/c1-branches.A")):
            assert answer.status_code == 503
            assert "아직 아무것도 바뀌지 않았습니다" in answer.get_data(as_text=True)
        engine.dispose()
