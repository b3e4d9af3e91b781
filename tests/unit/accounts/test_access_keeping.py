"""The oldest months of the access log go as wholes, and what stays is as provable as before."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, text

from ivr.accounts.access_keeping import erase_oldest_month, months_over
from ivr.accounts.access_log import Access, first_broken, log_access
from ivr.accounts.rows import AccessEntry, Act
from ivr.keeping.holds import HoldKind, hold, release
from ivr.keeping.record import entries, first_broken_entry
from ivr.store import Store
from tests.store_fixtures.databases import ON_SQLITE

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
# All months to October 2023 are over at this moment.
UNTIL = NOW - timedelta(days=1096)
# Two entries in August, one in September, two in November of 2023, the last before and after the moment itself.
WRITTEN = [datetime(2023, 8, day, tzinfo=UTC) for day in (1, 20)]
WRITTEN += [datetime(2023, 9, 30, 14, 59, tzinfo=UTC), datetime(2023, 11, 2, tzinfo=UTC), NOW - timedelta(days=10)]


def written(engine: Engine, *, line: str = "kibo") -> Store:
    store = Store(engine)
    for number, at in enumerate(WRITTEN):
        with store.transaction() as session:
            log_access(session, Access("hanjiwon", line, Act.UNMASK, f"call:C{number}", "민원 확인"), at=at)
    return store


def erase(store: Store) -> int:
    with store.transaction() as session:
        return erase_oldest_month(session, until=UNTIL, by="charterline", at=NOW)


def places(store: Store) -> list[int]:
    with store.reading() as session:
        return list(session.scalars(select(AccessEntry.place).order_by(AccessEntry.place)))


def broken(store: Store) -> int | None:
    with store.reading() as session:
        return first_broken(session, "kibo")


def test_whole_months_go_from_the_old_end_and_the_chain_is_whole_after_each(engine: Engine) -> None:
    store = written(engine)
    with store.reading() as session:
        assert months_over(session, until=UNTIL) == 3
    assert erase(store) == 2
    assert (places(store), broken(store)) == ([3, 4, 5, 6], None)
    assert erase(store) == 1
    assert (places(store), broken(store)) == ([4, 5, 6, 7], None)
    assert erase(store) == 0
    with store.reading() as session:
        said = [(one.name, one.deed, one.rows, one.by) for one in entries(session)]
        assert said == [
            ("access-log:kibo", "delete", 2, "charterline"),
            ("access-log:kibo", "delete", 1, "charterline"),
        ]
        assert first_broken_entry(session) is None


@pytest.mark.parametrize(
    ("tampering", "place"),
    [
        ("DELETE FROM access_entry WHERE place = 4", 4),
        ("UPDATE access_entry SET reason = 'x' WHERE place = 5", 5),
        ("DELETE FROM access_entry WHERE act = 'trim'", 1),
        ("""UPDATE access_entry SET detail = '{"first": 5, "before": "x", "rows": 9}' WHERE act = 'trim'""", 5),
        ("DELETE FROM access_entry WHERE place > 5", 1),
    ],
)
@ON_SQLITE
def test_what_is_done_to_a_log_that_was_cut_is_found_out(engine: Engine, tampering: str, place: int) -> None:
    store = written(engine)
    while erase(store):
        pass
    with store.transaction() as session:
        session.execute(text(tampering))
    assert broken(store) == place


@ON_SQLITE
def test_a_month_that_was_tampered_with_stays_to_show_it(engine: Engine) -> None:
    store = written(engine)
    with store.transaction() as session:
        session.execute(text("UPDATE access_entry SET account_id = 'other' WHERE place = 2"))
    assert erase(store) == 0
    assert (places(store), broken(store)) == ([1, 2, 3, 4, 5], 2)


@pytest.mark.parametrize(
    ("kind", "subject", "left"),
    [
        (HoldKind.LINE, "kibo", [1, 2, 3, 4, 5]),
        (HoldKind.CALL, "C2", [3, 4, 5, 6]),
        (HoldKind.CALL, "C4", [4, 5, 6, 7]),
    ],
)
def test_a_hold_keeps_the_month_of_what_it_is_on_and_all_after(
    engine: Engine, kind: HoldKind, subject: str, left: list[int]
) -> None:
    store = written(engine)
    with store.transaction() as session:
        held = hold(session, kind, subject, why=("2026가합1", "legal"), at=NOW)
    while erase(store):
        pass
    assert (places(store), broken(store)) == (left, None)
    with store.transaction() as session:
        release(session, held.id, by="legal", at=NOW)
    while erase(store):
        pass
    assert places(store)[0] == 4
    assert broken(store) is None
