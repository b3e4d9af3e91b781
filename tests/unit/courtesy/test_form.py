"""The form as data: the delivered one, every fault of a file at once, own forms, and the form as a round keeps it."""

import json
from copy import deepcopy
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from config.files import COURTESY, read_file, read_folder
from ivr.courtesy.form import UnknownForm, form_of
from ivr.courtesy.reading import check_forms, load_forms
from ivr.courtesy.scores import hundred
from ivr.courtesy.wording import WORDS, load_words
from ivr.faults import BadData
from ivr.rounding import rounded
from tests.unit.courtesy.stock import FIRST, form, scores, words


@pytest.fixture
def document() -> dict[str, Any]:  # tables of any depth, changed at will by the tests
    return deepcopy(dict(read_file(COURTESY / "form.toml")))


def said(document: dict[str, Any], name: str = "form.toml") -> list[str]:
    return [str(fault) for fault in check_forms({name: document})]


def test_the_delivered_form_is_without_faults_and_has_the_three_stages() -> None:
    assert check_forms(read_folder(COURTESY)) == []
    assert list(form().heading.stages.values()) == ["맞이", "응대", "마무리"]
    assert 8 <= len(form().items) <= 11
    assert {item.suggest.source for item in form().items if item.suggest} == {"ring", "announcement", "ended_by"}


def test_every_fault_is_named_at_once_with_file_key_and_reason(document: dict[str, Any]) -> None:
    document["limit"] = 0
    document["items"][0]["stage"] = "middle"
    document["items"][1]["suggest"]["points"]["cut"] = 9
    del document["items"][1]["suggest"]["points"]["none"]
    document["items"][2]["weight"] = 50
    document["items"][3]["scores"] = {"5": "끝까지 들었습니다."}
    document["items"][4]["colour"] = "red"
    document["items"][6]["id"] = "wording"
    told = said(document)
    for expected in (
        "form.toml: limit: is 0: write more than 0",
        "form.toml: items.pick-up.stage: is 'middle', which is not known: use 'opening', 'handling' or 'closing'",
        "form.toml: items.greeting.suggest.points: gives 9 for cut, which is no score of this item: use 1, 2, 3, 4, 5",
        "form.toml: items.greeting.suggest.points: has nothing for none",
        "form.toml: items.listening.scores: has fewer than two scores",
        "form.toml: items.explanation.colour: is not known here",
        "form.toml: items.wording: stands 2 times in version 1",
    ):
        assert [one for one in told if one.startswith(expected)], expected


def test_weights_must_add_up_and_stages_be_there(document: dict[str, Any]) -> None:
    document["items"] = [item for item in document["items"] if item["stage"] != "closing"]
    told = said(document)
    assert any("have weights of 85 in version 1" in one for one in told)
    assert any("have none for the stage closing" in one for one in told)


def test_an_unusual_number_of_items_is_only_a_warning(document: dict[str, Any]) -> None:
    seven = [document["items"][place] for place in (0, 1, 3, 4, 5, 8, 9)]
    for item, weight in zip(seven, (10, 10, 20, 30, 20, 5, 5), strict=True):
        item["weight"] = weight
    document["items"] = seven
    (fault,) = check_forms({"form.toml": document})
    assert (fault.severity, fault.message.split(":")[0]) == ("warning", "are 7 in version 1")
    assert len(load_forms({"form.toml": document}).of("kotra", FIRST).items) == 7


def test_a_file_with_errors_cannot_be_loaded(document: dict[str, Any]) -> None:
    document["items"][0]["weight"] = 11
    with pytest.raises(BadData, match="have weights of 101"):
        load_forms({"form.toml": document})


def test_versions_follow_each_other_and_each_has_its_own_items(document: dict[str, Any]) -> None:
    begins = date(2027, 1, 1)
    document["versions"][0]["effective_to"] = begins - timedelta(days=2)
    document["versions"].append({"version": 2, "effective_from": begins})
    assert said(document) == [
        "form.toml: versions.0.effective_to: must be the day before version 2: write 2026-12-31",
    ]
    document["versions"][0]["effective_to"] = begins - timedelta(days=1)
    document["items"][0]["to_version"] = 1
    document["items"].append({**document["items"][0], "from_version": 2, "text": "빠른 수신"})
    del document["items"][-1]["to_version"]
    assert said(document) == []
    forms = load_forms({"form.toml": document})
    older, newer = forms.of("kotra", begins - timedelta(days=1)), forms.of("kotra", begins)
    assert (older.name, newer.name) == ("form/1", "form/2")
    texts = [item.text for version in (older, newer) if (item := version.item("pick-up"))]
    assert texts == ["수신의 신속성", "빠른 수신"]


def test_an_institution_may_have_its_own_form(document: dict[str, Any]) -> None:
    own = {**deepcopy(document), "form": "kotra", "title": "코트라 평가표"}
    forms = load_forms({"form.toml": document, "kotra.toml": own})
    assert forms.of("kotra", FIRST).heading.title == "코트라 평가표"
    assert forms.of("kibo", FIRST).heading.title == "전화친절도 조사 평가표"
    assert said(own, "kibo.toml") == ["kibo.toml: form: is 'kotra', but the file is kibo.toml: give both the same name"]


def test_a_day_before_every_version_has_no_form() -> None:
    with pytest.raises(UnknownForm, match="1 from 2026-01-01"):
        load_forms(read_folder(COURTESY)).of("kotra", date(2025, 12, 31))


def test_a_round_keeps_the_whole_form() -> None:
    assert form_of(json.loads(json.dumps(form().model_dump(mode="json")))) == form()


def test_a_sheet_of_best_scores_is_a_hundred_and_of_lowest_nothing() -> None:
    assert hundred(form().items, scores(5)) == 100
    assert hundred(form().items, scores(1)) == 0


def test_the_score_is_the_weighted_share_of_the_scale() -> None:
    # Explanation weighs 20 of 100: 3 of 1 to 5 is half of it.
    assert hundred(form().items, scores(5, explanation=3)) == 90
    # The transfer weighs 5: without it 95 remain, and half of 20 is lost.
    assert hundred(form().items, scores(5, explanation=3, transfer=None)) == Fraction(100 * 85, 95)


def test_a_sheet_on_which_nothing_applies_has_no_score() -> None:
    assert hundred(form().items, scores(None)) is None


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Fraction(250, 3), "83.3"),
        (Fraction(1, 20), "0.1"),
        (Fraction(-1, 20), "0.0"),
        (Fraction(-3, 20), "-0.1"),
        (Fraction(100), "100.0"),
    ],
)
def test_fractions_are_printed_rounded_half_up(value: Fraction, told: str) -> None:
    assert rounded(value) == told


def test_the_words_are_complete_and_faults_are_named() -> None:
    assert set(words().texts) == set(WORDS)
    with pytest.raises(BadData) as raised:
        load_words({"ring": {"strict": "{minutes}분", "soon": "곧"}})
    told = str(raised.value)
    assert "ring.strict: is empty or asks for minutes" in told
    assert "ring.soon: is not known here" in told
    assert "agreement.no_pairs: is missing" in told
