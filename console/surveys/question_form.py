"""The forms of a questionnaire's head and of one question, read into the fields of the draft."""

from collections.abc import Mapping
from typing import Any, Final

from console.words import Wording
from ivr.surveys.editing import Document, is_by_key
from ivr.surveys.model import Exit, QuestionKind

TEXTS: Final = ("title", "purpose", "source", "items", "kept", "goods", "thanks")
NUMBERS: Final = ("asks", "seconds", "partial_from", "low_score")
KEYS: Final = range(1, 9)
LEAVES: Final = "exit:"
BETWEEN: Final = "|"
LONGEST_COMMENT: Final = 30


def head_fields(form: Mapping[str, str]) -> dict[str, object]:
    """The fields above the questions; what was not sent stays as it is."""
    fields: dict[str, object] = {name: form[name].strip() for name in TEXTS if name in form}
    return fields | {name: _number(form[name]) for name in NUMBERS if form.get(name, "").strip()}


def question_fields(old: Document, form: Mapping[str, str]) -> dict[str, object]:
    """The fields of one question of its kind."""
    fields: dict[str, object] = {"text": form.get("text", "").strip(), "counts": "counts" in form}
    fields["seconds"] = _number(form["seconds"]) if form.get("seconds", "").strip() else None
    fields["default"] = form.get("default") or None
    if is_by_key(old["kind"]):
        fields |= _answers(form)
    elif old["kind"] == QuestionKind.NUMBER:
        fields |= {name: _number(form.get(name, "")) for name in ("least", "most")}
    elif old["kind"] == QuestionKind.COMMENT:
        fields["longest"] = _number(form.get("longest", "")) or LONGEST_COMMENT
    return fields


def new_question(kind: QuestionKind, words: Wording) -> dict[str, Any]:  # Any: a question as JSON has it
    """A question of a kind with the words that one begins with."""
    question: dict[str, Any] = {"kind": kind.value, "text": words.say(f"surveys.new.{kind.value}.text")}
    if is_by_key(kind):
        said = words.say(f"surveys.new.{kind.value}.choices").split(BETWEEN)
        question["choices"] = {str(key): text for key, text in enumerate(said, start=1)}
    if kind is QuestionKind.NUMBER:
        question |= {"least": 0, "most": 100}
    return question


def _answers(form: Mapping[str, str]) -> dict[str, object]:
    choices: dict[str, str] = {}
    go: dict[str, str] = {}
    leaving: dict[str, str] = {}
    for key in map(str, KEYS):
        text = form.get(f"choice.{key}", "").strip()
        if not text:
            continue
        choices[key] = text
        then = form.get(f"then.{key}", "")
        if then.removeprefix(LEAVES) in set(Exit) and then.startswith(LEAVES):
            leaving[key] = then.removeprefix(LEAVES)
        elif then:
            go[key] = then
    return {"choices": choices, "go": go, "exit": leaving}


def _number(text: str) -> object:
    stripped = text.strip()
    return int(stripped) if stripped.isdecimal() and len(stripped) < 9 else stripped
