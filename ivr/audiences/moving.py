"""How a piece of a list comes from the temporary table into people, the ledger, what stands by it, and the list.

Every statement finds what an import before it has left and adds what is missing: the same file twice is the file once.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, Select, any_, column, delete, func, insert, select, table
from sqlalchemy.orm import InstrumentedAttribute

from ivr.audiences.staging import BUCKET, Moving, Piece
from ivr.consents.rows import Consent, Standing
from ivr.consents.standing import standing_by_ledger

# Two imports of a line take turns: between asking whether a consent is known and noting it there is no other.
_TURN: Final = "SELECT pg_advisory_xact_lock(hashtext('charterline import'), hashtext(:line))"
_PEOPLE: Final = """
INSERT INTO person (line, number, number_index, name, is_callable, takes_texts, added_at)
SELECT :line, number, number_index, name, is_callable, takes_texts, :at
FROM import_row WHERE {bucket} >= :low AND {bucket} < :high
ORDER BY "row", part
ON CONFLICT (line, number_index) DO NOTHING
"""
# Each row asks for its person, and that is settled first: in a join PostgreSQL, whose statistics lag behind a table
# that grows by thousands of rows a second, would begin with everybody of the line, once for every piece.
_PIECE: Final = """
WITH given AS MATERIALIZED (
    SELECT "row", part, number_index, is_callable, "group", purpose, channel, hours, wording, how, evidence,
           source, given_at, expires_at, notice_due_at, withdrawn_at,
           (SELECT id FROM person WHERE line = :line AND person.number_index = import_row.number_index) AS person_id
    FROM import_row WHERE {bucket} >= :low AND {bucket} < :high
)
INSERT INTO import_piece
SELECT person_id, "row", part, is_callable, "group", purpose, channel, hours, wording, how, evidence,
       source, given_at, expires_at, notice_due_at, withdrawn_at,
       {nth}, {nth_of_kind}, {nth_consent}
FROM given WHERE person_id IS NOT NULL
"""
_IS_REPEATED: Final = "SELECT count(*) > count(DISTINCT person_id) FROM import_piece"
# Nobody cleans a temporary table of PostgreSQL: rows deleted would be gone through again with every piece.
_EMPTIED: Final = {"sqlite": "DELETE FROM import_piece", "postgresql": "TRUNCATE import_piece"}
_ORDER: Final = 'ORDER BY given."row", given.part'
_NUMBERED: Final = {
    "nth": f"row_number() OVER (PARTITION BY given.number_index {_ORDER})",
    "nth_of_kind": f"row_number() OVER (PARTITION BY given.number_index, purpose, channel, hours {_ORDER})",
    "nth_consent": f"row_number() OVER (PARTITION BY given.number_index, purpose, channel, hours, given_at {_ORDER})",
}
# Sorting each piece three times is a fifth of an import: where no number comes twice, each row is the first of all.
_ALL_FIRST: Final = dict.fromkeys(_NUMBERED, "1")
# PostgreSQL is given the people of a piece as keys that it looks up, for the same reason.
_OF_PIECE: Final = {
    "sqlite": "IN (SELECT person_id FROM import_piece)",
    "postgresql": "= ANY (ARRAY(SELECT person_id FROM import_piece))",
}
# Whoever withdraws, or is asked before a ring, holds the person's row: either we see it, or they see us.
_LOCK: Final = """
SELECT count(*) FROM (
    SELECT person.id FROM person WHERE person.id {of_piece}
    AND person.added_at <> :at ORDER BY person.id FOR NO KEY UPDATE
) AS locked
"""
_NAMES: Final = """
UPDATE person SET name = given.name
FROM import_piece, import_row AS given
WHERE person.id {of_piece} AND import_piece.person_id = person.id AND import_piece.nth = 1 AND person.name IS NULL
  AND given.number_index = person.number_index AND given."row" = import_piece."row"
  AND given.part = import_piece.part AND given.name IS NOT NULL
"""
_CONSENTS: Final = """
INSERT INTO consent (person_id, line, purpose, channel, hours, wording, how, evidence, source, given_at, expires_at,
                     recorded_at, recorded_by, notice_due_at)
SELECT person_id, :line, purpose, channel, hours, wording, how, evidence, source, given_at, expires_at,
       :at, :by, CASE WHEN withdrawn_at IS NULL THEN notice_due_at END
FROM import_piece
WHERE purpose IS NOT NULL AND nth_consent = 1 AND NOT EXISTS (
    SELECT 1 FROM consent AS known
    WHERE known.person_id = import_piece.person_id AND known.purpose = import_piece.purpose
      AND known.channel = import_piece.channel AND known.hours = import_piece.hours
      AND known.given_at = import_piece.given_at
)
"""
_WITHDRAWALS: Final = """
INSERT INTO withdrawal (consent_id, person_id, purpose, channel, hours, how, evidence, withdrawn_at, recorded_by)
SELECT consent.id, consent.person_id, consent.purpose, consent.channel, consent.hours, 'import',
       import_piece.evidence, import_piece.withdrawn_at, :by
