"""A questionnaire played without a telephone: what is heard at each step, what is kept, and where it ends."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ivr.korean import spoken_seconds
from ivr.messages.texts import Spoken, Texts
from ivr.surveys import flow
from ivr.surveys.kinds import Kind
from ivr.surveys.model import QuestionKind, Questionnaire
from ivr.surveys.rows import Disposition
from ivr.surveys.written import Hello, answer_words, asked, ending, guide, missed, opening, refused, unheard

Ask = Callable[[], str | None]
"""The next keys; empty for silence, None when the person hangs up."""

OPENING_TURNS = 2
OPENING_ENDS = {flow.LINK: "link", flow.REFUSE: Disposition.REFUSED.value, flow.AGENT: "agent"}


@dataclass(frozen=True, slots=True)
class Walked:
    """One thing that happens: words heard (with their seconds), keys pressed, an answer kept, or the end."""

    heard: str | None = None
    seconds: float | None = None
    question: str | None = None
    pressed: str | None = None
    kept: int | None = None
    means: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """What is played, for whom, and who presses the keys."""

    questionnaire: Questionnaire
    kind: Kind
    texts: Texts
    hello: Hello
    ask: Ask


def walk(stage: Stage) -> Iterator[Walked]:
    """Play the questionnaire from its opening until it is over, or the person hangs up."""
    for _ in range(OPENING_TURNS):
        yield from _said(opening(stage.texts, stage.questionnaire, stage.kind, hello=stage.hello))
        keys = stage.ask()
        if keys is None:
            yield Walked(end="hung up")
            return
        yield Walked(pressed=keys)
        if keys == flow.BEGIN:
            yield from _said((guide(stage.texts),))
            yield from _questions(stage)
            return
        if keys in OPENING_ENDS:
            yield from _left(stage, keys)
            return
    yield from _said((unheard(stage.texts, stage.hello.line),))
    yield Walked(end=Disposition.CONTACTED.value)


def _left(stage: Stage, keys: str) -> Iterator[Walked]:
    """One of the keys that lead out was pressed."""
    words = {
        flow.LINK: stage.texts.say("survey.link"),
        flow.REFUSE: refused(stage.texts, stage.hello.line),
        flow.AGENT: stage.texts.say("survey.to_agent"),
    }
    yield from _said((words[keys],))
    yield Walked(end=OPENING_ENDS[keys])


def _questions(stage: Stage) -> Iterator[Walked]:
    one = stage.questionnaire
    answers: dict[str, int] = {}
    step: flow.Step = flow.start(one)
    while isinstance(step, flow.Asked):
        position = step.position
        question = one.question(position.question)
        yield from _said(asked(stage.texts, question), question.id)
        keys = "" if question.kind is QuestionKind.STATEMENT else stage.ask()
        if keys is None:
            yield Walked(end=f"hung up: {flow.broken_off(one, answers).value}")
            return
        given = flow.pressed(question, keys)
        if isinstance(given, flow.ToAgent | flow.OptOut):
            yield Walked(pressed=keys, question=question.id)
            yield from _left(stage, flow.AGENT if isinstance(given, flow.ToAgent) else flow.REFUSE)
            return
        value = flow.kept(one, position, given)
        if value is not None:
            answers[question.id] = value
        if question.kind is not QuestionKind.STATEMENT:
            words = answer_words(question, value) or None
            yield Walked(pressed=keys, question=question.id, kept=value, means=words)
        step = flow.enter(one, position, given)
        if isinstance(step, flow.Asked) and step.position.question == question.id:
            yield from _said(missed(stage.texts, given))
    yield from _said((ending(stage.texts, one, step, line=stage.hello.line),))
    yield Walked(end=_ended(one, step, answers))


def _ended(one: Questionnaire, over: flow.Over, answers: dict[str, int]) -> str:
    if over.disposition is Disposition.BREAKOFF:
        return flow.broken_off(one, answers).value
    return f"{over.disposition.value}, nothing is kept" if over.forget else over.disposition.value


def _said(parts: tuple[Spoken, ...], question: str | None = None) -> Iterator[Walked]:
    for part in parts:
        yield Walked(heard=part.text, seconds=spoken_seconds(part.text), question=question)
