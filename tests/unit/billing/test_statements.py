"""Statements: made once, after the month; what is late or corrected stands on later ones; lines open to their rows."""

import threading
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from ivr.billing.correcting import Wrong, correct
from ivr.billing.drawing import DAYS_WITHOUT_CONTRACT, NO_CONTRACT
from ivr.billing.noting import note_calls
from ivr.billing.prices import Draft, price_history, publish_prices
from ivr.billing.refusing import BillRefused
from ivr.billing.rows import Correction, LineKind, PriceList, Statement
from ivr.billing.statements import close_month, statements_of
from ivr.calls.rows import Call
from ivr.campaigns.rows import ChargeState
from ivr.firms.rows import Contract
from ivr.lines.hours import SEOUL
from ivr.store import Store
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.billing.stage import (
    AFTER_NOVEMBER,
    AFTER_OCTOBER,
    HANBIT,
    LINE,
    NOVEMBER,
    NURI,
    OCTOBER,
    Stage,
    noon,
    rows_behind,
    shape,
)
from tests.unit.billing.test_reckoning import DEARER, PRICES

DAY = date(2026, 10, 14)


@pytest.fixture
def stage(engine: Engine) -> Stage:
    return Stage(Store(engine))


def refusal(stage: Stage, month: str, at: datetime) -> str:
    with pytest.raises(BillRefused) as refused:
        stage.close(month, at)
    return refused.value.rule


def corrected(stage: Stage, id: str, ordinal: int, owed: int, reason: str = "잘못 셈") -> Correction:
    with stage.store.transaction() as session:
        return correct(session, LINE.id, Wrong(id, ordinal, owed, reason), by="test", at=AFTER_OCTOBER)


def test_a_month_is_closed_once_and_says_what_each_firm_owes(stage: Stage) -> None:
    stage.contract(HANBIT)
    stage.contract(NURI, first=date(2026, 10, 17))
    stage.calls(201, DAY)
    stage.dial("l-1", DAY, ChargeState.BILLABLE)
    stage.dial("l-2", DAY, ChargeState.FREE, is_free=True)
    for id in ("l-1", "l-2"):
        stage.note_dial(id, at=noon(DAY))
    before = stage.bill(OCTOBER)
    closed = stage.close(OCTOBER, AFTER_OCTOBER)
    assert [one.id for one in closed.made] == ["ascentre-hanbit-2026-10", "ascentre-nuri-2026-10"]
    again = stage.close(OCTOBER, AFTER_OCTOBER + timedelta(days=1))
    assert (again.made, again.stood) == ((), 2)
    bill = stage.bill(OCTOBER)
    assert bill.is_closed
    assert bill.lines == before.lines
    assert shape(bill) == [
        ("service", 201, 750_000, 225_000),
        ("base", 31, 50_000, 50_000),
        ("answers", 1, 1500, 1500),
        ("happy", 1, 0, 0),
        ("minutes", 402, 16_080, 0),
    ]
    assert (bill.total.owed, bill.total.support) == (276_500, 541_080)
    nuri = stage.bill(OCTOBER, firm=NURI)
    assert shape(nuri) == [("service", 0, 0, 0), ("base", 15, 24_193, 24_193)]
    with stage.reading() as session:
        assert [one.month for one in statements_of(session, LINE.id, HANBIT)] == [OCTOBER]
        assert len(rows_behind(session, "ascentre-hanbit-2026-10", 1)) == 201
        assert rows_behind(session, "ascentre-hanbit-2026-10", 2) == []


