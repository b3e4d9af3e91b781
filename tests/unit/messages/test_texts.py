"""The catalogue and the templates: filling in, particles, languages, and texts that do not fit."""

from datetime import datetime
from typing import Any

import pytest

from config.files import MESSAGES, read_folder
from ivr.korean import spoken_seconds
from ivr.lines.hours import SEOUL
from ivr.messages.fields import BadText, fill
from ivr.messages.reading import load_texts
from ivr.messages.register import SPEECHES
from ivr.messages.size import measure
from ivr.messages.texts import Texts

RECEIPT = {
    "institution": "대전신용보증재단",
    "receipt": "261121-0001",
    "department": "보증사업부",
    "name": "이서연",
    "number": "1533-0001",
    "date": "2026-11-21 14:30",
}


@pytest.fixture(scope="module")
def texts() -> Texts:
    return load_texts(read_folder(MESSAGES))


def test_a_field_takes_the_reading_and_particle_that_the_text_asks_for() -> None:
    assert fill("{team:으로/로} 연결합니다.", {"team": "보증상담팀"}) == "보증상담팀으로 연결합니다."
    assert fill("{number:digits|으로/로} 전화드립니다.", {"number": "1544-1120"}) == (
        "일오사사에 일일이공으로 전화드립니다."
    )


@pytest.mark.parametrize("text", ["{", "{0}", "{name!r}", "{name:unknown}", "{name.attribute}", "{}"])
def test_braces_that_are_not_understood_are_refused(text: str) -> None:
    with pytest.raises(BadText):
        fill(text, {"name": "이서연"})


def test_a_position_is_said_with_a_native_counter(texts: Texts) -> None:
    assert texts.say("queue.position", position=3).text == "고객님의 대기 순서는 세 번째입니다."


def test_an_estimate_is_said_as_a_range_of_minutes(texts: Texts) -> None:
    assert texts.say("queue.estimate", low=5, high=10).text == "예상 대기 시간은 오분에서 십분입니다."


def test_an_opening_is_said_as_seen_from_now(texts: Texts) -> None:
    opening, now = (datetime(2026, 11, day, 9, tzinfo=SEOUL) for day in (24, 23))
    said = texts.say("closed.night", opens=(opening, now))
    assert "내일 오전 아홉 시에" in said.text


def test_the_number_for_a_callback_is_read_back_digit_by_digit(texts: Texts) -> None:
    said = texts.say("callback.confirm", number="010-0000-0012")
    assert "공일공에 공공공공에 공공일이로" in said.text


def test_a_text_that_a_language_lacks_is_said_in_korean(texts: Texts) -> None:
    assert texts.say("input.wrong", "en-US").language == "en-US"
    assert texts.say("line.unknown", "en-US").language == "ko-KR"


@pytest.mark.parametrize(
    "values",
    [{}, {"position": 1, "name": "이서연"}, {"position": "세 번째"}],
    ids=["missing", "strange", "wrong"],
)
def test_values_that_do_not_fit_are_refused(texts: Texts, values: dict[str, Any]) -> None:  # wrong on purpose
    with pytest.raises(BadText):
        texts.say("queue.position", **values)


def test_every_spoken_text_is_short_enough_to_listen_to(texts: Texts) -> None:
    longest = max(texts.catalogues["ko-KR"].texts.values(), key=spoken_seconds)
    assert spoken_seconds(longest) <= 12, longest


def test_every_korean_sentence_is_polite(texts: Texts) -> None:
    whole = {id: text for id, text in texts.catalogues["ko-KR"].texts.items() if text.endswith(".")}
    rude = [
        sentence
        for text in whole.values()
        for sentence in text.rstrip(".").split(". ")
        if not sentence.endswith(("니다", "십시오", "초", "됩니다"))
    ]
    assert rude == []
    assert len(whole) > len(SPEECHES) / 2


def test_a_receipt_names_institution_number_and_agent(texts: Texts) -> None:
    message = texts.template("receipt").fill(**RECEIPT, title="대리")
    assert "[대전신용보증재단]" in message
    assert "담당 보증사업부 이서연 대리\n" in message
    assert measure(message).kind == "LMS"
    assert measure(message).unencodable == ()


def test_a_receipt_without_title_leaves_no_gap(texts: Texts) -> None:
    assert "담당 보증사업부 이서연\n" in texts.template("receipt").fill(**RECEIPT)


@pytest.mark.parametrize("name", ["", "  "])
def test_a_receipt_without_a_needed_value_is_refused(texts: Texts, name: str) -> None:
    with pytest.raises(BadText, match="name"):
        texts.template("receipt").fill(**(RECEIPT | {"name": name}))


def test_an_unknown_template_is_refused_with_the_known_ones(texts: Texts) -> None:
    with pytest.raises(BadText, match="receipt"):
        texts.template("recipt")


def test_no_value_can_bring_an_unsendable_dash_into_a_message(texts: Texts) -> None:
    message = texts.template("receipt").fill(**(RECEIPT | {"name": "이\u00a0서연 — 상담"}))
    assert "이 서연 - 상담" in message
