"""Products and firms in a line's file: what refers to nothing, or stands twice, is refused with its place."""

from copy import deepcopy
from typing import Any

import pytest

from config.files import LINES, read_folder
from ivr.lines.actions import Back, ToFirm, ToMenu
from ivr.lines.made_menus import menu_of
from ivr.lines.menus import parent, present, press
from ivr.lines.reading import check_lines, read_line
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
    assert "known are av, baby, beauty" in fault


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


@pytest.mark.parametrize(("table", "key"), [("firms", "name"), ("products", "name")])
def test_what_a_firm_or_product_lacks_is_told(ascentre: dict[str, Any], table: str, key: str) -> None:
    id = "nuri" if table == "firms" else "kitchen"
    del ascentre[table][id][key]
    assert f"{table}.{id}.{key}: is missing: add it" in faults(ascentre)


def test_whose_number_was_dialled() -> None:
    line = words()[1].by_id("ascentre")
    firm = line.firm_of("+827010000043")
    assert firm is not None
    assert firm.id == "hanbit"
    assert line.firm_of("+827010000041") is None
    assert words()[1].by_number("+827010000043") is line


SPOILT: dict[str, tuple[list[str], dict[str, Any], str]] = {
    "a code that two have": (["firms", "nuri"], {"code": "1101"}, "firms.nuri.code: 1101 is already used in firms."),
    "a code of three digits": (["firms", "nuri"], {"code": "110"}, "firms.nuri.code: String should match pattern"),
    "no way to it": (["firms", "maru"], {"code": ""}, "firms.maru.code: is missing, and so is a number"),
    "the public number": (["firms", "maru"], {"numbers": ["1811-0004"]}, "is where all callers of the line arrive"),
    "the number of all": (["firms", "maru"], {"numbers": ["070-1000-0041"]}, "is where all callers of the line arrive"),
    "no such product": (["firms", "maru"], {"products": ["lighting", "food"]}, "firms.maru.products.1: names the"),
    "a product twice": (["firms", "maru"], {"products": ["car", "car"]}, "names the product 'car' a second time"),
    "no such team": (["firms", "maru"], {"team": "nobody"}, "firms.maru.team: names the team 'nobody'"),
    "no group": (["products"], {"car": {"name": "차량용품"}}, "products.car.team: is missing: name the group"),
    "an unknown group": (["products", "car"], {"team": "nobody"}, "products.car.team: names the team 'nobody'"),
    "help by itself": (["teams", "living"], {"overflow": ["living"]}, "teams.living.overflow.0: names living itself"),
    "help by nobody": (["teams", "living"], {"overflow": ["x"]}, "teams.living.overflow.0: names the team 'x'"),
    "no menu for firms": (["centre"], {"menu": ""}, "centre.menu: is missing: name the menu"),
    "an unknown menu": (["centre"], {"menu": "x"}, "centre.menu: names the menu 'x', which is not there"),
    "a firm left unsaid": (["announcement"], {"of_firm": "{name}입니다."}, "of_firm: leaves out {firm}"),
    "a skill nobody has": (["menus", "firm", "keys", "1"], {"skill": "x"}, "menus.firm.keys.1: asks for the skill 'x'"),
    "an unknown firm": (["menus", "main", "keys"], {"8": {"label": "기업", "firm": "x"}}, "names the firm 'x'"),
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_firm_that_cannot_be_answered_for_is_refused(ascentre: dict[str, Any], spoilt: str) -> None:
    place, change, fault = SPOILT[spoilt]
    table: dict[str, Any] = ascentre
    for name in place:
        table = table[name]
    table |= change
    assert any(fault in found for found in faults(ascentre)), faults(ascentre)


def test_nobody_can_be_found_where_no_firm_has_a_code_or_products(ascentre: dict[str, Any]) -> None:
    ascentre["firms"] = {"maru": {"name": "마루조명", "numbers": ["070-1000-0045"]}}
    assert [fault.partition(": ")[0] for fault in faults(ascentre)] == ["menus.main.keys.8", "menus.main.keys.9"]


def test_whoever_is_answered_for_no_more_may_stand_without_a_way_to_it(ascentre: dict[str, Any]) -> None:
    ascentre["firms"]["maru"] = {"name": "마루조명", "until": "2026-11-01"}
    assert faults(ascentre) == []


def test_many_firms_are_read_out_page_by_page(ascentre: dict[str, Any]) -> None:
    for number in range(17):
        ascentre["firms"][f"f{number}"] = {"name": f"기업{number}", "code": f"2{number:03}", "products": ["car"]}
    assert faults(ascentre) == []
    line, _ = read_line(ascentre, "ascentre.toml")
    assert line is not None
    first, second, third = (menu_of(line, f"find.product.car{page}") for page in ("", ".2", ".3"))
    assert [len(menu.keys) for menu in (first, second, third)] == [9, 9, 2]
    assert press(line, first.id, "9") == ToMenu(second.id)
    assert press(line, second.id, "#") == Back()
    assert parent(line, second.id) == first.id
    assert press(line, third.id, "2") == ToFirm("f16", "car")
    spoken = present(line, first.id, words()[0]).text
    assert spoken.startswith("다온오토는 1번, 기업0은 2번")
    assert "다른 항목은 9번" in spoken