@ON_SQLITE
def test_a_month_is_closed_only_when_it_is_over_and_all_its_calls_have_ended(stage: Stage) -> None:
    stage.contract()
    assert refusal(stage, OCTOBER, datetime(2026, 10, 31, 23, 59, tzinfo=SEOUL)) == "month_open"
    assert refusal(stage, "2026-13", AFTER_OCTOBER) == "bad_month"
    with stage.store.transaction() as session:
        session.add(Call(id="c1", line=LINE.id, carrier_sid="s", dialled="", receipt_number="r", arrived_at=noon(DAY)))
    assert refusal(stage, OCTOBER, AFTER_OCTOBER) == "calls_going_on"
    with stage.store.transaction() as session:
        session.get_one(Call, "c1").ended_at = noon(DAY)
    assert refusal(stage, OCTOBER, AFTER_OCTOBER) == "calls_uncounted"
    stage.called("c1", DAY)
    assert len(stage.close(OCTOBER, AFTER_OCTOBER).made) == 1


def test_usage_of_a_closed_month_stands_on_the_next_statement_as_late(stage: Stage) -> None:
    stage.contract()
    stage.calls(200, DAY)
    stage.close(OCTOBER, AFTER_OCTOBER)
    stage.called("late", DAY, seconds=10)
    stage.note("late", at=noon(DAY))
    assert shape(stage.bill(OCTOBER))[0] == ("service", 200, 375_000, 112_500)
    stage.close(NOVEMBER, AFTER_NOVEMBER)
    november = stage.bill(NOVEMBER)
    assert shape(november)[:2] == [("service", 0, 0, 0), ("base", 30, 50_000, 50_000)]
    assert [(line.detail["of"], line.amount.quantity, line.amount.owed) for line in november.lines[2:]] == [
        ("service", 1, 112_500),
        ("minutes", 1, 0),
    ]
    with stage.reading() as session:
        assert [row.source for row in rows_behind(session, "ascentre-hanbit-2026-11", 3)] == ["late"]
        assert len(rows_behind(session, "ascentre-hanbit-2026-10", 1)) == 200
    # It is billed now: the month after has nothing of it.
    assert len(stage.bill("2026-12", at=AFTER_NOVEMBER + timedelta(days=1)).lines) == 2


@ON_SQLITE
def test_usage_without_a_contract_is_named_and_billed_once_there_is_one(stage: Stage) -> None:
    stage.contract(NURI)
    stage.calls(3, DAY)
    closed = stage.close(OCTOBER, AFTER_OCTOBER)
    assert dict(closed.faults) == {HANBIT: (NO_CONTRACT,)}
    assert [one.firm for one in closed.made] == [NURI]
    assert stage.bill(OCTOBER).faults == (NO_CONTRACT,)
    stage.contract(HANBIT, first=date(2026, 10, 15), signed_at=AFTER_OCTOBER)
    assert stage.bill(OCTOBER).faults == (DAYS_WITHOUT_CONTRACT,)
    assert [one.firm for one in stage.close(OCTOBER, AFTER_OCTOBER).made] == [HANBIT]
    assert stage.bill(OCTOBER).total.owed == 112_500 * 17 // 31 + 50_000 * 17 // 31


