"""The texts of the phone page: complete, and the same in both languages."""

import json
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "carrier" / "page"


def words(language: str) -> dict[str, str]:
    table: dict[str, str] = json.loads((PAGE / f"words.{language}.json").read_text(encoding="utf-8"))
    return table


def test_both_languages_have_the_same_texts_with_the_same_places_to_fill() -> None:
    places = [{name: sorted(re.findall(r"{\w+}", text)) for name, text in words(one).items()} for one in ("ko", "en")]
    assert places[0] == places[1]


def test_every_text_that_the_page_names_exists() -> None:
    named = set(re.findall(r'data-word="([^"]+)"', (PAGE / "index.html").read_text(encoding="utf-8")))
    for script in PAGE.glob("*.js"):
        named |= set(re.findall(r'word\("([^"]+)"', script.read_text(encoding="utf-8")))
    assert named - words("ko").keys() == set()


def test_no_script_carries_korean_text_of_its_own() -> None:
    hangul = re.compile("[가-힣]")
    assert [script.name for script in PAGE.glob("*.js") if hangul.search(script.read_text(encoding="utf-8"))] == []
