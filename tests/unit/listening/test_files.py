"""The file of phrases and the section of a line's file about openings: what is read, and faults told by place."""

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from config.files import LISTENING, read_folder
from ivr.faults import BadData
from ivr.lines.opening import OpeningRule
from ivr.listening.phrases import load_phrases
from tests.http.board import words

INSTALLED: Mapping[str, Any] = read_folder(LISTENING)["ko.toml"]


def test_the_installed_phrases_are_read() -> None:
    phrases = load_phrases(INSTALLED)
    assert {"대리", "상담원"} <= set(phrases.titles)
    assert "" in phrases.endings


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"greeting": []}, "greeting"),
        ({"titles": ["대리", "..."]}, "titles"),
        ({"closing": {"thanks": ["감사합니다"]}}, "closing.further_questions"),
        ({"farewell": ["안녕"]}, "farewell"),
    ],
)
def test_a_fault_of_the_phrases_is_told_with_its_place(changes: Mapping[str, Any], place: str) -> None:
    with pytest.raises(BadData) as refused:
        load_phrases({**INSTALLED, **changes})
    assert [fault.key for fault in refused.value.faults] == [place]


def test_a_line_says_what_is_kept_of_an_opening() -> None:
    kibo = words()[1].by_id("kibo").opening
    assert (kibo.seconds, kibo.record, kibo.closing, kibo.aliases) == (15, True, False, ("기보",))


@pytest.mark.parametrize(
    "given", [{"seconds": 4}, {"seconds": 61}, {"aliases": ["기"]}, {"aliases": [" - "]}, {"voice": 1}]
)
def test_a_rule_that_cannot_be_followed_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        OpeningRule.model_validate(given)
