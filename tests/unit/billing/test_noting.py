"""Usage is noted once: told twice, late, in any order, by several at once; and what it rests on counts to the same."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from ivr.billing.mark import counting_moment
from ivr.billing.noting import note, note_text
from ivr.billing.recounting import recount, recounted
from ivr.billing.rows import Usage, UsageKind
from ivr.billing.sources import Source
from ivr.calls.rows import Call
from ivr.campaigns import money
from ivr.campaigns.rows import Charge, ChargeState
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.messages.rows import Message, MessageAttempt
from ivr.messages.states import AttemptOutcome, MessageState
from ivr.numbers import PhoneNumber
from ivr.promises import PromiseRow
from ivr.reports.quarters import Month
from ivr.store import Store
from ivr.surveys.rows import Disposition, Interview, InterviewOrigin
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.billing.stage import HANBIT, LINE, NURI, Stage, noon
from tests.unit.campaigns import campaigning

DAY = date(2026, 10, 14)
AT = noon(DAY)
OCTOBER = Month(2026, 10)


@pytest.fixture
def stage(engine: Engine) -> Stage:
    return Stage(Store(engine))


def rows(stage: Stage) -> list[tuple[str, str, int]]:
    with stage.reading() as session:
        return [(row.key, row.firm, row.quantity) for row in session.scalars(select(Usage).order_by(Usage.key))]


def sums(stage: Stage) -> dict[tuple[str, str], int]:
    counted: dict[tuple[str, str], int] = {}
    for key, firm, quantity in rows(stage):
        name = "/".join(key.split("/")[:2])
        counted[name, firm] = counted.get((name, firm), 0) + quantity
    return {name: quantity for name, quantity in counted.items() if quantity}


def test_a_call_counts_once_and_what_is_told_later_is_a_difference(stage: Stage) -> None:
    stage.called("c1", DAY, seconds=None)
    assert stage.note("c1", at=AT) == 1
    assert stage.note("c1", at=AT) == 0
    stage.called("c1", DAY, seconds=121)
    assert stage.note("c1", at=AT + timedelta(minutes=1)) == 1
    stage.called("c1", DAY, seconds=59)
    stage.note("c1", at=AT + timedelta(minutes=2))
    assert rows(stage) == [("call/c1", HANBIT, 1), ("minute/c1", HANBIT, 3), ("minute/c1/2", HANBIT, -2)]
    stage.called("c1", DAY, firm=NURI)
    stage.note("c1", at=AT + timedelta(minutes=3))
    assert sums(stage) == {("call/c1", NURI): 1, ("minute/c1", NURI): 2}
    stage.called("c1", DAY, firm=NURI, is_answered=False)
    stage.note("c1", at=AT + timedelta(minutes=4))
    assert sums(stage) == {}


@ON_SQLITE
def test_calls_of_no_firm_and_calls_that_nobody_answered_are_no_usage(stage: Stage) -> None:
    stage.called("c1", DAY, firm="")
    stage.called("c2", DAY, is_answered=False)
    assert stage.note("c1", "c2", at=AT) == 0
    with stage.reading() as session:
        assert session.scalars(select(PromiseRow)).all() == []


@ON_SQLITE
def test_the_month_of_a_usage_is_that_in_seoul_and_its_end_is_promised_once(stage: Stage) -> None:
    late = datetime(2026, 10, 31, 23, 59, tzinfo=SEOUL)
    source = Source(UsageKind.TEXT, "m1", LINE.id, HANBIT, 1, late)
    with stage.store.transaction() as session:
        note(session, LINE.id, [source], at=late)
        note(session, LINE.id, [Source(UsageKind.TEXT, "m2", LINE.id, HANBIT, 1, late)], at=late)
    with stage.reading() as session:
        assert {(row.month, row.day) for row in session.scalars(select(Usage))} == {("2026-10", date(2026, 10, 31))}
        (promise,) = session.scalars(select(PromiseRow))
        assert promise.due_at == datetime(2026, 11, 1, 4, tzinfo=SEOUL)


def test_many_who_note_the_same_at_once_note_it_once(stage: Stage) -> None:
    stage.called("c1", DAY)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda number: stage.note("c1", at=AT + timedelta(seconds=number)), range(8)))
    assert sums(stage) == {("call/c1", HANBIT): 1, ("minute/c1", HANBIT): 2}
    assert len(rows(stage)) == 2


@ON_SQLITE
def test_what_is_noted_after_a_count_is_later_than_it_whatever_the_clock_says(stage: Stage) -> None:
    with stage.store.transaction() as session:
        until = counting_moment(session, LINE.id, at=AT)
        assert counting_moment(session, LINE.id, at=AT - timedelta(hours=1)) == until
    stage.called("c1", DAY)
    stage.note("c1", at=AT - timedelta(minutes=5))
    with stage.reading() as session:
        assert all(row.noted_at > until for row in session.scalars(select(Usage)))


@ON_SQLITE
def test_complete_answers_count_by_the_day_of_their_dial_and_happy_calls_apart(stage: Stage) -> None:
    stage.dial("l-1", DAY, ChargeState.VOID)
    assert stage.note_dial("l-1", at=AT) == 0
    stage.dial("l-1", DAY, ChargeState.BILLABLE)
    assert stage.note_dial("l-1", at=AT + timedelta(days=40)) == 1
    assert stage.note_dial("l-1", at=AT + timedelta(days=41)) == 0
    stage.dial("l-2", DAY, ChargeState.FREE, is_free=True)
    stage.note_dial("l-2", at=AT)
    assert rows(stage) == [("answer/l-1", HANBIT, 1), ("happy/l-2", HANBIT, 1)]
    with stage.reading() as session:
        assert {row.month for row in session.scalars(select(Usage))} == {"2026-10"}


def test_settling_a_dial_notes_it_and_settling_it_again_does_not(stage: Stage) -> None:
    stage.dial("l-1", DAY, ChargeState.RESERVED)
    stage.dial("l-2", DAY, ChargeState.RESERVED)
    for _ in range(2):
        with stage.store.transaction() as session:
            money.settle(session, "l-1", Disposition.COMPLETED, at=AT)
            money.settle(session, "l-2", Disposition.PARTIAL, at=AT)
    assert rows(stage) == [("answer/l-1", HANBIT, 1)]
    with stage.reading() as session:
        assert session.get_one(Charge, "l-2").state is ChargeState.VOID


def text(stage: Stage, id: str, subject: str, *outcomes: AttemptOutcome, line: Line = LINE) -> None:
    """A message of which providers said so, noted as often as one of them took it."""
    with stage.store.transaction() as session:
        message = Message(
            id=id,
            subject=subject,
            line=LINE.id,
            template="survey-link/1",
            recipient=PhoneNumber.parse("010-1000-0001"),
            recipient_index="i",
            body="...",
            state=MessageState.QUEUED,
            rank=1,
            attempts=len(outcomes),
            written_at=AT,
            worth_until=AT,
        )
        session.add(message)
        session.flush()
        for ordinal, outcome in enumerate(outcomes, start=1):
            at = AT + timedelta(minutes=ordinal)
            session.add(
                MessageAttempt(message_id=id, ordinal=ordinal, provider="a", made_at=at, outcome=outcome, closed_at=at)
            )
            if outcome is AttemptOutcome.ACCEPTED:
                note_text(session, message, line=line, at=at)


@ON_SQLITE
def test_texts_of_a_firms_campaign_count_once_they_are_taken(stage: Stage) -> None:
    listed = campaigning.audience(stage.store, range(1, 3), line=LINE.id)
    campaign = campaigning.checked(stage.store, campaigning.draft(listed, questionnaire="ascentre-repair", firm=HANBIT))
    with stage.store.transaction() as session:
        session.add(
            Interview(
                id="l-1",
                questionnaire="ascentre-repair",
                version=1,
                line=LINE.id,
                origin=InterviewOrigin.CAMPAIGN,
                campaign_id=campaign,
                began_at=AT,
                disposition=Disposition.STARTED,
            )
        )
    text(stage, "m1", "interview:l-1", AttemptOutcome.BUSY, AttemptOutcome.ACCEPTED, AttemptOutcome.ACCEPTED)
    text(stage, "m2", "interview:l-1", AttemptOutcome.REFUSED)
    text(stage, "m3", "booking:k1", AttemptOutcome.ACCEPTED)
    assert rows(stage) == [("text/m1", HANBIT, 1)]
    with stage.reading() as session:
        assert session.scalars(select(Usage.happened_at)).one() == AT + timedelta(minutes=2)
        assert list(recounted(session, LINE, OCTOBER)) == []


@ON_SQLITE
def test_texts_of_a_call_to_the_number_of_a_firm_that_is_answered_for_no_more_are_nobodys(stage: Stage) -> None:
    number = LINE.firms[HANBIT].numbers[0]
    for id, firm in (("own", ""), ("before", HANBIT)):
        with stage.store.transaction() as session:
            known = {"line": LINE.id, "carrier_sid": id, "dialled": number, "receipt_number": id, "arrived_at": AT}
            session.add(Call(id=id, firm=firm, **known))
    gone = LINE.firms[HANBIT].model_copy(update={"until": DAY})
    later = LINE.model_copy(update={"firms": {**LINE.firms, HANBIT: gone}})
    text(stage, "m1", "call:own", AttemptOutcome.ACCEPTED, line=later)
    text(stage, "m2", "call:before", AttemptOutcome.ACCEPTED, line=later)
    assert rows(stage) == [("text/m2", HANBIT, 1)]


@ON_SQLITE
def test_counting_again_finds_what_was_missed_and_nothing_else(stage: Stage) -> None:
    stage.calls(2, DAY)
    stage.called("missed", DAY, seconds=30)
    stage.dial("l-1", DAY, ChargeState.BILLABLE)
    with stage.reading() as session:
        found = {(one.kind, one.source, one.quantity) for one in recounted(session, LINE, OCTOBER)}
        assert list(recounted(session, LINE, Month(2026, 9))) == []
    assert found == {(UsageKind.CALL, "missed", 1), (UsageKind.MINUTE, "missed", 1), (UsageKind.ANSWER, "l-1", 1)}
    for expected in (3, 0):
        with stage.store.transaction() as session:
            assert recount(session, LINE, OCTOBER, at=AT) == expected
