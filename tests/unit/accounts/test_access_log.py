"""Whoever sees personal data says why; an entry that is changed, removed or slipped in is found."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete, select, text

from ivr.accounts.access_log import Access, NoReason, first_broken, log_access
from ivr.accounts.rows import AccessChain, AccessEntry, Act, ConsoleSession
from ivr.store import Store
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.accounts.people import AT, add


def write(store: Store, count: int, *, line: str = "kibo") -> None:
    for place in range(count):
        with store.transaction() as session:
            access = Access("hanjiwon", line, Act.UNMASK, f"call:C{place}", "민원 확인", {"rows": place})
            log_access(session, access, at=AT + timedelta(seconds=place))


def test_a_log_that_nobody_touched_is_whole_line_by_line(engine: Engine) -> None:
    store = Store(engine)
    write(store, 3)
    write(store, 2, line="dcgf")
    with store.reading() as session:
        assert [first_broken(session, line) for line in ("kibo", "dcgf", "kotra")] == [None, None, None]
        places = select(AccessEntry.line, AccessEntry.place).order_by(AccessEntry.line, AccessEntry.place)
        assert [tuple(row) for row in session.execute(places)] == [
            *(("dcgf", 1), ("dcgf", 2)),
            *(("kibo", 1), ("kibo", 2), ("kibo", 3)),
        ]


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("UPDATE access_entry SET reason = '다른 사유' WHERE place = 2", 2),
        ("UPDATE access_entry SET account_id = 'other' WHERE place = 1", 1),
        ("DELETE FROM access_entry WHERE place = 2", 2),
        ("DELETE FROM access_entry WHERE place = 3", 3),
        ("DELETE FROM access_entry", 1),
    ],
)
@ON_SQLITE
def test_whoever_changes_or_removes_an_entry_is_found_out(engine: Engine, tampering: str, broken: int) -> None:
    store = Store(engine)
    write(store, 3)
    with store.transaction() as session:
        session.execute(text(tampering))
    with store.reading() as session:
        assert first_broken(session, "kibo") == broken


@ON_SQLITE
def test_forgetting_the_end_of_the_chain_is_found_out(engine: Engine) -> None:
    store = Store(engine)
    write(store, 2)
    with store.transaction() as session:
        session.execute(delete(AccessChain))
    with store.reading() as session:
        assert first_broken(session, "kibo") == 3


@ON_SQLITE
def test_an_entry_needs_a_reason_and_knows_where_its_person_sat(engine: Engine) -> None:
    store = Store(engine)
    with store.transaction() as session:
        add(session)
        for address, minutes in (("10.0.0.1", 0), ("10.0.0.2", 5)):
            seen = AT + timedelta(minutes=minutes)
            session.add(
                ConsoleSession(
                    id=address, account_id="hanjiwon", line="kibo", made_at=AT, seen_at=seen, address=address
                )
            )
    with pytest.raises(NoReason), store.transaction() as session:
        log_access(session, Access("hanjiwon", "kibo", Act.PLAY, "recording:R1", "  \n "), at=AT)
    with store.transaction() as session:
        entry = log_access(session, Access("hanjiwon", "kibo", Act.PLAY, "recording:R1", " 품질  점검 "), at=AT)
        assert (entry.reason, entry.address) == ("품질 점검", "10.0.0.2")


def test_people_who_look_at_the_same_time_make_one_chain(engine: Engine) -> None:
    store = Store(engine)
    writers = [threading.Thread(target=write, args=(store, 5)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with store.reading() as session:
        assert first_broken(session, "kibo") is None
        assert session.scalars(select(AccessEntry.place).order_by(AccessEntry.place)).all() == list(range(1, 21))
