"""The engine that asks a questionnaire: from where one is and what was given, to what is asked next or the end."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ivr.surveys.model import END, Exit, Question, QuestionKind, Questionnaire
from ivr.surveys.rows import Disposition

BEGIN, LINK, REFUSE, AGENT, REPEAT, BACK = "1", "8", "9", "0", "*", "#"
"""The keys that mean the same in every call: 1 and 8 at the opening, the others at any time (guideline of 2009)."""


MOST_DIGITS = 9


class BadPosition(ValueError):
    """A place in a questionnaire that it does not have."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where an interview is: the question, how often it was asked (from 1), the questions before it on the way here,
    and how often anything was asked at all, so that going back and forth comes to an end.
    """

    question: str
    turn: int = 1
    before: tuple[str, ...] = ()
    count: int = 1


@dataclass(frozen=True, slots=True)
class Value:
    """The answer by key."""

    value: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something was said and recorded."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing was pressed or said."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something was pressed that is no answer."""


@dataclass(frozen=True, slots=True)
class Back:
    """The question before this one, once more."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same question, once more."""


@dataclass(frozen=True, slots=True)
class ToAgent:
    """A person is wanted; the conversation leaves the questionnaire."""


@dataclass(frozen=True, slots=True)
class OptOut:
    """No more calls, and the end of this one."""


Given: TypeAlias = Value | Spoken | Silence | Wrong | Back | Repeat
Pressed: TypeAlias = Given | ToAgent | OptOut


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked now."""

    position: Position


@dataclass(frozen=True, slots=True)
class Over:
    """The end: `COMPLETED`, `INELIGIBLE`, or `BREAKOFF` where asking once more was of no use.

    `asked` are the questions on the way to the end: answers to others were taken back and do not count. Where
    `forget` is set, no answer may be kept (a child).
    """

    disposition: Disposition
    asked: tuple[str, ...] = ()
    forget: bool = False


Step: TypeAlias = Asked | Over


def start(questionnaire: Questionnaire) -> Asked:
    """The first question."""
    return Asked(Position(questionnaire.questions[0].id))


def enter(questionnaire: Questionnaire, position: Position, given: Given) -> Step:
    """What follows at `position` when that is `given`; raises `UnknownQuestion`."""
    question = questionnaire.question(position.question)
    if position.count >= most_askings(questionnaire):
        asking: Step = Over(Disposition.BREAKOFF, position.before)
    else:
        asking = _again(position, position.turn)
    match given:
        case Value(value) if question.takes(value):
            return _on(questionnaire, position, value)
        case Spoken() | Silence() if question.kind is QuestionKind.COMMENT:
            return _on(questionnaire, position)
        case Value() | Spoken() | Silence() | Wrong() if question.kind is QuestionKind.STATEMENT:
            return _on(questionnaire, position)
        case Back() if isinstance(asking, Asked):
            return _back(position)
        case Repeat() | Back():
            return asking
        case _:
            return _missed(questionnaire, position, asking)


def kept(questionnaire: Questionnaire, position: Position, given: Given) -> int | None:
    """The value to be written down at this step; None where there is none, and for a child's."""
    question = questionnaire.question(position.question)
    if isinstance(given, Value) and question.takes(given.value) and question.exit.get(given.value) is not Exit.MINOR:
        return given.value
    return None


def pressed(question: Question, keys: str) -> Pressed:
    """What the keys mean at a question; empty is silence. At a comment any key says that it is over."""
    if question.kind is QuestionKind.NUMBER:
        return _number(keys)
    if keys == AGENT:
        return ToAgent()
    if keys == REFUSE:
        return OptOut()
    if question.kind is QuestionKind.COMMENT:
        return Repeat() if keys == REPEAT else Spoken() if keys else Silence()
    return _single(keys)


def while_asked(questionnaire: Questionnaire, answered: Collection[str]) -> Disposition:
    """How far an interview is that goes on, by the questions answered so far."""
    return Disposition.INTERIM_PARTIAL if _is_partial(questionnaire, answered) else Disposition.STARTED


