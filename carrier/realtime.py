"""Real time: a thread lets events happen when the wall clock says so; requests go out over HTTP in threads."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Condition, Thread

import httpx

from carrier.clock import wall_clock
from carrier.gate import Gate
from carrier.network import Network
from carrier.options import Account, Options
from carrier.outgoing import Done, Failure, Outcome, Request, Response

_log = logging.getLogger("carrier")
LONGEST_SLEEP = 0.5


class RealtimeCarrier:
    """A network that follows the wall clock to a few milliseconds. `start` begins, `stop` ends."""

    def __init__(
        self, *, account: Account, seed: int = 0, options: Options | None = None, requests_at_once: int = 64
    ) -> None:
        self._condition = Condition()
        self._transport = httpx.HTTPTransport(
            limits=httpx.Limits(max_connections=requests_at_once, max_keepalive_connections=requests_at_once)
        )
        self._pool = ThreadPoolExecutor(requests_at_once, thread_name_prefix="carrier-http")
        self._running = False
        self.network = Network(account=account, start=wall_clock(), send=self._send, seed=seed, options=options)
        self.gate = Gate(self.network, self._condition, catch_up=self._catch_up, left=self._condition.notify_all)
        self._thread = Thread(target=self._drive, name="carrier-engine", daemon=True)

    def start(self) -> None:
        """Let time run."""
        self._running = True
        self._thread.start()

    def stop(self) -> None:
        """Let time stand still and put the threads away."""
        with self._condition:
            self._running = False
            self._condition.notify_all()
        self._thread.join()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._transport.close()

    def _drive(self) -> None:
        while True:
            with self._condition:
                if not self._running:
                    return
                self._catch_up()
                due = self.network.next_time()
                wait = LONGEST_SLEEP if due is None else (due - wall_clock()).total_seconds()
                if wait > 0:
                    self._condition.wait(min(wait, LONGEST_SLEEP))

    def _catch_up(self) -> None:
        present = wall_clock()
        while (due := self.network.next_time()) is not None and due <= present:
            try:
                self.network.step()
            except Exception:  # one faulty event must not stop everybody's calls, nor fail a stranger's request
                _log.exception("an event failed; the engine goes on with the next")
        self.network.run_until(present)

    def _send(self, request: Request, done: Done) -> None:
        self._pool.submit(self._exchange, request, done)

    def _exchange(self, request: Request, done: Done) -> None:
        outcome = self._fetch(request)
        with self.gate.entered() as network:
            network.after(0, lambda: done(outcome))

    def _fetch(self, request: Request) -> Outcome:
        times = {"connect": request.connect_seconds, "read": request.read_seconds}
        timeout = {**times, "write": request.read_seconds, "pool": request.read_seconds}
        try:
            outgoing = httpx.Request(
                request.method,
                request.url,
                headers=request.headers,
                content=request.body,
                extensions={"timeout": timeout},
            )
            answer = self._transport.handle_request(outgoing)
            try:
                body = answer.read()
            finally:
                answer.close()
            return Response(answer.status_code, tuple(answer.headers.multi_items()), body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return Failure("connect", f"cannot connect: {error}")
        except httpx.TimeoutException as error:
            return Failure("timeout", f"no answer in time: {error}")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Failure("connect", f"the request failed: {error}")
