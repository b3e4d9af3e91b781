"""Two million people of one line on one list, half of whom agreed; some are suppressed, some want no calls."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from string import Template

from sqlalchemy import text

from benchmarks.figures_rows import settle
from benchmarks.stores import SQLITE
from ivr.store import Store

LINE, AUDIENCE = "dcgf", 1
GIVEN_AT = datetime(2026, 6, 1, tzinfo=UTC)
LAUNCHED_AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
# Every 200th is suppressed, every 333rd of the others opted out.
SUPPRESSED, OPTED_OUT = 200, 333
FILLING = (
    Template("""
WITH $recursive $series
INSERT INTO person (id, line, number, number_index, name, is_callable, takes_texts, added_at)
SELECT i, '$line', $blob, $index, $blob, true, true, :given FROM series
"""),
    Template("""
INSERT INTO audience_member (audience_id, person_id, "group")
SELECT $audience, id, 'g' || id % 5 FROM person ORDER BY id
"""),
    Template("""
INSERT INTO consent (id, person_id, line, purpose, channel, hours, wording, how, evidence, source,
                     given_at, expires_at, recorded_at, recorded_by)
SELECT id, id, line, 'happy_call', 'voice', 'day', 'v1', 'import', 'a list', 'a list', :given, :expires, :given, 'x'
FROM person WHERE id % 2 = 0 ORDER BY id
"""),
    Template("""
INSERT INTO standing_consent (person_id, purpose, channel, hours, consent_id, expires_at)
SELECT person_id, purpose, channel, hours, id, expires_at FROM consent ORDER BY id
"""),
    Template("""
INSERT INTO suppression (scope, line, campaign_id, number_index, why, added_at, added_by)
SELECT 'institution', line, 0, number_index, 'asked', :given, 'x' FROM person WHERE id % $suppressed = 0
"""),
    Template("""
INSERT INTO opt_out (id, line, number, number_index, scope, way, asked_at)
SELECT 'o' || id, line, number, number_index, 'all', 'key', :given FROM person WHERE id % $opted_out = 0
"""),
)
BARE = (
    """
CREATE TABLE bare (id $serial PRIMARY KEY, campaign_id BIGINT NOT NULL, person_id BIGINT NOT NULL,
                   consent_id BIGINT NOT NULL, "group" VARCHAR(40) NOT NULL, state VARCHAR(20) NOT NULL,
                   disposition VARCHAR(20) NOT NULL, why VARCHAR(40), attempts INTEGER NOT NULL,
                   next_at TIMESTAMP, lease_until TIMESTAMP)
""",
    """
INSERT INTO bare (campaign_id, person_id, consent_id, "group", state, disposition, attempts)
SELECT 1, person.id, standing_consent.consent_id, audience_member."group", 'pending', 'registered', 0
FROM audience_member
JOIN person ON person.id = audience_member.person_id
JOIN standing_consent ON standing_consent.person_id = person.id
WHERE audience_member.audience_id = 1 AND standing_consent.purpose = 'happy_call'
  AND standing_consent.channel = 'voice' AND standing_consent.hours = 'day'
""",
    "DROP TABLE bare",
)
WORDS: Mapping[str, Mapping[str, str]] = {
    SQLITE: {
        "recursive": "RECURSIVE",
        "series": "series(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < :people)",
        "blob": "randomblob(45)",
        "index": "lower(hex(randomblob(32)))",
        "serial": "INTEGER",
    },
    "postgresql": {
        "recursive": "",
        "series": "series(i) AS (SELECT generate_series(1::bigint, :people))",
        "blob": "decode(md5(i::text) || md5(i::text), 'hex')",
        "index": "md5(i::text) || md5('x' || i)",
        "serial": "BIGSERIAL",
    },
}


def fill(store: Store, people: int) -> None:
    """Write so many people, every second of whom agreed."""
    words = {
        **WORDS[store.dialect],
        **{"line": LINE, "audience": AUDIENCE, "suppressed": SUPPRESSED, "opted_out": OPTED_OUT},
    }
    moments = {"given": GIVEN_AT, "expires": GIVEN_AT + timedelta(days=729), "people": people}
    if store.is_sqlite:
        moments |= {"given": "2026-06-01 00:00:00.000000", "expires": "2028-05-30 00:00:00.000000"}
    for statement in FILLING:
        with store.transaction() as session:
            session.execute(text(statement.substitute(words)), moments)
    settle(store)


def expected(people: int) -> int:
    """How many of them may be contacted."""
    return sum(1 for i in range(2, people + 1, 2) if i % SUPPRESSED and i % OPTED_OUT)
