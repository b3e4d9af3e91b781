"""Steps of an interview that are told late, twice or after going back: how it ends, what counts, who looks after it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine, select

from ivr.calls.rows import Call
from ivr.promises import PromiseRow
from ivr.surveys.interviews import interview_of
from ivr.surveys.model import Questionnaires
from ivr.surveys.rows import Answer, Disposition, Interview, QuestionnaireText
from tests.http.board import BASE_URL, MORNING, Moment, Signed, board_over, installed_surveys
from tests.interviewing import Rung, ring
from tests.unit.surveys.making import happy
from webhooks.switchboard import Switchboard
from workers.job import House, Job, Later
from workers.surveys import close_interview

SID = "CA" + "7" * 32
CALL = "late-call"


@dataclass
class Talking:
    """Somebody who is asked by telephone, step by step as the test wants them told."""

    board: Switchboard
    wire: Signed
    id: str
    leg: str = "person"

    def step(self, entry: str, number: int, digits: str = "", **query: str | int) -> str:
        """Tell one step; gives what is answered."""
        known: dict[str, object] = {"call": self.id, "line": "dcgf", "step": number, "leg": self.leg}
        known |= {"q": "happy-dcgf", "v": 1} | query
        answer = self.wire.post(f"/voice/survey{entry}?{urlencode(known)}", self._form(Digits=digits))
        assert answer.status_code == 200, answer.text
        return answer.text

    def answer(self, number: int, at: str, digits: str) -> str:
        """Tell the answer given at a place of the questionnaire."""
        return self.step("/answer", number, digits, at=at)

    def ends(self) -> None:
        """Tell that the leg has ended."""
        query = urlencode({"call": self.id, "line": "dcgf", "leg": self.leg})
        self.wire.post(f"/voice/survey/status?{query}", self._form(CallStatus="completed"))

    @property
    def interview(self) -> Interview:
        id = self.id if self.leg == "person" else interview_of(self.id)
        with self.board.store.reading() as session:
            return session.get_one(Interview, id)

    @property
    def answers(self) -> dict[str, int | None]:
        with self.board.store.reading() as session:
            return {row.question: row.value for row in session.scalars(select(Answer))}

    @property
    def promised(self) -> list[str]:
        with self.board.store.reading() as session:
            return sorted(session.scalars(select(PromiseRow.key)))

    def _form(self, **given: str) -> Mapping[str, str]:
        return {"CallSid": SID, "From": "+827010000011", "To": "+821010000077"} | given


@pytest.fixture
def talking(engine: Engine) -> Talking:
    clock = Moment()
    board = board_over(engine, clock)
    id = ring(board.store, Rung(board.line("dcgf"), board.surveys.of("happy-dcgf")), at=clock.at)
    found = Talking(board, Signed.to(board), id)
    found.step("", 1)
    return found


def rating(board: Switchboard, call: str) -> Talking:
    """A caller whose agent has left."""
    line = board.line("dcgf")
    row = Call(
        id=call, line="dcgf", carrier_sid=f"CA-{call}", dialled=line.number, receipt_number=call, arrived_at=MORNING
    )
    with board.store.transaction() as session:
        session.add(row)
    return Talking(board, Signed.to(board), call, leg="caller")


def test_a_beginning_told_after_the_end_does_not_go_on_for_ever(talking: Talking) -> None:
    talking.ends()
    talking.step("/key", 2, "1", turn=1)
    assert talking.interview.disposition is Disposition.BREAKOFF


def test_answers_told_after_the_end_make_it_partial_and_have_low_scores_looked_after(talking: Talking) -> None:
    talking.step("/key", 2, "1", turn=1)
    talking.answer(3, "0.1.1", "5")
    talking.ends()
    before = talking.promised
    talking.answer(4, "0-1.1.2", "1")
    assert talking.interview.disposition is Disposition.PARTIAL
    new = [key for key in talking.promised if key not in before]
    assert [key.partition(":")[0] for key in new] == ["close-interview", "follow-dial"]


def test_an_answer_that_another_way_leads_past_does_not_count_in_a_partial_interview(engine: Engine) -> None:
    clock = Moment()
    board = board_over(engine, clock)
    kotra = board.surveys.of("happy-kotra")
    id = ring(board.store, Rung(board.line("kotra"), kotra), at=clock.at)
    talking = Talking(board, Signed.to(board), id)

    def answer(number: int, at: str, digits: str) -> None:
        talking.step("/answer", number, digits, at=at, q="happy-kotra", line="kotra")

    talking.step("", 1, line="kotra", q="happy-kotra")
    talking.step("/key", 2, "1", turn=1, line="kotra", q="happy-kotra")
    answer(3, "0.1.1", "1")
    answer(4, "0-1.1.2", "1")
    answer(5, "0-1-2.1.3", "#")
    answer(6, "0-1.1.4", "#")
    answer(7, "0.1.5", "2")
    assert talking.answers == {"received": 2}
    answer(8, "0-3.1.6", "4")
    # Told again, an older step takes nothing back that was said after it.
    answer(7, "0.1.5", "2")
    talking.ends()
    assert talking.answers == {"received": 2, "kindness": 4}
    assert talking.interview.disposition is Disposition.PARTIAL


def test_callers_are_asked_the_words_of_the_file_after_it_was_edited(engine: Engine) -> None:
    clock = Moment()
    for number, title in enumerate(("상담 해피콜", "고친 해피콜"), start=1):
        one = happy().model_copy(update={"id": "happy-dcgf", "lines": ("dcgf",), "title": title})
        words = one.model_copy(
            update={"questions": (one.questions[0].model_copy(update={"text": f"{title}입니까?"}), *one.questions[1:])}
        )
        surveys = Questionnaires([words], installed_surveys().kinds)
        board = replace(board_over(engine, clock), surveys=surveys)
        talking = rating(board, f"{CALL}-{number}")
        heard = talking.step("/key", 5, "1", turn=1)
        assert f"{title}입니까?" in heard
        assert f"v={number}" in heard
        assert talking.interview.version == number
        with board.store.reading() as session:
            assert len(session.scalars(select(QuestionnaireText)).all()) == number


def test_a_caller_who_hangs_up_long_after_rating_has_broken_off_all_the_same(engine: Engine) -> None:
    board = board_over(engine, Moment())
    talking = rating(board, CALL)
    talking.step("/key", 5, "1", turn=1)
    talking.answer(6, "0.1.1", "0")

    def closed(at: datetime) -> Later | None:
        house = House(board.lines, board.texts, board.calendar, board.store.keyring, BASE_URL, surveys=board.surveys)
        with board.store.transaction() as session:
            return close_interview(Job(session, {"interview": interview_of(CALL)}, at, house, 0, in_doubt=False))

    later = closed(MORNING + timedelta(minutes=10))
    assert later is not None
    with board.store.transaction() as session:
        session.get_one(Call, CALL).ended_at = MORNING + timedelta(minutes=15)
    assert closed(later.due_at) is None
    assert talking.interview.disposition is Disposition.BREAKOFF
    assert talking.interview.ended_at == MORNING + timedelta(minutes=15)
