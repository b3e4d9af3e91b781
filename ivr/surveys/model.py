"""A questionnaire as data: who is asked what in which order, what leads past a question, and what ends the asking."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from ivr.lines.shapes import Shape, Whole
from ivr.messages.size import clean
from ivr.surveys.kinds import Kind, Kinds

END = "end"
"""Where `go` and `default` lead to end the asking."""


def _one_line(text: str) -> str:
    return " ".join("".join(sign for sign in clean(text) if sign.isprintable() or sign.isspace()).split())


def _said(text: str) -> str:
    if not text:
        raise ValueError("must not be empty")
    return text


Text = Annotated[str, Field(max_length=400), AfterValidator(_one_line)]
Words = Annotated[Text, AfterValidator(_said)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
Seconds = Annotated[int, Field(ge=3, le=30)]
Points = Annotated[int, Field(ge=0, le=9_999_999)]


class QuestionKind(StrEnum):
    """How a question is answered: yes or no, a scale, one of several, a number, spoken words, or not at all."""

    KEY = "key"
    SCALE = "scale"
    CHOICE = "choice"
    NUMBER = "number"
    COMMENT = "comment"
    STATEMENT = "statement"


class Exit(StrEnum):
    """Why an answer ends the asking: not one of those meant, or a child, of whom nothing is kept (PIPA, 22-2)."""

    INELIGIBLE = "ineligible"
    MINOR = "minor"


class Question(Shape):
    """One question. `choices` are the keys and their words; for a scale the higher key is the better one.

    `go` leads on by the answer, `default` after all others, empty to the next in the file. Silence may last `seconds`,
    a comment `longest` seconds. `counts` tells whether the answer is one of those that make a partial interview.
    """

    id: Name
    kind: QuestionKind
    text: Words
    choices: Mapping[int, Words] = {}
    least: Points = 0
    most: Points = 0
    seconds: Seconds | None = None
    longest: Annotated[int, Field(ge=5, le=120)] = 30
    go: Mapping[int, Name] = {}
    default: Name | None = None
    exit: Mapping[int, Exit] = {}
    counts: bool = True

    @property
    def takes_one_key(self) -> bool:
        """Is the answer a single key?"""
        return self.kind in {QuestionKind.KEY, QuestionKind.SCALE, QuestionKind.CHOICE}

    @property
    def takes_answer(self) -> bool:
        """Is it answered by keys, one or several?"""
        return self.takes_one_key or self.kind is QuestionKind.NUMBER

    @property
    def is_scored(self) -> bool:
        """Does the answer have a place on a scale?"""
        return self.kind is QuestionKind.SCALE

    @property
    def is_relevant(self) -> bool:
        """Is the answer one of those that make a partial interview?"""
        return self.takes_answer and self.counts and not self.exit

    def takes(self, value: int) -> bool:
        """Is that value an answer to the question?"""
        if self.kind is QuestionKind.NUMBER:
            return self.least <= value <= self.most
        return value in self.choices


class Questionnaire(Shape):
    """One version of a questionnaire. `lines` are those it fits, all of them where empty.

    `purpose` is the sentence that tells why somebody is rung; `source` says where the data come from, in place of what
    stands with the consent; `items` and `kept` what is collected and for how long, `goods` what is for sale. Each
    question is asked `asks` times and waits `seconds`. From `partial_from` relevant answers on, an interview that was
    broken off is a partial one. A scored answer of `low_score` or less opens a follow-up task; 0 opens none.
    """

    id: Name
    version: Whole = 1
    kind: str
    lines: tuple[Name, ...] = ()
    title: Words
    purpose: Words
    source: Text = ""
    items: Words
    kept: Words
    goods: Text = ""
    thanks: Text = ""
    asks: Annotated[int, Field(ge=1, le=5)] = 3
    seconds: Seconds = 7
    partial_from: Whole = 1
    low_score: Annotated[int, Field(ge=0, le=8)] = 2
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=40)]

    # What is remembered for a questionnaire is looked up at every step: by identity, not by comparing whole files.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def question(self, id: str) -> Question:
        """The question with this id; raises `UnknownQuestion`."""
        for question in self.questions:
            if question.id == id:
                return question
        raise UnknownQuestion(f"{self.id}/{self.version} has no question {id!r}: its version may have been changed")

    def after(self, question: Question, value: int | None = None) -> str:
        """The id of the question that follows an answer, or `END`."""
        target = question.go.get(value) if value is not None else None
        return target or question.default or self.next_in_file(question)

    def next_in_file(self, question: Question) -> str:
        """The id of the question below, or `END`."""
        ids = [one.id for one in self.questions]
        place = ids.index(question.id) + 1
        return ids[place] if place < len(ids) else END

    def patience(self, question: Question) -> int:
        """How many seconds of silence are waited for an answer."""
        return question.seconds or self.seconds

    def is_low(self, question: Question, value: int | None) -> bool:
        """Does that answer open a follow-up task?"""
        return question.is_scored and value is not None and value <= self.low_score

    def fits(self, line: str) -> bool:
        """May people of that line be asked these questions?"""
        return not self.lines or line in self.lines


class UnknownQuestion(LookupError):
    """A questionnaire has no question of that id."""


class UnknownQuestionnaire(LookupError):
    """No questionnaire has that id or version; the message says which there are."""


class Questionnaires(Mapping[str, Questionnaire]):
    """The installed questionnaires by id, and the kinds they are of."""

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __init__(self, questionnaires: Iterable[Questionnaire] = (), kinds: Kinds | None = None) -> None:
        self._by_id = {one.id: one for one in questionnaires}
        self.kinds = kinds or Kinds()

    def __getitem__(self, id: str) -> Questionnaire:
        return self._by_id[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def of(self, id: str) -> Questionnaire:
        """The installed questionnaire with this id; raises `UnknownQuestionnaire`."""
        if id not in self._by_id:
            known = ", ".join(self._by_id) or "none"
            raise UnknownQuestionnaire(f"no questionnaire has the id {id!r}: installed are {known}")
        return self._by_id[id]

    def kind_of(self, questionnaire: Questionnaire) -> Kind:
        """The kind of a questionnaire; raises `UnknownKind`."""
        return self.kinds.of(questionnaire.kind)
