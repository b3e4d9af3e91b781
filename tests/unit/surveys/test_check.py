"""The linter: every fault is named with its place and what to do."""

import pytest

from config.files import SURVEYS, read_folder
from ivr.faults import BadData
from ivr.lines.model import Line
from ivr.surveys.check import faults_of_line, faults_of_strangers
from ivr.surveys.kinds import SurveyClass, read_kinds
from ivr.surveys.model import Questionnaires
from ivr.surveys.reading import load_questionnaires, parse_questionnaire, read_questionnaires
from tests.unit.surveys.making import (
    SCALE,
    changed,
    comment,
    faults_of,
    happy,
    kinds,
    made,
    number,
    scale,
    text_of,
    yes_no,
)


def test_one_without_a_fault_has_none() -> None:
    assert faults_of(text_of(happy())) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('id = "speed"', 'id = "whole"', "questions.whole.id: stands 2 times"),
        ('id = "speed"', 'id = "end"', "questions.end.id: is 'end', which ends the asking"),
        ('kind = "scale"', 'kind = "stars"', "questions.kindness.kind: is 'stars', which is not known: use 'key'"),
        ('id = "speed"', 'id = "Speed!"', "questions.Speed!.id: is 'Speed!': write small letters"),
        ('kind = "happy_call"', 'kind = "poll"', "kind: is 'poll', which is not known: use happy_call"),
        ("asks = 3", "asks = 9", "asks: is 9: write 5 or less"),
        ("partial_from = 1", "partial_from = 4", "partial_from: asks for 4 answers, but only 3 questions count"),
        ("low_score = 2", "low_score = 5", "low_score: is 5, which takes every answer for a low one"),
        ("asks = 3", "ask = 3", "ask: is not known here"),
        ("5 = ", "9 = ", "questions.kindness.choices.9: is reserved for the refusal of calls: use 1 to 8"),
        ("5 = ", "0 = ", "questions.kindness.choices.0: is reserved for an agent"),
        ("5 = ", "6 = ", "questions.kindness.choices: of a scale must count up from 1, without a gap"),
        (', 5 = "매우 만족"', "", "questions.kindness.choices: must be a scale of 5 in a happy call"),
        ("kindness 항목은", "가" * 90, " s to say, over 12 s: make it shorter or divide it"),
        ("kindness 항목은", "만점을 주실 만했는지,", "questions.kindness.text: leads to an answer ('만점')"),
        ("kindness 항목은", "5점을 부탁드리며,", "questions.kindness.text: leads to an answer ('5점을 부탁')"),
        ("kindness 항목은", "매우 만족을 눌러 주시면,", "leads to an answer ('매우 만족을 눌러 주시면')"),
        ("kindness 항목은", "친절한 상담원은", "leads to an answer ('친절한 상담')"),
        ("어떠셨습니까?", "만족하셨습니까?", "text: names one end of the scale ('만족하셨습니까'), which more people"),
        ("여쭙습니다.", "여쭙고 쿠폰을 드립니다.", "purpose: promotes something ('쿠폰'), which makes the whole call"),
        ("이용하신", "(광고) 이용하신", "purpose: says itself that it is an advertisement: that is put in front"),
        ("kindness 항목은", "1번을 눌러 주시고,", "questions.kindness.text: names keys, which are said by themselves"),
    ],
)
def test_a_fault_is_named_with_its_place(old: str, new: str, fault: str) -> None:
    found = faults_of(changed(happy(), old, new))
    assert any(fault in one for one in found), found


def test_a_question_that_no_answer_leads_to_is_named() -> None:
    found = faults_of(text_of(made(scale("first", default="last"), scale("lost"), scale("third"), comment("last"))))
    assert "questions.lost: cannot be reached by any answer: let an answer lead to it or remove it" in found


def test_a_question_that_is_not_there_is_named() -> None:
    found = faults_of(text_of(made(scale("first", go={1: "gone"}), scale("second"), scale("third"), comment())))
    assert "questions.first.go.1: names 'gone', which is not there: add it or correct it" in found


def test_an_endless_loop_is_named_with_its_way() -> None:
    one = made(scale("first"), scale("second", go={1: "first"}), scale("third"), comment())
    found = [fault for fault in faults_of(text_of(one)) if "leads back" in fault]
    assert found == [
        "questions.first.go: leads back to itself (first -> second -> first), without an end: let answers only lead on"
    ]


def test_answers_that_are_none_lead_nowhere() -> None:
    one = made(scale("first", go={7: "third"}, exit={8: "ineligible"}), scale("second"), scale("third"), comment())
    found = faults_of(text_of(one))
    assert "questions.first.go.7: is no answer to this question: use one of its keys" in found
    assert "questions.first.exit.8: is no answer to this question: use one of its keys" in found


def test_a_number_needs_two_ends_and_a_comment_no_choices() -> None:
    found = faults_of(text_of(made(number("often", 5, 5), {**comment(), "choices": SCALE}, scale("whole"))))
    assert "questions.often.most: must be more than least, which is 5" in found
    assert "questions.comment.choices: is not for the kind 'comment': take it out" in found


def test_a_happy_call_has_three_to_five_scores_and_a_comment() -> None:
    found = faults_of(text_of(made(scale("first"), scale("second"))))
    assert "questions: has 2 scored ones: a happy call has 3 to 5" in found
    assert "questions: has no spoken comment: a happy call ends with one, add it" in found


