"""Names say what a thing is, every module says what it is for, and spoken words live in data."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.guards.tree import Function, parsed, place, python_files

EMPTY_NAMES = re.compile(r"(Manager|Handler|Service|Helper|Util)s?$|(^|_)(manager|handler|service|helper|util)s?(_|$)")
# What people hear or read ends politely; names, samples and particles do not.
SENTENCE = re.compile(r"[\uac00-\ud7a3].*\s.*(니다|시오|세요|까요|까)\b")
CLOCK_FILES = {"config/clock.py"}
CLOCK_CALLS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def test_every_module_says_in_one_to_three_lines_what_it_is_for() -> None:
    wrong = [place(path) for path in python_files() if not 1 <= _docstring_lines(path) <= 3]
    assert not wrong


def test_no_name_is_one_that_fits_everything() -> None:
    found = [
        f"{place(path, node)} {node.name}"
        for path in python_files(with_tests=False)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef | Function) and EMPTY_NAMES.search(node.name)
    ]
    found += [place(path) for path in python_files() if EMPTY_NAMES.search(path.stem)]
    assert not found


def test_no_korean_sentence_stands_in_code() -> None:
    found = [
        place(path, node)
        for path in python_files(with_tests=False)
        for node in _literals(path)
        if SENTENCE.search(str(node.value))
    ]
    assert not found


def test_only_the_clock_reads_the_clock() -> None:
    found = [
        place(path, node)
        for path in python_files(with_tests=False)
        if place(path) not in CLOCK_FILES and not place(path).startswith(("carrier/", "benchmarks/"))
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in CLOCK_CALLS
    ]
    assert not found


def test_nothing_is_left_for_later() -> None:
    found = [
        place(path)
        for path in python_files()
        if path != Path(__file__) and UNFINISHED.search(path.read_text(encoding="utf-8"))
    ]
    assert not found


def _docstring_lines(path: Path) -> int:
    return len((ast.get_docstring(parsed(path)) or "").splitlines())


def _literals(path: Path) -> Iterator[ast.Constant]:
    tree = parsed(path)
    # A docstring may quote the charter's words; so may any bare string statement.
    quoted = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in quoted:
            yield node
