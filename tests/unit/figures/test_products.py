"""Products and firms in a line's file: what refers to nothing, or stands twice, is refused with its place."""

from copy import deepcopy
from typing import Any

import pytest

from config.files import LINES, read_folder
from ivr.lines.reading import check_lines
from tests.http.board import words


def faults(changed: dict[str, Any]) -> list[str]:
    found = check_lines({"ascentre.toml": changed}, words()[0])
    return [f"{fault.key}: {fault.message}" for fault in found if fault.severity == "error"]


@pytest.fixture
def ascentre() -> dict[str, Any]:  # tables of any depth, spoilt by the tests
    return deepcopy(dict(read_folder(LINES)["ascentre.toml"]))


def test_the_delivered_line_is_right(ascentre: dict[str, Any]) -> None:
    assert faults(ascentre) == []


def test_a_key_may_only_name_a_product_that_there_is(ascentre: dict[str, Any]) -> None:
    ascentre["menus"]["products"]["keys"]["1"]["product"] = "rockets"
    (fault,) = faults(ascentre)
    assert fault.startswith("menus.products.keys.1: names the product 'rockets', which is not there")
    assert "appliances, digital, living" in fault


def test_a_product_is_a_name_in_quotation_marks(ascentre: dict[str, Any]) -> None:
    ascentre["menus"]["products"]["keys"]["1"]["product"] = 17
    assert "product must be a text" in faults(ascentre)[0]


def test_a_firms_number_must_lead_to_the_line(ascentre: dict[str, Any]) -> None:
    ascentre["firms"]["nuri"]["numbers"] = ["070-1000-0001"]
    assert faults(ascentre) == [
        "firms.nuri.numbers.0: +827010000001 is none of the numbers of this line: add it to numbers"
    ]


def test_two_firms_do_not_share_a_number(ascentre: dict[str, Any]) -> None:
    ascentre["firms"]["nuri"]["numbers"] = ["070-1000-0043"]
    assert faults(ascentre) == [
        "firms.nuri.numbers.0: +827010000043 is already used in firms.hanbit.numbers.0: use it once"
    ]


@pytest.mark.parametrize(("table", "key"), [("firms", "numbers"), ("firms", "name"), ("products", "name")])
def test_what_a_firm_or_product_lacks_is_told(ascentre: dict[str, Any], table: str, key: str) -> None:
    id = "nuri" if table == "firms" else "digital"
    del ascentre[table][id][key]
    assert f"{table}.{id}.{key}: is missing: add it" in faults(ascentre)


def test_whose_number_was_dialled() -> None:
    line = words()[1].by_id("ascentre")
    firm = line.firm_of("+827010000043")
    assert firm is not None
    assert firm.id == "hanbit"
    assert line.firm_of("+827010000041") is None
    assert words()[1].by_number("+827010000043") is line
