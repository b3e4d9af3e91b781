"""What a statement over very many people needs of the database."""

from sqlalchemy import text
from sqlalchemy.orm import Session

# Sets of suppressed numbers are hashed only where they fit; sorting a chunk by id stays in memory, too.
WORK_MEMORY = "128MB"
# A busy server may need longer than a request may wait; nobody waits for these.
LONGEST = "120s"


def tune_for_many(session: Session) -> None:
    """Let a statement over very many people have memory and time, for this transaction alone (PostgreSQL)."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SET LOCAL work_mem = '{WORK_MEMORY}'"))
        session.execute(text(f"SET LOCAL statement_timeout = '{LONGEST}'"))
