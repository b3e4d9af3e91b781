"""Sentences of the core in the visitor's language: none of those that a page can meet is left in English."""

import ast
import re
from pathlib import Path

import pytest
from flask import Flask

from console.told import told
from tests.guards.tree import ROOT
from tests.store_fixtures.databases import ON_SQLITE

KOREAN = re.compile("[\uac00-\ud7a3]")
# Whose sentences reach people who never open a terminal.
FILES = (
    "ivr/surveys/check.py",
    "ivr/campaigns/checking.py",
    "ivr/campaigns/lifecycle.py",
    "ivr/campaigns/launching.py",
    "ivr/audiences/tables.py",
    "ivr/audiences/making.py",
    "ivr/consents/register.py",
    "ivr/consents/recording.py",
)
# Pieces of sentences, and those for who writes files or calls the core.
ELSEWHERE = (
    "there is no campaign",
    "promotes something",
    "V1: take it out",
    "V1: look for",
    "is a draft: check it",
    "has not been approved: a second",
    "belongs to",
    "not all targets",
    "all rows are refused",
    "but the file is",
    "is not known",
    "nobody has the id",
    "cannot be approved as it is",
    "which is not installed",
    "which is for",
    "which is no happy call",
    "which is not there: known",
)
pytestmark = ON_SQLITE


def sentences(file: str) -> list[str]:
    """Every sentence that the file can say, its values written as `V1`."""
    tree = ast.parse(Path(ROOT / file).read_text(encoding="utf-8"))
    pieces = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    said = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Yield | ast.Raise | ast.Assign):
            written = (one for one in ast.walk(node) if isinstance(one, ast.JoinedStr | ast.Constant))
            said += [_filled(one) for one in written if id(one) not in pieces]
    return sorted({one for one in said if ": " in one and len(one.split()) > 5 and not one.endswith(": ")})


def _filled(node: ast.JoinedStr | ast.Constant) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value) if isinstance(node.value, str) else ""
    parts = [one.value if isinstance(one, ast.Constant) else _value(one) for one in node.values]
    return "".join(map(str, parts))


def _value(node: ast.expr) -> str:
    return "'V1'" if isinstance(node, ast.FormattedValue) and node.conversion == ord("r") else "V1"


@pytest.mark.parametrize("file", FILES)
def test_what_a_page_can_meet_is_said_in_korean(console: Flask, file: str) -> None:
    with console.test_request_context("/"):
        left = [one for one in sentences(file) if not KOREAN.search(told(one))]
    known = [one for one in left if any(piece in one for piece in ELSEWHERE)]
    assert [one for one in left if one not in known] == []


def test_the_more_exact_sentence_is_taken_and_values_stay(console: Flask) -> None:
    with console.test_request_context("/"):
        assert told("read as CP949, cells parted by tab") == "CP949 파일을 읽었습니다."
        assert "12초" in told("takes about 15.5 s to say, over 12 s: make it shorter or divide it")
        assert told("something that nobody knows") == "something that nobody knows"
