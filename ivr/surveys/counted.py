"""Answers that were counted, as results: shares, means and scores with their intervals, rates, and groups."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ivr.surveys.intervals import SMALL, Interval, Mean, mean_of, share_interval
from ivr.surveys.model import Question, Questionnaire
from ivr.surveys.rates import LEFT_OUT, Rates, rates_of
from ivr.surveys.rows import Disposition

BEST_SCORE = 100

Tally = Mapping[str, Mapping[int, int]]
"""Answers by question and value."""

People = Mapping[Disposition, int]
"""How many came how far."""


class Frame(StrEnum):
    """Of whom those who answered are a sample: of a list of people, or of many more than were asked."""

    LISTED = "listed"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Choice:
    """How many gave one answer, and which share of those who answered the question that is."""

    value: int
    words: str
    n: int
    share: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question. `mean` is of scales and numbers; `score` is a scale's mean from 0 (worst) to 100 (best)."""

    id: str
    kind: str
    text: str
    n: int
    choices: tuple[Choice, ...]
    mean: Mean | None
    score: float | None
    score_interval: Interval | None

    @property
    def is_small(self) -> bool:
        """Are there so few answers that the intervals are to be read with care?"""
        return self.n < SMALL


@dataclass(frozen=True, slots=True)
class Part:
    """The results of a group, or of all (`group` is then empty)."""

    group: str
    people: int
    dispositions: People
    rates: Rates
    questions: tuple[QuestionResult, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """The whole, and its groups where there are several."""

    whole: Part
    groups: tuple[Part, ...]


def results_of(
    people: Mapping[str, People], tallies: Mapping[str, Tally], questionnaire: Questionnaire, *, frame: Frame
) -> Results:
    """The results from people and answers, both counted by group."""
    together: Counter[Disposition] = Counter()
    whole: dict[str, Counter[int]] = defaultdict(Counter)
    for counts in people.values():
        together.update(counts)
    for tally in tallies.values():
        for question, answers in tally.items():
            whole[question].update(answers)
    groups = sorted(people) if len(people) > 1 else []
    return Results(
        whole=_part("", together, whole, questionnaire=questionnaire, frame=frame),
        groups=tuple(
            _part(group, people[group], tallies.get(group, {}), questionnaire=questionnaire, frame=frame)
            for group in groups
        ),
    )


def question_result(question: Question, counts: Mapping[int, int], population: int | None) -> QuestionResult:
    """The answers to one question; `population` is how many people were to be asked, None where they are many more."""
    n = sum(counts.values())
    bounds = _bounds(question)
    mean = mean_of(counts, population=population, bounds=bounds) if bounds is not None else None
    score = _score(question, mean.value) if mean is not None and question.is_scored else None
    reach = mean.interval if mean is not None and score is not None else None
    return QuestionResult(
        id=question.id,
        kind=question.kind.value,
        text=question.text,
        n=n,
        choices=tuple(
            Choice(value, words, given, given / n if n else 0.0, share_interval(given, n, population=population))
            for value, words in sorted(question.choices.items())
            for given in [counts.get(value, 0)]
        ),
        mean=mean,
        score=score,
        score_interval=Interval(_score(question, reach.low), _score(question, reach.high)) if reach else None,
    )


def _part(group: str, people: People, tally: Tally, *, questionnaire: Questionnaire, frame: Frame) -> Part:
    listed = sum(count for disposition, count in people.items() if disposition not in LEFT_OUT)
    population = listed if frame is Frame.LISTED else None
    return Part(
        group=group,
        people=sum(people.values()),
        dispositions=people,
        rates=rates_of(people),
        questions=tuple(
            question_result(question, tally.get(question.id, {}), population)
            for question in questionnaire.questions
            if question.takes_answer
        ),
    )


def _bounds(question: Question) -> Interval | None:
    """Between which values a mean of the answers lies; None where a mean means nothing."""
    if question.is_scored:
        return Interval(min(question.choices), max(question.choices))
    if question.takes_answer and not question.takes_one_key:
        return Interval(question.least, question.most)
    return None


def _score(question: Question, mean: float) -> float:
    lowest, highest = min(question.choices), max(question.choices)
    return (mean - lowest) / (highest - lowest) * BEST_SCORE
