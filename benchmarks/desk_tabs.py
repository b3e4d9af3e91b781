"""Desks as browsers hold them open, many in one process: the stream, and what is asked for after each event."""

import asyncio
import re
import time

LONGEST_SILENCE_SECONDS = 30.0
EVENT = re.compile(rb"event: (\w+)")


class Tab:
    """One open desk. After `expect`, `told` waits for the next event and for the page that is shown then."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port = port
        self._head = f"Host: 127.0.0.1:{port}\r\nCookie: charterline-{port}={cookie}\r\nX-By-Itself: yes\r\n"
        self._waiting: asyncio.Future[float] | None = None
        self._listening: asyncio.Task[None] | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def open(self) -> None:
        """Open the stream and wait for the first word on it."""
        reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer.write(f"GET /desk/stream HTTP/1.1\r\n{self._head}\r\n".encode())
        status = await asyncio.wait_for(reader.readline(), LONGEST_SILENCE_SECONDS)
        if b" 200 " not in status:
            raise RuntimeError(f"the stream of a desk was answered with {status!r}")
        self._listening = asyncio.create_task(self._listen(reader))

    def expect(self) -> None:
        """The next event is the one that counts."""
        self._waiting = asyncio.get_running_loop().create_future()

    async def told(self) -> tuple[float, float]:
        """When the ring was known here, and when the page that shows it had come (monotonic seconds)."""
        if self._waiting is None:
            raise RuntimeError("nothing is expected at this desk")
        known = await asyncio.wait_for(self._waiting, LONGEST_SILENCE_SECONDS)
        page = await self._get("/desk/live")
        if b'data-phase="ringing"' not in page:
            raise RuntimeError("the desk was told of a change and shows no ring")
        return known, time.monotonic()

    async def close(self) -> None:
        """Close the tab."""
        if self._listening is not None:
            self._listening.cancel()
        if self._writer is not None:
            self._writer.close()

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            found = EVENT.match(line)
            if found is None:
                continue
            if found[1] == b"desk" and self._waiting is not None and not self._waiting.done():
                self._waiting.set_result(time.monotonic())

    async def _get(self, address: str) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(f"GET {address} HTTP/1.1\r\n{self._head}Connection: close\r\n\r\n".encode())
        answer = await asyncio.wait_for(reader.read(), LONGEST_SILENCE_SECONDS)
        writer.close()
        return answer
