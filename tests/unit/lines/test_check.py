"""Faults in line files: all found at once, each with its file and key, and none that merely follows."""

from copy import deepcopy
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.files import LINES, read_folder
from ivr.faults import BadData, Fault
from ivr.lines.reading import check_lines, load_lines, read_line
from ivr.messages.texts import Texts

Documents = dict[str, Any]  # what TOML gives: tables of any depth, changed at will by these tests
KIBO = "kibo.toml"


def by_key(faults: list[Fault], file: str = KIBO) -> dict[str, str]:
    return {fault.key: fault.message for fault in faults if fault.file == file}


def test_the_delivered_lines_have_neither_errors_nor_warnings(documents: Documents, texts: Texts) -> None:
    assert check_lines(documents, texts) == []


def test_every_fault_of_every_file_is_named_at_once(documents: Documents, texts: Texts) -> None:
    kibo, kotra = documents[KIBO], documents["kotra.toml"]
    del kibo["closed"]
    kibo["numbers"] = []
    kibo["number"] = "12"
    kibo["colour"] = "red"
    kibo["menus"]["main"]["keys"] |= {
        "A": {"label": "글자", "queue": "guide"},
        "1": {"label": "보증", "queue": "guaranty"},
        "2": {"label": "연장", "queue": "guarantee", "skill": "singing"},
        "3": {"label": "기술", "menu": "tecnology"},
        "4": {"label": "문자", "text": "letter"},
        "5": {"label": "둘", "queue": "guide", "menu": "opinion"},
        "6": {"queue": "guide"},
        "0": {"label": "녹음", "say": "안내입니다."},
        "#": {"label": "다시", "repeat": True},
    }
    kotra["greeting"] = "안녕하십니까? {caller}님, 코트라 고객지원센터입니다."
    kotra["hours"]["weekdays"] = ["18:00-09:00"]
    kotra["announcement"]["template"] = "{department}입니다."
    kotra["announcement"]["outbound"] = "{name}입니다."
    faults = check_lines(documents, texts)
    found = by_key(faults)
    assert {"closed", "numbers", "number", "colour"} <= found.keys()
    assert "not a key of a telephone" in found["menus.main.keys.A"]
    assert "'guaranty'" in found["menus.main.keys.1"]
    assert "'singing'" in found["menus.main.keys.2"]
    assert "'tecnology'" in found["menus.main.keys.3"]
    assert "'letter'" in found["menus.main.keys.4"]
    assert "exactly one of" in found["menus.main.keys.5"]
    assert "label" in found["menus.main.keys.6"]
    assert "must lead to an agent" in found["menus.main.keys.0"]
    assert "must go back" in found["menus.main.keys.#"]
    said = {"greeting", "hours.weekdays", "announcement.template", "announcement.outbound"}
    assert by_key(faults, "kotra.toml").keys() == said


@pytest.mark.parametrize(
    "part", ["closed", "start", "team", "menus", "teams", "hours", "fallback_number", "announcement"]
)
def test_a_missing_part_is_said_once_and_nothing_that_follows_from_it(
    documents: Documents, texts: Texts, part: str
) -> None:
    del documents[KIBO][part]
    faults = check_lines(documents, texts)
    assert by_key(faults)[part].startswith("is missing")
    assert {fault.key for fault in faults} == {part}


def test_what_refers_to_an_unreadable_team_or_menu_is_not_called_unknown(documents: Documents, texts: Texts) -> None:
    del documents[KIBO]["teams"]["guarantee"]["department"]
    documents[KIBO]["menus"]["opinion"]["keys"] = 5
    assert by_key(check_lines(documents, texts)).keys() == {
        "teams.guarantee.department",
        "menus.opinion.keys",
    }


def test_a_menu_that_no_key_reaches_is_named(documents: Documents, texts: Texts) -> None:
    documents[KIBO]["menus"]["island"] = {"keys": {"1": {"label": "보증", "queue": "guide"}}}
    assert "cannot be reached" in by_key(check_lines(documents, texts))["menus.island"]


def test_a_menu_without_a_way_to_a_person_is_named(documents: Documents, texts: Texts) -> None:
    menus = documents[KIBO]["menus"]
    menus["extension"]["keys"] = {
        "0": {"label": "안내", "say": "안내입니다."},
        "1": {"label": "문자", "text": "branches"},
    }
    assert "no way to a person" in by_key(check_lines(documents, texts))["menus.extension"]


