"""The leanest Flask handler that verifies the carrier's signature and commits one row: the floor of a step."""

import importlib
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

from flask import Flask, Response, request
from psycopg_pool import ConnectionPool

from benchmarks.usage import plain
from config.settings import read_settings
from ivr.store import make_engine
from webhooks.signature import Received, verify

ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response><Redirect>/voice/key</Redirect></Response>'
POSTGRESQL_TABLE = (
    "CREATE TABLE IF NOT EXISTS floor_step "
    "(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, call text, digits text, at timestamptz)"
)
POSTGRESQL_INSERT = "INSERT INTO floor_step (call, digits, at) VALUES (%s, %s, %s)"
SQLITE_TABLE = "CREATE TABLE IF NOT EXISTS floor_step (id integer PRIMARY KEY, call text, digits text, at text)"
SQLITE_INSERT = "INSERT INTO floor_step (call, digits, at) VALUES (?, ?, ?)"
MOST_CONNECTIONS = 8

Commit: TypeAlias = Callable[[str, str, datetime], None]


def create_app() -> Flask:
    """Make the app from the same settings as the webhooks."""
    settings = read_settings()
    base, tokens = settings.public_base_url, settings.auth_tokens
    is_sqlite = settings.database_url.startswith("sqlite")
    connect = _sqlite if is_sqlite else _postgresql
    _make_table(settings.database_url)
    # Connected by the worker's first request, as the webhooks are: nothing is inherited by fork.
    opening, opened = threading.Lock(), list[Commit]()
    app = Flask("floor", static_folder=None)

    @app.post("/voice/key")
    def step() -> Response:
        url = base + request.environ["RAW_URI"]
        headers = request.headers
        received = Received(url, request.get_data(), headers.get("Content-Type"), headers.get("X-Twilio-Signature"))
        if not verify(received, tokens):
            return Response(status=403)
        form = dict(received.pairs or ())
        with opening:
            commit = opened[0] if opened else connect(settings.database_url)
            opened[:] = [commit]
        commit(form["CallSid"], form["Digits"], datetime.now(UTC))
        return Response(ANSWER, content_type="text/xml; charset=utf-8")

    @app.get("/healthz")
    def healthz() -> str:
        return "ok\n"

    return app


def _make_table(database_url: str) -> None:
    """Make the table with a connection that is closed again, before any worker is forked."""
    engine = make_engine(database_url, keyring=None)
    table = SQLITE_TABLE if database_url.startswith("sqlite") else POSTGRESQL_TABLE
    with engine.begin() as connection:
        connection.exec_driver_sql(table)
    engine.dispose()


def _postgresql(database_url: str) -> Commit:
    named = f"{plain(database_url)}{'&' if '?' in plain(database_url) else '?'}application_name=floor"
    pool = ConnectionPool(named, min_size=4, max_size=MOST_CONNECTIONS, kwargs={"autocommit": True}, open=True)
    pool.wait()

    def commit(call: str, digits: str, at: datetime) -> None:
        with pool.connection() as connection:
            connection.execute(POSTGRESQL_INSERT, (call, digits, at))

    return commit


def _sqlite(database_url: str) -> Commit:
    module = importlib.import_module("pysqlite3.dbapi2")
    connection = module.connect(
        database_url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False, timeout=10
    )
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")
    turn = threading.Lock()

    def commit(call: str, digits: str, at: datetime) -> None:
        with turn:
            connection.execute(SQLITE_INSERT, (call, digits, at.isoformat()))

    return commit