def broken_off(questionnaire: Questionnaire, answered: Collection[str]) -> Disposition:
    """What an interview is that ended before its last question, by the questions answered."""
    return Disposition.PARTIAL if _is_partial(questionnaire, answered) else Disposition.BREAKOFF


def path(questionnaire: Questionnaire, answers: Mapping[str, int]) -> Over | Asked:
    """The way through the questions by answers all given at once, as on a page: where it ends, or what is missing.

    Comments and statements need no answer.
    """
    step: Step = start(questionnaire)
    while isinstance(step, Asked):
        question = questionnaire.question(step.position.question)
        value = answers.get(question.id)
        if question.takes_answer and (value is None or not question.takes(value)):
            return step
        step = enter(questionnaire, step.position, Silence() if value is None else Value(value))
    return step


def most_askings(questionnaire: Questionnaire) -> int:
    """After so many askings an interview ends, however often somebody goes back or wants to hear it again."""
    return 3 * questionnaire.asks * len(questionnaire.questions)


def write_position(questionnaire: Questionnaire, position: Position) -> str:
    """A position as one short word for an address, like `0-2-3.1.5`."""
    ids = [question.id for question in questionnaire.questions]
    way = "-".join(str(ids.index(id)) for id in (*position.before, position.question))
    return f"{way}.{position.turn}.{position.count}"


def read_position(questionnaire: Questionnaire, written: str) -> Position:
    """The position that was written so; raises `BadPosition`."""
    try:
        way, turn, count = written.split(".")
        *before, question = [questionnaire.questions[int(place)].id for place in way.split("-")]
        return Position(question, int(turn), tuple(before), int(count))
    except (ValueError, IndexError):
        raise BadPosition(f"{questionnaire.id}/{questionnaire.version} has no place {written!r}") from None


def _on(questionnaire: Questionnaire, position: Position, value: int | None = None) -> Step:
    question = questionnaire.question(position.question)
    way = (*position.before, question.id)
    leaving = question.exit.get(value) if value is not None else None
    if leaving is not None:
        return Over(Disposition.INELIGIBLE, way, forget=leaving is Exit.MINOR)
    target = questionnaire.after(question, value)
    if target == END:
        return Over(Disposition.COMPLETED, way)
    if position.count >= most_askings(questionnaire) or target in way:
        return Over(Disposition.BREAKOFF, way)
    return Asked(Position(target, 1, way, position.count + 1))


def _back(position: Position) -> Asked:
    if not position.before:
        return _again(position, position.turn)
    return Asked(Position(position.before[-1], 1, position.before[:-1], position.count + 1))


def _missed(questionnaire: Questionnaire, position: Position, asking: Step) -> Step:
    if isinstance(asking, Over) or position.turn >= questionnaire.asks:
        return Over(Disposition.BREAKOFF, position.before)
    return _again(position, position.turn + 1)


def _again(position: Position, turn: int) -> Asked:
    return Asked(Position(position.question, turn, position.before, position.count + 1))


def _is_partial(questionnaire: Questionnaire, answered: Collection[str]) -> bool:
    relevant = sum(question.is_relevant and question.id in answered for question in questionnaire.questions)
    return relevant >= questionnaire.partial_from


def _single(keys: str) -> Given:
    if not keys:
        return Silence()
    if keys == REPEAT:
        return Repeat()
    if keys == BACK:
        return Back()
    return _value(keys)


def _number(keys: str) -> Pressed:
    """A number is ended by #, so that * begins what is not a number: alone to repeat, ** to go back, *0, *9."""
    meant: Mapping[str, Pressed] = {
        "": Silence(),
        REPEAT: Repeat(),
        REPEAT * 2: Back(),
        REPEAT + AGENT: ToAgent(),
        REPEAT + REFUSE: OptOut(),
    }
    return meant[keys] if keys in meant else _value(keys)


def _value(keys: str) -> Value | Wrong:
    is_number = keys.isascii() and keys.isdigit() and len(keys) <= MOST_DIGITS
    return Value(int(keys)) if is_number else Wrong()