@ON_SQLITE
def test_a_contract_that_was_ended_before_a_billed_month_was_over_is_made_good(stage: Stage) -> None:
    stage.contract()
    stage.calls(1, DAY)
    stage.close(OCTOBER, AFTER_OCTOBER)
    with stage.store.transaction() as session:
        session.scalars(select(Contract)).one().ended_on = DAY
    stage.close(NOVEMBER, AFTER_NOVEMBER)
    november = stage.bill(NOVEMBER)
    assert {line.kind for line in november.lines} == {LineKind.LATE}
    assert november.total.owed == (112_500 * 14 // 31 - 112_500) + (50_000 * 14 // 31 - 50_000)
    assert stage.bill("2026-12").lines == ()


@ON_SQLITE
def test_a_correction_is_an_entry_on_the_next_statement_and_takes_off_no_more_than_is_owed(stage: Stage) -> None:
    stage.contract()
    stage.calls(1, DAY)
    stage.close(OCTOBER, AFTER_OCTOBER)
    id = "ascentre-hanbit-2026-10"
    corrected(stage, id, 1, -100_000)
    with pytest.raises(BillRefused, match=r"owes 112,500 won, 12,500 after earlier") as refused:
        corrected(stage, id, 1, -12_501)
    assert refused.value.rule == "correction_beyond"
    corrected(stage, id, 1, -12_500)
    corrected(stage, id, 2, 700)
    for wrong, rule in [
        ((id, 1, 0), "correction_none"),
        ((id, 9, 1), "unknown_line"),
        (("ascentre-hanbit-2026-09", 1, 1), "unknown_statement"),
        ((id, 1, 5, " "), "no_reason"),
    ]:
        with pytest.raises(BillRefused) as refused:
            corrected(stage, *wrong)  # type: ignore[arg-type]
        assert refused.value.rule == rule
    assert stage.bill(OCTOBER).total.owed == 162_500
    stage.close(NOVEMBER, AFTER_NOVEMBER)
    assert [line.amount.owed for line in stage.bill(NOVEMBER).lines if line.kind is LineKind.CORRECTION] == [
        -100_000,
        -12_500,
        700,
    ]
    with stage.reading() as session:
        assert set(session.scalars(select(Correction.billed_in))) == {"ascentre-hanbit-2026-11"}
    ordinal = len(stage.bill(NOVEMBER).lines)
    with pytest.raises(BillRefused, match="is a correction itself"):
        corrected(stage, "ascentre-hanbit-2026-11", ordinal, 5)


@ON_SQLITE
def test_what_came_late_to_a_line_is_part_of_what_a_correction_may_take_off(stage: Stage) -> None:
    stage.contract()
    stage.calls(1, DAY)
    for name in ("d-1", "d-2"):
        stage.dial(name, DAY, ChargeState.BILLABLE)
        stage.note_dial(name, at=noon(DAY))
    stage.close(OCTOBER, AFTER_OCTOBER)
    id, answers = "ascentre-hanbit-2026-10", 3
    stage.dial("d-2", DAY, ChargeState.VOID)
    stage.note_dial("d-2", at=AFTER_OCTOBER)
    stage.close(NOVEMBER, AFTER_NOVEMBER)
    (late,) = (line for line in stage.bill(NOVEMBER).lines if line.kind is LineKind.LATE)
    assert late.amount.owed == -1_500
    with pytest.raises(BillRefused, match=r"owes 3,000 won, 1,500 after") as refused:
        corrected(stage, id, answers, -1_501)
    assert refused.value.rule == "correction_beyond"
    corrected(stage, id, answers, -1_500)
    # More that comes late is on a line of its own, and no line gives back more than it has.
    stage.dial("d-3", DAY, ChargeState.BILLABLE)
    stage.note_dial("d-3", at=AFTER_NOVEMBER)
    stage.close("2026-12", datetime(2027, 1, 1, 4, tzinfo=SEOUL))
    december = stage.bill("2026-12")
    place = 1 + next(number for number, line in enumerate(december.lines) if line.kind is LineKind.LATE)
    corrected(stage, "ascentre-hanbit-2026-12", place, -1_500)
    for again in ((id, answers), ("ascentre-hanbit-2026-12", place)):
        with pytest.raises(BillRefused, match="0 after"):
            corrected(stage, *again, -1)


def test_prices_wait_for_a_month_that_is_being_closed_and_are_then_refused_in_it(postgresql_engine: Engine) -> None:
    stage, told = Stage(Store(postgresql_engine)), []
    stage.contract()
    stage.calls(1, DAY)

    def publishing() -> None:
        try:
            publish(stage, DAY)
        except BillRefused as refused:
            told.append(refused.rule)

    threads = [threading.Thread(target=publishing) for _ in range(2)]
    with stage.store.transaction() as session:
        close_month(session, LINE, OCTOBER, by="test", at=AFTER_OCTOBER)
        for thread in threads:
            thread.start()
        threads[0].join(0.3)
    for thread in threads:
        thread.join(10)
    assert told == ["price_billed"] * 2
    threads = [threading.Thread(target=publish, args=(stage, date(2026, 12, 1))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    with stage.reading() as session:
        assert sorted(session.scalars(select(PriceList.version))) == [1, 2, 3]


def publish(stage: Stage, since: date, until: date | None = None, reason: str = "인건비 조정") -> PriceList:
    with stage.store.transaction() as session:
        return publish_prices(session, LINE, Draft(since, DEARER, reason, until), by="test", at=AFTER_OCTOBER)


@ON_SQLITE
def test_prices_leave_no_gap_and_never_change_what_was_billed(stage: Stage) -> None:
    stage.contract()
    assert (publish(stage, date(2026, 11, 16)).version, publish(stage, date(2026, 12, 1)).version) == (1, 2)
    with stage.reading() as session:
        history = price_history(session, LINE)
    assert [history.listed_on(day).version for day in (DAY, date(2026, 11, 16), date(2027, 1, 1))] == [0, 1, 2]
    with pytest.raises(BillRefused, match=r"no list of prices holds on 2017-12-31.*publish a list"):
        history.on(date(2017, 12, 31))
    assert publish(stage, date(2026, 11, 20), date(2026, 11, 30)).version == 3
    stage.close(OCTOBER, AFTER_OCTOBER)
    for arguments, rule in [
        ((date(2026, 10, 31),), "price_billed"),
        ((date(2026, 11, 20), date(2026, 11, 29)), "price_gap_after"),
        ((date(2027, 1, 1), date(2027, 1, 31)), "price_gap_after"),
        ((date(2026, 11, 20), date(2026, 12, 1)), "price_overlap"),
        ((date(2026, 11, 20), None, "."), "no_reason"),
        ((date(2026, 11, 20), date.max), "far_day"),
    ]:
        with pytest.raises(BillRefused) as refused:
            publish(stage, *arguments)  # type: ignore[arg-type]
        assert refused.value.rule == rule


@ON_SQLITE
def test_a_day_under_contract_without_prices_keeps_the_month_from_being_closed(stage: Stage) -> None:
    stage.contract(first=date(2017, 12, 1), last=date(2018, 11, 30))
    assert refusal(stage, "2017-12", AFTER_OCTOBER) == "price_gap"
    with stage.store.transaction() as session:
        assert session.scalars(select(Statement)).all() == []


@ON_SQLITE
def test_of_two_lists_from_one_day_the_later_one_holds(stage: Stage) -> None:
    publish(stage, date(2026, 11, 16))
    with stage.store.transaction() as session:
        publish_prices(session, LINE, Draft(date(2026, 11, 16), PRICES, "고침"), by="t", at=AFTER_OCTOBER)
        assert price_history(session, LINE).on(date(2026, 11, 20)) == PRICES


def test_closing_waits_for_those_who_are_noting_and_counts_what_they_noted(postgresql_engine: Engine) -> None:
    stage = Stage(Store(postgresql_engine))
    stage.contract()
    stage.called("c1", DAY)
    closing = threading.Thread(target=stage.close, args=(OCTOBER, AFTER_OCTOBER))
    with stage.store.transaction() as session:
        note_calls(session, ["c1"], line=LINE, at=noon(DAY))
        closing.start()
        closing.join(0.3)
        assert closing.is_alive()
    closing.join(10)
    assert shape(stage.bill(OCTOBER))[0] == ("service", 1, 375_000, 112_500)


def test_two_who_close_a_month_at_once_make_one_statement(stage: Stage) -> None:
    stage.contract()
    stage.calls(1, DAY)
    threads = [threading.Thread(target=stage.close, args=(OCTOBER, AFTER_OCTOBER)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    with stage.reading() as session:
        assert session.scalar(select(func.count()).select_from(Statement)) == 1
