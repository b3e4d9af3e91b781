"""The database as the doctor looks at it: does it answer, is it new enough, at our schema, on time, ours to read."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import make_url, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from commands.doctor_findings import Finding, fine, soon, wrong
from commands.installation import ROOT
from config.settings import PREFIX, Settings
from ivr.accounts.access_review import overdue_reviews
from ivr.accounts.rows import AccessChain
from ivr.agents.rows import Agent
from ivr.calls.rows import Call
from ivr.health.backlog import backlog_of
from ivr.health.database import DatabaseState, database_state
from ivr.health.promises import due_promises, troubled_promises
from ivr.sealing import CannotOpen
from ivr.store import Store

OLDEST_POSTGRESQL = 15
# Waiting and ringing are measured between hosts: half a second of difference shows in them.
CLOCKS_DIFFER, CLOCKS_WRONG = timedelta(seconds=0.5), timedelta(seconds=2)
RELAY_BEHIND = timedelta(seconds=5)
# What is late for longer is felt by people.
FELT_AFTER = timedelta(minutes=5)
SHOWN = 5


def look_at_database(settings: Settings, store: Store, at: datetime) -> Iterator[Finding]:
    """Everything that can be asked of the database at `at`; where it does not answer, that alone."""
    where = f"{PREFIX}DATABASE_URL={make_url(settings.database_url).render_as_string(hide_password=True)}"
    if store.is_sqlite and not has_file(settings):
        remedy = "charterline migrate makes it; or correct the setting"
        yield wrong("database", "its file is not there", where=where, remedy=remedy)
        return
    try:
        with store.reading() as session:
            state = database_state(session, at=at)
            yield _version(state, where)
            yield _clock(state, where)
            yield (schema := _schema(state, where))
            if state.schema == newest_schema():
                yield _keys(session, store)
                yield from _promises(session, at)
                yield _reviews(session, at)
            else:
                yield soon("promises", "not looked at", where=where, remedy=schema.remedy)
    except SQLAlchemyError as error:
        remedy = "start it, let this host in, or correct the setting; then run this command again"
        yield wrong("database", f"does not answer ({type(error).__name__})", where=where, remedy=remedy)


def has_file(settings: Settings) -> bool:
    """Whether there is a database to look at: to open a file of SQLite that is not there would make it."""
    url = make_url(settings.database_url)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


def newest_schema() -> str:
    """The revision that this release brings along."""
    return str(ScriptDirectory.from_config(Config(toml_file=str(ROOT / "pyproject.toml"))).get_current_head())


def _version(state: DatabaseState, where: str) -> Finding:
    what = f"{state.name} {state.version}, {state.size // 1024 // 1024:,} MiB"
    major = state.version.partition(".")[0].split(" ")[0]
    if state.name == "PostgreSQL" and int(major) < OLDEST_POSTGRESQL:
        remedy = f"move to PostgreSQL {OLDEST_POSTGRESQL} or newer: nothing older is tested"
        return wrong("database", f"{what} is too old", where=where, remedy=remedy)
    return fine("database", f"answers: {what}", where)


def _clock(state: DatabaseState, where: str) -> Finding:
    if state.ahead is None:
        return fine("clock", "SQLite has no clock of its own", where)
    what = f"the database is {state.ahead.total_seconds():+.2f} s from this host"
    remedy = "let both hosts follow the same time servers (chronyc tracking, timedatectl)"
    if abs(state.ahead) > CLOCKS_WRONG:
        return wrong("clock", what, where=where, remedy=remedy)
    if abs(state.ahead) > CLOCKS_DIFFER:
        return soon("clock", what, where=where, remedy=remedy)
    return fine("clock", what, where)


def _schema(state: DatabaseState, where: str) -> Finding:
    newest = newest_schema()
    if state.schema == newest:
        return fine("schema", f"is at {newest}, the newest", where)
    what = f"is at {state.schema}, this release needs {newest}" if state.schema else "there are no tables of ours"
    return wrong("schema", what, where=where, remedy="charterline migrate (docs/operations.md, upgrade)")


def _keys(session: Session, store: Store) -> Finding:
    where = f"{PREFIX}SECRET_KEYS"
    try:
        session.scalar(select(Agent.phone).where(Agent.phone.is_not(None)).limit(1))
        newest = select(Call.caller, Call.caller_index).where(Call.caller.is_not(None), Call.caller_index.is_not(None))
        row = session.execute(newest.order_by(Call.arrived_at.desc()).limit(1)).one_or_none()
    except CannotOpen as error:
        return wrong("secret keys", f"{error.place}: {error.why}", where=where, remedy=error.remedy)
    if row is not None and store.keyring.index(row.caller) != row.caller_index:
        remedy = "put back the entry index: with which the stored numbers were written; it must never change"
        return wrong("secret keys", "the index key is not that of the stored numbers", where=where, remedy=remedy)
    return fine("secret keys", "open what is stored", where)


def _promises(session: Session, at: datetime) -> Iterator[Finding]:
    behind = backlog_of(session, at=at).not_handed_out
    if behind > RELAY_BEHIND:
        what = f"a promise that was due {_spoken(behind)} ago is not handed out"
        remedy = "start the relay (charterline run relay) and look at its log; docs/runbook.md#relay-behind"
        yield wrong("relay", what, where="table promise", remedy=remedy)
    else:
        yield fine("relay", "nothing due waits to be handed out", "table promise")
    late = [due for due in due_promises(session, at=at) if due.is_late(at)]
    for due in late[:SHOWN]:
        what = f"{due.count} of the kind {due.kind} are overdue, the oldest by {_spoken(at - due.since)}"
        remedy = "see that a worker of every queue runs, then read its log for this kind; docs/runbook.md#promises-late"
        say = wrong if at - due.since > FELT_AFTER else soon
        yield say("promises", what, where=f"kind {due.kind}", remedy=remedy)
    if not late:
        yield fine("promises", "none is overdue", "table promise")
    for trouble in troubled_promises(session)[:SHOWN]:
        what = f"promise {trouble.id} ({trouble.kind}) failed {trouble.attempts} times: {trouble.outcome}"
        remedy = "read the log for this promise; it is tried again by itself; docs/runbook.md#promises-fail"
        yield soon("promises", what, where=f"kind {trouble.kind}", remedy=remedy)


def _reviews(session: Session, at: datetime) -> Finding:
    lines = session.scalars(select(AccessChain.line).order_by(AccessChain.line)).all()
    late = overdue_reviews(session, lines, at=at)
    if not late:
        return fine("access log", "every month was reviewed in time", "table access_entry")
    what = "not reviewed: " + ", ".join(f"{owed.line} {owed.month}" for owed in late[:SHOWN])
    remedy = "an auditor or administrator signs on the console (access log, monthly review); charterline access owed"
    return soon("access log", what, where="table access_entry", remedy=remedy)


def _spoken(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
