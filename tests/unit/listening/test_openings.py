"""What an opening proves, from events made by hand: complete or not, what of it is kept, in whatever order."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.calls.facts import Told
from ivr.listening.openings import FAILED, STARTED, STOPPED, Listened, Talked, Uttered, listen, outside
from ivr.listening.rows import OpeningFinding, UtteranceState
from tests.http.board import MORNING
from tests.unit.listening.people import KIM, RIGHT, phrases

OFFER = "c1-1"
KEPT, UNREADABLE, UNFIT = UtteranceState.KEPT, UtteranceState.UNREADABLE, UtteranceState.UNFIT
HEARD, REVIEW = OpeningFinding.HEARD, OpeningFinding.NEEDS_REVIEW
NOT_HEARD, NOTHING = OpeningFinding.NOT_HEARD, OpeningFinding.NOT_TRANSCRIBED
CLOSING = "더 궁금하신 점 있으세요? 감사합니다."


def moment(after: float) -> datetime:
    return MORNING + timedelta(seconds=after)


@dataclass
class Tape:
    """The events of one transcription, made second by second; the caller joins at second 0."""

    ends: float | None = 60
    facts: list[Told] = field(default_factory=list)
    said: list[Uttered] = field(default_factory=list)
    number: int = 0

    def fact(self, kind: str, at: float, **detail: Any) -> "Tape":
        self.number += 1
        given = {"transcription": "GT1", "event": self.number, **detail}
        self.facts.append(Told("c1", f"{kind}:{at}", kind, OFFER, moment(at + 0.1), said_at=moment(at), detail=given))
        return self

    def starts(self, at: float = -3) -> "Tape":
        return self.fact(STARTED, at)

    def stops(self, at: float = 15.5) -> "Tape":
        return self.fact(STOPPED, at)

    def says(self, text: str | None, at: float, *, state: UtteranceState = KEPT) -> "Tape":
        self.number += 1
        self.said.append(Uttered("GT1", self.number, moment(at), state, text))
        return self

    def loses_one(self) -> "Tape":
        self.number += 1
        return self

    @property
    def talk(self) -> Talked:
        ended = None if self.ends is None else moment(self.ends)
        return Talked(OFFER, "dcgf", moment(0), ended, 15, ("institution", "department", "name", "title"))

    def heard(self) -> Listened:
        return listen(self.talk, self.facts, self.said, expected=KIM, phrases=phrases())


def whole(*sentences: str) -> Tape:
    """A transcription that began in time, and stopped after the opening."""
    tape = Tape().starts()
    for place, sentence in enumerate(sentences):
        tape.says(sentence, 2 + 2 * place)
    return tape.stops()


FINDINGS = [
    (whole(RIGHT), HEARD, True),
    (whole("감사합니다.", "대전신용보증재단 보증사업부", "김민수 대리입니다."), HEARD, True),
    (whole("감사합니다.", "김민수 대리입니다."), REVIEW, True),
    (whole("네, 말씀하십시오."), NOT_HEARD, True),
    (whole(), NOT_HEARD, True),
    (whole(""), NOT_HEARD, True),
    (Tape(), NOTHING, False),
    (Tape().fact(FAILED, 1, event=None, code="32654"), REVIEW, False),
    (Tape().starts().says("네", 2).fact(FAILED, 3, event=None), REVIEW, False),
    (Tape().starts().says(RIGHT, 2).loses_one().stops(), HEARD, False),
    (Tape().starts().says("네", 2).loses_one().stops(), REVIEW, False),
    (Tape().starts().says("네", 2).says(None, 3, state=UNREADABLE).stops(), REVIEW, False),
    (Tape().starts().says("네", 2).says(None, 3, state=UNFIT).stops(), NOT_HEARD, True),
    (Tape().starts().says(RIGHT, 2), HEARD, False),
    (Tape().starts(at=5).says("네", 8).stops(), REVIEW, False),
    (Tape().starts().says("네", 2).stops(at=6), REVIEW, False),
    (Tape(ends=6).starts().says("네", 2).stops(at=6), NOT_HEARD, True),
    (Tape(ends=None).starts().says(RIGHT, 2).says("네", 30), HEARD, True),
    (Tape().starts(at=-8).says(RIGHT, -4).stops(), NOT_HEARD, True),
    (Tape().starts().says(RIGHT, 40).stops(at=60), NOT_HEARD, True),
    (Tape().says(RIGHT, 2), HEARD, False),
]


@pytest.mark.parametrize(("tape", "finding", "complete"), FINDINGS, ids=range(len(FINDINGS)))
def test_an_opening_is_found_as_it_was_told(tape: Tape, finding: OpeningFinding, complete: bool) -> None:
    heard = tape.heard()
    assert (heard.finding, heard.complete) == (finding, complete)


CLOSINGS = [
    (Tape().starts().says(RIGHT, 2).says(CLOSING, 55).stops(at=60), {"further_questions", "thanks"}),
    (Tape().starts().says(RIGHT, 2).says("네", 55).stops(at=60), set()),
    (Tape().starts().says(RIGHT, 2).says(CLOSING, 20).stops(at=60), set()),
    (whole(RIGHT), None),
    (Tape(), None),
    (Tape(ends=None).starts().says(CLOSING, 2), None),
    (Tape().starts().loses_one().says(CLOSING, 55).stops(at=60), {"further_questions", "thanks"}),
    (Tape().starts().loses_one().says("네", 55).stops(at=60), None),
    (Tape(ends=20).starts().says(f"{RIGHT} {CLOSING}", 10).stops(at=20), {"further_questions", "thanks"}),
]


@pytest.mark.parametrize(("tape", "parts"), CLOSINGS, ids=range(len(CLOSINGS)))
def test_a_closing_is_told_of_only_where_its_words_are_known(tape: Tape, parts: set[str] | None) -> None:
    assert tape.heard().closing == parts


@given(st.permutations(range(3)), st.permutations(range(2)))
def test_order_and_repetition_make_no_difference(said: list[int], told: list[int]) -> None:
    tape = whole("감사합니다.", "대전신용보증재단 보증사업부", "김민수 대리입니다.")
    uttered = [tape.said[place] for place in said]
    facts = [tape.facts[place] for place in told]
    found = listen(tape.talk, facts * 2, uttered, expected=KIM, phrases=phrases())
    assert found == tape.heard()


@given(st.lists(st.floats(-10, 90), max_size=20), st.floats(1, 60))
def test_of_a_talk_that_is_over_only_its_first_and_last_seconds_are_kept(moments: list[float], ends: float) -> None:
    tape = Tape(ends=ends)
    for at in moments:
        tape.says("말", at)
    left = set(tape.said) - set(outside(tape.talk, tape.said))
    for one in left:
        second = (one.said_at - MORNING).total_seconds()
        assert -1 <= second <= min(15, ends) + 5 or ends - 30 <= second <= ends + 5


def test_while_a_talk_goes_on_nothing_is_taken_out() -> None:
    tape = Tape(ends=None).says("말", 30).says("말", 300)
    assert outside(tape.talk, tape.said) == []
