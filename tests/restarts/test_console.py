"""The console is restarted behind an open desk: nobody is signed out, and the page goes on by itself."""

import signal
import time
from pathlib import Path

from benchmarks import stores
from benchmarks.servers import free_port, wait_until_healthy
from tests.campaigns.rooms import Room, wait_for
from tests.restarts.desk import CONSOLE_COMMAND, open_desk

PATIENCE_SECONDS = 60


def test_an_open_desk_comes_back_by_itself_and_loses_nothing(tmp_path: Path) -> None:
    with stores.database(stores.SQLITE, tmp_path) as url:
        port = free_port()
        environment = stores.settings(url, "unix:///none", tmp_path) | {"CHARTERLINE_CONSOLE_PORT": str(port)}
        room = Room("console", CONSOLE_COMMAND, environment, tmp_path / "console.log")
        room.start()
        try:
            wait_until_healthy(port, room.log)
            with open_desk(environment) as desk:
                assert desk.is_back_after(0.0, seconds=PATIENCE_SECONDS)
                assert wait_for(lambda: desk.done > 1, seconds=PATIENCE_SECONDS)
                began, first = time.monotonic(), room.process
                assert first is not None
                first.send_signal(signal.SIGTERM)
                first.wait(PATIENCE_SECONDS)
                room.start()
                assert desk.is_back_after(began, seconds=PATIENCE_SECONDS)
                done = desk.done
                assert wait_for(lambda: desk.done > done + 1, seconds=PATIENCE_SECONDS)
        finally:
            room.end(signal.SIGTERM)
    assert (desk.sent_away, desk.lost) == ([], [])
