"""Ticks and readings of conduct: the last word on a part counts, however the facts are ordered or doubled."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.calls.facts import Told
from ivr.calls.steps import CALLER
from ivr.conduct.incidents import read_incident
from ivr.conduct.language import language_of
from ivr.conduct.reading import TIME_TO_PLAY, Cause, heard, is_playing
from ivr.conduct.ticks import TICKABLE, settled, ticked_parts
from ivr.lines.conduct import ConductRule
from tests.http.board import MORNING
from tests.unit.charters.tales import line_of, moment
from tests.unit.conduct.endings import OFFER, ended_for_abuse, ended_for_time

Word = tuple[str, bool]


def ticks(words: Sequence[Word], offer: str = OFFER) -> list[Told]:
    """One tick a second, as they are kept."""
    return [
        Told(
            subject="c1",
            key=f"ticked:{offer}:{number}",
            kind="ticked",
            leg=offer,
            received_at=moment(number),
            sequence=number,
            detail={"parts": part, "said": said, "by": "a1"},
        )
        for number, (part, said) in enumerate(words, start=1)
    ]


@given(words=st.lists(st.tuples(st.sampled_from(TICKABLE), st.booleans()), max_size=15), data=st.data())
def test_the_last_word_on_every_part_counts_in_whatever_order_ticks_are_read(
    words: list[Word], data: st.DataObject
) -> None:
    last = dict(words)
    facts = ticks(words)
    shuffled = data.draw(st.permutations([*facts, *facts[:3]]))
    assert ticked_parts(shuffled, OFFER) == {part for part, said in last.items() if said}
    assert ticked_parts(shuffled, "c1-2") == frozenset()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], None),
        ([("resolved", True)], True),
        ([("unresolved", True)], False),
        ([("resolved", True), ("unresolved", True)], False),
        ([("unresolved", True), ("resolved", True)], True),
        ([("resolved", True), ("resolved", False)], None),
        ([("resolved", True), ("unresolved", True), ("unresolved", False)], True),
    ],
)
def test_settled_is_what_was_marked_last(words: list[Word], expected: bool | None) -> None:
    assert settled(ticks(words), OFFER) is expected


def test_more_than_nine_ticks_are_still_in_order() -> None:
    words = [("thanks", number % 2 == 0) for number in range(1, 13)]
    assert ticked_parts(ticks(words), OFFER) == {"thanks"}


def told(kind: str, after: float, **detail: str | int) -> Told:
    return Told("c1", f"{kind}:{after}", kind, OFFER, moment(after), detail=dict(detail))


def test_a_warning_plays_until_it_was_heard_failed_or_has_had_its_time() -> None:
    asked = told("warning-asked", 0, turn=1, cause="abuse")
    assert is_playing([asked], moment(10))
    assert not is_playing([asked], MORNING + TIME_TO_PLAY)
    assert not is_playing([asked, told("warning-heard", 8, turn=1, cause="abuse")], moment(10))
    assert not is_playing([asked, told("warning-failed", 1, turn=1)], moment(10))
    second = told("warning-asked", 9, turn=2, cause="abuse")
    assert is_playing([asked, told("warning-heard", 8, turn=1, cause="abuse"), second], moment(10))


def test_a_warning_that_was_cut_off_is_not_heard() -> None:
    facts = [told("warned", 1, turn=1, cause="abuse"), told("warning-heard", 9, turn=2, cause="harassment")]
    assert heard(facts, Cause.ABUSE) == []
    assert [fact.detail["turn"] for fact in heard(facts, Cause.HARASSMENT)] == [2]
    assert heard(facts, Cause.HARASSMENT, before=moment(8)) == []


@pytest.mark.parametrize(
    ("tale", "expected"),
    [
        (ended_for_abuse(warnings=3), ("abuse", 3, True, True)),
        (ended_for_abuse(warnings=1), ("abuse", 1, True, False)),
        (ended_for_time(), ("time-cap", 0, True, True)),
        (ended_for_time(notice=None), ("time-cap", 0, True, False)),
    ],
)
def test_an_incident_is_what_the_facts_say(tale: object, expected: tuple[str, int, bool, bool]) -> None:
    facts: list[Told] = tale.facts  # type: ignore[attr-defined]  # a tale, whose class is of no matter here
    read = read_incident(facts, OFFER)
    assert read is not None
    assert (read.cause, read.warnings, read.ended_at is not None, read.lawful) == expected
    assert read_incident(facts, "c1-2") is None


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"notice_after": 0, "longest": 0}, False),
        ({"notice_after": 600, "longest": 0}, False),
        ({"notice_after": 0, "longest": 1200}, True),
        ({"notice_after": 1200, "longest": 1200}, True),
        ({"warnings": 4}, True),
        ({"warnings": 0}, True),
        ({"respite_seconds": -1}, True),
    ],
)
def test_a_line_never_ends_a_call_for_time_without_a_notice_before(given: dict[str, int], wrong: bool) -> None:
    if wrong:
        with pytest.raises(ValueError, match=r"longest|greater than|less than"):
            ConductRule.model_validate(given)
    else:
        assert ConductRule.model_validate(given).warnings == 3


def key(menu: str, step: int) -> Told:
    fact = Told("c1", f"key:{step}", "key", CALLER, moment(step), sequence=step, detail={"menu": menu, "digits": "1"})
    return fact


def test_a_caller_is_spoken_to_in_the_language_of_the_last_menu() -> None:
    line = line_of("kibo")
    assert language_of([], line) is None
    assert language_of([key("main", 2)], line) is None
    assert language_of([key("english", 4), key("main", 2)], line) == "en-US"
    assert language_of([key("gone", 4), key("main", 2)], line) is None
