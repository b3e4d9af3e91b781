"""A list comes into the database as a whole, however often its making was killed before."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, event, select

from ivr.audiences import staging
from ivr.audiences.columns import Given, columns_of
from ivr.audiences.judging import Entry, Judge
from ivr.audiences.lists import SILENT_FOR, UnknownAudience, abandon_silent, find_audience, groups_of, remove, size_of
from ivr.audiences.making import Listing, NothingToTake, Watch, make
from ivr.audiences.rows import Audience, AudienceState, Member, Origin
from ivr.audiences.tally import Report, Tally
from ivr.base import Refused
from ivr.consents.recording import Grant, Revocation, grant, withdraw
from ivr.consents.rows import Consent, Means, Purpose, Standing, Withdrawal
from ivr.people.rows import Person
from ivr.store import Store
from tests.sizes import examples

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
HEADER = ("number", "name", "group", "purpose", "consented_on", "evidence", "source", "wording", "withdrawn_on")
REST = ("신청서", "상담 신청서", "v1")
Row = tuple[str, ...]
# Somebody twice, somebody with two purposes, somebody without any, one taken back, one twice with different days.
ROWS: tuple[Row, ...] = (
    ("010-1100-0001", "김민수", "신규", "해피콜", "2026-11-01", *REST, ""),
    ("1011000002", "", "연장", "해피콜;의견조사", "2026-11-01", *REST, ""),
    ("010-1100-0001", "다른 이름", "연장", "해피콜", "2026-11-01", *REST, ""),
    ("010-1100-0003", "이서연", "신규", "", "", "", "", "", ""),
    ("010-1100-0004", "박지훈", "신규", "해피콜", "2026-10-01", *REST, "2026-11-02"),
    ("010-1100-0005", "최유진", "신규", "해피콜", "2026-09-01", *REST, ""),
    ("010-1100-0005", "최유진", "신규", "해피콜", "2026-10-01", *REST, ""),
    ("1533-0099", "가게", "신규", "해피콜", "2026-10-01", *REST, ""),
    *((f"010-1100-1{number:03}", "", "연장", "해피콜", "2026-10-01", *REST, "") for number in range(12)),
)


def entries_of(store: Store, rows: Iterable[Row], tally: Tally) -> Iterator[Entry]:
    """The entries of rows of `HEADER`."""
    judge = Judge(columns_of(HEADER, Given()), Given(), keyring=store.keyring, at=AT)
    for number, row in enumerate(rows, start=2):
        entries, repairs = judge.entries(number, row)
        tally.take(repairs)
        yield from entries


def imported(store: Store, rows: Iterable[Row] = ROWS, *, line: str = "dcgf", at: datetime = AT) -> tuple[int, Report]:
    """A list of these rows and its report."""
    tally, listing = Tally(), Listing(line, "customers", Origin.IMPORT, "customers.csv", "kim")
    id = make(store, listing, entries_of(store, rows, tally), tally=tally, watch=Watch(lambda: at))
    return id, tally.report()


def state_of(store: Store, line: str) -> tuple[Any, ...]:  # Any: it is only compared
    """Everything that the imports of a line have left in the tables, but for ids and times of recording."""
    with store.reading() as session:
        numbers = {
            person.id: (person.number.e164 if person.number else None, person.name)
            for person in session.scalars(select(Person).where(Person.line == line))
        }
        consents = {row.id: row for row in session.scalars(select(Consent).where(Consent.line == line))}
        told = Counter((numbers[row.person_id], row.purpose, row.given_at) for row in consents.values())
        back = Counter(
            (numbers[row.person_id], row.withdrawn_at)
            for row in session.scalars(select(Withdrawal).where(Withdrawal.consent_id.in_(consents)))
        )
        stands = Counter(
            (numbers[row.person_id], row.purpose, consents[row.consent_id].given_at)
            for row in session.scalars(select(Standing).where(Standing.person_id.in_(numbers)))
        )
        ready = session.scalars(
            select(Audience).where(Audience.line == line, Audience.state == AudienceState.READY)
        ).all()
        members = Counter(
            (numbers[row.person_id], row.group)
            for one in ready
            for row in session.scalars(select(Member).where(Member.audience_id == one.id))
        )
        return sorted(map(str, numbers.values())), told, back, stands, len(ready), members


def test_rows_become_people_consents_and_members(engine: Engine) -> None:
    store = Store(engine)
    id, report = imported(store)
    assert report == {
        "rows": 20,
        "taken": 18,
        "doubled": 2,
        "refused": {},
        "repaired": {"leading_zero": 1},
        "not_callable": 1,
        "people": {"new": 18, "known": 0},
        "consents": {"new": 19, "known": 0},
        "withdrawals": 1,
        "notes": [],
    }
    with store.reading() as session:
        audience = find_audience(session, id)
        assert (audience.state, audience.report, size_of(session, id)) == (AudienceState.READY, report, 18)
        assert groups_of(session, id) == {"신규": 5, "연장": 13}
    _, told, back, stands, _, _ = state_of(store, "dcgf")
    of = {(number, purpose): given_at for (number, _), purpose, given_at in stands}
    assert of["+821011000005", Purpose.HAPPY_CALL] == datetime(2026, 9, 30, 15, tzinfo=UTC)
    assert ("+821011000004", Purpose.HAPPY_CALL) not in of
    assert ("+821011000002", Purpose.OPINION_SURVEY) in of
    assert (sum(told.values()), len(stands), len(back)) == (19, 17, 1)


def test_the_same_file_again_adds_a_list_and_nothing_else(engine: Engine) -> None:
    store = Store(engine)
    imported(store)
    before = state_of(store, "dcgf")
    _, report = imported(store, at=AT + timedelta(hours=1))
    assert report["people"] == {"new": 0, "known": 18}
    assert report["consents"] == {"new": 0, "known": 19}
    assert state_of(store, "dcgf")[:4] == before[:4]


@contextmanager
def rows_read(engine: Engine) -> Iterator[Counter[str]]:
    """How many rows of each table the largest transaction reads meanwhile (PostgreSQL counts them)."""
    most: Counter[str] = Counter()

    def committing(connection: Connection) -> None:
        read = connection.exec_driver_sql(
            "SELECT relname, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_all_tables"
        )
        for table, rows in read:
            most[table] = max(most[table], rows)

    event.listen(engine, "commit", committing)
    try:
        yield most
    finally:
        event.remove(engine, "commit", committing)


def test_a_piece_reads_what_it_brings_however_many_there_are(postgresql_engine: Engine) -> None:
    """By wrong guesses of sizes each piece went through all people of the line: a large list took ever longer."""
    store = Store(postgresql_engine)
    imported(store, [(f"010-22{number // 100:02}-{number % 100:04}", *ROWS[0][1:]) for number in range(2_000)])
    # What autovacuum counted of earlier tests would otherwise choose the plans.
    with postgresql_engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    with rows_read(postgresql_engine) as most:
        imported(store, at=AT + timedelta(hours=1))
        imported(store, [(row[0], "이름", *row[2:]) for row in ROWS], at=AT + timedelta(hours=2))
    tables = ("person", "consent", "withdrawal", "standing_consent", "audience_member", "import_row", "import_piece")
    assert most["import_piece"] > len(ROWS), "nothing was counted"
    assert {table: most[table] for table in tables if most[table] > 20 * len(ROWS)} == {}


def test_the_pieces_before_are_not_gone_through_again(
    postgresql_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows deleted from a temporary table stay in its file, which nothing ever cleans."""
    monkeypatch.setitem(staging.PIECES, "postgresql", 200)
    sizes: list[int] = []

    def committing(connection: Connection) -> None:
        size = connection.exec_driver_sql("SELECT pg_relation_size(to_regclass('pg_temp.import_piece'))").scalar_one()
        sizes.append(size or 0)

    event.listen(postgresql_engine, "commit", committing)
    try:
        imported(Store(postgresql_engine), [(f"010-2200-{number:04}", *ROWS[0][1:]) for number in range(2_000)])
    finally:
        event.remove(postgresql_engine, "commit", committing)
    filled = [size for size in sizes if size]
    assert len(filled) >= 10
    assert max(filled) < 2 * min(filled)


