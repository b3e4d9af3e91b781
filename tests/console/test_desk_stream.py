"""The stream of a desk: a word for every change of one's own, none for those of others, and an end with the session."""

import http.client
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Engine

from console.desk import stream, watch
from console.desk.watch import MOST_STREAMS
from ivr.accounts.rows import SessionEnd
from ivr.accounts.sessions import end_all
from ivr.agents.rows import Agent
from ivr.desks.changing import marks_of
from tests.console.desk_stage import Desk, desk_over
from tests.console.serving import serving
from tests.people import agent_of
from tests.store_fixtures.databases import ON_SQLITE


@pytest.fixture
def desk(engine: Engine) -> Desk:
    """A ready agent with a desk."""
    return desk_over(engine)


@contextmanager
def opened(desk: Desk, url: str) -> Iterator[http.client.HTTPResponse]:
    """The stream of the desk at the address of a real server."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    connection.request(
        "GET", "/desk/stream", headers={"Cookie": f"charterline={desk.person.cookie}", "Accept": "text/event-stream"}
    )
    try:
        yield connection.getresponse()
    finally:
        connection.close()


def told(response: http.client.HTTPResponse) -> str:
    """The name of the next event."""
    lines: list[str] = []
    while not lines or lines[-1]:
        lines.append(response.readline().decode().strip())
    return next((line.removeprefix("event: ") for line in lines if line.startswith("event: ")), "nothing")


def test_a_change_is_told_at_once_and_only_to_whom_it_concerns(desk: Desk) -> None:
    with serving(desk.console) as url, opened(desk, url) as events:
        assert events.headers["Content-Type"].startswith("text/event-stream")
        # With the opening, and once more when the watch has its first look.
        assert (told(events), told(events)) == ("desk", "desk")
        with desk.world.store.transaction() as session:
            session.add(agent_of(desk.line, desk.world.now(), number=2))
        desk.post("leave", reason="break")
        assert told(events) == "desk"
        desk.post("come")
        assert told(events) == "desk"
        desk.is_called()
        assert told(events) == "desk"


@ON_SQLITE
def test_a_stream_beats_and_ends_with_the_session(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "BEAT_EVERY", timedelta(seconds=0.3))
    monkeypatch.setattr(watch, "SESSIONS_EVERY_SECONDS", 0.2)
    with serving(desk.console) as url, opened(desk, url) as events:
        assert "beat" in {told(events) for _ in range(4)}
        with desk.world.store.transaction() as session:
            assert end_all(session, desk.person.account_id, SessionEnd.FORCED, at=desk.world.now()) == 1
        names = [told(events)]
        while names[-1] != "over":
            names.append(told(events))
        assert set(names) <= {"desk", "beat", "over"}
        assert events.readline() == b""


@ON_SQLITE
def test_a_session_has_no_more_streams_than_a_browser_has_connections(desk: Desk) -> None:
    with serving(desk.console) as url, ExitStack() as stack:
        streams = [stack.enter_context(opened(desk, url)) for _ in range(MOST_STREAMS + 1)]
        assert [response.status for response in streams] == [200] * MOST_STREAMS + [204]


@ON_SQLITE
def test_a_database_that_goes_away_ends_no_stream(desk: Desk) -> None:
    with serving(desk.console) as url, opened(desk, url) as events:
        assert (told(events), told(events)) == ("desk", "desk")
        for there, gone in (("fact", "hidden"), ("hidden", "fact")):
            with desk.world.store.engine.begin() as connection:
                connection.exec_driver_sql(f"ALTER TABLE {there} RENAME TO {gone}")
            time.sleep(0.3)
        # Whatever may have happened meanwhile is looked at.
        assert told(events) == "desk"


def test_agents_of_a_line_are_told_apart(desk: Desk) -> None:
    with desk.world.store.transaction() as session:
        session.add(agent_of(desk.line, desk.world.now(), number=2))
    ids = {desk.agent_id, "kibo-2", "kibo-9"}
    with desk.world.store.reading() as session:
        before = dict(marks_of(session, ids))
        assert session.get(Agent, "kibo-9") is None
    assert before.keys() == {desk.agent_id, "kibo-2"}
    desk.is_called()
    with desk.world.store.reading() as session:
        after = dict(marks_of(session, ids))
    assert {agent for agent in after if after[agent] != before[agent]} == {desk.agent_id}


@ON_SQLITE
def test_a_desk_that_is_only_open_is_not_at_work(desk: Desk) -> None:
    desk.world.run_for(29 * 60)
    opening = desk.person.get("/desk/stream", Accept="text/event-stream")
    assert opening.status_code == 200
    opening.close()
    assert desk.person.post("/desk/beat", {}, **{"X-By-Itself": "yes"}).status_code == 200
    desk.world.run_for(2 * 60)
    assert "/sign-in" in desk.person.get("/desk/").location
    watch.watch_of(desk.console, desk.world.store, desk.world.now).end()
