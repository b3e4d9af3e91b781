"""`charterline backup`: one file with the database, the recordings and the uploads, and a manifest that proves it."""

import hashlib
import io
import json
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from alembic.migration import MigrationContext
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from commands.backup_tools import run_tool
from commands.installation import installed_settings
from config import recordings, uploads
from config.clock import system_clock
from config.recordings import Recordings
from config.settings import Settings
from ivr.keeping.resealing import UNKNOWN, sealed_columns, sounds_by_key, values_by_key
from ivr.keeping.tables import all_tables
from ivr.sealing import Keyring, sign
from ivr.store import Store, make_engine

FORMAT = 1
MANIFEST = "manifest.json"
DATABASES = {"sqlite": "database.sqlite", "postgresql": "database.dump"}
FOLDERS = (recordings.FOLDER, uploads.FOLDER)
# Signed with the index key: the same installation's keys give the same signature, and nothing is learnt from it.
INDEX_CHECK = "backup:index"

Manifest = dict[str, Any]  # JSON


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write everything that is kept into FILE, while the processes go on (docs/backup.md).

    Personal data stay sealed in it. The keys are not in it: keep SECRET_KEYS apart from it, and never lose them.
    """
    settings = installed_settings()
    if file.exists():
        raise click.ClickException(f"{file} is there already: give a new name")
    growing = file.with_name(f"{file.name}.part")
    growing.touch(mode=0o600)
    try:
        manifest = _write(growing, settings, at=system_clock())
        growing.replace(file)
    except (OSError, SQLAlchemyError) as error:
        raise click.ClickException(f"the backup was not made: {why(error)}") from None
    finally:
        growing.unlink(missing_ok=True)
    size = file.stat().st_size
    click.echo(f"{file}: {len(manifest['files'])} files, {size:,} bytes, schema {manifest['revision']}.")
    click.echo(f"Needed to restore it: the keys {', '.join(['index', *manifest['keys']])} of SECRET_KEYS.")


def why(error: OSError | SQLAlchemyError) -> str:
    """What the system or the database said, in one line."""
    return str(error.orig if isinstance(error, DBAPIError) else error).splitlines()[0]


def revision_of(engine: Engine) -> str | None:
    """The schema revision of a database, None where it has none."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def sum_of(path: Path) -> str:
    """SHA-256 of a file, read a piece at a time."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write(target: Path, settings: Settings, *, at: datetime) -> Manifest:
    keyring = Keyring.from_secrets(settings.secret_keys.get_secret_value())
    engine = make_engine(settings.database_url, keyring=keyring)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            copied = Path(folder) / DATABASES[engine.dialect.name]
            manifest: Manifest = {"format": FORMAT, "made_at": at.isoformat(), "revision": revision_of(engine)}
            _dump(engine, copied)
            manifest |= _keys(engine, settings)
            sums = {copied.name: copied} | dict(_kept_files(settings.data_dir))
            manifest |= {"database": engine.dialect.name, "files": {}}
            with tarfile.open(target, "w:gz", compresslevel=1) as archive:
                manifest["files"] = {name: _add(archive, name, path) for name, path in sums.items()}
                _add_manifest(archive, manifest)
    finally:
        engine.dispose()
    return manifest


def _dump(engine: Engine, target: Path) -> None:
    """A copy of the database as it is at one moment; nobody waits for it."""
    if engine.dialect.name == "postgresql":
        run_tool("pg_dump", engine.url, "--format=custom", f"--file={target}")
        return
    copy = engine.dialect.loaded_dbapi.connect(str(target))
    try:
        with engine.connect().execution_options(charterline_reading=True) as connection:
            driver: Any = connection.connection.driver_connection  # Any: each driver has its own class
            driver.backup(copy)
    finally:
        copy.close()


def _keys(engine: Engine, settings: Settings) -> dict[str, object]:
    keyring, found = Store(engine).keyring, set()
    with Session(engine.execution_options(charterline_reading=True)) as session:
        for sealed in sealed_columns(all_tables()):
            found |= set(+values_by_key(session, sealed, keyring))
        found |= set(+sounds_by_key(session, Recordings(settings.data_dir), keyring))
        return {
            "keys": sorted(found - {UNKNOWN}),
            "unknown_keys": UNKNOWN in found,
            "index": sign(session, INDEX_CHECK),
        }


def _kept_files(data_dir: Path) -> Iterator[tuple[str, Path]]:
    for name in FOLDERS:
        for path in sorted((data_dir / name).glob("*")):
            if path.is_file() and path.suffix != ".part":
                yield f"{name}/{path.name}", path


def _add(archive: tarfile.TarFile, name: str, path: Path) -> dict[str, object]:
    """Put a file into the archive; one whose time ended at this moment is left out by its sum, None."""
    try:
        digest = sum_of(path)
        archive.add(path, arcname=name, recursive=False)
    except FileNotFoundError:
        return {"sha256": None, "bytes": 0}
    return {"sha256": digest, "bytes": path.stat().st_size}


def _add_manifest(archive: tarfile.TarFile, manifest: Manifest) -> None:
    text = json.dumps(manifest, indent=1, sort_keys=True).encode()
    entry = tarfile.TarInfo(MANIFEST)
    entry.size, entry.mode = len(text), 0o600
    archive.addfile(entry, io.BytesIO(text))
