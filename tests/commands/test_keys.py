"""`charterline keys` and `charterline keep`, as they are typed, over rows of every table."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Engine, insert, select

from config.recordings import Recordings
from config.settings import new_secret_keys
from ivr.keeping.resealing import reseal_piece, sealed_columns
from ivr.keeping.tables import all_tables
from ivr.listening.recordings import file_of, sealed_sound
from ivr.sealing import Keyring
from ivr.store import Store, make_engine
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.keeping.filled import NUMBER, WORDS, fill, row_of

pytestmark = pytest.mark.usefixtures("installed")
Type = Callable[..., Result]
WRITTEN = datetime(2019, 11, 25, 1, 0, tzinfo=UTC)
SOUND = b"RIFF a sound"
TABLES = all_tables()
OLD = new_secret_keys(bytes(range(64)))
NEW_KEY = f"k9:{base64.b64encode(bytes(range(100, 132))).decode()}"
INDEX = next(entry for entry in OLD.split(",") if entry.startswith("index:"))


@pytest.fixture
def filled(engine: Engine, tmp_path: Path) -> Store:
    """A row in every table, and the sound of its recording."""
    store = Store(engine)
    with engine.begin() as connection:
        fill(connection, TABLES, at=WRITTEN)
        connection.execute(TABLES.tables["recording"].update().values(file=file_of("a")))
    Recordings(tmp_path / "data").keep(file_of("a"), sealed_sound(store.keyring, "a", SOUND))
    return store


def test_a_new_key_takes_over_while_rows_go_on_being_written(
    filled: Store, engine: Engine, command_line: Type, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    old = filled.keyring.current
    monkeypatch.setenv("CHARTERLINE_SECRET_KEYS", f"{NEW_KEY},{OLD}")
    before = json.loads(command_line("keys", "status", "--json").output)
    places = {f"{one.place}" for one in sealed_columns(TABLES)} | {"recordings"}
    assert {place: counted.get(old) for place, counted in before.items()} == dict.fromkeys(places, 1)
    changed = make_engine(engine.url.render_as_string(hide_password=False), keyring=_keyring(f"{NEW_KEY},{OLD}"))
    first = sealed_columns(TABLES)[0]
    with Store(changed).transaction() as session:  # cut off after its first piece, while a webhook writes a call
        assert reseal_piece(session, first, _keyring(f"{NEW_KEY},{OLD}")) == 1
        session.execute(insert(TABLES.tables["call"]).values(row_of(TABLES.tables["call"], at=WRITTEN, mark="b")))
    changed.dispose()
    assert f"Still needed: {old}" in command_line("keys", "status").output
    rotated = command_line("keys", "rotate")
    assert rotated.exit_code == 0, rotated.output
    assert f"{len(places) - 2} values and 1 recordings were sealed anew with k9" in rotated.output
    assert f"No longer needed here: {old}" in rotated.output
    assert "0 values and 0 recordings" in command_line("keys", "rotate").output
    alone = _keyring(f"{NEW_KEY},{INDEX}")
    only = make_engine(engine.url.render_as_string(hide_password=False), keyring=alone)
    with Store(only).reading() as session:
        for one in sealed_columns(TABLES):
            assert set(session.scalars(select(one.column))) <= {NUMBER, WORDS}, one.place
    only.dispose()
    sealed = Recordings(tmp_path / "data").read(file_of("a"))
    assert sealed is not None
    assert alone.open_bytes(sealed, place="recording.a") == SOUND


@ON_SQLITE
def test_a_key_that_is_gone_is_named_and_nothing_is_lost(
    filled: Store, command_line: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert filled.keyring.current not in NEW_KEY
    monkeypatch.setenv("CHARTERLINE_SECRET_KEYS", f"{NEW_KEY},{INDEX}")
    refused = command_line("keys", "rotate")
    assert refused.exit_code == 1
    assert "put the key" in refused.output
    assert "not in CHARTERLINE_SECRET_KEYS" in command_line("keys", "status").output
    monkeypatch.setenv("CHARTERLINE_SECRET_KEYS", OLD)
    assert "the only key" in command_line("keys", "status").output


@ON_SQLITE
def test_what_is_over_is_shown_held_run_and_logged(filled: Store, command_line: Type) -> None:
    assert "call-numbers" in command_line("keep", "show").output
    shown = {one["name"]: one["due"] for one in json.loads(command_line("keep", "show", "--json").output)}
    assert (shown["call-numbers"], shown["access-log"], shown["people"]) == (1, 0, 0)
    held = command_line("keep", "hold", "call", "a", "--why", "2026가합1", "--by", "legal")
    assert held.output == "Hold 1 stands: call, set by legal.\n"
    assert command_line("keep", "hold", "call", "nobody", "--why", "court", "--by", "legal").exit_code == 1
    assert command_line("keep", "hold", "line", "nobody", "--why", "court", "--by", "legal").exit_code == 1
    assert command_line("keep", "hold", "number", "010-9999-0000", "--why", "court", "--by", "legal").exit_code == 0
    listed = json.loads(command_line("keep", "holds", "--json").output)
    assert [(one["kind"], one["released"]) for one in listed] == [("call", None), ("number", None)]
    said = json.loads(command_line("keep", "run", "--dry-run", "--json").output)
    assert command_line("keep", "run").exit_code == 2
    done = json.loads(command_line("keep", "run", "--by", "kim", "--json").output)
    rows = [{one["class"]: one["rows"] for one in found} for found in (said, done)]
    assert rows[0] == rows[1]
    assert (rows[1]["call-numbers"], rows[1]["bookings"]) == (0, 1)
    assert command_line("keep", "release", "1", "--by", "legal").exit_code == 0
    assert command_line("keep", "release", "1", "--by", "legal").exit_code == 1
    assert "call-numbers       1 rows" in command_line("keep", "run", "--by", "kim").output
    assert command_line("keep", "run", "--by", "kim").output.startswith("0 rows were erased")
    log = command_line("keep", "log")
    assert "none changed" in log.output
    assert "kim" in log.output


def _keyring(text: str) -> Keyring:
    return Keyring.from_secrets(text)
