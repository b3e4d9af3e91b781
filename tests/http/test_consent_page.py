"""The page of consents behind a link: opening changes nothing, saving enters what is ticked, strangers see none."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from ivr.consents.links import consent_path
from ivr.consents.recording import Grant, erase, grant
from ivr.consents.rows import Consent, Means, Purpose, Standing, Suppression, Withdrawal
from ivr.numbers import PhoneNumber
from ivr.people.finding import known_person
from ivr.people.rows import Person
from ivr.store import Store
from tests.http.board import CALLER, Moment, board_over
from webhooks.app import create_app

NUMBER = PhoneNumber.parse(CALLER)
Opened = tuple[FlaskClient, str, Moment, Store, int]


@pytest.fixture
def opened(engine: Engine) -> Opened:
    """A client, the path of somebody's page, the clock, the store, and who it is: she agreed to happy calls."""
    clock = Moment()
    board = board_over(engine, clock)
    with board.store.transaction() as session:
        person = known_person(session, "dcgf", NUMBER, at=clock.at)
        agreed = Grant(Purpose.HAPPY_CALL, Means.PAPER, "1", "paper:1", "상담 신청서", clock.at, "test")
        grant(session, person.id, agreed, at=clock.at)
    path = consent_path(board.store.keyring, person, at=clock.at)
    clock.at += timedelta(hours=1)
    return create_app(board).test_client(), path, clock, board.store, person.id


def stands(store: Store) -> set[Purpose]:
    with store.reading() as session:
        return set(session.scalars(select(Standing.purpose)))


def test_opening_shows_what_stands_and_changes_nothing(opened: Opened) -> None:
    client, path, _, store, _ = opened
    answer = client.get(path)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "대전신용보증재단" in page
    assert NUMBER.masked in page
    assert NUMBER.national not in page
    assert page.count(" checked") == 1
    assert "전화 판매 권유" not in page, "this institution sells nothing"
    assert stands(store) == {Purpose.HAPPY_CALL}


def test_what_is_ticked_is_agreed_to_and_what_is_not_is_taken_back(opened: Opened) -> None:
    client, path, clock, store, _ = opened
    assert client.post(path, data={"opinion_survey": "yes"}).status_code == 200
    assert stands(store) == {Purpose.OPINION_SURVEY}
    with store.reading() as session:
        consent = session.scalars(select(Consent).where(Consent.purpose == Purpose.OPINION_SURVEY)).one()
        assert (consent.how, consent.given_at) == (Means.WEB, clock.at)
        assert session.scalars(select(Withdrawal.how)).one() is Means.WEB


def test_keeping_a_consent_makes_it_hold_two_years_from_now(opened: Opened) -> None:
    client, path, clock, store, _ = opened
    clock.at += timedelta(days=100)
    client.post(path, data={"happy_call": "yes"})
    with store.reading() as session:
        newest = session.scalars(select(Consent).order_by(Consent.given_at.desc())).first()
        standing = session.scalars(select(Standing)).one()
    assert newest is not None
    assert (newest.how, newest.given_at) == (Means.CONFIRMATION, clock.at)
    assert standing.expires_at == newest.expires_at


def test_ticking_nothing_refuses_everything_until_something_is_ticked_again(opened: Opened) -> None:
    client, path, clock, store, _ = opened
    assert "거부" in client.post(path, data={}).get_data(as_text=True)
    assert stands(store) == set()
    clock.at += timedelta(minutes=5)
    client.post(path, data={"happy_call": "yes", "telesales": "yes"})
    assert stands(store) == {Purpose.HAPPY_CALL}, "what is not offered cannot be agreed to"
    with store.reading() as session:
        assert session.scalars(select(Suppression.lifted_at)).one() == clock.at


def test_strangers_old_links_and_the_forgotten_see_nothing(opened: Opened) -> None:
    client, path, clock, store, person_id = opened
    for wrong in (path[:-1], path + "x", "/c/1", "/c/x.y.z", path.replace(f"/{person_id}.", "/2.")):
        assert client.get(wrong).status_code == 404, wrong
        assert client.post(wrong, data={}).status_code == 404, wrong
    clock.at += timedelta(days=181)
    assert client.post(path, data={}).status_code == 410
    clock.at -= timedelta(days=181)
    with store.transaction() as session:
        erase(session, person_id, by="test", at=clock.at)
        assert session.get_one(Person, person_id).number is None
    assert client.get(path).status_code == 404
