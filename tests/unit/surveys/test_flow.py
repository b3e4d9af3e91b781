"""The engine: every sequence of keys ends, every end has a name, and answers lead where the file says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.surveys import flow
from ivr.surveys.flow import Asked, Back, OptOut, Over, Position, Repeat, Silence, Spoken, ToAgent, Value, Wrong
from ivr.surveys.model import Exit, Question, Questionnaire, UnknownQuestion
from ivr.surveys.rows import Disposition
from tests.sizes import examples
from tests.unit.surveys.making import comment, happy, made, number, questionnaires, scale, yes_no

ENDS = {Disposition.COMPLETED, Disposition.INELIGIBLE, Disposition.BREAKOFF}
KEYS = st.text("0123456789*#", max_size=3)


@given(one=questionnaires(), keys=st.lists(KEYS, min_size=1, max_size=8))
@settings(max_examples=examples(30))
def test_whatever_is_pressed_for_ever_it_ends_within_its_askings_and_by_one_of_the_ends(
    one: Questionnaire, keys: list[str]
) -> None:
    step: flow.Step = flow.start(one)
    steps = 0
    while isinstance(step, Asked):
        question = one.question(step.position.question)
        pressed = flow.pressed(question, keys[steps % len(keys)])
        entered = Wrong() if isinstance(pressed, ToAgent | OptOut) else pressed
        before, step = step, flow.enter(one, step.position, entered)
        steps += 1
        assert steps <= flow.most_askings(one)
        if isinstance(step, Asked):
            _assert_led(one, question, before.position, pressed=entered, after=step.position)
    assert step.disposition in ENDS


def _assert_led(
    one: Questionnaire, question: Question, before: Position, *, pressed: flow.Given, after: Position
) -> None:
    """The next place is the one that the file names, the same again, or the one before."""
    assert after.count == before.count + 1
    if after.question == before.question:
        assert after.turn <= one.asks
    elif isinstance(pressed, Back):
        assert (*after.before, after.question) == before.before
    else:
        value = pressed.value if isinstance(pressed, Value) and question.takes(pressed.value) else None
        assert after.question == one.after(question, value)
        assert after.before == (*before.before, before.question)


@given(one=questionnaires(), data=st.data())
@settings(max_examples=examples(30))
def test_a_page_with_all_answers_comes_to_the_same_end_as_the_call(one: Questionnaire, data: st.DataObject) -> None:
    answers: dict[str, int] = {}
    step: flow.Step = flow.start(one)
    while isinstance(step, Asked):
        question = one.question(step.position.question)
        entered: flow.Given = Silence()
        if question.takes_answer:
            values = sorted(question.choices) or [question.least, question.most]
            answers[question.id] = data.draw(st.sampled_from(values))
            entered = Value(answers[question.id])
        step = flow.enter(one, step.position, entered)
    assert flow.path(one, answers) == step


@given(one=questionnaires(), data=st.data())
@settings(max_examples=examples(20))
def test_a_place_comes_back_from_its_address(one: Questionnaire, data: st.DataObject) -> None:
    ids = [question.id for question in one.questions]
    way = data.draw(st.lists(st.sampled_from(ids), min_size=1, max_size=5))
    position = Position(way[-1], data.draw(st.integers(1, 9)), tuple(way[:-1]), data.draw(st.integers(1, 99)))
    assert flow.read_position(one, flow.write_position(one, position)) == position


@pytest.mark.parametrize("written", ["", "0", "9.1.1", "0.x.1", "0.1", "0-.1.1", "0.1.1.1"])
def test_an_address_with_another_place_is_refused(written: str) -> None:
    with pytest.raises(flow.BadPosition, match="no place"):
        flow.read_position(happy(), written)


def test_an_answer_skips_what_does_not_concern_it() -> None:
    one = made(yes_no("used", go={2: "whole"}), scale("kindness"), scale("whole"))
    used = Position("used")
    assert flow.enter(one, used, Value(1)) == Asked(Position("kindness", 1, ("used",), 2))
    assert flow.enter(one, used, Value(2)) == Asked(Position("whole", 1, ("used",), 2))


def test_default_leads_all_other_answers_on() -> None:
    one = made(scale("first", go={1: "why"}, default="end"), comment("why"))
    assert flow.enter(one, Position("first"), Value(1)) == Asked(Position("why", 1, ("first",), 2))
    assert flow.enter(one, Position("first"), Value(4)) == Over(Disposition.COMPLETED, ("first",))


def test_who_does_not_belong_is_let_go_and_of_a_child_nothing_is_kept() -> None:
    one = made(yes_no("age", exit={2: "minor"}), yes_no("used", exit={2: "ineligible"}), scale("whole"))
    age, used = Position("age"), Position("used", 1, ("age",), 2)
    assert flow.enter(one, age, Value(2)) == Over(Disposition.INELIGIBLE, ("age",), forget=True)
    assert flow.kept(one, age, Value(2)) is None
    assert flow.kept(one, age, Value(1)) == 1
    assert flow.enter(one, used, Value(2)) == Over(Disposition.INELIGIBLE, ("age", "used"))
    assert flow.kept(one, used, Value(2)) == 2
    assert Exit.MINOR not in one.question("used").exit.values()


def test_silence_and_wrong_keys_are_asked_again_so_often_and_then_it_ends() -> None:
    one = happy(asks=2)
    first = Position("kindness")
    again = flow.enter(one, first, Silence())
    assert again == Asked(Position("kindness", 2, (), 2))
    assert flow.enter(one, Position("kindness", 2, (), 2), Wrong()) == Over(Disposition.BREAKOFF)
    assert flow.enter(one, first, Value(6)) == again


def test_hearing_it_again_is_no_mistake() -> None:
    one = happy(asks=2)
    assert flow.enter(one, Position("kindness", 2, (), 5), Repeat()) == Asked(Position("kindness", 2, (), 6))


def test_a_comment_may_be_left_out_and_ends_the_call_as_completed() -> None:
    one = happy()
    last = Position("comment", 1, ("kindness", "speed", "whole"), 4)
    asked = ("kindness", "speed", "whole", "comment")
    assert flow.enter(one, last, Silence()) == flow.enter(one, last, Spoken()) == Over(Disposition.COMPLETED, asked)


def test_what_was_answered_makes_a_partial_interview_or_none() -> None:
    one = happy(partial_from=2)
    assert flow.while_asked(one, ["kindness"]) is Disposition.STARTED
    assert flow.broken_off(one, ["kindness", "comment"]) is Disposition.BREAKOFF
    assert flow.while_asked(one, ["kindness", "whole"]) is Disposition.INTERIM_PARTIAL
    assert flow.broken_off(one, ["kindness", "whole"]) is Disposition.PARTIAL


@pytest.mark.parametrize(
    ("keys", "meant"),
    [
        ("", Silence()),
        ("5", Value(5)),
        ("0", ToAgent()),
        ("9", OptOut()),
        ("*", Repeat()),
        ("#", Back()),
        ("55", Value(55)),
        ("5#", Wrong()),
        ("٣", Wrong()),
    ],
)
def test_single_keys_mean_the_same_at_every_question(keys: str, meant: flow.Pressed) -> None:
    assert flow.pressed(happy().question("whole"), keys) == meant


@pytest.mark.parametrize(
    ("keys", "meant"),
    [
        ("", Silence()),
        ("0", Value(0)),
        ("9", Value(9)),
        ("120", Value(120)),
        ("*", Repeat()),
        ("**", Back()),
        ("*0", ToAgent()),
        ("*9", OptOut()),
        ("*5", Wrong()),
        ("9" * 5000, Wrong()),
    ],
)
def test_a_number_may_have_any_digit_and_a_star_begins_what_is_none(keys: str, meant: flow.Pressed) -> None:
    one = made(number("often"))
    assert flow.pressed(one.question("often"), keys) == meant


@pytest.mark.parametrize(
    ("keys", "meant"),
    [("", Silence()), ("#", Spoken()), ("5", Spoken()), ("0", ToAgent()), ("9", OptOut()), ("*", Repeat())],
)
def test_any_key_ends_a_comment(keys: str, meant: flow.Pressed) -> None:
    assert flow.pressed(happy().question("comment"), keys) == meant


def test_a_question_that_is_not_there_is_said_so() -> None:
    with pytest.raises(UnknownQuestion, match="no question 'gone'"):
        flow.enter(happy(), Position("gone"), Silence())


@pytest.mark.parametrize("given", [Repeat(), Back(), Silence()])
def test_a_question_that_was_only_heard_is_not_one_that_was_answered(given: flow.Given) -> None:
    one = made(scale("kindness"), scale("speed"), partial_from=2)
    place = Position("speed", 1, ("kindness",), flow.most_askings(one))
    over = flow.enter(one, place, given)
    assert over == Over(Disposition.BREAKOFF, ("kindness",))
    assert flow.broken_off(one, over.asked) is Disposition.BREAKOFF
