"""A web process that is given its port as a socket unit of systemd gives it: the port stays while it is restarted."""

import socket
import subprocess
import sys
from dataclasses import dataclass

from benchmarks import stores
from tests.campaigns.rooms import Room

# systemd's protocol: descriptors from 3 on, meant for the process of this id.
HAND_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execv(sys.argv[2], sys.argv[2:])
"""


@dataclass
class Handed(Room):
    """As its parent, with a port that somebody else listens on already."""

    port: socket.socket | None = None

    def start(self) -> None:
        """Start it, unless it runs."""
        if self.port is None or (self.process is not None and self.process.poll() is None):
            return
        descriptor = self.port.fileno()
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", HAND_OVER, str(descriptor), *self.command],
                env=self.environment,
                cwd=stores.ROOT,
                stdout=output,
                stderr=output,
                start_new_session=True,
                pass_fds=[descriptor],
            )
