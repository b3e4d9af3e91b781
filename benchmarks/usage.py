"""What processes use, read from /proc: processor time in seconds, memory in MiB."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import make_url

TICKS = os.sysconf("SC_CLK_TCK")
KIB_PER_MIB = 1024


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of one process in MiB: `pss` with its share of what others map too, `uss` its own alone."""

    pss: float
    uss: float


def processor_seconds(processes: Iterable[int]) -> float:
    """User and system time of these processes since they started."""
    return sum(_ticks(process) for process in processes) / TICKS


def _ticks(process: int) -> int:
    try:
        after_name = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except FileNotFoundError:
        return 0
    return int(after_name[11]) + int(after_name[12])


def memory_of(process: int) -> Memory:
    """Memory of one process now."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    kib = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    return Memory(kib["Pss"] / KIB_PER_MIB, (kib["Private_Clean"] + kib["Private_Dirty"]) / KIB_PER_MIB)


def children_of(process: int) -> Sequence[int]:
    """The processes that a process has started, without theirs."""
    path = Path(f"/proc/{process}/task/{process}/children")
    return [int(word) for word in path.read_text(encoding="ascii").split()]


def backends_of(database_url: str) -> Sequence[int]:
    """The processes of PostgreSQL that serve the application of this URL; none for SQLite or another machine."""
    url = make_url(database_url)
    if not url.drivername.startswith("postgresql"):
        return []
    question = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND application_name = %s"
    with psycopg.connect(plain(database_url)) as connection:
        rows = connection.execute(question, (url.database, url.query.get("application_name", ""))).fetchall()
    return [int(row[0]) for row in rows if Path(f"/proc/{row[0]}").exists()]


def plain(database_url: str) -> str:
    """The URL as psycopg itself takes it, under no application's name."""
    url = make_url(database_url).set(drivername="postgresql").difference_update_query(["application_name"])
    return url.render_as_string(hide_password=False)