def test_nothing_is_left_beside_the_database(sqlite_engine: Engine) -> None:
    imported(Store(sqlite_engine))
    place = Path(str(sqlite_engine.url.database)).parent
    assert [path.name for path in place.iterdir() if "import" in path.name] == []


def test_a_name_is_added_and_never_replaced(engine: Engine) -> None:
    store = Store(engine)
    imported(store, [("010-1100-0001", "", *ROWS[0][2:])])
    imported(store, [("010-1100-0001", "김민수", *ROWS[0][2:])], at=AT + timedelta(hours=1))
    imported(store, [("010-1100-0001", "다른 이름", *ROWS[0][2:])], at=AT + timedelta(hours=2))
    with store.reading() as session:
        assert session.scalars(select(Person.name)).all() == ["김민수"]


def test_an_imported_consent_does_not_outlive_a_later_withdrawal(engine: Engine) -> None:
    store = Store(engine)
    imported(store, ROWS[:1])
    with store.transaction() as session:
        person = session.scalars(select(Person)).one()
        withdraw(session, person.id, Revocation(Means.KEY, "call", "caller"), at=datetime(2026, 11, 10, tzinfo=UTC))
    older = ("010-1100-0001", "", "", "해피콜", "2026-11-09", *REST, "")
    imported(store, [older], at=AT + timedelta(hours=1))
    with store.reading() as session:
        assert session.scalars(select(Standing)).all() == []
        assert len(session.scalars(select(Consent)).all()) == 2
    newer = ("010-1100-0001", "", "", "해피콜", "2026-11-12", *REST, "")
    imported(store, [newer], at=AT + timedelta(hours=2))
    with store.reading() as session:
        assert len(session.scalars(select(Standing)).all()) == 1


