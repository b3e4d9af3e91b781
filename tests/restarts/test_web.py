"""The web processes are restarted behind their socket: whoever asks meanwhile is answered, and nothing is forgotten."""

import signal
import socket
import time
from pathlib import Path

from sqlalchemy import func, select

from benchmarks import stores
from benchmarks.probing import Probe
from benchmarks.servers import wait_until_healthy
from commands.opened import open_installation
from config.settings import read_settings
from ivr.calls.rows import Fact
from tests.campaigns.rooms import MORTALS
from tests.restarts.handed import Handed

PATIENCE_SECONDS = 60


def test_no_request_is_lost_while_the_web_is_restarted(tmp_path: Path) -> None:
    with (
        stores.database(stores.SQLITE, tmp_path) as url,
        socket.create_server(("127.0.0.1", 0), backlog=512) as port,
    ):
        number = port.getsockname()[1]
        environment = stores.settings(url, "unix:///none", tmp_path, port=number)
        room = Handed("web", MORTALS["web"], environment, tmp_path / "web.log", port=port)
        opened = open_installation(read_settings(environment))
        room.start()
        try:
            wait_until_healthy(number, room.log)
            with Probe(opened.settings, patience=PATIENCE_SECONDS) as probe:
                time.sleep(0.5)
                first = room.process
                assert first is not None
                first.send_signal(signal.SIGTERM)
                assert first.wait(PATIENCE_SECONDS) == 0
                asked = len(probe.waits)
                room.start()
                wait_until_healthy(number, room.log)
                time.sleep(0.5)
        finally:
            room.end(signal.SIGTERM)
        with opened.store.reading() as session:
            kept = session.scalar(select(func.count()).where(Fact.kind == "menu"))
        opened.store.engine.dispose()
    assert probe.failed == 0
    assert len(probe.waits) > asked
    assert kept == len(probe.waits)
