"""The agent's affiliation, name and title, as each institution promises them."""

import pytest

from ivr.lines.announcement import announce
from ivr.lines.model import Lines
from ivr.messages.fields import BadText


@pytest.mark.parametrize(
    ("line_id", "text"),
    [
        ("kibo", "감사합니다. 기술보증기금 보증사업부 이서연입니다."),
        ("dcgf", "감사합니다. 대전신용보증재단 보증사업부 이서연 대리입니다."),
        ("kotra", "안녕하십니까? 코트라 보증사업부 이서연입니다."),
    ],
    ids=["K5", "D5", "T8"],
)
def test_the_announcement_has_the_promised_parts(lines: Lines, line_id: str, text: str) -> None:
    line = lines.by_id(line_id)
    announced = announce(line, department="보증사업부", name="이서연", title="대리")
    assert announced.text == text
    assert announced.parts == line.announcement.requires
    assert announced.version == 1


def test_daejeon_does_not_announce_an_agent_without_title(lines: Lines) -> None:
    with pytest.raises(BadText, match="title"):
        announce(lines.by_id("dcgf"), department="보증사업부", name="이서연", title=" ")


def test_an_institution_that_promises_no_title_needs_none(lines: Lines) -> None:
    announced = announce(lines.by_id("kibo"), department="보증사업부", name="황보 라", title="")
    assert announced.text.endswith("보증사업부 황보 라입니다.")
