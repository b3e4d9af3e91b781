"""The page behind the link of a survey: opening it changes nothing, its buttons act once, strangers learn nothing."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from ivr.campaigns.lifecycle import ITSELF, Deed, close
from ivr.campaigns.rows import Campaign
from ivr.consents.rows import Suppression
from ivr.promises import PromiseRow
from ivr.store import Store
from ivr.surveys.interviews import begun_by_dial
from ivr.surveys.links import form_path
from ivr.surveys.rows import Answer, Disposition, Interview
from tests.http.board import Moment, board_over
from tests.interviewing import SOURCE, Rung, ring
from webhooks.app import create_app

FULL = {"greeting": "5", "answer": "4", "closing": "1", "comment": "전화가 잘 들렸습니다. <b>"}


@dataclass
class Asked:
    """Somebody who pressed 8: the interview, the path of its link, and the browser."""

    store: Store
    clock: Moment
    id: str
    path: str
    browser: FlaskClient

    @property
    def interview(self) -> Interview:
        with self.store.reading() as session:
            return session.get_one(Interview, self.id)

    @property
    def answers(self) -> dict[str, int | None]:
        with self.store.reading() as session:
            return {answer.question: answer.value for answer in session.scalars(select(Answer))}

    @property
    def suppressed(self) -> list[str]:
        with self.store.reading() as session:
            return list(session.scalars(select(Suppression.line)))

    def campaign_closed(self, *, by: str) -> None:
        with self.store.transaction() as session:
            id = session.scalars(select(Campaign.id)).one()
            close(session, id, Deed(by, self.clock.at), why="test")

    @property
    def promises(self) -> set[str]:
        with self.store.reading() as session:
            return set(session.scalars(select(PromiseRow.kind)))


def asked_by(engine: Engine, line: str, questionnaire: str) -> Asked:
    clock = Moment()
    board = board_over(engine, clock)
    rung = Rung(board.line(line), board.surveys.of(questionnaire))
    id = ring(board.store, rung, at=clock.at)
    with board.store.statement() as connection:
        connection.execute(begun_by_dial(board.store.dialect, id, version=1, at=clock.at))
    return Asked(board.store, clock, id, form_path(board.store.keyring, id), create_app(board).test_client())


@pytest.fixture
def asked(engine: Engine) -> Asked:
    return asked_by(engine, "dcgf", "happy-dcgf")


def test_the_page_says_who_asks_why_and_whence_the_number_is_and_opening_it_changes_nothing(asked: Asked) -> None:
    page = asked.browser.get(asked.path)
    assert page.status_code == 200
    for words in ("대전신용보증재단", SOURCE, "이용하신 전화 상담의 만족도", "앞으로 받지 않겠습니다", "매우 불만족"):
        assert words in page.text
    assert "(광고)" not in page.text
    assert "010-" not in page.text
    assert asked.interview.disposition is Disposition.CONTACTED
    assert page.headers["Cache-Control"] == "no-store"


def test_the_answers_are_kept_once_and_count_as_the_same_interview(asked: Asked) -> None:
    assert "접수하였습니다" in asked.browser.post(asked.path, data=FULL).text
    assert asked.answers == {"greeting": 5, "answer": 4, "closing": 1, "comment": None}
    assert asked.interview.disposition is Disposition.COMPLETED
    assert {"follow-dial", "close-interview"} <= asked.promises
    for again in (asked.browser.get(asked.path), asked.browser.post(asked.path, data=FULL | {"greeting": "1"})):
        assert "이미 답하셨습니다" in again.text
    assert asked.answers["greeting"] == 5


@pytest.mark.parametrize("wrong", ["", "6", "x", "-1", "٣"])
def test_a_question_left_out_is_shown_again_with_what_was_filled_in(asked: Asked, wrong: str) -> None:
    page = asked.browser.post(asked.path, data=FULL | {"answer": wrong})
    assert page.status_code == 422
    assert "답하지 않으신 질문이 있습니다" in page.text
    assert 'id="greeting-5" name="greeting" value="5" checked' in page.text
    assert "&lt;b&gt;" in page.text
    assert asked.answers == {}
    assert asked.interview.disposition is Disposition.CONTACTED


def test_the_button_to_refuse_is_effective_at_once(asked: Asked) -> None:
    assert "수신 거부를 접수하였습니다" in asked.browser.post(asked.path, data=FULL | {"refuse": "yes"}).text
    assert asked.interview.disposition is Disposition.REFUSED
    assert asked.answers == {}
    assert "refuse-survey" in asked.promises
    assert asked.suppressed == ["dcgf"]
    assert "수신 거부를 접수하였습니다" in asked.browser.post(asked.path, data=FULL).text


def test_of_a_child_nothing_is_kept(engine: Engine) -> None:
    asked = asked_by(engine, "ascentre", "ascentre-consult")
    assert "만 14세 미만" in asked.browser.post(asked.path, data={"age": "2", "comment": "없음"}).text
    assert asked.answers == {}
    assert asked.interview.disposition is Disposition.INELIGIBLE


def test_an_advertisement_says_so(engine: Engine) -> None:
    asked = asked_by(engine, "ascentre", "ascentre-promotion")
    assert "(광고)" in asked.browser.get(asked.path).text


def test_a_link_lasts_seven_days_also_after_the_campaign_has_rung_everybody(asked: Asked) -> None:
    asked.campaign_closed(by=ITSELF)
    asked.clock.pass_time(7 * 24 * 3600 - 1)
    assert asked.browser.post(asked.path, data=FULL).status_code == 200
    assert asked.interview.disposition is Disposition.COMPLETED


@pytest.mark.parametrize("by_somebody", [True, False])
def test_a_link_ends_after_seven_days_or_when_somebody_closes_the_campaign(asked: Asked, by_somebody: bool) -> None:
    if by_somebody:
        asked.campaign_closed(by="lee")
    else:
        asked.clock.pass_time(7 * 24 * 3600 + 1)
    assert asked.browser.get(asked.path).status_code == 410
    assert asked.browser.post(asked.path, data=FULL).status_code == 410
    assert asked.answers == {}


def test_a_link_refuses_also_when_it_takes_no_answers_any_more(asked: Asked) -> None:
    asked.clock.pass_time(30 * 24 * 3600)
    assert "앞으로 받지 않겠습니다" in asked.browser.get(asked.path).text
    assert "수신 거부를 접수하였습니다" in asked.browser.post(asked.path, data={"refuse": "yes"}).text
    assert asked.interview.disposition is Disposition.REFUSED
    assert (asked.suppressed, "refuse-survey" in asked.promises) == (["dcgf"], True)


def test_whoever_has_answered_may_refuse_afterwards_and_the_answers_stay(asked: Asked) -> None:
    asked.browser.post(asked.path, data=FULL)
    assert "앞으로 받지 않겠습니다" in asked.browser.get(asked.path).text
    for _ in range(2):
        assert "수신 거부를 접수하였습니다" in asked.browser.post(asked.path, data={"refuse": "yes"}).text
    assert asked.interview.disposition is Disposition.COMPLETED
    assert asked.answers["greeting"] == 5
    assert (asked.suppressed, "refuse-survey" in asked.promises) == (["dcgf"], True)


def test_a_word_that_we_did_not_give_out_learns_nothing(asked: Asked) -> None:
    for word in (asked.path[:-1], asked.path + "x", "/s/" + asked.id, "/s/%00.x", "/s/."):
        for page in (asked.browser.get(word), asked.browser.post(word, data=FULL)):
            assert page.status_code == 404
            assert "대전신용보증재단" not in page.text
