"""Customers book on the public page: nothing is booked for a number before the code sent to it came back."""

import re
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from werkzeug.test import TestResponse

from ivr.bookings.proving import MOST_OF_A_NUMBER, MOST_TRIES
from ivr.bookings.rows import Booking, BookingRequest
from ivr.messages.rows import Message
from ivr.store import Store
from tests.http.board import Moment, board_over
from webhooks.app import create_app

PAGE, PHONE = "/book/dcgf", "010-2345-6789"


@dataclass
class Visit:
    """The browser of a customer, and what is in the database."""

    browser: FlaskClient
    store: Store
    clock: Moment

    def slots(self) -> list[str]:
        """The times that the page offers."""
        return re.findall(r'name="slot" value="([^"]+)"', self.browser.get(PAGE).text)

    def ask(self, **changes: str) -> TestResponse:
        """Ask for the first time on offer; `changes` replace fields of the form."""
        self.clock.pass_time(1)
        form = {"slot": self.slots()[0], "phone": PHONE, "customer": "<b>김</b>", "topic": "기한 연장", **changes}
        return self.browser.post(PAGE, data=form)

    def enter(self, page: TestResponse, code: str) -> TestResponse:
        """Enter a code on the page that asks for it."""
        found = re.search(r'name="request" value="([^"]+)"', page.text)
        assert found is not None
        return self.browser.post(PAGE, data={"request": found[1], "code": code})

    @property
    def code(self) -> str:
        """The code of the newest text."""
        with self.store.reading() as session:
            newest = (
                select(Message.body).where(Message.template == "booking-code/1").order_by(Message.written_at.desc())
            )
            body = session.scalars(newest).first() or ""
        found = re.search(r"\d{6}", body)
        assert found is not None
        return found[0]

    @property
    def booked(self) -> int:
        with self.store.reading() as session:
            return session.scalar(select(func.count()).select_from(Booking)) or 0


@pytest.fixture
def visit(engine: Engine) -> Visit:
    clock = Moment()
    board = board_over(engine, clock)
    return Visit(create_app(board).test_client(), board.store, clock)


def test_the_code_books_once_and_the_number_is_never_shown_whole(visit: Visit) -> None:
    page = visit.ask()
    assert page.status_code == 200
    assert "확인번호 여섯 자리를 보냈습니다" in page.text
    assert "2345-6789" not in page.text
    assert "23456789" not in page.text
    assert visit.booked == 0
    done = visit.enter(page, visit.code)
    again = visit.enter(page, f" {visit.code[:3]} {visit.code[3:]}")
    assert (done.status_code, again.status_code, visit.booked) == (200, 200, 1)
    assert "예약하였습니다" in done.text
    receipt = re.search(r"\d{4}-\w{6}", done.text)
    assert receipt is not None
    assert receipt[0] in again.text
    with visit.store.reading() as session:
        assert session.scalars(select(Booking)).one().customer == "<b>김</b>"


def test_wrong_codes_count_and_the_last_one_ends_it(visit: Visit) -> None:
    page = visit.ask()
    wrong = "000000" if visit.code != "000000" else "111111"
    for _ in range(MOST_TRIES - 1):
        assert "확인번호가 다릅니다" in visit.enter(page, wrong).text
    assert visit.enter(page, wrong).status_code == 410
    assert visit.enter(page, visit.code).status_code == 410
    assert visit.booked == 0


def test_a_code_lasts_ten_minutes(visit: Visit) -> None:
    page = visit.ask()
    visit.clock.pass_time(601)
    assert "기한이 지났거나" in visit.enter(page, visit.code).text
    assert visit.booked == 0


def test_nobodys_telephone_is_filled_with_codes(visit: Visit) -> None:
    for _ in range(MOST_OF_A_NUMBER):
        assert visit.ask().status_code == 200
    assert visit.ask().status_code == 429
    with visit.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == MOST_OF_A_NUMBER


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("phone", "1544-1120", "휴대전화 번호를 확인"),
        ("phone", "12", "휴대전화 번호를 확인"),
        ("phone", "02-345-6789", "문자를 보낼 수 없습니다"),
        ("slot", "tomorrow", "시각을 고르고"),
        ("slot", "2026-11-24T03:17:00+09:00", "방금 찼습니다"),
        ("slot", "2020-01-02T10:00:00+09:00", "방금 찼습니다"),
        ("slot", "2026-11-24T10:00:00", "방금 찼습니다"),
    ],
)
def test_what_does_not_fit_is_told_and_what_was_typed_stays(visit: Visit, field: str, value: str, told: str) -> None:
    page = visit.ask(**{field: value})
    assert page.status_code == 422
    assert told in page.text
    assert "&lt;b&gt;김&lt;/b&gt;" in page.text
    assert visit.booked == 0


def test_a_slot_that_fills_meanwhile_is_nobodys_second_time(visit: Visit) -> None:
    pages = [(visit.ask(phone=f"010-2345-678{digit}"), visit.code) for digit in range(3)]
    answers = [visit.enter(page, code).status_code for page, code in pages]
    assert answers == [200, 200, 409]
    assert visit.booked == 2


@pytest.mark.parametrize("line", ["kibo", "nobody", "%00"])
def test_a_line_without_bookings_has_no_page(visit: Visit, line: str) -> None:
    assert visit.browser.get(f"/book/{line}").status_code == 404
    assert visit.browser.post(f"/book/{line}", data={"slot": "x"}).status_code == 404


def test_a_request_of_a_stranger_proves_nothing(visit: Visit) -> None:
    assert visit.browser.post(PAGE, data={"request": "made-up", "code": "123456"}).status_code == 410
    with visit.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(BookingRequest)) == 0
