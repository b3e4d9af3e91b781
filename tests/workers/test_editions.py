"""Workers write in the words of the moment: of the line, with the version that names them, and hours as they are."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine, select

from ivr.editions.checking import Draft
from ivr.editions.current import Current
from ivr.editions.merging import VERSIONS_FROM
from ivr.editions.publishing import publish
from ivr.lines.hours import open_spans
from ivr.messages.rows import Message
from tests.http.board import MORNING
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.agents.people import waits
from tests.unit.editions.made import MAKER, files, template, week
from tests.workers.kept import Works

NEW = "[{institution}] 지점은 누리집에서 찾으실 수 있습니다. 문의 {number} 수신거부 {link}"


def at_work(engine: Engine) -> tuple[Works, Current]:
    """Workers whose house follows editions."""
    works = Works.over(engine)
    current = Current(files(), works.store, clock=works.clock, tell=lambda words: None)
    works.keeper = replace(works.keeper, house=replace(works.keeper.house, current=current))
    return works, current


def made(works: Works, current: Current, draft: Draft) -> int:
    with works.store.transaction() as session:
        number = publish(session, files(), draft, by=MAKER, at=works.clock.at).edition.id
    current.look()
    return number


def test_a_text_message_is_written_in_the_words_of_the_moment_and_keeps_their_version(engine: Engine) -> None:
    works, current = at_work(engine)
    waits(works.store, "c1", MORNING)
    waits(works.store, "c2", MORNING)
    works.promise("inform", call="c1", template="branches")
    works.work()
    number = made(works, current, template("branches", NEW))
    works.promise("inform", call="c2", template="branches")
    works.work()
    with works.store.reading() as session:
        written = {row.call_id: row for row in session.scalars(select(Message))}
    assert written["c1"].template == "branches/2"
    assert written["c2"].template == f"branches/{VERSIONS_FROM + number}"
    assert "누리집에서 찾으실 수 있습니다" in written["c2"].body
    assert "누리집에서" not in written["c1"].body


@ON_SQLITE
def test_limits_are_counted_in_the_hours_of_their_day(engine: Engine) -> None:
    works, current = at_work(engine)
    made(works, current, week("10:00-17:00", effective_from=MORNING + timedelta(days=1)))
    house = works.keeper.house.fresh()
    line, today = house.lines.by_id("kibo"), MORNING.date()
    opens = [open_spans(line, house.calendar, today + timedelta(days=ahead))[0].opens // 60 for ahead in (0, 1)]
    assert opens == [9, 10]
