"""The processes of an installation: the Procfile read, and written down again for supervisord."""

import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

from commands.installation import ROOT, Installation

INTRODUCTION = "introduction"
# A daemon that others need starts first and stops last, by itself; all the others stop together.
PRIORITY = {"valkey": 1, "carrier": 10}
ROOMS = "hotline"
TOP = """\
[supervisord]
nodaemon=true
silent=true
directory={root}
pidfile={sockets}/supervisor.pid
logfile={data}/log/supervisor.log
logfile_maxbytes=1MB
logfile_backups=1
umask=077

[unix_http_server]
file={control}
chmod=0700

[supervisorctl]
serverurl=unix://{control}

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""
PROGRAM = """
[program:{name}]
command=/bin/sh -c "exec {command}"
directory={root}
priority={priority}
autorestart={autorestart}
startsecs={startsecs}
startretries=100
stopwaitsecs=15
stopasgroup=true
killasgroup=true
redirect_stderr=true
stdout_logfile={output}
stdout_logfile_maxbytes={limit}
"""
GROUP = """
[group:{name}]
programs={programs}
priority=100
"""


def read_procfile(path: Path = ROOT / "Procfile") -> dict[str, str]:
    """Return the command of each process by its name."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return {name.strip(): command.strip() for name, _, command in (line.partition(":") for line in lines)}


def control_socket(installation: Installation) -> Path:
    """Return the socket on which a running supervisord listens."""
    return installation.sockets_dir / "supervisor.sock"


def started_processes(installation: Installation) -> dict[str, str]:
    """Return the commands to start: without a Valkey or a carrier where one is given from outside."""
    given_from_outside = {
        name for name, own in (("valkey", installation.own_valkey), ("carrier", installation.own_carrier)) if not own
    }
    return {name: command for name, command in read_procfile().items() if name not in given_from_outside}


def write_configuration(installation: Installation) -> Path:
    """Write supervisord's configuration into the data folder and return its path."""
    (installation.data_dir / "log").mkdir(mode=0o700, exist_ok=True)
    path = installation.data_dir / "supervisord.conf"
    path.touch(mode=0o600)
    path.write_text(configuration(installation, started_processes(installation)), encoding="utf-8")
    return path


def configuration(installation: Installation, processes: Mapping[str, str]) -> str:
    """Return supervisord's configuration for `processes`, all writing to one merged log."""
    output = merged_log(installation)
    shown = output.startswith("/dev/")
    top = TOP.format(
        root=_escaped(ROOT),
        sockets=_escaped(installation.sockets_dir),
        data=_escaped(installation.data_dir),
        control=_escaped(control_socket(installation)),
    )
    commands = {**processes, INTRODUCTION: f"charterline run {INTRODUCTION}"}
    programs = (
        PROGRAM.format(
            name=name,
            root=_escaped(ROOT),
            command=_escaped(command).replace('"', '\\"'),
            priority=PRIORITY.get(name, 100),
            autorestart="false" if name == INTRODUCTION else "true",
            startsecs=0 if name == INTRODUCTION else 1,
            output=_escaped(output),
            limit="0" if shown else "10MB",
        )
        for name, command in commands.items()
    )
    together = ",".join(name for name in commands if name not in PRIORITY)
    return top + "".join(programs) + GROUP.format(name=ROOMS, programs=together)


def merged_log(installation: Installation) -> str:
    """Return where all processes write: standard output, or a file where that cannot be opened again."""
    try:
        mode = os.fstat(sys.__stdout__.fileno() if sys.__stdout__ else 1).st_mode
    except OSError:
        mode = stat.S_IFSOCK
    # A socket (as under systemd) has no name by which supervisord could open it.
    if stat.S_ISSOCK(mode) or not os.access("/dev/fd/1", os.W_OK):
        return str(installation.data_dir / "log" / "hotline.log")
    return "/dev/fd/1"


def _escaped(value: Path | str) -> str:
    return str(value).replace("%", "%%")
