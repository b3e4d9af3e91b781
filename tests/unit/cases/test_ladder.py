"""The ladder of a due date: every rung once, at its minute, before the date; and no date passes in silence."""

from collections import Counter
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, update

from ivr.cases.acting import Telling, answer, ask_customer, direct, withdraw
from ivr.cases.clocks import Sort, clocks_of
from ivr.cases.ladder import notice_at, rungs
from ivr.cases.lateness import Slip, late
from ivr.cases.rows import CaseState, ReplyBy
from ivr.cases.taking import CHANNELS, KINDS, Customer
from ivr.directory.rows import Absence, AbsenceReason
from ivr.lines.hours import SEOUL, Open, is_open
from ivr.messages.rows import Message
from ivr.promises import PromiseRow
from tests.sizes import examples
from tests.store_fixtures.databases import empty
from tests.unit.cases.desk import Desk, installed, line_of, seoul

MINUTES = st.integers(min_value=0, max_value=400 * 24 * 60)
LINES = st.sampled_from(["kibo", "kotra", "dcgf", "ksure", "ascentre"])
SORTS = st.builds(Sort, st.sampled_from(KINDS), st.sampled_from(CHANNELS))


def moment(minutes: int) -> datetime:
    return seoul("2026-01-01 00:00") + timedelta(minutes=minutes)


def test_the_rungs_of_three_working_days(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take("inquiry", "web")
    desk.until("2026-11-26 10:01")
    reminded = [(fact.detail["step"], fact.received_at.astimezone(SEOUL)) for fact in desk.of(id, "reminded")]
    # Half time falls into the night and is brought forward; so is the last hour before Thursday's opening.
    assert reminded == [
        ("half-time", seoul("2026-11-24 17:00")),
        ("1 day", seoul("2026-11-25 10:00")),
        ("2 hours", seoul("2026-11-25 17:00")),
    ]
    (told,) = desk.of(id, "late-told")
    assert told.received_at == seoul("2026-11-26 08:00")
    assert datetime.fromisoformat(told.detail["before"]) == seoul("2026-11-26 10:00")
    (slipped,) = desk.of(id, "slipped")
    assert slipped.detail["told"] is True
    assert desk.case(id).due_at == seoul("2026-12-01 10:00")
    assert sum("답변이 늦어져 죄송합니다" in body for body in desk.bodies()) == 1


@given(line=LINES, sort=SORTS, minutes=MINUTES)
def test_every_rung_is_at_work_before_the_date_and_the_notice_is_by_day(line: str, sort: Sort, minutes: int) -> None:
    institution, since = installed(line_of(line)), moment(minutes)
    due = clocks_of(institution, sort, since)[0].due_at
    found = rungs(institution, since=since, due=due)
    assert all(since < rung.at < due for rung in found)
    assert [rung.at for rung in found] == sorted({rung.at for rung in found})
    assert all(isinstance(is_open(institution.line, institution.calendar, rung.at), Open) for rung in found)
    notice = notice_at(institution, since=since, due=due)
    assert since <= notice < due
    assert notice == since or 8 <= notice.astimezone(SEOUL).hour < 21


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    line=LINES,
    sort=SORTS,
    minutes=MINUTES,
    after=st.integers(min_value=0, max_value=12 * 24 * 60),
    act=st.sampled_from(["nothing", "answer", "direct", "ask", "withdraw"]),
)
def test_no_case_passes_its_date_without_an_answer_or_a_notice_before(
    sqlite_engine: Engine, line: str, sort: Sort, minutes: int, after: int, act: str
) -> None:
    empty(sqlite_engine)
    begin = moment(minutes)
    desk = Desk.over(sqlite_engine, line, at=f"{begin:%Y-%m-%d %H:%M}")
    id = desk.take(sort.kind, sort.channel)
    desk.until(begin + timedelta(minutes=after))
    _act(desk, id, act)
    end = begin + timedelta(days=21)
    desk.until(end)
    story = desk.story(id)
    assert [fact for fact in story if fact.kind == "slipped" and not fact.detail["told"]] == []
    case = desk.case(id)
    late = case.answered_at is None or case.answered_at >= case.first_due_at
    told = [fact for fact in story if fact.kind in {"late-told", "directed"} and fact.received_at < case.first_due_at]
    assert told or not late or case.state is CaseState.WITHDRAWN
    reminders = Counter((fact.detail["step"], fact.received_at) for fact in story if fact.kind == "reminded")
    assert all(count == 1 for count in reminders.values())
    over = case.answered_at or case.closed_at
    assert over is None or all(fact.received_at <= over for fact in story if fact.kind in {"reminded", "late-told"})


