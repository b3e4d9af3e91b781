"""The monthly review: what stands out of a month, who may sign for whom, and what is owed until somebody did."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from ivr.accounts.access_log import Access, NoReason, first_broken, log_access
from ivr.accounts.access_review import (
    MANY_A_DAY,
    MonthSeen,
    Signature,
    State,
    Why,
    month_seen,
    months_owed,
    overdue_reviews,
    sign_month,
)
from ivr.accounts.rows import Act
from ivr.base import Refused
from ivr.reports.quarters import Month
from ivr.store import Store
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.accounts.people import add

OCTOBER = Month(2026, 10)
# A Wednesday of October at eleven in Seoul, and the fifth of November.
NOON = datetime(2026, 10, 14, 2, 0, tzinfo=UTC)
AFTER = datetime(2026, 11, 5, 2, 0, tzinfo=UTC)


def write(store: Store, who: str, act: Act, subject: str = "case:K1", *, at: datetime = NOON) -> None:
    with store.transaction() as session:
        log_access(session, Access(who, "kibo", act, subject, "민원 확인"), at=at)


def look(store: Store, at: datetime = AFTER) -> MonthSeen:
    with store.reading() as session:
        return month_seen(session, "kibo", OCTOBER, at=at)


def sign(store: Store, who: str, *, at: datetime = AFTER, remark: str = "모두 확인함") -> State:
    seen = look(store, at)
    with store.transaction() as session:
        sign_month(session, seen, Signature(who, remark, first_broken(session, "kibo")), at=at)
    return look(store, at).state


def test_what_stands_out_of_a_month_is_named_by_person(engine: Engine) -> None:
    store = Store(engine)
    with store.transaction() as session:
        add(session)
    for number in range(MANY_A_DAY):
        write(store, "hanjiwon", Act.UNMASK, f"case:K{number}", at=NOON + timedelta(seconds=number))
    write(store, "hanjiwon", Act.UNMASK, "case:K1", at=NOON + timedelta(hours=12))
    write(store, "gone", Act.EXPORT, "cases")
    write(store, "gone", Act.UNMASK, "call:C1")
    write(store, "gone", Act.UNMASK, "case:K2", at=datetime(2026, 9, 30, 14, 59, tzinfo=UTC))
    seen = look(store)
    found = {(one.account_id, why): count for one in seen.people for why, count in one.outliers.items()}
    assert found == {
        ("hanjiwon", Why.MANY): 1,
        ("hanjiwon", Why.NIGHT): 1,
        ("gone", Why.EXPORT): 1,
        ("gone", Why.NO_CASE): 1,
    }
    assert {one.account_id: dict(one.acts) for one in seen.people} == {
        "hanjiwon": {Act.UNMASK: MANY_A_DAY + 1},
        "gone": {Act.EXPORT: 1, Act.UNMASK: 1},
    }
    assert [one.roles for one in seen.people if one.account_id == "gone"] == [()]
    assert (seen.entries, seen.standing_out, len(seen.outliers)) == (MANY_A_DAY + 3, 4, 4)


def test_a_month_is_done_when_nobody_vouches_for_herself_alone(engine: Engine) -> None:
    store = Store(engine)
    assert look(store).state is State.EMPTY
    write(store, "admin", Act.UNMASK)
    assert look(store, NOON).state is State.RUNNING
    assert look(store).state is State.OPEN
    with pytest.raises(NoReason):
        sign(store, "admin", remark=" ")
    assert sign(store, "admin") is State.OWN
    with pytest.raises(Refused, match="already"):
        sign(store, "admin")
    assert sign(store, "auditor") is State.DONE
    with pytest.raises(Refused, match="not over"):
        sign(store, "third", at=NOON)
    signed = look(store).signed
    assert [(one.entry.act, one.entry.subject, one.entry.account_id) for one in signed] == [
        (Act.REVIEW, "review:2026-10", "admin"),
        (Act.REVIEW, "review:2026-10", "auditor"),
    ]
    assert signed[0].entry.detail == {"entries": 1, "standing_out": 0}
    with store.reading() as session:
        assert first_broken(session, "kibo") is None


@ON_SQLITE
def test_a_month_without_a_signature_is_owed_and_overdue_after_ten_days(engine: Engine) -> None:
    store = Store(engine)
    write(store, "admin", Act.UNMASK)
    due_at = datetime(2026, 11, 10, 15, 0, tzinfo=UTC)
    with store.reading() as session:
        (owed,) = months_owed(session, ["kibo", "dcgf"], at=due_at - timedelta(seconds=1))
        assert (owed.line, owed.month, owed.state, owed.due_at) == ("kibo", OCTOBER, State.OPEN, due_at)
        assert overdue_reviews(session, ["kibo"], at=due_at - timedelta(seconds=1)) == []
        assert overdue_reviews(session, ["kibo"], at=due_at) == [owed]
    sign(store, "auditor")
    with store.reading() as session:
        assert months_owed(session, ["kibo"], at=due_at) == []


@ON_SQLITE
def test_a_signature_keeps_from_where_on_the_log_did_not_fit(engine: Engine) -> None:
    store = Store(engine)
    write(store, "admin", Act.UNMASK)
    seen = look(store)
    with store.transaction() as session:
        entry = sign_month(session, seen, Signature("auditor", "1번 기록이 다름", 1), at=AFTER)
    assert entry.detail["broken_at"] == 1
