"""What a campaign found out: counted once for each person, by group, with scores that can be worked out by hand."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from ivr.campaigns.rows import CampaignDeed
from ivr.store import Store
from ivr.surveys import exporting
from ivr.surveys.exporting import columns, note_export, rows
from ivr.surveys.results import AfterCalls, comments, comments_of_calls, results, results_of_calls
from ivr.surveys.rows import Answer, Disposition, Interview, InterviewOrigin
from tests.unit.surveys.asked import AT, Asking
from tests.unit.surveys.making import comment, happy, made, number, scale, yes_no

SURVEY = made(scale("kindness"), yes_no("solved"), number("calls", 0, 10), comment(), version=1)


@pytest.fixture
def asking(engine: Engine) -> Asking:
    """Ten people in two groups: five completed, one of them at the second try, one partial, four not."""
    made_ = Asking(Store(engine))
    made_.begin(SURVEY)
    for kindness in (5, 4, 4, 3):
        given = {"kindness": kindness, "solved": 1, "calls": 2, "comment": f"의견 {kindness}"}
        made_.add(Disposition.COMPLETED, given, group="north")
    made_.add(Disposition.COMPLETED, {"kindness": 1, "solved": 2, "calls": 10}, group="south", earlier={"kindness": 5})
    made_.add(Disposition.PARTIAL, {"kindness": 3}, group="south")
    made_.add(Disposition.BREAKOFF, {"kindness": 5}, group="south")
    made_.add(Disposition.UNRESPONSIVE, group="south")
    made_.add(Disposition.REFUSED, group="south")
    made_.add(Disposition.EXCLUDED, group="south")
    return made_


def test_each_person_counts_once_and_broken_off_interviews_do_not(asking: Asking) -> None:
    with asking.store.reading() as session:
        found = results(session, asking.campaign, SURVEY)
    kindness, solved, calls = found.whole.questions
    assert [choice.n for choice in kindness.choices] == [1, 0, 2, 2, 1]
    assert kindness.n == 6
    assert kindness.is_small
    # 1, 3, 3, 4, 4, 5: mean 20 / 6.
    assert kindness.mean is not None
    assert kindness.mean.value == pytest.approx(20 / 6)
    assert kindness.score == pytest.approx((20 / 6 - 1) / 4 * 100)
    assert kindness.score is not None
    assert kindness.score_interval is not None
    assert 0 <= kindness.score_interval.low < kindness.score < kindness.score_interval.high <= 100
    assert [choice.n for choice in solved.choices] == [4, 1]
    assert solved.mean is None
    assert calls.mean is not None
    assert calls.mean.value == pytest.approx(18 / 5)


def test_rates_are_of_those_who_may_be_eligible(asking: Asking) -> None:
    with asking.store.reading() as session:
        found = results(session, asking.campaign, SURVEY).whole
    assert found.people == 10
    assert found.rates.minimum == pytest.approx(5 / 9)
    assert found.rates.with_partial == pytest.approx(6 / 9)
    assert found.rates.cooperation == pytest.approx(5 / 8)


def test_groups_have_results_of_their_own_that_add_up(asking: Asking) -> None:
    with asking.store.reading() as session:
        found = results(session, asking.campaign, SURVEY)
    north, south = found.groups
    assert (north.group, south.group) == ("north", "south")
    assert north.people + south.people == found.whole.people
    assert north.questions[0].n + south.questions[0].n == found.whole.questions[0].n
    # All four of the north answered: the mean is what it is.
    mean = north.questions[0].mean
    assert mean is not None
    assert mean.interval is not None
    assert mean.interval.low == mean.interval.high == mean.value == 4


def test_comments_are_those_of_interviews_that_count(asking: Asking) -> None:
    with asking.store.reading() as session:
        found = comments(session, asking.campaign)
        assert len(comments(session, asking.campaign, most=2)) == 2
    assert sorted(one.text or "" for one in found) == ["의견 3", "의견 4", "의견 4", "의견 5"]
    assert {one.group for one in found} == {"north"}


def test_nothing_asked_is_no_result_and_no_error(engine: Engine) -> None:
    asking = Asking(Store(engine))
    asking.begin(happy())
    with asking.store.reading() as session:
        found = results(session, asking.campaign, happy())
        assert comments(session, asking.campaign) == []
        assert list(rows(session, asking.campaign, happy())) == []
    assert found.whole.people == 0
    assert all(question.n == 0 and question.mean is None for question in found.whole.questions)


def test_an_export_has_a_row_for_each_person_piece_by_piece(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    with asking.store.reading() as session:
        whole = list(rows(session, asking.campaign, SURVEY))
        monkeypatch.setattr(exporting, "AT_ONCE", 3)
        assert list(rows(session, asking.campaign, SURVEY)) == whole
    head = columns(SURVEY)
    assert len(whole) == 6
    assert {len(row) for row in whole} == {len(head)}
    first = dict(zip(head, whole[0], strict=True))
    assert first["group"] == "north"
    assert first["disposition"] == "completed"
    assert first["began"] == "2026-11-23 10:02:00"
    assert (first["kindness"], first["kindness (words)"]) == (5, "매우 만족")
    assert (first["calls"], first["comment"]) == (2, "의견 5")
    assert not any("010" in str(cell) for row in whole for cell in row if not str(cell).startswith("l"))


def test_who_exported_and_why_is_kept(asking: Asking) -> None:
    with asking.store.transaction() as session:
        note_export(session, asking.campaign, by="lee", why="연간 보고", at=AT)
    with asking.store.reading() as session:
        deed = session.scalars(select(CampaignDeed)).one()
    assert (deed.event, deed.by, deed.detail) == ("exported", "lee", "연간 보고")


def test_callers_asked_after_their_calls_are_counted_by_agent_within_the_days(engine: Engine) -> None:
    store = Store(engine)
    ends = [Disposition.COMPLETED, Disposition.COMPLETED, Disposition.BREAKOFF, Disposition.COMPLETED]
    with store.transaction() as session:
        for place, disposition in enumerate(ends):
            at = AT + timedelta(days=place)
            interview = Interview(id=f"i-{place}", questionnaire="sample", version=1, line="dcgf", began_at=at)
            interview.origin, interview.call_id = InterviewOrigin.CALL, f"c{place}"
            interview.agent_id, interview.disposition = f"agent-{place % 2}", disposition
            session.add(interview)
            session.add(Answer(interview_id=f"i-{place}", question="kindness", value=place + 1, step=1, answered_at=at))
            session.add(Answer(interview_id=f"i-{place}", question="comment", comment="좋음", step=2, answered_at=at))
    asked = AfterCalls("dcgf", "sample", AT, AT + timedelta(days=3))
    with store.reading() as session:
        found = results_of_calls(session, asked, SURVEY)
        said = comments_of_calls(session, asked)
        everything = results_of_calls(session, AfterCalls("dcgf", "sample"), SURVEY)
        assert results_of_calls(session, AfterCalls("kibo", "sample"), SURVEY).whole.people == 0
    assert [choice.n for choice in found.whole.questions[0].choices] == [1, 1, 0, 0, 0]
    assert [(part.group, part.people) for part in found.groups] == [("agent-0", 2), ("agent-1", 1)]
    assert [(one.interview_id, one.group) for one in said] == [("i-1", "agent-1"), ("i-0", "agent-0")]
    assert everything.whole.questions[0].n == 3
    # Two of endlessly many callers: the interval is as wide as the scale.
    interval = found.whole.questions[0].score_interval
    assert interval is not None
    assert (interval.low, interval.high) == (0, 100)
