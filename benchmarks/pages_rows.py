"""A year of calls on two lines, written straight into every table that a page of the console reads of them.

Facts are written for one call in a hundred: a page reads those of a single call, whatever the others have.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from string import Template

from sqlalchemy import text

from benchmarks.figures_rows import settle
from benchmarks.stores import SQLITE
from ivr.agents.rows import Agent, AgentState
from ivr.figures.tallying import tally
from ivr.numbers import PhoneNumber
from ivr.store import Store

AT = datetime(2026, 11, 20, 5, 30, tzinfo=UTC)
LAST_DAY = AT.date()
DAYS = 365
AGENTS = 50
NUMBER = PhoneNumber.parse("010-1000-0001")
# Every so many calls one comes from that number.
FROM_NUMBER, WITH_FACTS = 1000, 100
DRAWN = Template("""
drawn AS (
    SELECT i, 'b' || i AS id, CASE WHEN i % 10 = 5 THEN 'dcgf' ELSE 'kibo' END AS line, $day AS day, $arrived AS at,
           $ended AS ended, (i * 742938285 % 2147483647) % 10000 AS a, (i * 950706376 % 2147483647) % 10000 AS b,
           (i * 1226874159 % 2147483647) % 10000 AS c, 1 + (i * 39373 % 2147483647) % $agents AS agent,
           CASE WHEN i % 3 = 0 THEN 'guide' ELSE 'guarantee' END AS team
    FROM (
        SELECT i, :days * (i - 1) / :calls AS number, (i * 48271 % 2147483647) % 30000 AS second FROM series
    ) AS placed
),
told AS (
    SELECT drawn.*, CASE WHEN a < 9000 THEN 'answered' WHEN a < 9800 THEN 'abandoned' WHEN a < 9950 THEN 'callback'
           ELSE 'closed' END AS outcome, 900 + b * b * 55 / 1000000 + CASE WHEN b > 9700 THEN 3000 ELSE 0 END AS ring,
           CASE WHEN b > 9700 THEN 'missed' WHEN b > 9600 THEN 'indeterminate' ELSE 'met' END AS rings,
           line || '-' || agent AS person
    FROM drawn
)
""")
STATEMENTS = (
    """INSERT INTO call (id, line, carrier_sid, caller, caller_index, dialled, receipt_number, arrived_at, ended_at,
                         outcome)
       SELECT id, line, 'CA' || id, :number, CASE WHEN i % :often = 1 THEN :index ELSE 'x' || (i % 200000) END,
              '+827010000001', 'R' || i, at, ended, outcome FROM told""",
    """INSERT INTO waiting (call_id, line, team, since, state, version)
       SELECT id, line, team, at, 'left', 1 FROM told WHERE outcome <> 'closed'""",
    """INSERT INTO offer (id, call_id, ordinal, agent_id, state, outcome, made_at, closed_at, team, version)
       SELECT id || '-1', id, 1, person, 'over', 'finished', at, ended, team, 1 FROM told WHERE outcome = 'answered'""",
    """INSERT INTO call_figure (call_id, line, day, hour, arrived_at, team, product, firm, outcome, is_open,
                                asked_for_agent, stage, is_short, is_served, in_time, wait_ms, rules)
       SELECT id, line, day, 9, at, team, '', '', outcome, outcome <> 'closed', outcome <> 'closed',
              CASE WHEN outcome = 'abandoned' THEN 'queue' ELSE 'none' END, false, false,
              outcome = 'answered' AND c < 9000, 1500 + c * 2, '' FROM told""",
    """INSERT INTO offer_figure (offer_id, call_id, line, day, hour, arrived_at, agent, team, product, firm, ring_ms,
                                 rings, strict, literal, customary, is_talk, talk_ms, hold_ms, wrap_ms,
                                 customer_first, resolved, marked)
       SELECT id || '-1', id, line, day, 9, at, person, team, '', '', ring, rings, rings, rings, rings, true,
              30000 + c * 30, 0, 20000, 'met', 'met', 'not_applicable' FROM told WHERE outcome = 'answered'""",
    """INSERT INTO verdict (standard_id, subject, call_id, institution, scope, verdict, reason, evidence, version, day,
                            measured)
       SELECT line || '/' || promise || '/1', id || suffix, id, line, scope,
              CASE WHEN promise = 'K4' THEN rings WHEN c > 9900 THEN 'missed' ELSE 'met' END, 'reason', '[]', 1, day,
              ring FROM told CROSS JOIN (SELECT 'K4' AS promise, '-1' AS suffix, 'offer' AS scope
                                              UNION ALL SELECT 'K5', '', 'call' UNION ALL SELECT 'K6', '', 'call'
                                              UNION ALL SELECT 'K8', '', 'call') AS promises
       WHERE outcome = 'answered'""",
    """INSERT INTO message (id, call_id, subject, line, template, recipient, recipient_index, body, state, rank,
                            attempts, written_at, worth_until, delivered_at)
       SELECT 'm' || id, id, 'call:' || id, line, 'receipt/1', :recipient, 'x' || (i % 200000), :body, 'delivered', 3,
              1, ended, ended, ended FROM told WHERE outcome = 'answered'""",
    """INSERT INTO fact (subject, key, kind, leg, sid, received_at, sequence, detail)
       SELECT id, kind, kind, CASE WHEN own = 1 THEN id || '-1' ELSE 'caller' END, 'CA' || kind, at, step, detail
       FROM told CROSS JOIN ($facts) AS steps WHERE i % :facts = 0 AND outcome = 'answered'""",
)
VERDICT_SUMS = """
INSERT INTO verdict_sum (institution, day, standard_id, version, verdict, number)
SELECT institution, day, standard_id, version, verdict, count(*) FROM verdict GROUP BY 1, 2, 3, 4, 5
"""
STEPS = (
    ("arrived", 0, 0, '{"notices": "recording/1"}'),
    ("menu", 1, 0, '{"menu": "main"}'),
    ("key", 2, 0, '{"menu": "main", "digits": "1"}'),
    ("wait", 3, 0, "{}"),
    ("leg-started", 4, 1, "{}"),
    ("leg-ringing", 5, 1, "{}"),
    ("leg-answered", 6, 1, "{}"),
    ("leg-ended", 7, 1, '{"status": "completed"}'),
)
WORDS: Mapping[str, Mapping[str, str]] = {
    SQLITE: {
        "series": "WITH RECURSIVE series(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < :calls)",
        "day": "date(:first, number || ' days')",
        "arrived": "strftime('%Y-%m-%d %H:%M:%S.000000', :first, number || ' days', second || ' seconds')",
        "ended": "strftime('%Y-%m-%d %H:%M:%S.000000', :first, number || ' days', (second + 200) || ' seconds')",
    },
    "postgresql": {
        "series": "WITH series AS (SELECT generate_series(1::bigint, :calls) AS i)",
        "day": "cast(:first AS date) + number::int",
        "arrived": "(cast(:first AS timestamp) AT TIME ZONE 'UTC')"
        " + make_interval(days => number::int, secs => second)",
        "ended": "(cast(:first AS timestamp) AT TIME ZONE 'UTC')"
        " + make_interval(days => number::int, secs => second + 200)",
    },
}


def fill(store: Store, calls: int) -> None:
    """Write so many calls of the year that ends on `LAST_DAY`, with the sums of its last days."""
    _staff(store)
    words = dict(WORDS[store.dialect])
    series, drawn = words.pop("series"), DRAWN.substitute(words, agents=AGENTS)
    facts = " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, {step} AS step, {own} AS own, {_json(store, detail)} AS detail"
        for kind, step, own, detail in STEPS
    )
    given = _given(store, calls)
    for statement in STATEMENTS:
        into, _, chosen = statement.replace("$facts", facts).partition("SELECT")
        with store.transaction() as session:
            # Both databases take the names before the rows they are for.
            session.execute(text(f"{into} {series}, {drawn} SELECT{chosen}"), given)
    with store.transaction() as session:
        session.execute(text(VERDICT_SUMS))
    for line in ("kibo", "dcgf"):
        for day in (LAST_DAY - timedelta(days=1), LAST_DAY):
            with store.transaction() as session:
                tally(session, line, day)
    settle(store)


def _json(store: Store, detail: str) -> str:
    return f"'{detail}'".replace(":", "\\:") if store.is_sqlite else f"cast('{detail}' AS json)".replace(":", "\\:")


def _given(store: Store, calls: int) -> dict[str, object]:
    keyring = store.keyring
    first: date | str = LAST_DAY - timedelta(days=DAYS - 1)
    return {
        "calls": calls,
        "days": DAYS,
        "first": str(first) if store.is_sqlite else first,
        "number": keyring.seal(NUMBER, place="call.caller"),
        "index": keyring.index(NUMBER),
        "recipient": keyring.seal(NUMBER, place="message.recipient"),
        "body": keyring.seal("body", place="message.body"),
        "often": FROM_NUMBER,
        "facts": WITH_FACTS,
    }


def _staff(store: Store) -> None:
    with store.transaction() as session:
        session.add_all(
            Agent(
                id=f"{line}-{number}",
                line=line,
                name=f"agent {number}",
                department="department",
                title="title",
                phone=NUMBER,
                state=AgentState.READY,
                state_since=AT,
                idle_since=AT,
            )
            for line in ("kibo", "dcgf")
            for number in range(1, AGENTS + 1)
        )
