"""Spoken variants of an announcement against the expected agent, as a transcriber writes them."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.listening.matching import Expected, closing_parts, likeness, match_opening, order_of
from ivr.listening.sounds import joined, letters_of, sounds_of
from tests.unit.listening.people import KIM, RIGHT, parts_in, phrases, standing

HEARD, ALIAS, AMBIGUOUS, OTHER, DOUBTFUL, ABSENT = "heard", "alias", "ambiguous", "other", "doubtful", "absent"
WITH_KIM_MINJU = replace(KIM, colleagues=("김민주", "이서연"))
LEE = replace(KIM, name="이서연", colleagues=("이서현", "김민수"))
YOON = replace(KIM, name="임태윤", title="과장", colleagues=("윤성호",))
SOL = replace(KIM, name="이 솔", title="상담사", colleagues=())
NAMGUNG = replace(KIM, name="남궁민", title="매니저", colleagues=("김민수",))
HWANGBO = replace(KIM, name="황보 라", title="팀장", colleagues=())
RYU = replace(KIM, name="류지훈", title="주임", colleagues=())
NGUYEN = replace(KIM, name="NGUYEN THI HOA", title="상담원", colleagues=("김민수",))
KOTRA = replace(KIM, institutions=("코트라", "대한무역투자진흥공사"), department="고객지원", aliases=())

VARIANTS: list[tuple[str, Expected, str, str]] = [
    # The whole, in every spelling of the same sounds.
    (RIGHT, KIM, "institution", HEARD),
    (RIGHT, KIM, "department", HEARD),
    (RIGHT, KIM, "name", HEARD),
    (RIGHT, KIM, "title", HEARD),
    (RIGHT, KIM, "greeting", HEARD),
    (unicodedata.normalize("NFD", RIGHT), KIM, "name", HEARD),
    (unicodedata.normalize("NFD", RIGHT), KIM, "title", HEARD),
    ("감사합니다대전신용보증재단보증사업부김민수입니다", KIM, "institution", HEARD),
    ("감사합니다 대전 신용 보증 재단의 보증 사업부에 김 민수라고 합니다", KIM, "institution", HEARD),
    ("감사합니다 대전 신용 보증 재단의 보증 사업부에 김 민수라고 합니다", KIM, "department", HEARD),
    ("감사합니다 대전 신용 보증 재단의 보증 사업부에 김 민수라고 합니다", KIM, "name", HEARD),
    ("", KIM, "name", ABSENT),
    ("", KIM, "institution", ABSENT),
    ("...!?  ,,", KIM, "name", ABSENT),
    ("김", KIM, "name", ABSENT),
    # One wrong sound.
    ("김민주입니다", KIM, "name", HEARD),
    ("김빈수입니다", KIM, "name", HEARD),
    ("이서현이라고 합니다", replace(LEE, colleagues=("김민수",)), "name", HEARD),
    ("대전신용보등재단입니다", KIM, "institution", HEARD),
    ("보증사업푸 김민수", KIM, "department", HEARD),
    ("인태윤 과장입니다", YOON, "name", HEARD),
    ("유지훈 주임입니다", RYU, "name", HEARD),
    # Two and more wrong sounds.
    ("김진주입니다", KIM, "name", DOUBTFUL),
    ("대신증권입니다", KIM, "institution", ABSENT),
    ("여보세요 잠시만요", KIM, "name", ABSENT),
    ("오늘 날씨가 참 좋네요 식사는 하셨어요", KIM, "department", ABSENT),
    # A colleague: only a person can tell.
    ("이서연입니다", KIM, "name", OTHER),
    ("김민주 대리입니다", WITH_KIM_MINJU, "name", AMBIGUOUS),
    ("김민수 대리입니다", WITH_KIM_MINJU, "name", HEARD),
    ("이서현입니다", LEE, "name", AMBIGUOUS),
    ("윤성호 과장입니다", YOON, "name", OTHER),
    ("김민수 대리입니다", replace(KIM, colleagues=("김민수", "이서연")), "name", HEARD),
    # Names of other lengths.
    ("이 솔 상담사입니다", SOL, "name", HEARD),
    ("이설입니다", SOL, "name", DOUBTFUL),
    ("남궁 민 매니접니다", NAMGUNG, "name", HEARD),
    ("황보라 팀장입니다", HWANGBO, "name", HEARD),
    ("황 보라 팀장입니다", HWANGBO, "name", HEARD),
    ("Nguyen Thi Hoa 상담원입니다", NGUYEN, "name", HEARD),
    ("응우옌 티 호아 상담원입니다", NGUYEN, "name", ABSENT),
    # Titles are exact words.
    ("김민수 대립니다", KIM, "title", HEARD),
    ("김민수 대리님입니다", KIM, "title", HEARD),
    ("김민수대리입니다", KIM, "title", HEARD),
    ("대리 김민수입니다", KIM, "title", HEARD),
    ("보증사업부 대리 김민수", KIM, "title", HEARD),
    ("김민수 과장입니다", KIM, "title", OTHER),
    ("의견이 대립됩니다", KIM, "title", ABSENT),
    ("대리석입니다", KIM, "title", ABSENT),
    ("남궁민 매니저라고 합니다", NAMGUNG, "title", HEARD),
    ("남궁민 매니접니다", NAMGUNG, "title", HEARD),
    ("이솔 상담원입니다", SOL, "title", OTHER),
    ("이솔 상담삽니다", SOL, "title", HEARD),
    ("황보라 팀장님", HWANGBO, "title", HEARD),
    # Short names of the institution.
    ("대전신보 김민수입니다", KIM, "institution", ALIAS),
    ("대전신보의 김민수입니다", KIM, "institution", ALIAS),
    ("저 대전신보입니다", KIM, "institution", ALIAS),
    ("기관은 비밀이고 김민수입니다", KIM, "institution", ABSENT),
    ("코트라 고객지원 김민수입니다", KOTRA, "institution", HEARD),
    ("대한무역투자진흥공사 고객지원 김민수입니다", KOTRA, "institution", HEARD),
    # Greetings.
    ("안녕하세요 김민수입니다", KIM, "greeting", HEARD),
    ("반갑습니다", KIM, "greeting", HEARD),
    ("Good morning", KIM, "greeting", HEARD),
    # The polite ending alone is like a greeting, but no greeting.
    ("김민수입니다", KIM, "greeting", DOUBTFUL),
]


@pytest.mark.parametrize(("text", "expected", "part", "stands"), VARIANTS, ids=range(len(VARIANTS)))
def test_a_spoken_variant_stands_as_it_should(text: str, expected: Expected, part: str, stands: str) -> None:
    assert standing(text, part, expected) == stands


ORDERS = [
    (RIGHT, ("greeting", "institution", "department", "name", "title")),
    ("보증사업부 대리 김민수입니다 감사합니다", ("department", "title", "name", "greeting")),
    ("김민수입니다 대전신용보증재단이고요", ("name", "institution")),
    ("", ()),
]


@pytest.mark.parametrize(("text", "order"), ORDERS, ids=range(len(ORDERS)))
def test_the_order_in_which_parts_were_said_can_be_read(text: str, order: tuple[str, ...]) -> None:
    assert order_of(match_opening(text, KIM, phrases())) == order


def test_a_part_that_nobody_expects_is_not_looked_for() -> None:
    assert set(parts_in(RIGHT, replace(KIM, title="", department=" "))) == {"greeting", "institution", "name"}


def test_one_wrong_sound_costs_what_was_measured() -> None:
    assert likeness("김민수", sounds_of("김민주"))[0] == pytest.approx(0.875)
    assert likeness("이서연", sounds_of("이서현"))[0] == pytest.approx(0.857, abs=0.001)


CLOSINGS = [
    ("더 궁금하신 점은 없으십니까? 감사합니다.", {"further_questions", "thanks"}),
    ("다른 문의 사항 있으실까요", {"further_questions"}),
    ("네 이용해 주셔서 감사드립니다 좋은 하루 되십시오", {"thanks"}),
    ("추가로 문의하실 내용 없으시면 고맙습니다", {"further_questions", "thanks"}),
    ("네 알겠습니다", set()),
    ("", set()),
]


@pytest.mark.parametrize(("text", "parts"), CLOSINGS, ids=range(len(CLOSINGS)))
def test_the_words_of_a_closing_are_found(text: str, parts: set[str]) -> None:
    assert closing_parts(text, phrases()) == parts


ENDINGS = [
    ("대리", "ㅂ니다", "대립니다"),
    ("대리", "님", "대리님"),
    ("주임", "ㅂ니다", None),
    ("상담사", "ㄴ데요", "상담산데요"),
]


@pytest.mark.parametrize(("word", "ending", "whole"), ENDINGS)
def test_a_final_consonant_closes_an_open_syllable_only(word: str, ending: str, whole: str | None) -> None:
    assert joined(word, ending) == whole


HANGUL = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=30)
ANYTHING = st.text(max_size=80)
NAME = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=2, max_size=5)


@given(ANYTHING)
def test_whatever_is_said_has_a_likeness_between_0_and_1_and_a_place_in_it(text: str) -> None:
    for part in match_opening(text, KIM, phrases()):
        assert 0 <= part.score <= 1
        assert part.place is None or 0 <= part.place <= len(sounds_of(text))


@given(HANGUL, NAME, HANGUL)
def test_a_name_that_was_said_is_heard_whatever_stands_around_it(before: str, name: str, after: str) -> None:
    assert likeness(name, sounds_of(f"{before} {name} {after}"))[0] == 1


@given(HANGUL, st.lists(st.sampled_from(" .,!?-\n0123"), min_size=1, max_size=5))
def test_spaces_points_and_digits_change_no_sound(text: str, between: list[str]) -> None:
    spread = "".join(letter + between[place % len(between)] for place, letter in enumerate(text))
    assert sounds_of(spread) == sounds_of(text)


@given(ANYTHING)
def test_composed_or_taken_apart_a_text_has_the_same_letters(text: str) -> None:
    assert letters_of(unicodedata.normalize("NFD", text)) == letters_of(unicodedata.normalize("NFC", text))


@given(NAME, NAME)
def test_whoever_is_said_the_expected_and_another_name_are_never_both_taken_for_sure(name: str, said: str) -> None:
    expected = replace(KIM, name=name, colleagues=(said,))
    found = parts_in(said, expected)["name"]
    assert not found.is_heard or sounds_of(name) == sounds_of(said)
