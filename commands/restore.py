"""`charterline restore`: bring a backup into an empty installation, after everything about it was checked."""

import json
import tarfile
import tempfile
from pathlib import Path

import click
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from commands.backup import DATABASES, FOLDERS, FORMAT, INDEX_CHECK, MANIFEST, Manifest, revision_of, sum_of, why
from commands.backup_tools import run_tool
from commands.installation import ROOT, installed_settings
from config.settings import Settings
from ivr.sealing import Keyring, sign
from ivr.store import make_engine


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Bring back what `charterline backup` wrote into FILE (docs/backup.md).

    Only into a database without tables and a DATA_DIR without recordings and uploads; stop every process before it.
    """
    settings = installed_settings()
    keyring = Keyring.from_secrets(settings.secret_keys.get_secret_value())
    engine = make_engine(settings.database_url, keyring=keyring)
    for needed in (settings.data_dir, *_folder_of(engine)):
        needed.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix="restore-") as folder:
            manifest = _unpacked(file, Path(folder))
            _refuse_where_not_empty(engine, settings)
            _refuse_other_keys(manifest, engine, keyring)
            _load(engine, Path(folder) / DATABASES[engine.dialect.name])
            for name in FOLDERS:
                if (Path(folder) / name).is_dir():
                    (Path(folder) / name).replace(settings.data_dir / name)
        _tell(engine, manifest)
    except (OSError, SQLAlchemyError) as error:
        raise click.ClickException(f"the backup was not restored: {why(error)}") from None
    finally:
        engine.dispose()


def _unpacked(file: Path, folder: Path) -> Manifest:
    """Unpack into a folder and compare every sum; raises for a file that is damaged or of something else."""
    try:
        with tarfile.open(file, "r:gz") as archive:
            archive.extractall(folder, filter="data")
        manifest: Manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise click.ClickException(f"{file} is damaged, or no backup: {type(error).__name__}: {error}") from None
    if manifest.get("format") != FORMAT:
        raise click.ClickException(f"{file} has the format {manifest.get('format')}: this version reads {FORMAT}")
    sums = {name: one["sha256"] for name, one in manifest["files"].items() if one["sha256"]}
    wrong = [name for name, digest in sums.items() if not _is(folder / name, digest)]
    if wrong:
        raise click.ClickException(f"{file} is damaged: {', '.join(wrong[:5])} is not what was written")
    return manifest


def _is(path: Path, digest: str) -> bool:
    return path.is_file() and sum_of(path) == digest


def _refuse_where_not_empty(engine: Engine, settings: Settings) -> None:
    if inspect(engine).get_table_names():
        raise click.ClickException(f"the database {engine.url.database} is not empty: name a new one in DATABASE_URL")
    full = [name for name in FOLDERS if any((settings.data_dir / name).glob("*"))]
    if full:
        raise click.ClickException(f"{settings.data_dir} has {' and '.join(full)} already: name a new DATA_DIR")


def _refuse_other_keys(manifest: Manifest, engine: Engine, keyring: Keyring) -> None:
    if manifest["database"] != engine.dialect.name:
        raise click.ClickException(
            f"the backup is of {manifest['database']}, and DATABASE_URL names {engine.dialect.name}"
        )
    missing = [key_id for key_id in manifest["keys"] if key_id not in keyring.key_ids]
    if missing:
        raise click.ClickException(
            f"SECRET_KEYS lacks {', '.join(missing)}: add the keys that the backup was made with"
        )
    with Session(engine) as session:
        if sign(session, INDEX_CHECK) != manifest["index"]:
            raise click.ClickException("the key index of SECRET_KEYS is another one: no number would be found with it")


def _folder_of(engine: Engine) -> list[Path]:
    """The folder of a database that is a file."""
    return [Path(str(engine.url.database)).parent] if engine.dialect.name == "sqlite" else []


def _load(engine: Engine, dumped: Path) -> None:
    url = engine.url
    engine.dispose()
    if engine.dialect.name == "postgresql":
        run_tool("pg_restore", url, "--exit-on-error", "--single-transaction", str(dumped))
        return
    target = Path(str(url.database))
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    target.touch(mode=0o600)
    with dumped.open("rb") as source, target.open("wb") as file:
        while piece := source.read(1024 * 1024):
            file.write(piece)


def _tell(engine: Engine, manifest: Manifest) -> None:
    if revision_of(engine) != manifest["revision"]:
        raise click.ClickException(f"the database is not at schema {manifest['revision']}: the restore is not whole")
    newest = ScriptDirectory.from_config(Config(toml_file=str(ROOT / "pyproject.toml"))).get_current_head()
    click.echo(f"Restored: {len(manifest['files'])} files of {manifest['made_at']}, schema {manifest['revision']}.")
    if newest != manifest["revision"]:
        click.echo(f"This version needs schema {newest}: run `charterline migrate` before anything is started.")
    click.echo("`charterline accounts check-log` and `charterline keep log` tell whether the logs are whole.")
