"""A month of a shared centre, written straight into the tables: firms with their contracts, and their usage."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from string import Template

from sqlalchemy import insert, text

from benchmarks.figures_rows import settle
from benchmarks.stores import SQLITE
from ivr.firms.rows import Contract, ContractState, FirmEntry
from ivr.store import Store

LINE, MONTH = "ascentre", "2026-10"
# Of twenty rows nine are calls and nine their minutes; one is an answer, one a text.
FILLING = Template("""
WITH $recursive $series
INSERT INTO usage (key, line, firm, kind, source, quantity, day, month, happened_at, noted_at)
SELECT 'u' || i, 'ascentre', 'f' || (i % :firms),
       CASE WHEN i / :firms % 20 < 9 THEN 'call' WHEN i / :firms % 20 < 18 THEN 'minute'
            WHEN i / :firms % 20 = 18 THEN 'answer' ELSE 'text' END,
       's' || i, CASE WHEN i / :firms % 20 BETWEEN 9 AND 17 THEN 1 + i % 7 ELSE 1 END, $day, '2026-10', $at, $at
FROM series
""")
WORDS: Mapping[str, Mapping[str, str]] = {
    SQLITE: {
        "recursive": "RECURSIVE",
        "series": "series(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM series WHERE i + 1 < :rows)",
        "day": "date('2026-10-01', (i % 31) || ' days')",
        "at": "strftime('%Y-%m-%d %H:%M:%S.000000', '2026-10-01', (i % 31) || ' days', (i % 36000) || ' seconds')",
    },
    "postgresql": {
        "recursive": "",
        "series": "series(i) AS (SELECT generate_series(0::bigint, :rows - 1))",
        "day": "date '2026-10-01' + (i % 31)::int",
        "at": "timestamptz '2026-10-01 00:00+00' + make_interval(days => (i % 31)::int, secs => i % 36000)",
    },
}


def fill(store: Store, *, firms: int, rows: int) -> None:
    """Write so many firms (`f0`, `f1`, ...) with a contract for the year, and so many usage rows of one month."""
    since = datetime(2025, 12, 1, tzinfo=UTC)
    with store.transaction() as session:
        session.execute(insert(FirmEntry), [_entry(number, since) for number in range(firms)])
        session.execute(insert(Contract), [_contract(number, since) for number in range(firms)])
        session.execute(text(FILLING.substitute(WORDS[store.dialect])), {"rows": rows, "firms": firms})
    settle(store)


def _entry(number: int, at: datetime) -> dict[str, object]:
    declared = {"is_manufacturer": True, "is_made_here": True, "is_of_group": False, "is_regulated": False}
    return {
        "line": LINE,
        "id": f"f{number}",
        "name": f"firm {number}",
        "registration": f"{number:010}",
        "products": ["kitchen"],
        **declared,
        "selected_on": date(2026, 1, 1),
        "made_at": at,
        "made_by": "bench",
        "version": 1,
    }


def _contract(number: int, at: datetime) -> dict[str, object]:
    return {
        "id": f"o{number}",
        "line": LINE,
        "firm": f"f{number}",
        "first_day": date(2026, 1, 1),
        "last_day": date(2026, 12, 31),
        "monthly_calls": 2000,
        "state": ContractState.SIGNED,
        "made_at": at,
        "made_by": "bench",
        "signed_at": at,
        "signed_by": "bench",
        "version": 1,
    }
