"""What a process works with: it follows what is made, what begins, and a clock that is set, and outlives trouble."""

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine, text

from ivr.editions.current import Current
from ivr.editions.merging import Document
from ivr.editions.publishing import publish, withdraw
from ivr.store import Store
from tests.http.board import Moment
from tests.unit.editions.made import MAKER, files, prompt

SAID = "다음 차례에 바로 연결됩니다."
NEW = "곧 연결합니다."


def current(engine: Engine, clock: Moment, told: list[str] | None = None) -> Current:
    return Current(files(), Store(engine), clock=clock, tell=(told if told is not None else []).append)


def said(current: Current) -> str:
    return current.installed.texts.of("kibo").say("queue.next").text


def made(engine: Engine, clock: Moment, *, hours: int = 0) -> int:
    draft = prompt("ko/queue.next", NEW, effective_from=clock.at + timedelta(hours=hours))
    with Store(engine).transaction() as session:
        return publish(session, files(), draft, by=MAKER, at=clock.at).edition.id


def test_it_follows_what_is_made_and_withdrawn(engine: Engine) -> None:
    clock = Moment()
    held = current(engine, clock)
    made_id = made(engine, clock)
    assert said(held) == SAID
    held.look()
    assert said(held) == NEW
    with Store(engine).transaction() as session:
        withdraw(session, made_id, by=MAKER, reason="취소", at=clock.at)
    held.look()
    assert said(held) == SAID


def test_it_follows_time_and_a_clock_that_is_set_back(sqlite_engine: Engine) -> None:
    clock = Moment()
    held = current(sqlite_engine, clock)
    made(sqlite_engine, clock, hours=1)
    held.look()
    heard = [said(held)]
    for seconds in (3600, -1, 1):
        clock.pass_time(seconds)
        held.look()
        heard.append(said(held))
    assert heard == [SAID, NEW, SAID, NEW]


class Slow(dict[str, Document]):
    """Files whose next reader has `begun`, and waits for `go`, where it `holds`."""

    holds = False

    def __init__(self, files: Mapping[str, Document]) -> None:
        super().__init__(files)
        self.begun, self.go = threading.Event(), threading.Event()

    def __iter__(self) -> Iterator[str]:
        if self.holds:
            self.holds = False
            self.begun.set()
            assert self.go.wait(10)
        return super().__iter__()


def test_who_looked_first_and_was_slow_does_not_bring_back_what_was(sqlite_engine: Engine) -> None:
    clock, lines = Moment(), Slow(files().lines)
    held = Current(replace(files(), lines=lines), Store(sqlite_engine), clock=clock, tell=print)
    number = made(sqlite_engine, clock)
    lines.holds = True
    slow, quick = threading.Thread(target=held.look), threading.Thread(target=held.look)
    slow.start()
    assert lines.begun.wait(10)
    with Store(sqlite_engine).transaction() as session:
        withdraw(session, number, by=MAKER, reason="취소", at=clock.at)
    quick.start()
    quick.join(0.3)
    lines.go.set()
    slow.join()
    quick.join()
    assert said(held) == SAID


def test_a_state_in_which_nothing_changed_is_the_same_object(sqlite_engine: Engine) -> None:
    clock = Moment()
    held = current(sqlite_engine, clock)
    made(sqlite_engine, clock)
    first = held.look()
    clock.pass_time(3600)
    assert held.look() is first


def test_trouble_with_the_database_is_told_once_and_what_was_known_holds(sqlite_engine: Engine) -> None:
    clock, told = Moment(), list[str]()
    held = current(sqlite_engine, clock, told)
    made(sqlite_engine, clock)
    held.look()
    with sqlite_engine.begin() as connection:
        connection.execute(text("ALTER TABLE edition RENAME TO away"))
    held.look()
    held.look()
    assert said(held) == NEW
    assert len(told) == 1
    assert "cannot be read" in told[0]


def test_an_edition_that_fits_no_more_is_told_once(sqlite_engine: Engine) -> None:
    clock, told = Moment(), list[str]()
    number = made(sqlite_engine, clock)
    with sqlite_engine.begin() as connection:
        connection.execute(text("UPDATE edition SET content = :new"), {"new": '{"text": "{nobody}"}'})
    held = current(sqlite_engine, clock, told)
    held.look()
    clock.pass_time(1)
    held.look()
    assert said(held) == SAID
    assert len(told) == 1
    assert f"edition {number} is left out" in told[0]


def test_a_thread_of_its_own_looks_and_is_started_anew_where_there_is_none(sqlite_engine: Engine) -> None:
    clock = Moment()
    held = current(sqlite_engine, clock)
    held.begin_when_asked()
    assert _threads() == 0
    assert said(held) == SAID
    assert _threads() == 1
    made(sqlite_engine, clock)
    deadline = time.monotonic() + 10
    while said(held) != NEW and time.monotonic() < deadline:
        time.sleep(0.05)
    assert said(held) == NEW
    held.end()
    assert _threads() == 0


def _threads() -> int:
    return sum(thread.name == "editions" for thread in threading.enumerate())
