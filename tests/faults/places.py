"""Where one installation of a fault run lives: its folder and its ports."""

import socket
from dataclasses import dataclass

FIRST_PORT, LAST_PORT = 9300, 9399


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports of one installation."""

    webhooks: int
    carrier: int
    static: int
    redis: int


def free_ports() -> Ports:
    """Four neighbouring ports of the range of fault runs that nobody listens on; of another run none is among them."""
    for first in range(FIRST_PORT, LAST_PORT, 4):
        ports = range(first, first + 4)
        if all(_is_free(port) for port in ports):
            return Ports(*ports)
    raise RuntimeError(f"no four neighbouring ports between {FIRST_PORT} and {LAST_PORT} are free")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
