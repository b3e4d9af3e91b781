"""A year of calls on thirty lines, written straight into the tables of figures; the same calls on every database."""

from collections.abc import Mapping
from datetime import date, datetime
from string import Template

from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.stores import SQLITE
from ivr.store import Store

LINES = 30
FIRST_DAY = date(2025, 11, 1)
# By whole numbers alone, so that both databases draw the same: `a` to `d` lie evenly between 0 and 9999.
DRAWN = """
drawn AS (
    SELECT i, 'line' || lpad2(i % 30) AS line, i * :days / :calls AS day_number,
           9 + (i * 48271 % 2147483647) % 9 AS hour,
           't' || (i * 69621 % 2147483647) % 5 AS team,
           '-' || (i * 39373 % 2147483647) % 10 AS agent,
           'p' || (i * 62089 % 2147483647) % 3 AS product,
           (i * 742938285 % 2147483647) % 10000 AS a,
           (i * 950706376 % 2147483647) % 10000 AS b,
           (i * 1226874159 % 2147483647) % 10000 AS c,
           (i * 1343714438 % 2147483647) % 10000 AS d
    FROM series
)
"""
CALLS = Template("""
WITH $recursive $series, $drawn
INSERT INTO call_figure (call_id, line, day, hour, arrived_at, team, product, firm, outcome, is_open,
                         asked_for_agent, stage, is_short, is_served, in_time, wait_ms, rules)
SELECT 'b' || i, line, $day, hour, $arrived, team, product, '',
       CASE WHEN a < 9000 THEN 'answered' WHEN a < 9900 THEN 'abandoned' ELSE 'callback' END,
       true, a < 9500 OR a >= 9900,
       CASE WHEN a BETWEEN 9000 AND 9499 THEN 'queue' WHEN a BETWEEN 9500 AND 9899 THEN 'menu' ELSE 'none' END,
       a BETWEEN 9000 AND 9499 AND b * 6 < 5000,
       a BETWEEN 9900 AND 9910,
       a < 9000 AND 1500 + b * b / 5000 <= 20000,
       CASE WHEN a < 9000 THEN 1500 + b * b / 5000 WHEN a < 9500 THEN b * 6 END,
       ''
FROM drawn
""")
OFFERS = Template("""
WITH $recursive $series, $drawn,
rung AS (
    SELECT drawn.*, 900 + c * c * 55 / 1000000 + CASE WHEN c > 9700 THEN (c - 9700) * 20 ELSE 0 END AS ring
    FROM drawn WHERE a < 9000
)
INSERT INTO offer_figure (offer_id, call_id, line, day, hour, arrived_at, agent, team, product, firm, ring_ms,
                          rings, strict, literal, customary, is_talk, talk_ms, hold_ms, wrap_ms,
                          customer_first, resolved, marked)
SELECT 'b' || i || '-1', 'b' || i, line, $day, hour, $arrived, line || agent, team, product, '', ring,
       $literal, $strict, $literal, $customary, true, 30000 + d * 30, CASE WHEN d > 9000 THEN d ELSE 0 END, 20000,
       CASE WHEN d < 8000 THEN 'met' WHEN d < 9500 THEN 'missed' ELSE 'indeterminate' END,
       CASE WHEN b < 7500 THEN 'met' WHEN b < 9000 THEN 'missed' ELSE 'indeterminate' END, 'not_applicable'
FROM rung
""")
READING = Template(
    "CASE WHEN ring + 250 < $limit THEN 'met' WHEN ring - 250 >= $limit THEN 'missed' ELSE 'indeterminate' END"
)
WORDS: Mapping[str, Mapping[str, str]] = {
    SQLITE: {
        "recursive": "RECURSIVE",
        "series": "series(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM series WHERE i + 1 < :calls)",
        "day": "date('2025-11-01', day_number || ' days')",
        "arrived": "datetime('2025-11-01', day_number || ' days', (hour - 9) || ' hours', (i % 3600) || ' seconds')",
        "two_digits": "printf('%02d', i % 30)",
    },
    "postgresql": {
        "recursive": "",
        "series": "series(i) AS (SELECT generate_series(0::bigint, :calls - 1))",
        "day": "date '2025-11-01' + day_number::int",
        "arrived": "timestamptz '2025-11-01 00:00+00' + make_interval(days => day_number::int,"
        " hours => hour::int - 9, secs => i % 3600)",
        "two_digits": "lpad((i % 30)::text, 2, '0')",
    },
}
# Exact percentiles: where the database has them it does them in one pass, else by the place in order.
RAW_RINGS: Mapping[str, str] = {
    "postgresql": """
SELECT line, day, count(*) FILTER (WHERE rings = 'met') AS met, count(*) FILTER (WHERE rings = 'missed') AS missed,
       percentile_disc(ARRAY[0.5, 0.9, 0.99]) WITHIN GROUP (ORDER BY ring_ms) AS percentiles
FROM offer_figure WHERE day BETWEEN :first AND :last GROUP BY line, day
""",
    SQLITE: """
WITH placed AS (
    SELECT line, day, rings, ring_ms, row_number() OVER own AS place, count(*) OVER (PARTITION BY line, day) AS many
    FROM offer_figure WHERE day BETWEEN :first AND :last WINDOW own AS (PARTITION BY line, day ORDER BY ring_ms)
)
SELECT line, day, count(*) FILTER (WHERE rings = 'met') AS met, count(*) FILTER (WHERE rings = 'missed') AS missed,
       max(ring_ms) FILTER (WHERE place = (many + 1) / 2) AS p50,
       max(ring_ms) FILTER (WHERE place = (9 * many + 9) / 10) AS p90,
       max(ring_ms) FILTER (WHERE place = (99 * many + 99) / 100) AS p99
FROM placed GROUP BY line, day
""",
}
RAW_CALLS = """
SELECT line, day, count(*) AS calls, count(*) FILTER (WHERE asked_for_agent) AS asked,
       count(*) FILTER (WHERE outcome = 'answered') AS answered, count(*) FILTER (WHERE stage = 'queue') AS abandoned
FROM call_figure WHERE day BETWEEN :first AND :last GROUP BY line, day
"""
Numbers = tuple[int, ...]
Place = tuple[str, date]