FROM import_piece
JOIN consent ON consent.person_id = import_piece.person_id AND consent.purpose = import_piece.purpose
            AND consent.channel = import_piece.channel AND consent.hours = import_piece.hours
            AND consent.given_at = import_piece.given_at
WHERE import_piece.withdrawn_at IS NOT NULL AND consent.person_id {of_piece}
ON CONFLICT (consent_id) DO NOTHING
"""
# Whose consents the piece tells of; the ledger says what stands by them, as it does everywhere.
_AGREEING: Final[Select[int]] = (
    select(column("person_id", BigInteger)).select_from(table("import_piece")).where(column("purpose").is_not(None))
)


def _agrees(person_id: InstrumentedAttribute[int], dialect: str) -> ColumnElement[bool]:
    """Whether the piece tells of a consent of this person."""
    if dialect == "postgresql":
        return person_id == any_(func.array(_AGREEING.scalar_subquery()))
    return person_id.in_(_AGREEING)


STANDING_COLUMNS: Final = ("person_id", "purpose", "channel", "hours", "consent_id", "expires_at")
_MEMBERS: Final = """
INSERT INTO audience_member (audience_id, person_id, "group")
SELECT :audience, person_id, "group" FROM import_piece WHERE nth = 1 ORDER BY person_id
ON CONFLICT (audience_id, person_id) DO NOTHING
"""
_COUNTS: Final = """
SELECT count(*) AS entries, count(*) FILTER (WHERE nth = 1) AS people,
       count(*) FILTER (WHERE nth = 1 AND NOT is_callable) AS not_callable,
       count(*) FILTER (WHERE part = 0) AS rows,
       count(*) FILTER (WHERE part = 0 AND nth > 1 AND (purpose IS NULL OR nth_of_kind > 1)) AS doubled,
       count(*) FILTER (WHERE purpose IS NOT NULL AND nth_consent = 1) AS consents,
       count(*) FILTER (WHERE withdrawn_at IS NOT NULL) AS withdrawn
FROM import_piece
"""


@dataclass(frozen=True, slots=True)
class Goal:
    """Where pieces go: the list, its line, and who moves them; people added at `at` are those of this import."""

    audience_id: int
    line: str
    by: str
    at: datetime


def move(moving: Moving, piece: Piece, goal: Goal) -> Counter[str]:
    """Move one piece within one transaction; counts what came of it."""
    if moving.dialect == "postgresql":
        moving.run(_TURN, line=goal.line)
    bounds, bucket = {"low": piece.low, "high": piece.high}, BUCKET[moving.dialect]
    people = moving.run(_PEOPLE.format(bucket=bucket), line=goal.line, at=goal.at, **bounds).rowcount
    for numbers in (_ALL_FIRST, _NUMBERED):
        moving.run(_EMPTIED[moving.dialect])
        moving.run(_PIECE.format(bucket=bucket, **numbers), line=goal.line, **bounds)
        if not moving.run(_IS_REPEATED).scalar_one():
            break
    counted: Counter[str] = Counter(dict(moving.run(_COUNTS).mappings().one()))
    counted["new_people"] = people
    if people < counted["people"]:
        if moving.dialect == "postgresql":
            moving.run(_LOCK.format(of_piece=_OF_PIECE[moving.dialect]), at=goal.at)
        moving.run(_NAMES.format(of_piece=_OF_PIECE[moving.dialect]))
    if counted["consents"]:
        counted += _agree(moving, goal, counted)
    counted["members"] = moving.run(_MEMBERS, audience=goal.audience_id).rowcount
    return counted


def _agree(moving: Moving, goal: Goal, counts: Counter[str]) -> Counter[str]:
    counted: Counter[str] = Counter()
    counted["new_consents"] = moving.run(_CONSENTS, line=goal.line, by=goal.by, at=goal.at).rowcount
    if counts["withdrawn"]:
        counted["withdrawals"] = moving.run(
            _WITHDRAWALS.format(of_piece=_OF_PIECE[moving.dialect]), by=goal.by
        ).rowcount
    if counts["new_people"] < counts["people"]:
        moving.do(delete(Standing).where(_agrees(Standing.person_id, moving.dialect)))
    by_ledger = standing_by_ledger(_agrees(Consent.person_id, moving.dialect))
    moving.do(insert(Standing).from_select(list(STANDING_COLUMNS), by_ledger))
    return counted
