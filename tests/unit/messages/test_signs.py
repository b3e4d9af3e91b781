"""Signs: what a route carries, and what is written for what it does not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.messages.signs import is_carried, mend, not_carried
from ivr.messages.size import measure


@pytest.mark.parametrize(
    ("written", "cp949", "ks_x_1001"),
    [
        ("김서연", "김서연", "김서연"),
        (unicodedata.normalize("NFD", "김서연"), "김서연", "김서연"),
        ("똠방각하", "똠방각하", "○방각하"),
        ("뷁", "뷁", "○"),
        ("축하 😀 드립니다", "축하 드립니다", "축하 드립니다"),
        ("José García", "Jose Garcia", "Jose Garcia"),
        ("简", "○", "○"),
        ("1\u202f000₩", "1 000￦", "1 000￦"),
        ("ﬁx \x07bell", "fix bell", "fix bell"),
        ("☎ ① ㈜ €", "☎ ① ㈜ €", "☎ ① ㈜ €"),
    ],
)
def test_what_a_route_does_not_carry_is_replaced(written: str, cp949: str, ks_x_1001: str) -> None:
    """twilio.md 1.13: Twilio's route carries only KS X 1001; korea.md 5: CP949 has every syllable."""
    assert mend(written).text == cp949
    assert mend(written, "ks_x_1001").text == ks_x_1001


def test_python_s_codec_is_not_believed_where_it_spells_a_syllable_in_eight_bytes() -> None:
    assert len("똠".encode("euc_kr")) == 8
    assert not is_carried("똠", "ks_x_1001")
    assert not_carried("똠 똠 뷁", "ks_x_1001") == ("똠", "뷁")


def test_what_was_replaced_is_told_and_a_clean_text_stays_as_it_is() -> None:
    assert mend("김똠 😀", "ks_x_1001").note == "똠 😀"
    assert (mend("안내\n둘째 줄  그대로").text, mend("안내").note) == ("안내\n둘째 줄  그대로", None)


@given(st.text())
def test_whatever_is_written_can_be_sent_after_mending_and_mending_again_changes_nothing(text: str) -> None:
    for carriage in ("cp949", "ks_x_1001"):
        mended = mend(text, carriage).text
        assert not_carried(mended, carriage) == ()
        assert mend(mended, carriage).text == mended
        assert measure(mended).unencodable == ()
