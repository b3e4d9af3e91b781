"""Definitions: every formula is worded, with the rules of its line, and a file that is wrong is told where."""

from copy import deepcopy
from typing import Any

import pytest

from config.files import FIGURES, read_folder
from ivr.faults import BadData
from ivr.figures.counters import COUNTERS
from ivr.figures.definitions import load_definitions
from ivr.figures.formulas import FORMULAS, Count, Mean, Share
from ivr.figures.rows import DayFigure
from ivr.lines.model import FigureRule
from tests.unit.charters.tales import line_of


def document() -> dict[str, Any]:  # tables of any depth, changed at will
    return deepcopy(dict(read_folder(FIGURES)["ko.toml"]))


def test_every_formula_has_its_words_and_each_ends_as_a_sentence() -> None:
    found = load_definitions(document()).all(line_of("kibo"))
    assert [each.id for each in found] == list(FORMULAS)
    assert len({each.name for each in found}) == len(FORMULAS)
    assert all(each.definition.endswith(".") and "{" not in each.definition for each in found)
    assert all(each.source for each in found if each.unit == "share")


def test_a_definition_names_the_rules_of_its_line() -> None:
    words = load_definitions(document())
    line = line_of("kibo").model_copy(update={"figures": FigureRule(answer_within=30, short_abandon=3)})
    assert "30초 안에" in words.of("service_level_net", line).definition
    assert "3초 이상" in words.of("service_level_net", line).definition
    assert "9초 미만" in words.of("within_rings", line_of("kibo", "customary")).definition
    assert "7초 미만" in words.of("within_rings", line_of("kibo", "literal")).definition


def test_targets_stand_beside_the_figures_that_others_set_them_for() -> None:
    found = {each.id: (each.at_least, each.at_most) for each in load_definitions(document()).all(line_of("kibo"))}
    assert {id: bounds for id, bounds in found.items() if bounds != (None, None)} == {
        "service_level_offered": (80.0, None),
        "abandonment_all": (None, 5.0),
        "first_contact": (70.0, None),
    }


@pytest.mark.parametrize(
    ("figure", "words", "fault"),
    [
        ("response_rate", None, "figures.response_rate: is missing"),
        ("happiness", {"name": "-", "definition": "-"}, "figures.happiness: has no formula"),
        ("calls", {"name": "-", "definition": "{days}"}, "figures.calls.definition: has unknown fields days"),
        ("calls", {"name": "-", "definition": "{"}, "figures.calls.definition: "),
        ("calls", {"name": "-"}, "figures.calls.definition: is missing"),
        ("calls", {"name": "-", "definition": "-", "target": 3}, "figures.calls.target: is not known here"),
    ],
)
def test_a_wrong_file_is_told_where(figure: str, words: dict[str, object] | None, fault: str) -> None:
    wrong = document()
    if words is None:
        del wrong["figures"][figure]
    else:
        wrong["figures"][figure] = words
    with pytest.raises(BadData, match=fault.replace(".", r"\.")):
        load_definitions(wrong)


def test_formulas_name_counters_that_there_are_and_days_keep_every_counter() -> None:
    named: set[str] = set()
    for formula in FORMULAS.values():
        match formula:
            case Count(counted=counted):
                named.update(counted)
            case Share(counted=counted, base=base, apart=apart):
                named.update(counted, base, apart)
            case Mean(total=total, base=base):
                named.update({total}, base)
    assert named <= set(COUNTERS)
    assert set(COUNTERS) <= set(DayFigure.__table__.columns.keys())


@pytest.mark.parametrize("formula", [each for each in FORMULAS.values() if isinstance(each, Share)])
def test_both_sides_of_a_share_are_of_the_same_raw_rows(formula: Share) -> None:
    names = (*formula.counted, *formula.base, *formula.apart)
    assert len({COUNTERS[name].table for name in names}) == 1
    assert len(set(formula.base)) == len(formula.base)
