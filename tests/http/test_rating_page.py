"""The page behind the link of an answer: opening it changes nothing, its button rates once, strangers learn nothing."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from ivr.cases.acting import answer
from ivr.cases.rating import accounts, points_of
from ivr.messages.rows import Message
from tests.http.board import board_over
from tests.unit.cases.desk import NUMBER, Desk
from webhooks.app import create_app


@dataclass
class Answered:
    """An answered case, the path of its link, and the browser of the customer."""

    desk: Desk
    id: str
    path: str
    browser: FlaskClient

    @property
    def points(self) -> int | None:
        with self.desk.works.store.reading() as session:
            return points_of(session, self.desk.case(self.id))


@pytest.fixture
def answered(engine: Engine) -> Answered:
    desk = Desk.over(engine)
    id = desk.take()
    desk.do(answer, id, "한도는 홈페이지에서 보실 수 있습니다.")
    desk.pass_time(minutes=1)
    with desk.works.store.reading() as session:
        body = session.scalars(select(Message.body).where(Message.template == "case-result/1")).one()
    path = "/r/" + body.partition("https://hotline.example/r/")[2].split()[0]
    return Answered(desk, id, path, create_app(board_over(engine, desk.works.clock)).test_client())


def test_the_text_holds_a_link_that_shows_the_question_and_changes_nothing(answered: Answered) -> None:
    page = answered.browser.get(answered.path)
    assert page.status_code == 200
    assert "답변이 적절했는지" in page.text
    assert answered.desk.case(answered.id).receipt_number in page.text
    assert NUMBER.national not in page.text
    assert answered.points is None
    assert page.headers["Cache-Control"] == "no-store"


def test_the_button_rates_once(answered: Answered) -> None:
    assert "평가를 접수하였습니다" in answered.browser.post(answered.path, data={"points": "4"}).text
    assert "이미 평가하셨습니다" in answered.browser.post(answered.path, data={"points": "1"}).text
    assert "이미 평가하셨습니다" in answered.browser.get(answered.path).text
    assert answered.points == 4
    with answered.desk.works.store.reading() as session:
        assert {account.points for account in accounts(session)} == {4}
    assert "rated" in answered.desk.kinds(answered.id)


@pytest.mark.parametrize("points", ["", "0", "6", "five", "-1"])
def test_no_other_points_are_taken(answered: Answered, points: str) -> None:
    page = answered.browser.post(answered.path, data={"points": points})
    assert page.status_code == 422
    assert "하나를 골라" in page.text
    assert answered.points is None


def test_a_word_that_we_did_not_give_out_learns_nothing(answered: Answered) -> None:
    for word in (answered.path[:-1], answered.path + "x", "/r/" + answered.id, "/r/%00"):
        for page in (answered.browser.get(word), answered.browser.post(word, data={"points": "5"})):
            assert page.status_code == 404
            assert answered.desk.case(answered.id).receipt_number not in page.text


def test_a_link_lasts_90_days(answered: Answered) -> None:
    answered.desk.works.clock.pass_time(91 * 24 * 3600)
    assert answered.browser.post(answered.path, data={"points": "5"}).status_code == 410
    assert answered.points is None
