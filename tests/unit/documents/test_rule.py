"""What a line says of papers is checked when its file is read; moves and owed tellings are closed lists."""

from copy import deepcopy
from typing import Any

import pytest

from config.files import LINES, MESSAGES, read_folder
from ivr.documents.changing import TELLING, What
from ivr.documents.moves import DOCUMENT_MOVES
from ivr.documents.notices import TEMPLATES
from ivr.documents.rows import DocumentState
from ivr.lines.reading import check_lines
from ivr.messages.reading import load_texts

FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"team": "nobody"}, "documents.team"),
    ({"missing_within": "3 hours"}, "documents.missing_within"),
    ({"missing_within": "0 days"}, "documents.missing_within"),
    ({"oldest_days": 0}, "documents.oldest_days"),
    ({"kinds": {"Not A Code": "서류"}}, "documents.kinds"),
    ({"papers": {"tax": ""}}, "documents.papers"),
    ({"colour": "red"}, "documents.colour"),
]


@pytest.mark.parametrize(("changes", "key"), FAULTS)
def test_a_rule_that_cannot_be_is_named(changes: dict[str, Any], key: str) -> None:
    files: dict[str, Any] = deepcopy(dict(read_folder(LINES)))  # TOML
    files["dcgf.toml"]["documents"] |= changes
    faults = check_lines(files, load_texts(read_folder(MESSAGES)))
    assert faults
    assert all(fault.key.startswith(key) for fault in faults), faults


def test_papers_that_are_over_stay_over() -> None:
    over = {DocumentState.COMPLETE, DocumentState.WITHDRAWN}
    assert [event for source, event in DOCUMENT_MOVES if source in over] == []


def test_every_notice_has_its_template_and_every_telling_its_fact() -> None:
    texts = load_texts(read_folder(MESSAGES))
    templates = [texts.template(id) for id in TEMPLATES]
    assert {(template.kind, template.voice) for template in templates} == {("service", True)}
    assert set(TELLING) == set(What)
