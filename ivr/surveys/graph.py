"""The ways through a questionnaire: which question leads to which, what is never reached, what never ends."""

from collections.abc import Mapping

from ivr.korean import spoken_seconds
from ivr.surveys.model import END, Question, QuestionKind, Questionnaire

SECONDS_TO_ANSWER = 3.0
OPENING_SECONDS = 30.0


def text_seconds(text: str) -> float:
    """About how long a text takes to say, in seconds."""
    return spoken_seconds(text)


def edges(one: Questionnaire, question: Question) -> tuple[str, ...]:
    """Where the answers of a question lead, without those that end the asking; targets that are not there too."""
    values: list[int | None] = list(question.choices) if question.takes_one_key else [*question.go, None]
    found = [one.after(question, value) for value in values if value is None or value not in question.exit]
    return tuple(dict.fromkeys(found))


def reachable(one: Questionnaire) -> frozenset[str]:
    """The questions that some answers lead to."""
    questions = _by_id(one)
    found: set[str] = set()
    waiting = [one.questions[0].id]
    while waiting:
        id = waiting.pop()
        if id in questions and id not in found:
            found.add(id)
            waiting += edges(one, questions[id])
    return frozenset(found)


def find_cycle(one: Questionnaire) -> tuple[str, ...]:
    """A way from a question back to itself, both ends included; empty where all ways lead on."""
    questions = _by_id(one)
    done: set[str] = set()
    for question in one.questions:
        cycle = _cycle_from(one, question.id, (), questions=questions, done=done)
        if cycle:
            return cycle
    return ()


def longest_seconds(one: Questionnaire) -> float:
    """About how long the longest way takes, opening and answers included; only where no way leads back."""
    after: dict[str, float] = {END: 0.0}
    for question in reversed(_in_order(one)):
        after[question.id] = _seconds(question) + max(after.get(id, 0.0) for id in edges(one, question) or (END,))
    return OPENING_SECONDS + after[one.questions[0].id]


def relevant_on_shortest_way(one: Questionnaire) -> int:
    """How many answers that count the shortest way to the end has; only where no way leads back."""
    after: dict[str, int] = {END: 0}
    for question in reversed(_in_order(one)):
        after[question.id] = question.is_relevant + min(after.get(id, 0) for id in edges(one, question) or (END,))
    return after[one.questions[0].id]


def _seconds(question: Question) -> float:
    choices = ", ".join(f"{words} {key}번" for key, words in question.choices.items())
    answering = question.longest / 2 if question.kind is QuestionKind.COMMENT else SECONDS_TO_ANSWER
    return text_seconds(question.text) + text_seconds(choices) + answering


def _by_id(one: Questionnaire) -> Mapping[str, Question]:
    return {question.id: question for question in one.questions}


def _in_order(one: Questionnaire) -> list[Question]:
    """The questions so that each stands before all that it leads to."""
    questions = _by_id(one)
    order: list[Question] = []
    seen: set[str] = set()

    def visit(id: str) -> None:
        if id in questions and id not in seen:
            seen.add(id)
            for target in edges(one, questions[id]):
                visit(target)
            order.append(questions[id])

    for question in one.questions:
        visit(question.id)
    return order[::-1]


def _cycle_from(
    one: Questionnaire, id: str, way: tuple[str, ...], *, questions: Mapping[str, Question], done: set[str]
) -> tuple[str, ...]:
    if id in way:
        return (*way[way.index(id) :], id)
    if id in done or id not in questions:
        return ()
    for target in edges(one, questions[id]):
        cycle = _cycle_from(one, target, (*way, id), questions=questions, done=done)
        if cycle:
            return cycle
    done.add(id)
    return ()
