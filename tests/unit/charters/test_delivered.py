"""The five delivered charters hold every promise, and say what the institutions published."""

from datetime import date
from typing import get_args

import pytest

from config.files import CHARTERS, LINES, MESSAGES, read_folder
from ivr.charters.limits import AT_ONCE, Limit
from ivr.charters.measures import MEASURES
from ivr.charters.measures.callbacks import MemoComplete
from ivr.charters.measures.calls import IdentityAnnounced, RingToAnswer, TransferAnnounced
from ivr.charters.measures.cases import AnsweredWithin
from ivr.charters.measures.surveys import SurveyKindDeclared
from ivr.charters.model import Charters, Standard, UnknownCharter
from ivr.charters.reading import check_charters
from ivr.charters.terms import EXEMPTIONS, Exemption, Scope
from ivr.lines.reading import load_lines
from ivr.messages.reading import load_texts

PROMISES = {"kibo": ("K", 22), "dcgf": ("D", 18), "kotra": ("T", 19), "ksure": ("S", 14), "ascentre": ("A", 24)}
TODAY = date(2026, 11, 23)


def one(charters: Charters, id: str) -> Standard:
    return charters.standard(id)


def test_the_delivered_charters_have_neither_errors_nor_warnings() -> None:
    assert check_charters(read_folder(CHARTERS)) == []


@pytest.mark.parametrize("institution", PROMISES)
def test_no_promise_of_an_institution_is_left_out(charters: Charters, institution: str) -> None:
    letter, last = PROMISES[institution]
    charter = charters.of(institution)
    promises = {standard.promise for standard in charter.standards(charter.at(TODAY))}
    assert promises == {f"{letter}{number}" for number in range(1, last + 1)}


def test_every_promise_is_either_measured_or_says_why_not(charters: Charters) -> None:
    for charter in charters:
        for standard in charter.standards(1):
            assert (standard.measure is not None) == standard.measurable == (standard.why_not == ""), standard.id
            assert standard.quote


def test_every_measure_scope_and_exemption_is_used_by_some_charter(charters: Charters) -> None:
    standards = [standard for charter in charters for standard in charter.standards(1)]
    assert {type(standard.measure) for standard in standards} - {type(None)} == set(MEASURES)
    assert {standard.scope for standard in standards} - {None} == set(get_args(Scope))
    assert {exemption for standard in standards for exemption in standard.exemptions} == set(get_args(Exemption))
    assert set(EXEMPTIONS) == set(get_args(Exemption))


@pytest.mark.parametrize("id", ["kibo/K4/1", "dcgf/D4/1", "kotra/T7/1"])
def test_three_institutions_answer_before_the_third_ring(charters: Charters, id: str) -> None:
    assert one(charters, id).measure == RingToAnswer(name="ring_to_answer", rings=3)


@pytest.mark.parametrize(
    ("id", "limit", "basis"),
    [
        ("dcgf/D6/1", Limit(1, "hours"), "working_hours_8"),
        ("kibo/K9/1", Limit(10, "days"), "business_days"),
        ("kibo/K11/1", Limit(5, "days"), "working_hours_8"),
        ("kibo/K13/1", Limit(1, "days"), "working_hours_8"),
        ("dcgf/D16/1", Limit(7, "days"), "business_days"),
        ("dcgf/D11/1", AT_ONCE, "working_hours_8"),
        ("kotra/T12/1", Limit(48, "hours"), "calendar_hours"),
        ("kotra/T13/1", Limit(7, "days"), "business_days"),
    ],
)
def test_the_limits_are_those_of_the_documents(charters: Charters, id: str, limit: Limit, basis: str) -> None:
    standard = one(charters, id)
    assert standard.measure is not None
    assert (standard.measure.limit, standard.basis) == (limit, basis)


def test_at_once_is_three_working_hours_and_a_working_day_has_eight() -> None:
    assert AT_ONCE.working_minutes == 3 * 60
    assert Limit(5, "days").working_minutes == 5 * 8 * 60
    assert [str(limit) for limit in (AT_ONCE, Limit(1, "hours"), Limit(7, "days"))] == ["immediate", "1 hour", "7 days"]


def test_the_parts_to_be_said_are_those_of_the_documents(charters: Charters) -> None:
    title = one(charters, "dcgf/D5/1").measure
    officer = one(charters, "kotra/T10/1").measure
    memo = one(charters, "dcgf/D6.memo/1").measure
    assert isinstance(title, IdentityAnnounced)
    assert isinstance(officer, TransferAnnounced)
    assert isinstance(memo, MemoComplete)
    assert title.parts == ("greeting", "institution", "department", "name", "title")
    assert officer.parts == ("department", "name", "number")
    assert memo.parts == ("name", "number", "content")


def test_a_line_announces_what_its_charter_promises(charters: Charters) -> None:
    lines = load_lines(read_folder(LINES), load_texts(read_folder(MESSAGES)))
    for id in ("kibo/K5/1", "dcgf/D5/1", "kotra/T8/1"):
        measure = one(charters, id).measure
        assert isinstance(measure, IdentityAnnounced)
        promised = set(measure.parts) - {"greeting"}
        line = lines.by_id(id.split("/", maxsplit=1)[0])
        assert promised <= set(line.announcement.requires), id


def test_every_line_has_a_charter_of_the_same_id(charters: Charters) -> None:
    lines = load_lines(read_folder(LINES), load_texts(read_folder(MESSAGES)))
    assert {line.id for line in lines} == {charter.institution for charter in charters}


def test_web_questions_have_one_limit_each_though_the_documents_differ(charters: Charters) -> None:
    limits = {
        standard.id: standard.measure.within
        for charter in charters
        for standard in charter.standards(1)
        if isinstance(standard.measure, AnsweredWithin)
        and {"inquiry"} <= set(standard.applies.kinds)
        and "web" in standard.applies.channels
    }
    assert limits.pop("kibo/K12/1") == Limit(3, "days")
    assert limits.keys() == {"kotra/T4/1", "kotra/T5/1", "kotra/T6/1"}
    assert set(limits.values()) == {Limit(48, "hours")}


def test_promotion_and_trade_in_are_advertising(charters: Charters) -> None:
    measure = one(charters, "ascentre/A20/1").measure
    assert isinstance(measure, SurveyKindDeclared)
    assert len(measure.kinds) == 7
    assert measure.advertising == ("promotion", "trade_in")


def test_the_version_in_force_is_found_by_the_day(charters: Charters) -> None:
    ksure = charters.of("ksure")
    assert ksure.at(date(2019, 12, 26)) == 1
    with pytest.raises(UnknownCharter, match="no charter in force on 2019-12-25: known are 1"):
        ksure.at(date(2019, 12, 25))


def test_what_is_not_there_is_named_with_what_is(charters: Charters) -> None:
    with pytest.raises(UnknownCharter, match=r"'kibbo': known are .*kibo"):
        charters.of("kibbo")
    with pytest.raises(UnknownCharter, match="no version 7"):
        charters.of("kibo").standards(7)
    with pytest.raises(UnknownCharter, match="kibo/K99/1"):
        charters.standard("kibo/K99/1")
