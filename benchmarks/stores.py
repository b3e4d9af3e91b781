"""What a benchmark stands on: a folder, a database with all tables, a Valkey, settings; all gone at its end."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError as NotYet
from redis.retry import Retry
from sqlalchemy import make_url

from benchmarks.usage import plain
from commands.migrate import migrate
from commands.valkey import passing_server
from config.settings import new_secret_keys, read_settings
from ivr.sealing import Keyring
from ivr.store import Store, make_engine
from tests.store_fixtures.postgres_server import shared_server, stop_server

OUTSIDE = "CHARTERLINE_TEST_DATABASE_URL"
SQLITE, POSTGRESQL = "sqlite", "postgresql"
ACCOUNT_SID = "AC" + "b" * 32
AUTH_TOKEN = "benchmark-token"  # noqa: S105 - signs requests of one run on this machine
ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for one benchmark; the server of the wheel in it, if one was started, is stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="charterline-bench-") as name:
        place = Path(name)
        try:
            yield place
        finally:
            stop_server(place)


@contextmanager
def database(kind: str, place: Path) -> Iterator[str]:
    """The URL of an empty database of this kind with all tables."""
    if kind == SQLITE:
        url = f"sqlite:///{place / 'hotline.db'}"
        migrate(read_settings(settings(url, "unix:///none", place)))
        yield url
        return
    server = os.environ.get(OUTSIDE) or shared_server(place)
    name = f"charterline_bench_{os.getpid()}"
    url = make_url(server).set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)
    with psycopg.connect(plain(server), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
        )
        try:
            migrate(read_settings(settings(url, "unix:///none", place)))
            yield url
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def store(kind: str, *, patience: float) -> Iterator[Store]:
    """An empty store of this kind with all tables; a statement may take `patience` seconds."""
    with folder() as place, database(kind, place) as url:
        keyring = Keyring.from_secrets(new_secret_keys(bytes(range(64))))
        made = Store(make_engine(url, keyring=keyring, patience=patience))
        yield made
        made.engine.dispose()


@contextmanager
def valkey(place: Path) -> Iterator[str]:
    """The URL of a Valkey that keeps nothing."""
    socket = place / "valkey.sock"
    with (place / "valkey.log").open("wb") as log:
        server = subprocess.Popen(passing_server(socket), stdout=log, stderr=log)
    url = f"unix://{socket}"
    try:
        with Redis.from_url(url, retry=Retry(ConstantBackoff(0.02), 500, (NotYet,))) as client:
            client.ping()
        yield url
    finally:
        server.terminate()
        server.wait(10)


def settings(
    database_url: str, redis_url: str, place: Path, *, port: int = 8080, carrier_port: int = 8082
) -> dict[str, str]:
    """The environment of our processes, nothing of the caller's own settings in it."""
    ours = {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "TWILIO_API_URL": f"http://127.0.0.1:{carrier_port}",
        "SECRET_KEYS": new_secret_keys(bytes(range(64))),
        "DATA_DIR": str(place),
        "WEBHOOKS_PORT": str(port),
        "ALWAYS_OPEN": "true",
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CHARTERLINE_")}
    return {**inherited, "PYTHONPATH": str(ROOT)} | {f"CHARTERLINE_{name}": value for name, value in ours.items()}


def called(database_url: str, application: str) -> str:
    """The same database under an application's name, by which PostgreSQL tells whose connection is whose."""
    url = make_url(database_url)
    if url.drivername.startswith(SQLITE):
        return database_url
    return url.update_query_dict({"application_name": application}).render_as_string(hide_password=False)