def test_nothing_but_words_asks_nothing() -> None:
    found = faults_of(text_of(made({"id": "news", "kind": "statement", "text": "알려 드립니다."})))
    assert "questions: has no question whose answer counts: add one" in found


def test_a_long_call_is_a_warning() -> None:
    many = [scale(f"item-{letter}") for letter in "abcdefghijklmnopqrstuvwxy"]
    one = made(yes_no("age", exit={2: "minor"}), *many, kind="improvement")
    assert [fault for fault in faults_of(text_of(one)) if "minutes" in fault]


def test_who_asks_for_peoples_own_data_asks_first_whether_they_are_children() -> None:
    found = faults_of(text_of(made(scale("whole"), yes_no("age", exit={2: "minor"}), kind="consult_service")))
    assert "questions: must begin with the age: let the first one have an exit 'minor' (PIPA, 22-2)" in found


def test_a_sales_call_says_what_is_for_sale_and_an_advertisement_may_promote() -> None:
    age = yes_no("age", exit={2: "minor"})
    sale = made(age, yes_no("interest"), kind="trade_in", purpose="보상판매와 사은품을 안내해 드립니다.")
    assert [one.split(":")[0] for one in faults_of(text_of(sale))] == ["goods"]
    assert faults_of(text_of(sale.model_copy(update={"goods": "주방 가전"}))) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("questions = 3", "must be a list"),
        ("= nothing", "is not valid TOML"),
        ("", "questions: is missing"),
        ("x" * 100_001, "has more than 100000 characters"),
        ("a = " + "[" * 5_000, "is not valid TOML"),
    ],
)
def test_what_is_no_questionnaire_is_said_to_be_none(body: str, fault: str) -> None:
    assert any(fault in one for one in faults_of(body)), faults_of(body)
    with pytest.raises(BadData):
        parse_questionnaire(body)


def test_the_id_is_the_name_of_the_file() -> None:
    documents = {**read_folder(SURVEYS), "other.toml": read_folder(SURVEYS)["happy-dcgf.toml"]}
    with pytest.raises(BadData, match=r"other.toml: id: is 'happy-dcgf', but the file is other.toml"):
        load_questionnaires(documents)


def test_kinds_and_words_must_be_there() -> None:
    documents = {name: one for name, one in read_folder(SURVEYS).items() if name == "happy-dcgf.toml"}
    _, faults = read_questionnaires(documents)
    assert {fault.file for fault in faults if "is missing" in fault.message} == {"kinds.toml", "wording.toml"}


def test_a_pattern_that_cannot_be_read_is_a_fault() -> None:
    documents = {**read_folder(SURVEYS), "wording.toml": {"leading": ["(", "만점"], "promotional": "x", "rude": []}}
    faults = [str(fault) for fault in read_questionnaires(documents)[1]]
    assert "wording.toml: promotional: must be a list in square brackets" in faults
    assert "wording.toml: rude: is not known here: remove it" in faults
    assert any(fault.startswith("wording.toml: leading.0: cannot be read") for fault in faults)


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ({"name": "x", "class": "opinion", "purposes": ["happy_call"]}, "new.purposes: leaves out 'opinion_survey'"),
        ({"name": "x", "class": "telesales", "purposes": ["telesales"]}, "new.purposes: leaves out 'advertising'"),
        ({"name": "x", "purposes": ["opinion_survey"]}, "new.purposes: leaves out 'advertising'"),
        (
            {"name": "x", "class": "opinion", "purposes": ["opinion_survey"], "downgradable": True},
            "new.downgradable: is only for the class 'advertising'",
        ),
    ],
)
def test_a_kind_needs_the_consents_of_its_class(table: dict[str, object], fault: str) -> None:
    _, faults = read_kinds({"new": table})
    assert any(fault in str(one) for one in faults), faults


def test_a_kind_whose_class_nobody_settled_is_an_advertisement() -> None:
    found, faults = read_kinds({"new": {"name": "x", "purposes": ["advertising"]}})
    assert faults == []
    assert found["new"].klass is SurveyClass.ADVERTISING


def test_only_an_image_survey_can_be_asked_as_less_than_an_advertisement() -> None:
    known = kinds()
    assert known["loyalty"].needs_ad_label
    assert not known["loyalty"].downgraded().needs_ad_label
    with pytest.raises(ValueError, match="cannot be asked as anything less"):
        known["promotion"].downgraded()


def test_a_line_names_only_happy_calls_that_are_there_and_for_it(kibo: Line) -> None:
    installed = load_questionnaires(read_folder(SURVEYS))

    def named(id: str) -> list[str]:
        surveys = kibo.surveys.model_copy(update={"end_of_call": id})
        return [str(one) for one in faults_of_line(kibo.model_copy(update={"surveys": surveys}), "k.toml", installed)]

    assert named("") == named("happy-kibo") == []
    assert "which is not installed" in named("gone")[0]
    assert "which is for dcgf: add kibo to its lines" in named("happy-dcgf")[0]
    assert "which is no happy call" in named("ascentre-loyalty")[1]


def test_a_questionnaire_names_only_lines_that_are_there() -> None:
    assert faults_of_strangers(Questionnaires([happy(lines=["kibo"])]), ["kibo"]) == []
    assert "names 'mars'" in str(faults_of_strangers(Questionnaires([happy(lines=["mars"])]), ["kibo"])[0])