def test_a_customer_to_whom_letters_are_written_is_told_by_the_officer_and_the_supervisor_is_called(
    engine: Engine,
) -> None:
    desk = Desk.over(engine)
    id = desk.take("complaint", "post", customer=Customer("홍길동", None, "대전광역시 서구 1"))
    desk.until("2026-11-26 10:01")
    assert [fact.detail["why"] for fact in desk.of(id, "escalated")] == ["customer-to-be-told", "overdue"]
    assert [fact.detail["notice"] for fact in desk.of(id, "telling-owed")] == ["received", "late"]
    assert [fact.detail["told"] for fact in desk.of(id, "slipped")] == [False]
    desk.until("2026-11-28 10:01")
    assert [fact.detail["why"] for fact in desk.of(id, "escalated")][2:] == ["overdue", "overdue"]


def test_a_promise_that_is_kept_twice_changes_nothing(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take()
    desk.until("2026-11-26 10:01")
    before, bodies = desk.story(id), desk.bodies()
    with desk.works.store.transaction() as session:
        session.execute(
            update(PromiseRow)
            .where(PromiseRow.kind.in_(("case-remind", "case-notice", "case-due")), PromiseRow.done_at.is_not(None))
            .values(done_at=None, handed_at=None, started_at=None)
        )
    desk.until("2026-11-26 10:02")
    assert desk.story(id) == before
    assert desk.bodies() == bodies


def test_an_absent_officer_is_stood_in_for(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take()
    with desk.works.store.transaction() as session:
        session.add(
            Absence(
                officer_id="o1",
                starts_at=seoul("2026-11-24 09:00"),
                ends_at=seoul("2026-12-31 09:00"),
                reason=AbsenceReason.TRIP,
            )
        )
    desk.until("2026-11-26 09:59")
    assert {fact.detail["officer"] for fact in desk.of(id, "reminded")} == {"o2"}
    assert [fact.detail["reason"] for fact in desk.of(id, "late-told")] == ["officer_absent"]


def test_a_near_date_leaves_half_of_the_time_to_answer(engine: Engine) -> None:
    desk = Desk.over(engine, "kotra")
    id = desk.take("complaint", "web")
    desk.do(direct, id, "확인하겠습니다.", until=seoul("2026-11-23 12:00"))
    desk.until("2026-11-23 10:59")
    assert desk.of(id, "late-told") == []
    desk.until("2026-11-23 11:00")
    (told,) = desk.of(id, "late-told")
    assert datetime.fromisoformat(told.detail["before"]) == seoul("2026-11-23 12:00")


def test_a_date_that_holds_again_after_it_slipped_is_noticed_again(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take("inquiry", "web")
    due = desk.case(id).due_at
    desk.until("2026-11-26 08:30")
    assert len(desk.of(id, "late-told")) == 1
    desk.do(direct, id, "오늘 답변드리겠습니다.", until=due)
    assert desk.case(id).due_at == due
    desk.until("2026-11-26 10:01")
    assert len(desk.of(id, "late-told")) == 2
    assert desk.case(id).due_at > due
    assert "overdue" not in [fact.detail["why"] for fact in desk.of(id, "escalated")]


def test_a_letter_about_a_slip_that_nobody_wrote_is_the_supervisors(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take("complaint", "post", customer=Customer("홍길동", None, "대전광역시 서구 1"))
    desk.do(late, id, Slip("workload", seoul("2026-12-03 18:00")))
    desk.until("2026-11-26 10:01")
    assert [fact.detail["told"] for fact in desk.of(id, "slipped")] == [False]
    assert [fact.detail["why"] for fact in desk.of(id, "escalated")] == ["customer-not-told"]


def test_a_letter_about_a_slip_that_was_written_in_time_is_enough(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take("complaint", "post", customer=Customer("홍길동", None, "대전광역시 서구 1"))
    desk.do(late, id, Slip("workload", seoul("2026-12-03 18:00")), telling=Telling(ReplyBy.POST))
    desk.until("2026-11-26 10:01")
    assert [fact.detail["told"] for fact in desk.of(id, "slipped")] == [True]
    assert desk.of(id, "escalated") == []


def test_officers_are_not_woken_either(engine: Engine) -> None:
    desk = Desk.over(engine, "ksure", at="2026-11-23 10:00")
    id = desk.take("complaint", "post", customer=Customer("홍길동", None, "서울특별시 종로구 1"))
    assert desk.case(id).due_at.astimezone(SEOUL).hour == 0
    desk.until("2026-12-05 00:00")
    assert "overdue" in [fact.detail["why"] for fact in desk.of(id, "escalated")]
    with desk.works.store.reading() as session:
        hours = [written.astimezone(SEOUL).hour for written in session.scalars(select(Message.written_at))]
    assert hours
    assert all(8 <= hour < 21 for hour in hours)


def _act(desk: Desk, id: str, act: str) -> None:
    match act:
        case "answer":
            desk.do(answer, id, "조치하였습니다.")
        case "direct":
            desk.do(direct, id, "확인하겠습니다.", until=desk.works.clock.at + timedelta(days=9))
        case "ask":
            desk.do(ask_customer, id, "계약서")
        case "withdraw":
            desk.do(withdraw, id)
        case _:
            return
