"""Questionnaires for tests, small and at random."""

import re
from collections.abc import Mapping
from pathlib import Path

from hypothesis import strategies as st

from config.files import SURVEYS, read_folder
from ivr.surveys.kinds import Kinds, read_kinds
from ivr.surveys.model import Questionnaire
from ivr.surveys.reading import check_questionnaire

SCALE = {1: "매우 불만족", 2: "불만족", 3: "보통", 4: "만족", 5: "매우 만족"}
YES_NO = {1: "예", 2: "아니요"}
HEAD: Mapping[str, object] = {
    "id": "sample",
    "kind": "happy_call",
    "title": "표본 설문",
    "purpose": "이용하신 상담의 만족도를 여쭙습니다.",
    "items": "전화번호, 설문 응답",
    "kept": "1년",
}


def kinds() -> Kinds:
    """The installed kinds."""
    found, faults = read_kinds(read_folder(SURVEYS)["kinds.toml"])
    assert faults == []
    return found


def scale(id: str, **more: object) -> dict[str, object]:
    return {"id": id, "kind": "scale", "text": f"{id} 항목은 어떠셨습니까?", "choices": SCALE, **more}


def yes_no(id: str, **more: object) -> dict[str, object]:
    return {"id": id, "kind": "key", "text": f"{id} 항목을 쓰셨습니까?", "choices": YES_NO, **more}


def number(id: str, least: int = 0, most: int = 120) -> dict[str, object]:
    return {"id": id, "kind": "number", "text": f"{id} 항목은 몇 번입니까?", "least": least, "most": most}


def comment(id: str = "comment") -> dict[str, object]:
    return {"id": id, "kind": "comment", "text": "바라시는 점을 말씀해 주십시오."}


def made(*questions: Mapping[str, object], **head: object) -> Questionnaire:
    """A questionnaire of these questions."""
    return Questionnaire.model_validate({**HEAD, **head, "questions": list(questions)})


def happy(**head: object) -> Questionnaire:
    """One without a fault."""
    return made(scale("kindness"), scale("speed"), scale("whole"), comment(), **head)


def faults_of(body: str, *, folder: Path = SURVEYS) -> list[str]:
    """The faults of a questionnaire's text as `key: message`, errors and warnings."""
    return [f"{fault.key}: {fault.message}" for fault in check_questionnaire(body, "sample", read_folder(folder))]


def text_of(questionnaire: Questionnaire) -> str:
    """The text of its file, with one assignment a line so that tests can change it."""
    from ivr.surveys.copies import body_of

    return body_of(questionnaire)


def changed(questionnaire: Questionnaire, old: str, new: str) -> str:
    """The text of a questionnaire with one place changed; fails where the place is not there."""
    text = text_of(questionnaire)
    assert re.search(re.escape(old), text), old
    return text.replace(old, new, 1)


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    """Any questionnaire whose answers only lead on."""
    count = draw(st.integers(1, 7))
    ids = [f"q{place}" for place in range(count)]
    questions = []
    for place, id in enumerate(ids):
        further = [*ids[place + 1 :], "end"]
        shape = draw(st.sampled_from(["scale", "key", "number", "comment", "statement"]))
        if shape == "scale":
            question = scale(id, go=draw(st.dictionaries(st.integers(1, 5), st.sampled_from(further), max_size=2)))
        elif shape == "key":
            leaving = draw(st.sampled_from([{}, {2: "ineligible"}, {2: "minor"}]))
            question = yes_no(id, exit=leaving)
        elif shape == "number":
            question = number(id)
        else:
            question = {"id": id, "kind": shape, "text": "말씀해 주십시오."}
        if draw(st.booleans()):
            question = {**question, "default": draw(st.sampled_from(further))}
        questions.append(question)
    return made(*questions, asks=draw(st.integers(1, 3)), partial_from=draw(st.integers(1, 4)))
