"""How a written message sounds: every number as it is said in Korea, and nothing that cannot be heard."""

import pytest

from ivr.voicing.spoken import spoken


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("접수번호 1123-AB23CD", "접수번호 일일이삼에 에이비이삼씨디."),
        ("일시 2026-11-23 14:30", "일시 십일월 이십삼일 월요일 오후 두 시 삼십 분."),
        ("기한 2026-06-10", "기한 유월 십일 수요일."),
        ("15:10까지 전화드리겠습니다.", "오후 세 시 십 분까지 전화드리겠습니다."),
        ("오늘 오후 3시 10분까지", "오늘 오후 세 시 십분까지."),
        ("2시간 안에, 10월 6일", "두 시간 안에, 시월 육일."),
        ("문의 1533-0001", "문의 일오삼삼에 공공공일."),
        ("02-1234-5678로 전화해 주십시오.", "공이에 일이삼사에 오육칠팔로 전화해 주십시오."),
        ("번호 01012345678", "번호 공일공에 일이삼사에 오육칠팔."),
        ("받으실 번호 010-****-0001", "받으실 번호 공공공일."),
        ("수수료 1,234,000원", "수수료 백이십삼만사천원."),
        ("25:99 그리고 2026-13-40", "이십오:구십구 그리고 이공이육에 일삼에 사공."),
    ],
)
def test_a_line_is_said_as_people_say_it(written: str, said: str) -> None:
    assert spoken(written) == [said]


def test_the_sender_is_said_in_the_greeting_and_links_are_not_said_at_all() -> None:
    body = "[대전신용보증재단] 상담이 완료되었습니다.\n담당 보증사업부 김하나 대리\n\n수신거부 https://x.example/t/a.b"
    assert spoken(body) == ["상담이 완료되었습니다.", "담당 보증사업부 김하나 대리."]


@pytest.mark.parametrize("body", ["", "[]", "\n\n", "***", "https://x.example"])
def test_what_has_no_sound_says_nothing(body: str) -> None:
    assert spoken(body) == []