def chain(documents: Documents, depth: int) -> None:
    """Make the extension menu the top of a chain, so that its end lies `depth` levels deep."""
    menus = documents[KIBO]["menus"]
    names = ["extension", *(f"below{level}" for level in range(3, depth + 1))]
    for above, below in pairwise(names):
        menus[above]["keys"]["9"] = {"label": "다음", "menu": below}
        menus[below] = {"keys": {"1": {"label": "보증", "queue": "guide"}}}


@pytest.mark.parametrize(
    ("depth", "severities"),
    [(3, []), (4, ["warning"]), (5, ["warning", "warning"]), (6, ["error", "warning", "warning"])],
)
def test_menus_deeper_than_three_are_warned_of_and_deeper_than_five_refused(
    documents: Documents, texts: Texts, depth: int, severities: list[str]
) -> None:
    chain(documents, depth)
    assert [fault.severity for fault in check_lines(documents, texts)] == severities


@pytest.mark.parametrize(
    ("syllables", "severity"),
    [(60, None), (180, "warning"), (240, "error")],
    ids=["fine", "long", "too long"],
)
def test_a_menu_that_takes_long_to_say_is_named(
    documents: Documents, texts: Texts, syllables: int, severity: str | None
) -> None:
    documents[KIBO]["menus"]["extension"]["keys"]["1"]["label"] = "가" * syllables
    found = {fault.key: fault.severity for fault in check_lines(documents, texts)}
    assert found == ({"menus.extension": severity} if severity else {})


def test_long_or_absent_notices_are_warned_of(documents: Documents, texts: Texts) -> None:
    documents[KIBO]["notices"] = [{"id": "recording", "text": "통화가 녹음됩니다. " * 6}]
    faults = check_lines(documents, texts)
    assert by_key(faults).keys() == {"notices", "notices.0.text"}
    assert {fault.severity for fault in faults} == {"warning"}
    assert "article 41" in by_key(faults)["notices"]


def test_numbers_and_ids_used_twice_are_named_with_both_places(documents: Documents, texts: Texts) -> None:
    documents["kotra.toml"]["numbers"] = ["1544-1120", "070-1000-0021"]
    documents["ksure.toml"]["id"] = "kotra"
    faults = check_lines(documents, texts)
    assert "kibo.toml (number)" in by_key(faults, "kotra.toml")["numbers.0"]
    assert by_key(faults, "ksure.toml")["id"]


def test_faulty_lines_are_refused_as_a_whole(documents: Documents, texts: Texts) -> None:
    documents[KIBO]["start"] = "nowhere"
    with pytest.raises(BadData, match=r"kibo\.toml: start: names the menu 'nowhere'"):
        load_lines(documents, texts)


def test_the_texts_of_a_line_may_use_its_own_name_and_number(documents: Documents) -> None:
    documents[KIBO]["greeting"] = "{institution}입니다. 번호는 {number:digits}입니다."
    line, faults = read_line(documents[KIBO], KIBO)
    assert faults == []
    assert line is not None
    assert line.greeting == "기술보증기금입니다. 번호는 일오사사에 일일이공입니다."


JUNK = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.just([]), st.just({}), st.just(["x"]))


def places(table: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # any TOML value has places
    """Every place in a document, as the path to it."""
    parts = table.items() if isinstance(table, dict) else enumerate(table) if isinstance(table, list) else ()
    return [path for name, part in parts for path in [(*above, name), *places(part, (*above, name))]]


KIBO_DOCUMENT = read_folder(LINES)[KIBO]


@given(st.lists(st.tuples(st.sampled_from(places(KIBO_DOCUMENT)), JUNK), min_size=1, max_size=4))
def test_no_file_however_spoilt_breaks_the_checker(texts: Texts, spoils: list[tuple[tuple[Any, ...], Any]]) -> None:
    document: Any = deepcopy(dict(KIBO_DOCUMENT))
    for path, junk in spoils:
        part = document
        for name in path[:-1]:
            part = part[name] if isinstance(part, dict) and name in part else {}
        if isinstance(part, dict):
            part[path[-1]] = junk
    faults = check_lines({KIBO: document}, texts)
    assert all(fault.key and fault.message for fault in faults)
    if not any(fault.severity == "error" for fault in faults):
        assert len(load_lines({KIBO: document}, texts)) == 1
