"""No telephone number of a person is in a log line, a fact, a promise, an address or a plain column."""

import json
import logging
import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
import structlog
from sqlalchemy import Engine, select, text

from commands.world import Watchers, World
from config.logging import logging_tree
from ivr.base import Base
from ivr.calls.rows import Fact
from ivr.numbers import mask_numbers
from ivr.promises import PromiseRow
from tests.people import CALLER, add_agents, agent_phone, agents_behave, customer, picks_up

# The numbers of people; the public numbers of the lines may be told to anybody.
PEOPLE = [CALLER, agent_phone(1), agent_phone(2)]
SPELLINGS = [spelling for number in PEOPLE for spelling in (number, number[1:], "0" + number[3:], number[3:])]


class Addresses:
    """Notes every address that the carrier asks for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, app: WSGIApplication) -> WSGIApplication:
        def noting(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            self.asked.append(f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}")
            return app(environ, start_response)

        return noting


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """Every log line as an operator would see it."""
    seen: list[str] = []
    tree = logging_tree("json", mask=mask_numbers)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=tree["formatters"]["line"]["foreign_pre_chain"],
        processors=tree["formatters"]["line"]["processors"],
    )

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(self.format(record))

    handler = Keeping()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    structlog.configure(
        processors=[
            *tree["formatters"]["line"]["foreign_pre_chain"],
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    yield seen
    root.removeHandler(handler)
    root.setLevel(before)
    structlog.reset_defaults()


def naming(texts: Iterable[str]) -> list[str]:
    """Those texts that name a person's number in one of its spellings."""
    return [one for one in texts if any(spelling in re.sub(r"[-\s]", "", one) for spelling in SPELLINGS)]


def played(engine: Engine) -> tuple[World, Addresses]:
    """A world in which people were called, rung, written to, and in which things failed."""
    addresses = Addresses()
    world = World(engine, watchers=Watchers(webhooks=addresses))
    add_agents(world.store, world.lines.by_id("kibo"), world.now(), 2)
    agents_behave(world, picks_up(12.0), picks_up(2.4))
    caller = world.carrier.network.handset(CALLER)
    caller.dial("15441120", plan=customer("1"))
    world.run_until_quiet()
    world.webhooks.test_client().post("/voice/incoming", data={"From": CALLER})
    return world, addresses


def test_nothing_that_is_written_or_asked_for_names_a_person(engine: Engine, lines: list[str]) -> None:
    world, addresses = played(engine)
    assert len(lines) > 0
    assert naming(lines) == []
    assert naming(urlsplit(address).geturl() for address in addresses.asked) == []
    with world.store.reading() as session:
        facts = session.scalars(select(Fact)).all()
        promises = session.scalars(select(PromiseRow)).all()
        assert len(facts) > 10
        assert naming(json.dumps([fact.key, fact.sid, fact.detail]) for fact in facts) == []
        assert naming(json.dumps([one.key, one.args, one.outcome]) for one in promises) == []


def test_no_column_of_the_database_holds_a_number_in_the_clear(engine: Engine) -> None:
    world, _ = played(engine)
    with world.store.reading() as session:
        for table in Base.metadata.sorted_tables:
            rows = session.execute(text(f'SELECT * FROM "{table.name}"')).all()
            assert naming(str([value for value in row if not isinstance(value, bytes)]) for row in rows) == [], (
                table.name
            )
            assert (
                naming(bytes(value).decode("latin-1") for row in rows for value in row if isinstance(value, bytes))
                == []
            )
