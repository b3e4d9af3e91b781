"""The words of an interview by telephone: who calls and why, question after question, and how each end is said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ivr.addresses import Address
from ivr.calls.meeting import farewell
from ivr.calls.queue import enqueue
from ivr.calls.steps import CALLER
from ivr.calls.talk import Talk
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.messages.texts import Spoken
from ivr.prompts import Ask, Go, HangUp, Prompt, Record, Say
from ivr.surveys import flow, written
from ivr.surveys.flow import Asked, Over, Position, Step
from ivr.surveys.kinds import Kind
from ivr.surveys.model import Question, QuestionKind, Questionnaire

# A machine presses nothing: it hears this often who calls.
TURNS = 2
LONGEST_NUMBER = 8
SECONDS_AT_THE_OPENING = 7
EVERY_KEY = "1234567890*#"


@dataclass(frozen=True, slots=True)
class Asking:
    """A step of an interview: of what talk, by which leg's name, and in which questionnaire."""

    talk: Talk
    leg: str
    questionnaire: Questionnaire

    @property
    def is_after_call(self) -> bool:
        """Whether a caller is asked at the end of a call to the line."""
        return self.leg == CALLER

    @property
    def team(self) -> str:
        """Who answers where somebody asks for a person."""
        return team_of(self.talk.line)

    def to(self, entry: Address, /, **query: str | int | None) -> str:
        """The address of the following step."""
        known: dict[str, str | int | None] = {"leg": self.leg, "q": self.questionnaire.id}
        return self.talk.to(entry, ahead=1, **known, v=self.questionnaire.version, **query)


def team_of(line: Line) -> str:
    """The team that answers those who are asked and want a person."""
    return line.surveys.agent_team or line.team


def opening(
    asking: Asking, kind: Kind, hello: written.Hello, *, turn: int, before: Sequence[Say] = ()
) -> tuple[Prompt, ...]:
    """Say who calls, why, and where the number comes from; only 1 begins."""
    words = _said(written.opening(asking.talk.texts, asking.questionnaire, kind, hello=hello))
    then = asking.to(Address.SURVEY_KEY, turn=turn)
    return (Ask((*before, *words), then, seconds=SECONDS_AT_THE_OPENING),)


def unheard(asking: Asking) -> tuple[Prompt, ...]:
    """Nobody pressed 1: the polite end, without a question."""
    talk = asking.talk
    if asking.is_after_call:
        return farewell(talk)
    return (*_said([written.unheard(talk.texts, talk.line)]), HangUp())


def invite(asking: Asking) -> tuple[Prompt, ...]:
    """Ask a caller whose agent has left whether the call may be rated."""
    return (Ask((asking.talk.say("survey.invitation"),), asking.to(Address.SURVEY_KEY, turn=1)),)


def begin(asking: Asking) -> tuple[Prompt, ...]:
    """Tell the keys that always work, and ask the first question."""
    return go_on(asking, flow.start(asking.questionnaire), before=_said([written.guide(asking.talk.texts)]))


def go_on(asking: Asking, step: Step, *, before: Sequence[Say] = ()) -> tuple[Prompt, ...]:
    """Ask what comes next, or say how it ended."""
    said, step = _past_statements(asking, step, before)
    match step:
        case Asked(position):
            return _ask(asking, position, said)
        case Over():
            return _end(asking, step, said)


def refused(asking: Asking) -> tuple[Prompt, ...]:
    """Confirm that nobody will ring again, and end."""
    return _ending(asking, _said([written.refused(asking.talk.texts, asking.talk.line)]))


def sent_link(asking: Asking) -> tuple[Prompt, ...]:
    """The questions come by text, and the call is over."""
    return (asking.talk.say("survey.link"), HangUp())


def to_agent(asking: Asking) -> tuple[Prompt, ...]:
    """A person is wanted: a caller goes back to the queue, somebody whom we rang becomes a caller first."""
    if asking.is_after_call:
        return enqueue(asking.talk, asking.team, None)
    return (Go(asking.to(Address.SURVEY_AGENT)),)


def called_later(talk: Talk, due_at: datetime, *, at: datetime) -> tuple[Prompt, ...]:
    """Nobody is there to talk to: say by when we ring, and end."""
    due = (due_at.astimezone(SEOUL), at.astimezone(SEOUL))
    return (talk.say("survey.call_later", due=due), HangUp())


def after_miss(asking: Asking, given: flow.Pressed) -> tuple[Say, ...]:
    """What is said before a question is asked once more."""
    return _said(written.missed(asking.talk.texts, given))


def _past_statements(asking: Asking, step: Step, before: Sequence[Say]) -> tuple[tuple[Say, ...], Step]:
    """Statements need no answer: they are heard with what follows, so that every key works meanwhile."""
    said = tuple(before)
    while isinstance(step, Asked):
        question = asking.questionnaire.question(step.position.question)
        if question.kind is not QuestionKind.STATEMENT:
            break
        said = (*said, *_words(asking, question))
        step = flow.enter(asking.questionnaire, step.position, flow.Silence())
    return said, step


def _ask(asking: Asking, position: Position, before: Sequence[Say]) -> tuple[Prompt, ...]:
    question = asking.questionnaire.question(position.question)
    then = asking.to(Address.SURVEY_ANSWER, at=flow.write_position(asking.questionnaire, position))
    words = (*before, *_words(asking, question))
    if question.kind is QuestionKind.COMMENT:
        return (*words, Record(then, question.longest, EVERY_KEY))
    seconds = asking.questionnaire.patience(question)
    if question.kind is QuestionKind.NUMBER:
        return (Ask(words, then, digits=LONGEST_NUMBER, seconds=seconds, finish_on="#"),)
    return (Ask(words, then, seconds=seconds),)


def _end(asking: Asking, end: Over, before: Sequence[Say]) -> tuple[Prompt, ...]:
    last = written.ending(asking.talk.texts, asking.questionnaire, end, line=asking.talk.line)
    return _ending(asking, (*before, *_said([last])))


def _ending(asking: Asking, said: Sequence[Say]) -> tuple[Prompt, ...]:
    if asking.is_after_call:
        return (*said, *farewell(asking.talk))
    return (*said, HangUp())


def _words(asking: Asking, question: Question) -> tuple[Say, ...]:
    return _said(written.asked(asking.talk.texts, question))


def _said(words: Sequence[Spoken]) -> tuple[Say, ...]:
    return tuple(Say(one.text, one.language) for one in words)
