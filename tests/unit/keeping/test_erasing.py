"""Every class of data is erased when its time is over, once, and not where it is held; what it proves stays."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, LargeBinary, select, type_coerce

from commands.world import World
from config.files import RETENTION, read_file
from ivr.base import Refused
from ivr.calls.rows import Call
from ivr.charters.verdicts import judge_calls
from ivr.figures.keeping import keep_figures
from ivr.keeping.due import VEIL
from ivr.keeping.erasing import erase_piece, promise_keeping, standings
from ivr.keeping.holds import HoldKind, call_is_held, hold, release
from ivr.keeping.record import entries, first_broken_entry
from ivr.keeping.rows import PurgeEntry
from ivr.keeping.rules import BadRetention, is_personal, is_sealed, load_retention, unclassed_places, unknown_places
from ivr.keeping.tables import all_tables
from ivr.promises import PromiseRow
from ivr.sealing import ERASED, ErasedNumber
from ivr.store import Store
from tests.people import CALLER, add_agents, agents_behave, customer, picks_up
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.keeping.filled import WORDS, fill
from workers.verdicts import installed_rules

WRITTEN = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LATER = WRITTEN + timedelta(days=2000)
RETAINED = load_retention(read_file(RETENTION))
WORKED = [rule for rule in RETAINED.worked if rule.deed != "months"]
TABLES = all_tables()


def run(store: Store, at: datetime) -> dict[str, int]:
    """Erase all that is due; how many rows of each class. The log of access has tests of its own."""
    done = {}
    for rule in WORKED:
        with store.transaction() as session:
            done[rule.name] = erase_piece(session, rule, TABLES, at=at, by="test")
    return done


def due(store: Store, at: datetime) -> dict[str, int]:
    """What a dry run tells."""
    with store.reading() as session:
        found = standings(session, RETAINED, TABLES, at=at)
    return {one.rule.name: one.rows for one in found if one.rule in WORKED}


def test_the_table_names_what_exists_and_speaks_of_every_personal_column() -> None:
    assert unknown_places(RETAINED, TABLES) == []
    assert unclassed_places(RETAINED, TABLES) == []


def test_a_table_that_does_not_fit_is_refused_with_every_fault() -> None:
    wrong = {"class": [{"name": "a", "what": "", "table": "call", "since": "x", "why": ""}, {"name": "b"}]}
    with pytest.raises(BadRetention) as refused:
        load_retention(wrong)
    assert {problem.partition(":")[0] for problem in refused.value.problems} == {"a", "b"}


def test_a_class_for_which_a_law_says_how_long_takes_no_less() -> None:
    rules = [rule.model_dump(mode="json") for rule in RETAINED.rules if rule.at_least]
    assert {rule["name"] for rule in rules} == {"access-log", "accounts"}
    with pytest.raises(BadRetention) as refused:
        load_retention({"class": [rule | {"days": rule["at_least"] - 1} for rule in rules]})
    assert len(refused.value.problems) == len(rules)


def test_a_closed_account_goes_with_its_roles_and_history_when_nothing_names_it_any_more(engine: Engine) -> None:
    store = Store(engine)
    with engine.begin() as connection:
        fill(connection, TABLES, at=WRITTEN)
    (rule,) = (rule for rule in WORKED if rule.name == "accounts")
    for days, gone in ((1189, 0), (1190, 1)):
        with store.transaction() as session:
            assert erase_piece(session, rule, TABLES, at=WRITTEN + timedelta(days=days), by="test") == gone
    with store.reading() as session:
        for name in ("account", "account_grant", "recovery_code", "account_entry", "console_session"):
            assert session.execute(select(TABLES.tables[name])).all() == []


def test_two_who_write_the_purge_log_at_once_make_one_chain(engine: Engine) -> None:
    store = Store(engine)

    def write(subject: str) -> None:
        for number in range(5):
            with store.transaction() as session:
                hold(session, HoldKind.CALL, f"{subject}{number}", why=("court", "legal"), at=WRITTEN)

    writers = [threading.Thread(target=write, args=(subject,)) for subject in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with store.reading() as session:
        assert len(entries(session)) == 15
        assert first_broken_entry(session) is None


def test_what_is_over_is_erased_once_as_the_dry_run_said_and_is_nowhere_to_be_read(engine: Engine) -> None:
    store = Store(engine)
    with engine.begin() as connection:
        fill(connection, TABLES, at=WRITTEN)
        connection.execute(TABLES.tables["standing_consent"].delete())
    assert set(due(store, WRITTEN + timedelta(days=1)).values()) == {0}
    said = due(store, LATER)
    assert set(said.values()) == {1}
    assert run(store, LATER) == said
    assert set(run(store, LATER + timedelta(hours=1)).values()) == {0}
    with store.reading() as session:
        log = entries(session)
        assert {entry.name: entry.rows for entry in log} == said
        assert first_broken_entry(session) is None
        for rule in WORKED:
            row = session.execute(select(*map(_raw, TABLES.tables[rule.table].columns))).one_or_none()
            assert (row is None) == (rule.deed == "delete"), rule.name
            for name in rule.erase if row is not None else ():
                column, value = TABLES.tables[rule.table].c[name], getattr(row, name)
                assert value in (None, ERASED) or str(value).startswith(VEIL), f"{rule.name}: {name}"
                assert value is None or is_personal(column)


def _raw(column):  # type: ignore[no-untyped-def]
    return type_coerce(column, LargeBinary).label(column.name) if is_sealed(column) else column


@pytest.mark.parametrize(
    ("kind", "subject"),
    [(HoldKind.LINE, "kibo"), (HoldKind.CALL, "a"), (HoldKind.CASE, "a"), (HoldKind.NUMBER, "index-a")],
)
@ON_SQLITE
def test_nothing_of_what_is_held_is_erased_until_it_is_released(engine: Engine, kind: HoldKind, subject: str) -> None:
    store = Store(engine)
    with engine.begin() as connection:
        fill(connection, TABLES, at=WRITTEN)
        connection.execute(TABLES.tables["standing_consent"].delete())
    with store.transaction() as session:
        row = hold(session, kind, subject, why=("2026가합1", "legal"), at=WRITTEN)
        assert hold(session, kind, subject, why=("again", "legal"), at=WRITTEN) is row
        with pytest.raises(Refused):
            hold(session, kind, subject, why=("", "legal"), at=WRITTEN)
    left = {name for name, rows in run(store, LATER).items() if not rows}
    must = {
        HoldKind.LINE: set(due(store, LATER)),
        HoldKind.CALL: {"call-numbers", "memos", "messages", "transcripts", "callbacks", "cases", "survey-comments"},
        HoldKind.CASE: {"cases"},
        HoldKind.NUMBER: {"call-numbers", "memos", "messages", "transcripts", "people", "dials", "documents"},
    }[kind]
    assert must <= left, must - left
    assert (left == set(due(store, LATER))) == (kind is HoldKind.LINE)
    with store.transaction() as session:
        assert call_is_held(session, "a") == (kind is not HoldKind.CASE)
        release(session, row.id, by="legal", at=LATER)
        with pytest.raises(Refused):
            release(session, row.id, by="legal", at=LATER)
    assert {name for name, rows in run(store, LATER).items() if rows} == left
    with store.reading() as session:
        assert [entry.deed for entry in entries(session) if entry.rows == 0] == ["hold", "release"]


def test_a_purge_log_that_was_changed_says_where(sqlite_engine: Engine) -> None:
    store = Store(sqlite_engine)
    with store.transaction() as session:
        for number in range(3):
            hold(session, HoldKind.CALL, str(number), why=("court", "legal"), at=WRITTEN)
    with store.transaction() as session:
        session.get_one(PurgeEntry, 2).by = "nobody"
    with store.reading() as session:
        assert first_broken_entry(session) == 2


def test_verdicts_and_figures_of_a_call_are_the_same_without_its_number(engine: Engine) -> None:
    world = World(engine)
    add_agents(world.store, world.lines.by_id("kibo"), world.now(), 2)
    agents_behave(world, picks_up(12.0), picks_up(2.4))
    for _ in range(2):
        world.carrier.network.handset(CALLER).dial("15441120", plan=customer("1"))
        world.run_until_quiet()
    before = _judged(world)
    assert before[0]
    later = world.now() + timedelta(days=1200)
    assert run(world.store, later)["call-numbers"] == 2
    with world.store.reading() as session:
        calls = session.scalars(select(Call)).all()
        assert [call.caller for call in calls] == [None, None]
        assert len({call.caller_index for call in calls}) == 1
    assert _judged(world) == before


def _judged(world: World) -> tuple[list[object], ...]:
    with world.store.transaction() as session:
        calls = session.scalars(select(Call.id)).all()
        judge_calls(session, calls, line=world.lines.by_id("kibo"), rules=installed_rules())
        keep_figures(session, calls, line=world.lines.by_id("kibo"))
    with world.store.reading() as session:
        return tuple(
            [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key.columns))]
            for table in (TABLES.tables[name] for name in ("verdict", "call_figure", "day_figure"))
        )


def test_an_erased_number_shows_nothing_and_reaches_nobody(sqlite_engine: Engine) -> None:
    store = Store(sqlite_engine)
    with sqlite_engine.begin() as connection:
        fill(connection, TABLES, at=WRITTEN)
    run(store, LATER)
    with store.reading() as session:
        callback = session.execute(select(TABLES.tables["callback"])).one()
        message = session.execute(select(TABLES.tables["message"])).one()
    assert isinstance(callback.number, ErasedNumber)
    assert [callback.number.may_be_called, callback.number.takes_texts] == [False, False]
    assert not any(map(str.isdigit, f"{callback.number} {callback.number.national}"))
    assert (message.body, callback.content) == ("", None)
    assert WORDS not in str((callback, message))


def test_the_night_is_promised_once(sqlite_engine: Engine) -> None:
    store = Store(sqlite_engine)
    for hours in (0, 1, 20):
        with store.transaction() as session:
            promise_keeping(session, at=WRITTEN + timedelta(hours=hours))
    with store.reading() as session:
        assert session.scalars(select(PromiseRow.due_at).order_by(PromiseRow.due_at)).all() == [
            datetime(2026, 11, 23, 18, 20, tzinfo=UTC),
            datetime(2026, 11, 24, 18, 20, tzinfo=UTC),
        ]
