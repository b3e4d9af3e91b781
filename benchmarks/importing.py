"""`import`: a million customers from a file, beside bare copying of the same rows and bare reading of the numbers."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import phonenumbers
import psycopg
from sqlalchemy import Engine
from sqlalchemy.pool import PoolProxiedConnection

from benchmarks import stores
from benchmarks.measured import Measured, at_most, show
from benchmarks.run import Run
from benchmarks.usage import backends_of, memory_of, plain, processor_seconds
from commands.audience_files import opened_table
from config.clock import system_clock
from config.settings import new_secret_keys
from ivr.audiences.importing import Reading, import_table
from ivr.audiences.lists import find_audience
from ivr.audiences.making import Listing, Watch
from ivr.audiences.rows import Origin
from ivr.sealing import Keyring
from ivr.store import Store, make_engine

ROWS, ROWS_QUICK = 1_000_000, 5_000
TABLES: Final = ("person", "consent", "standing_consent", "audience_member")
GOAL_TIME, GOAL_MEMORY = at_most(1.5), at_most(50)
CHUNK = 10_000
# Whose processes of the database are whose is asked after so many batches: each time it is asked costs a connection.
ASKED_EVERY: Final = 10
HEADER: Final = "전화번호,이름,구분,동의목적,동의일,동의방법,증빙,수집출처,동의문구,통보일"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one piece of work took: seconds, and processor seconds of this process and of those that serve it."""

    seconds: float
    processor: float


@dataclass(slots=True)
class Looking:
    """A clock that looks at what is used whenever it is asked, as it is after every batch and in every piece.

    The connection of an import ends with it: what its process of the database used is what was last seen of it.
    """

    url: str
    sizes: list[float] = field(default_factory=list)
    used: dict[int, float] = field(default_factory=dict)

    def __call__(self) -> datetime:
        """Now; and what the process uses, in MiB."""
        if len(self.sizes) % ASKED_EVERY == 0:
            self.used |= dict.fromkeys(set(backends_of(self.url)) - self.used.keys(), 0.0)
        self.used = {process: max(seen, processor_seconds([process])) for process, seen in self.used.items()}
        self.sizes.append(memory_of(os.getpid()).uss)
        return system_clock()


def importing(run: Run) -> None:
    """A million customers with their consents from CSV, beside COPY of the same rows and a million phonenumbers."""
    rows = run.many(ROWS, when_quick=ROWS_QUICK)
    for kind in run.databases:
        with stores.folder() as place:
            path = place / "customers.csv"
            path.write_text("\n".join([HEADER, *_customers(rows)]), encoding="utf-8")
            with stores.database(kind, place) as url:
                _measure(kind, url, path, rows=rows)


def _measure(kind: str, url: str, path: Path, *, rows: int) -> None:
    url = stores.called(url, "import")
    engine = make_engine(url, keyring=Keyring.from_secrets(new_secret_keys(bytes(range(64)))), patience=300)
    looking = Looking(url)
    looking()
    own = _timed(lambda: _import(Store(engine), path, looking))
    cost = Cost(own.seconds, own.processor + sum(looking.used.values()))
    parsing = _timed(lambda: _parse(rows))
    copying = _again(engine, path.parent) if kind == stores.SQLITE else _copied(url, path.parent)
    for metric, part in (("import", "seconds"), ("import_processor", "processor")):
        value, floor = getattr(cost, part), getattr(parsing, part) + getattr(copying, part)
        show(Measured(metric, kind, value, "s", floor=floor, ratio=value / floor, goal=GOAL_TIME))
    show(Measured("import_floor_parsing", kind, parsing.seconds, "s"))
    show(Measured("import_floor_copying", kind, copying.seconds, "s"))
    show(Measured("import_rate", kind, rows / cost.seconds, "rows/s"))
    before, peak, after = looking.sizes[0], max(looking.sizes), looking.sizes[-1]
    show(Measured("import_memory_growth", kind, peak - before, "MiB", min=before, max=after, goal=GOAL_MEMORY))
    engine.dispose()


def _customers(rows: int) -> Iterator[str]:
    for number in range(rows):
        phone = f"010-{1000 + number // 10_000:04}-{number % 10_000:04}"
        name, group = f"김{chr(0xAC00 + number % 11_000)}수", "연장" if number % 3 else "신규"
        consent = f"해피콜,2026-0{1 + number % 9}-15,서면,신청서-{number:07},2026년 상담 신청서,happy-call-1,2026-10-01"
        yield f"{phone},{name},{group},{consent}"


def _import(store: Store, path: Path, looking: Looking) -> None:
    listing = Listing("dcgf", "a million", Origin.IMPORT, path.name, "bench")
    with opened_table(path) as table:
        audience_id = import_table(store, listing, table, reading=Reading(), watch=Watch(looking))
    with store.reading() as session:
        counted = find_audience(session, audience_id).report
    assert counted["taken"] == counted["rows"]


def _parse(rows: int) -> None:
    for number in range(rows):
        read = phonenumbers.parse(f"010-{1000 + number // 10_000:04}-{number % 10_000:04}", "KR")
        if phonenumbers.is_valid_number(read):
            phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)


def _copied(url: str, place: Path) -> Cost:
    """What it costs to COPY the rows that are there into the same tables, made empty again, indexes and all."""
    with psycopg.connect(plain(url)) as connection:
        for table in TABLES:
            with (place / table).open("wb") as file, connection.cursor().copy(f"COPY {table} TO STDOUT") as copy:
                for block in copy:
                    file.write(block)
        connection.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
        connection.commit()
        return _timed(lambda: _copy_back(connection, place), processes=[os.getpid(), connection.info.backend_pid])


def _copy_back(connection: psycopg.Connection[tuple[object, ...]], place: Path) -> None:
    for table in TABLES:
        with (place / table).open("rb") as file, connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            while block := file.read(64 * 1024):
                copy.write(block)
        connection.commit()


def _again(engine: Engine, place: Path) -> Cost:
    """What it costs to executemany the rows that are there into the same tables of another file."""
    (place / "floor").mkdir()
    with stores.database(stores.SQLITE, place / "floor") as url:
        target = make_engine(url, keyring=None)
        source, into = engine.raw_connection(), target.raw_connection()
        costs = [_inserted(into, table, rows) for table in TABLES for rows in _chunks(source, table)]
        for connection in (source, into):
            connection.close()
        target.dispose()
    return Cost(sum(cost.seconds for cost in costs), sum(cost.processor for cost in costs))


def _chunks(source: PoolProxiedConnection, table: str) -> Iterator[Sequence[Sequence[object]]]:
    cursor = source.cursor()
    cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - one of TABLES
    while rows := cursor.fetchmany(CHUNK):
        yield rows


def _inserted(into: PoolProxiedConnection, table: str, rows: Sequence[Sequence[object]]) -> Cost:
    def insert() -> None:
        cursor = into.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        places = ", ".join("?" * len(rows[0]))
        cursor.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608 - one of TABLES
        cursor.execute("COMMIT")

    return _timed(insert)


def _timed(action: Callable[[], None], processes: Sequence[int] = (os.getpid(),)) -> Cost:
    before, began = processor_seconds(processes), time.perf_counter()
    action()
    return Cost(time.perf_counter() - began, processor_seconds(processes) - before)
