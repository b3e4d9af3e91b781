"""The agent's affiliation, name and title, as each institution promises them."""

from dataclasses import replace

import pytest

from ivr.calls.facts import Told
from ivr.calls.steps import CALLER
from ivr.charters.judges.identity import parts_of
from ivr.lines.announcement import announce, announce_outbound
from ivr.lines.model import Lines
from tests.http.board import MORNING
from tests.unit.charters.tales import talk


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


@pytest.mark.parametrize(
    ("department", "name", "title", "text"),
    [
        ("보증사업부", "이서연", " ", "감사합니다. 대전신용보증재단 보증사업부 이서연입니다."),
        ("", "이서연", "대리", "감사합니다. 대전신용보증재단 이서연 대리입니다."),
        ("보증사업부", "", "", "감사합니다. 대전신용보증재단 보증사업부입니다."),
    ],
)
def test_an_incomplete_record_says_what_there_is_and_claims_no_more(
    lines: Lines, department: str, name: str, title: str, text: str
) -> None:
    announced = announce(lines.by_id("dcgf"), department=department, name=name, title=title)
    assert announced.text == text
    given = {"institution": "기관", "department": department, "name": name, "title": title}
    assert announced.parts == tuple(
        part for part in ("institution", "department", "name", "title") if given[part].strip()
    )


def test_an_institution_that_promises_no_title_needs_none(lines: Lines) -> None:
    announced = announce(lines.by_id("kibo"), department="보증사업부", name="황보 라", title="")
    assert announced.text.endswith("보증사업부 황보 라입니다.")


def test_who_is_rung_by_us_is_greeted_in_the_outbound_words_with_all_their_parts(lines: Lines) -> None:
    announced = announce_outbound(lines.by_id("dcgf"), department="보증사업부", name="김민수", title="대리")
    assert announced.text == "안녕하십니까, 고객님. 저는 대전신용보증재단 보증사업부 김민수 대리입니다."
    assert announced.parts == ("greeting", "institution", "department", "name", "title")


def test_a_line_without_outbound_words_uses_its_announcement(lines: Lines) -> None:
    line = lines.by_id("kibo")
    silent = line.model_copy(update={"announcement": line.announcement.model_copy(update={"outbound": ""})})
    department, name, title = "보증사업부", "이서연", "대리"
    told = announce(line, department=department, name=name, title=title)
    assert announce_outbound(silent, department=department, name=name, title=title).text == told.text


def test_a_firms_customer_is_told_the_firm_and_the_evidence_counts_as_the_affiliation(lines: Lines) -> None:
    line = lines.by_id("ascentre")
    firm, agent = line.firms["hanbit"], {"department": "생활주방가전 상담그룹", "name": "이서연", "title": "상담사"}
    announced = announce(line, **agent, firm=firm)
    assert announced.text == "감사합니다. 한빛가전 고객센터 생활주방가전 상담그룹 이서연입니다."
    assert announced.parts == line.announcement.requires
    offer = talk(line).view().offers[0]
    told = {"text": announced.text, "version": announced.version, "firm": firm.spoken_name}
    made = Told("c1", "announced:caller:9", "announced", CALLER, MORNING, detail=told)
    assert parts_of(made, line, offer) == {"greeting", "institution", "department", "name"}
    other = replace(made, detail={**told, "firm": "누리디지털"})
    assert "institution" not in parts_of(other, line, offer)


def test_a_firms_customer_whom_we_ring_is_greeted_in_the_firms_name(lines: Lines) -> None:
    line = lines.by_id("ascentre")
    firm, agent = line.firms["hanbit"], {"department": "생활주방가전 상담그룹", "name": "이서연", "title": "상담사"}
    announced = announce_outbound(line, **agent, firm=firm)
    assert announced.text == "안녕하십니까, 고객님. 한빛가전 고객센터 생활주방가전 상담그룹 이서연입니다."
    assert announced.parts == ("greeting", "institution", "department", "name")
    silent = line.announcement.model_copy(update={"outbound_of_firm": ""})
    told = announce_outbound(line.model_copy(update={"announcement": silent}), **agent, firm=firm)
    assert told.text == announce(line, **agent, firm=firm).text


def test_a_line_without_words_for_firms_says_its_own(lines: Lines) -> None:
    line = lines.by_id("ascentre")
    plain = line.model_copy(update={"announcement": line.announcement.model_copy(update={"of_firm": ""})})
    announced = announce(plain, department="상담그룹", name="이서연", title="", firm=line.firms["hanbit"])
    assert announced.text == "감사합니다. 중소기업 공동 에이에스센터 상담그룹 이서연입니다."