def fill(store: Store, calls: int, days: int) -> None:
    """Write so many calls of so many days, in order of arrival."""
    words = {
        **WORDS[store.dialect],
        **{
            name: READING.substitute(limit=limit)
            for name, limit in (("strict", 6000), ("literal", 7000), ("customary", 9000))
        },
    }
    words["drawn"] = DRAWN.replace("lpad2(i % 30)", words["two_digits"])
    for statement in (CALLS, OFFERS):
        with store.transaction() as session:
            session.execute(text(statement.substitute(words)), {"calls": calls, "days": days})
    settle(store)


def settle(store: Store) -> None:
    """Let the database look at what it has, as it does by itself after a while."""
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if store.is_sqlite else "VACUUM ANALYZE"))


def raw_year(session: Session, first: date, last: date) -> tuple[dict[Place, Numbers], dict[Place, Numbers]]:
    """By line and day: calls, asked, answered, abandoned; and rings met and missed with exact percentiles (ms)."""
    days = (
        {"first": first.isoformat(), "last": last.isoformat()}
        if _is_sqlite(session)
        else {"first": first, "last": last}
    )
    calls = {(row[0], _day(row[1])): tuple(row[2:]) for row in session.execute(text(RAW_CALLS), days)}
    rings = {
        (row[0], _day(row[1])): (*row[2:4], *(row[4] if isinstance(row[4], list) else row[4:]))
        for row in session.execute(text(RAW_RINGS[session.get_bind().dialect.name]), days)
    }
    return calls, rings


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == SQLITE


def _day(found: date | str) -> date:
    return found if isinstance(found, date) else datetime.fromisoformat(found).date()
