"""A desk as a browser holds it open while the console is restarted: its stream, its polling, its agent's acts."""

import re
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import httpx

from benchmarks.desk_rows import Desks, set_up
from ivr.agents.rows import Agent, AgentState
from ivr.store import make_engine
from tests.campaigns.rooms import wait_for

CONSOLE_COMMAND = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "console.app:create_app()"]
# What the stream itself asks browsers to wait before they connect again (console/desk/stream.py).
ASK_AGAIN_SECONDS, POLL_SECONDS = 1.0, 0.5
# An open stream is never silent for longer.
LONGEST_SILENCE_SECONDS = 20.0
TOKEN = re.compile(r'<meta name="csrf" content="([^"]+)"')
AGENT = "desk-0"
# By turns the agent goes on a break and comes back.
ACTS: Mapping[AgentState, tuple[str, dict[str, str]]] = {
    AgentState.AWAY: ("leave", {"reason": "break"}),
    AgentState.READY: ("come", {}),
}


@dataclass
class OpenDesk:
    """One page, read once: whatever is asked later is asked with its cookie and its token.

    `opened` are the moments (monotonic) at which the stream was answered; `sent_away` are answers that are none for
    somebody who is signed in; `done` counts acts that were answered, `lost` those of them that left nothing.
    """

    desks: Desks
    client: httpx.Client
    opened: list[float] = field(default_factory=list)
    sent_away: list[str] = field(default_factory=list)
    polled: int = 0
    done: int = 0
    lost: list[str] = field(default_factory=list)
    _token: str = ""
    _over: threading.Event = field(default_factory=threading.Event)

    def read(self) -> None:
        """Load the page, as somebody does who begins to work."""
        page = self.client.get("/desk/").raise_for_status().text
        found = TOKEN.search(page)
        if found is None:
            raise RuntimeError("the page of the desk has no token")
        self._token = found[1]

    def is_back_after(self, moment: float, *, seconds: float) -> bool:
        """Whether the stream is answered again after this moment (monotonic) within so many seconds."""
        return wait_for(lambda: bool(self.opened) and self.opened[-1] > moment, seconds=seconds, pause=0.1)

    def listen(self) -> None:
        """Hold the stream open and come back to it by itself, as an EventSource does, until all is over."""
        while not self._over.is_set():
            try:
                with self.client.stream("GET", "/desk/stream", timeout=LONGEST_SILENCE_SECONDS) as answer:
                    self._follow(answer)
            except httpx.TransportError:
                pass
            self._over.wait(ASK_AGAIN_SECONDS)

    def work(self) -> None:
        """Look at the page's live part and act on it again and again, until all is over."""
        wanted = AgentState.AWAY
        while not self._over.wait(POLL_SECONDS):
            try:
                self._expect("live", self.client.get("/desk/live"))
                self.polled += 1
                answer = self.client.post(f"/desk/{ACTS[wanted][0]}", data=ACTS[wanted][1], headers=self._by_hand())
            except httpx.TransportError:
                # Not answered, so that nobody was told that it was done: it is asked for again.
                continue
            # 409: done by the time before, which was not answered.
            self._expect(ACTS[wanted][0], answer, also=409)
            self.done += 1
            if self._state() is not wanted:
                self.lost.append(f"{ACTS[wanted][0]} was answered with {answer.status_code} and is not there")
            wanted = AgentState.READY if wanted is AgentState.AWAY else AgentState.AWAY

    def leave(self) -> None:
        """Close the page; one more change, so that whoever listens hears something and sees that all is over."""
        self._over.set()
        with suppress(httpx.TransportError):
            for act, given in ACTS.values():
                self.client.post(f"/desk/{act}", data=given, headers=self._by_hand())

    def _follow(self, answer: httpx.Response) -> None:
        self._expect("stream", answer)
        for line in answer.iter_lines():
            if self._over.is_set():
                return
            # The first line of every stream.
            if line.startswith("retry:"):
                self.opened.append(time.monotonic())
            if line == "event: over":
                self.sent_away.append("the stream says that the session is over")

    def _expect(self, what: str, answer: httpx.Response, *, also: int = 200) -> None:
        if answer.status_code not in {200, also}:
            self.sent_away.append(f"{what} was answered with {answer.status_code}")

    def _by_hand(self) -> dict[str, str]:
        return {"X-CSRF": self._token, "HX-Request": "true"}

    def _state(self) -> AgentState:
        with self.desks.store.reading() as session:
            return session.get_one(Agent, AGENT).state


@contextmanager
def open_desk(environment: Mapping[str, str]) -> Iterator[OpenDesk]:
    """The desk of an agent whom no call is given, open at the console of this installation, which runs already."""
    port = environment["CHARTERLINE_CONSOLE_PORT"]
    engine = make_engine(environment["CHARTERLINE_DATABASE_URL"], keyring=None)
    desks = set_up(engine, environment["CHARTERLINE_SECRET_KEYS"], 1)
    cookies = {f"charterline-{port}": desks.cookies[0]}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", cookies=cookies, timeout=10, trust_env=False) as client:
        desk = OpenDesk(desks, client)
        desk.read()
        threads = [threading.Thread(target=act, daemon=True) for act in (desk.listen, desk.work)]
        for thread in threads:
            thread.start()
        try:
            yield desk
        finally:
            desk.leave()
            for thread in threads:
                thread.join(LONGEST_SILENCE_SECONDS)
    engine.dispose()
