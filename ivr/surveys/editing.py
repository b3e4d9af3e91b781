"""Changes to a questionnaire that is being written: questions added, moved, changed, deleted; what leads on follows."""

from collections.abc import Mapping, Sequence
from typing import Any

from ivr.surveys.model import END, QuestionKind

Document = Mapping[str, Any]  # Any: the fields of Questionnaire, and of Question, as JSON has them
UP, DOWN = -1, 1


def with_head(document: Document, head: Mapping[str, object]) -> Document:
    """The same questionnaire with another head (title, purpose, scores...); never another id, kind or line."""
    kept = {name: value for name, value in head.items() if name not in {"id", "kind", "lines", "version", "questions"}}
    return {**document, **kept}


def with_new(document: Document, question: Document, *, after: str) -> Document:
    """A question more, below the one called `after`, at the end where that is empty."""
    questions = list(document["questions"])
    place = _place(questions, after) + 1 if after else len(questions)
    questions.insert(place, {**question, "id": _free_id(questions)})
    return {**document, "questions": questions}


def with_changed(document: Document, id: str, fields: Mapping[str, object]) -> Document:
    """One question with other fields; its id stays."""
    changed = [
        {**question, **fields, "id": id} if question["id"] == id else question for question in document["questions"]
    ]
    return {**document, "questions": changed}


def with_moved(document: Document, id: str, steps: int) -> Document:
    """One question moved up (-1) or down (1); at either end it stays."""
    questions = list(document["questions"])
    here = _place(questions, id)
    there = min(max(here + steps, 0), len(questions) - 1)
    questions.insert(there, questions.pop(here))
    return {**document, "questions": questions}


def without(document: Document, id: str) -> Document:
    """A question less; answers that led to it lead on to what follows them."""
    kept = [_without_way(question, id) for question in document["questions"] if question["id"] != id]
    return {**document, "questions": kept}


def targets(document: Document, id: str) -> list[str]:
    """Where an answer of the question may lead: to every question below it, and to the end."""
    ids = [question["id"] for question in document["questions"]]
    return [*ids[ids.index(id) + 1 :], END]


def is_by_key(kind: str) -> bool:
    """Is a question of this kind answered by one key?"""
    return kind in {QuestionKind.KEY, QuestionKind.SCALE, QuestionKind.CHOICE}


def _without_way(question: Document, gone: str) -> Document:
    go = {key: target for key, target in (question.get("go") or {}).items() if target != gone}
    default = question.get("default")
    return {**question, "go": go, "default": None if default == gone else default}


def _place(questions: Sequence[Document], id: str) -> int:
    return [question["id"] for question in questions].index(id)


def _free_id(questions: Sequence[Document]) -> str:
    taken = {question["id"] for question in questions}
    return next(f"q{number}" for number in range(1, 1000) if f"q{number}" not in taken)