def test_a_consent_given_here_stays_where_the_file_has_an_older_one(engine: Engine) -> None:
    store = Store(engine)
    imported(store, ROWS[:1])
    with store.transaction() as session:
        person = session.scalars(select(Person)).one()
        given = Grant(
            Purpose.HAPPY_CALL, Means.WEB, "v1", "request", "상담 신청서", datetime(2026, 11, 20, tzinfo=UTC), "web"
        )
        newest = grant(session, person.id, given, at=AT).id
    imported(store, [("010-1100-0001", "", "", "해피콜", "2026-11-09", *REST, "")], at=AT + timedelta(hours=1))
    with store.reading() as session:
        assert session.scalars(select(Standing.consent_id)).all() == [newest]


def test_a_list_of_nobody_is_refused_and_leaves_nothing(engine: Engine) -> None:
    store, tally = Store(engine), Tally()
    listing = Listing("dcgf", "nobody", Origin.IMPORT, "nobody.csv", "kim")
    with pytest.raises(NothingToTake, match="nobody comes onto the list"):
        make(store, listing, iter(()), tally=tally, watch=Watch(lambda: AT))
    with store.reading() as session:
        assert session.scalars(select(Audience)).all() == []


def test_far_too_many_rows_are_refused_and_leave_nothing(engine: Engine) -> None:
    store, tally = Store(engine), Tally()
    listing, watch = Listing("dcgf", "all", Origin.IMPORT, "all.csv", "kim"), Watch(lambda: AT, most_rows=19)
    with pytest.raises(NothingToTake, match="more than 19 rows"):
        make(store, listing, entries_of(store, ROWS, tally), tally=tally, watch=watch)
    with store.reading() as session:
        assert (session.scalars(select(Audience)).all(), session.scalars(select(Person)).all()) == ([], [])


def test_a_list_whose_reading_was_broken_off_is_abandoned(engine: Engine) -> None:
    store = Store(engine)

    def broken_off() -> Iterator[Row]:
        yield from ROWS[:3]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        imported(store, broken_off())
    with store.reading() as session:
        assert [one.state for one in session.scalars(select(Audience))] == [AudienceState.ABANDONED]
        assert session.scalars(select(Person)).all() == []


class Killed(BaseException):
    """The process is gone."""


@contextmanager
def killed_after(engine: Engine, statements: int) -> Iterator[None]:
    """After so many statements and commits nothing reaches the database any more."""
    counted = count(1)

    def executing(*_: object) -> None:
        if next(counted) > statements:
            raise Killed

    def committing(_: Connection) -> None:
        executing()

    event.listen(engine, "before_cursor_execute", executing)
    event.listen(engine, "commit", committing)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", executing)
        event.remove(engine, "commit", committing)


def test_killed_anywhere_and_imported_again_is_imported_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    store, lines = Store(engine), count()
    for kind in ("sqlite", "postgresql"):
        monkeypatch.setitem(staging.PIECES, kind, 7)
    imported(store, line="once")
    wanted = state_of(store, "once")

    @settings(max_examples=examples(12), suppress_health_check=list(HealthCheck))
    @given(st.integers(min_value=0, max_value=70))
    def check(statements: int) -> None:
        line = f"line{next(lines)}"
        try:
            with killed_after(engine, statements):
                imported(store, line=line)
        except Killed:
            later = AT + SILENT_FOR + timedelta(seconds=1)
            with store.transaction() as session:
                assert abandon_silent(session, at=later) <= 1
            # Died before the last commit: nobody can use the list. Died after it: it was made.
            if not state_of(store, line)[4]:
                imported(store, line=line, at=later)
        assert state_of(store, line) == wanted

    check()


def test_a_list_is_removed_without_its_people(engine: Engine) -> None:
    store = Store(engine)
    id, _ = imported(store)
    assert remove(store, id) == 18
    with store.reading() as session:
        assert session.scalars(select(Member)).all() == []
        assert len(session.scalars(select(Person)).all()) == 18
    with pytest.raises(UnknownAudience, match="audiences list"):
        remove(store, id)


def test_a_list_that_is_being_made_is_not_removed(engine: Engine) -> None:
    store = Store(engine)

    def removing() -> Iterator[Row]:
        yield ROWS[0]
        with store.reading() as session:
            id = session.scalars(select(Audience.id)).one()
        with pytest.raises(Refused, match="making"):
            remove(store, id)

    _, report = imported(store, removing())
    assert report["taken"] == 1
