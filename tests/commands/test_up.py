"""`charterline up` for real: it starts everything, refuses what cannot be, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.guards.tree import ROOT

PORTS = ("CHARTERLINE_WEBHOOKS_PORT", "CHARTERLINE_CONSOLE_PORT", "CHARTERLINE_CARRIER_PORT")
COMMAND = [sys.executable, "-m", "commands.main", "up"]


@pytest.fixture
def environment(folder: Path) -> dict[str, str]:
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in PORTS]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        ports = {name: str(probe.getsockname()[1]) for name, probe in zip(PORTS, probes, strict=True)}
    path = os.pathsep.join([str(ROOT / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
    own = {"CHARTERLINE_DATA_DIR": str(folder / "data"), "HOME": str(folder), "PATH": path}
    return {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", **own, **ports}


@pytest.fixture
def hotline(environment: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(COMMAND, env=environment, cwd=folder, stdout=log, stderr=log)
    try:
        _wait_for("The hotline is up.", folder / "log", process)
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def test_it_starts_everything_refuses_a_second_start_and_leaves_nothing_behind(
    hotline: subprocess.Popen[bytes], environment: dict[str, str], folder: Path
) -> None:
    for name in PORTS:
        assert _accepts(int(environment[name])), name
    again = subprocess.run(COMMAND, env=environment, cwd=folder, check=False, capture_output=True, text=True)
    assert again.returncode == 1
    assert "is already running" in again.stderr
    hotline.send_signal(signal.SIGINT)
    assert hotline.wait(60) == 0
    assert not any(_accepts(int(environment[name])) for name in PORTS)
    assert _processes_of(environment["CHARTERLINE_DATA_DIR"]) == []


def test_a_taken_port_is_named_with_its_setting(environment: dict[str, str], folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(environment["CHARTERLINE_CONSOLE_PORT"])))
        taken.listen()
        done = subprocess.run(COMMAND, env=environment, cwd=folder, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert f"port {environment['CHARTERLINE_CONSOLE_PORT']} on 127.0.0.1" in done.stderr
    assert "CHARTERLINE_CONSOLE_PORT" in done.stderr


def test_wrong_settings_are_all_named_at_once(environment: dict[str, str], folder: Path) -> None:
    wrong = {"CHARTERLINE_WEBHOOKS_PORT": "no", "CHARTERLINE_REDIS_URL": "http://x"}
    done = subprocess.run(COMMAND, env=environment | wrong, cwd=folder, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert all(name in done.stderr for name in wrong)


def _wait_for(words: str, log: Path, process: subprocess.Popen[bytes]) -> None:
    for _ in range(400):
        if words in log.read_text(encoding="utf-8"):
            return
        if process.poll() is not None:
            break
        time.sleep(0.2)
    pytest.fail(f"the hotline did not come up:\n{log.read_text(encoding='utf-8')}")


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _processes_of(data_dir: str) -> list[str]:
    """Processes that carry this installation's data folder in their environment (Linux; elsewhere none)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"CHARTERLINE_DATA_DIR={data_dir}".encode() in entry.read_bytes():
                found.append(entry.parent.name)
        except OSError:
            continue
    return found
