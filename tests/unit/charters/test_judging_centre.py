"""A2, A4.peak, A8 to A11, A13 to A16 and A23: what is judged of a shared centre's period, and the same from rows."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config.files import CHARTERS, read_file
from ivr.billing.rows import LineKind, Statement, StatementLine, Usage, UsageKind
from ivr.calls.record import Outcome
from ivr.calls.rows import Call
from ivr.charters.judges.judgement import Judgement
from ivr.charters.model import Standard
from ivr.charters.periods import PeriodView, judge_period
from ivr.charters.reading_centre import months_in
from ivr.charters.reading_periods import period_view
from ivr.charters.reasons import FOLDER, load_reasons
from ivr.charters.view_centre import Agreement, BilledLine, BilledMonth, CentreView, Handed, Member
from ivr.firms.rows import Contract, ContractState, FirmEntry, Security, SecurityKind
from ivr.intake.rows import IntakeMark, IntakeReview
from ivr.repairs.rows import Repair, RepairState, RepairWay
from ivr.store import Store
from tests.unit.charters.tales import charters
from tests.unit.figures.rows_by_hand import call, offer, write

FIRST, LAST, TODAY = date(2026, 10, 1), date(2026, 11, 30), date(2026, 12, 20)
REASONS = load_reasons(read_file(CHARTERS / FOLDER / "ko.toml"))


def standard(key: str) -> Standard:
    return next(one for one in charters().of("ascentre").all if one.key == key)


def judged(key: str, centre: CentreView, *, today: date = TODAY) -> Judgement:
    view = PeriodView(FIRST, LAST, today, date(2026, 1, 1), centre=centre)
    found = judge_period(standard(key), view)
    # What is found can be told to citizens, with every field filled.
    assert "{" not in REASONS.say(found.reason, {})
    return found


OCTOBER, NOVEMBER = "2026-10", "2026-11"
MADE = BilledMonth("s1", "hanbit", OCTOBER, date(2026, 11, 2))
YEAR = Agreement(
    "k1", "hanbit", date(2026, 1, 1), date(2026, 12, 31), None, date(2025, 1, 1), None, 4_700_000, 4_700_000, False
)
BLENDERS = Member("hanbit", ("kitchen",), ())


def line(kind: str, gross: int, owed: int) -> BilledLine:
    return BilledLine("s1", "hanbit", OCTOBER, kind, gross, gross - owed, owed)


SERVICE, BASE = line("service", 3_750_000, 1_125_000), line("base", 50_000, 50_000)


def bills(*lines: BilledLine, made: tuple[BilledMonth, ...] = (MADE,), **more: object) -> CentreView:
    using = {OCTOBER: frozenset({"hanbit"})}
    return CentreView(using=using, statements=made, lines=lines, agreements=(YEAR,), **more)  # type: ignore[arg-type]


def contracts(**changed: object) -> CentreView:
    return CentreView(agreements=(YEAR._replace(**changed),))  # type: ignore[arg-type]


HOURS: Mapping[int, tuple[int, int]] = {9: (10, 61), 10: (90, 183), 11: (60, 122), 14: (50, 122), 15: (40, 122)}
FLAT = {hour: (calls, 122) for hour, (calls, _) in HOURS.items()}


@pytest.mark.parametrize(
    ("key", "centre", "finding", "reason"),
    [
        ("A2", CentreView(right=9, marked=10, right_before=8, marked_before=10), "met", "intake_met"),
        ("A2", CentreView(right=8, marked=10, right_before=8, marked_before=10), "missed", "intake_missed"),
        ("A2", CentreView(right=7, marked=7), "met", "intake_whole"),
        ("A2", CentreView(right=7, marked=8), "indeterminate", "intake_no_earlier"),
        ("A2", CentreView(), "indeterminate", "intake_empty"),
        ("A4.peak", CentreView(hours=HOURS), "met", "peak_met"),
        ("A4.peak", CentreView(hours=FLAT), "missed", "peak_missed"),
        ("A4.peak", CentreView(hours={9: (5, 2)}), "indeterminate", "peak_empty"),
        ("A8", bills(SERVICE, BASE, line("minutes", 800, 0)), "met", "billed_met"),
        ("A8", bills(SERVICE, line("minutes", 800, 800)), "missed", "billed_more"),
        ("A8", bills(SERVICE, made=(MADE._replace(made_on=date(2026, 10, 31)),)), "missed", "billed_early"),
        ("A8", CentreView(using={OCTOBER: frozenset({"hanbit"})}), "missed", "billed_not"),
        ("A8", CentreView(using={NOVEMBER: frozenset({"hanbit"})}), "indeterminate", "billed_waiting"),
        ("A8", CentreView(), "indeterminate", "billed_empty"),
        ("A9", bills(SERVICE, BASE), "met", "split_met"),
        ("A9", bills(line("service", 112_501, 33_750)), "met", "split_met"),
        ("A9", bills(line("service", 112_500, 33_752)), "missed", "split_missed"),
        ("A9", bills(SERVICE._replace(support=2_000_000)), "missed", "split_missed"),
        ("A9", bills(BASE), "indeterminate", "billed_empty"),
        ("A10", bills(SERVICE, BASE), "met", "base_met"),
        ("A10", bills(SERVICE, line("base", 49_000, 49_000)), "missed", "base_missed"),
        ("A10", bills(BASE, BASE), "missed", "base_missed"),
        ("A10", bills(SERVICE), "missed", "base_missed"),
        ("A11", CentreView(load={FIRST: (120, 2), LAST: (121, 3)}), "met", "load_met"),
        ("A11", CentreView(load={FIRST: (120, 2), LAST: (121, 2)}), "missed", "load_missed"),
        ("A11", CentreView(), "indeterminate", "load_empty"),
        ("A13", bills(SERVICE, line("minutes", 800, 0), line("texts", 90, 0)), "met", "free_met"),
        ("A13", bills(SERVICE, line("texts", 90, 90)), "missed", "free_missed"),
        ("A14", contracts(), "met", "term_met"),
        ("A14", contracts(selected_on=date(2023, 12, 31)), "missed", "term_missed"),
        ("A14", contracts(selected_on=date(2023, 12, 31), reviewed_on=date(2026, 1, 1)), "met", "term_met"),
        ("A14", contracts(selected_on=date(2023, 12, 31), ended_on=date(2026, 12, 30)), "met", "term_met"),
        ("A15", CentreView(members=(BLENDERS,)), "met", "eligible_met"),
        ("A15", CentreView(members=(BLENDERS._replace(hindrances=("is_of_group",)),)), "missed", "eligible_missed"),
        ("A15", CentreView(members=(BLENDERS._replace(products=()),)), "missed", "eligible_missed"),
        ("A15", CentreView(), "indeterminate", "no_contract"),
        ("A16", contracts(), "met", "contract_met"),
        ("A16", contracts(last_day=date(2027, 1, 1)), "missed", "contract_long"),
        ("A16", contracts(secured=4_699_999), "missed", "contract_unsecured"),
        ("A16", contracts(secured_late=True), "missed", "contract_unsecured"),
        ("A23", CentreView(repairs=(Handed("p1", True),)), "met", "repairs_met"),
        ("A23", CentreView(repairs=(Handed("p1", True), Handed("p2", False))), "missed", "repairs_missed"),
        ("A23", CentreView(), "indeterminate", "repairs_empty"),
    ],
)
def test_a_centre_is_found(key: str, centre: CentreView, finding: str, reason: str) -> None:
    found = judged(key, centre)
    assert (found.finding.value, found.reason.id) == (finding, f"period.{reason}")


def test_what_may_still_come_is_not_held_against_a_running_period() -> None:
    waiting = CentreView(right=7, marked=8, repairs=(Handed("p2", False),))
    assert judged("A23", waiting, today=LAST).reason.id == "period.repairs_waiting"
    assert judged("A2", waiting, today=LAST).reason.id == "period.intake_running"


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 10, 1), date(2026, 12, 31), ("2026-10", "2026-11", "2026-12")),
        (date(2026, 10, 2), date(2026, 12, 30), ("2026-11",)),
        (date(2026, 10, 2), date(2026, 11, 29), ()),
    ],
)
def test_only_whole_months_have_bills(first: date, last: date, months: tuple[str, ...]) -> None:
    assert months_in((first, last)) == months


def test_a_view_is_read_from_rows_and_nothing_of_other_lines(engine: Engine) -> None:
    store, at = Store(engine), datetime(2026, 11, 2, 3, tzinfo=UTC)
    _centre_rows(store, at)
    rows = []
    for number, (day, hour) in enumerate([(FIRST, 9), (FIRST, 14), (LAST, 10)]):
        row = call(number, line="ascentre", day=day, hour=hour, outcome=Outcome.ANSWERED)
        agents = ("a1", "a2") if number else ("a1",)
        rows.append((row, [offer(row, place, agent=agent) for place, agent in enumerate(agents, start=1)]))
    write(store, rows)
    with store.reading() as session:
        view = period_view(session, "ascentre", first_day=FIRST, last_day=LAST, today=TODAY)
        other = period_view(session, "kibo", first_day=FIRST, last_day=LAST, today=TODAY)
    centre = view.centre
    assert centre is not None
    assert other.centre is None
    assert (centre.right, centre.marked, centre.right_before, centre.marked_before) == (1, 2, 0, 0)
    assert centre.using == {OCTOBER: frozenset({"hanbit"})}
    assert centre.statements == (MADE,)
    assert centre.lines == (SERVICE, BASE)
    assert centre.agreements == (YEAR,)
    assert centre.members == (BLENDERS,)
    assert centre.repairs == (Handed("p1", True), Handed("p2", False))
    assert centre.load == {FIRST: (2, 2), LAST: (1, 2)}
    # The first agent was rung at 9 and at 14 of one day: there in between, and both for one hour of the other.
    assert centre.hours == {9: (1, 1), 10: (1, 3), 11: (0, 1), 12: (0, 1), 13: (0, 1), 14: (1, 2)}
    assert centre.name("hanbit") == "한빛가전"


OF: Mapping[str, str] = {"line": "ascentre", "firm": "hanbit"}


def _centre_rows(store: Store, at: datetime) -> None:
    with store.transaction() as session:
        session.add(_entry(at))
        session.flush()
        term = {"first_day": YEAR.first_day, "last_day": YEAR.last_day, "monthly_calls": 2000}
        for id, stands in (("k1", ContractState.SIGNED), ("k2", ContractState.DRAFT)):
            session.add(Contract(id=id, **OF, **term, state=stands, made_at=at, made_by="lead"))
        bond = {"kind": SecurityKind.BOND, "proof": "B-1", "needed": 4_700_000, "amount": 4_700_000, "noted_by": "lead"}
        session.add(Security(contract_id="k1", due_on=YEAR.first_day, received_on=date(2025, 12, 30), **bond))
        session.add(_used(at))
        won = {"gross": 3_800_000, "support": 2_625_000, "owed": 1_175_000}
        made = {"usage_noted_until": at, "made_at": at, "made_by": "lead"}
        session.add(Statement(id="s1", **OF, month=OCTOBER, **won, **made))
        session.flush()
        for ordinal, (kind, one) in enumerate(((LineKind.SERVICE, SERVICE), (LineKind.BASE, BASE)), start=1):
            part = {"gross": one.gross, "support": one.support, "owed": one.owed}
            session.add(StatementLine(statement_id="s1", ordinal=ordinal, kind=kind, quantity=1, **part))
        for number, (mark, state, reference) in enumerate(INTAKES, start=1):
            _call_rows(session, number, at + timedelta(hours=number), mark)
            session.add(_repair(f"p{number}", at + timedelta(hours=number), state, reference))


INTAKES = (
    (IntakeMark.RIGHT, RepairState.ACCEPTED, "N-1"),
    (IntakeMark.WRONG_KIND, RepairState.ASKED, None),
    (None, RepairState.CANCELLED, None),
)


def _entry(at: datetime) -> FirmEntry:
    return FirmEntry(
        line="ascentre",
        id="hanbit",
        name="한빛가전",
        registration="1234567890",
        products=["kitchen"],
        selected_on=date(2025, 1, 1),
        is_manufacturer=True,
        is_made_here=True,
        is_of_group=False,
        is_regulated=False,
        made_at=at,
        made_by="lead",
    )


def _repair(id: str, at: datetime, state: RepairState, reference: str | None) -> Repair:
    handed = {"way": RepairWay.SHOP, "partner": "nationwide", "fault": "고장", "asked_by": "lead"}
    return Repair(id=id, **OF, **handed, reference=reference, state=state, asked_at=at, changed_at=at)


def _used(at: datetime) -> Usage:
    return Usage(
        key="call/c1",
        line="ascentre",
        firm="hanbit",
        kind=UsageKind.CALL,
        source="c1",
        quantity=1,
        day=date(2026, 10, 5),
        month=OCTOBER,
        happened_at=at,
        noted_at=at,
    )


def _call_rows(session: Session, number: int, at: datetime, mark: IntakeMark | None) -> None:
    about = {"line": "ascentre", "firm": "hanbit"}
    place = {"carrier_sid": f"CA{number}", "dialled": "+82", "receipt_number": str(number)}
    session.add(Call(id=f"i{number}", **about, **place, arrived_at=at))
    session.flush()
    if mark is not None:
        review = IntakeReview(call_id=f"i{number}", **about, mark=mark, marked_at=at, marked_by="lead")
        session.add(review)
