"""Every log line about a call carries its id, whichever room wrote it, so that one search finds all of them."""

import json
import logging
import logging.config
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog
from sqlalchemy import Engine

from config.logging import logging_tree
from ivr.identifiers import call_id
from ivr.numbers import mask_numbers
from tests.http.board import CALL_SID, CALLER, Signed, arriving, board_over
from tests.store_fixtures.databases import ON_SQLITE
from tests.workers.kept import Works


@pytest.fixture
def written() -> Iterator[StringIO]:
    """What a process would write to its log, in the installed form."""
    tree = logging_tree("json", mask=mask_numbers)
    form = logging.config.DictConfigurator(tree).configure_formatter(tree["formatters"]["line"])
    root, stream = logging.getLogger(), StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(form)
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    yield stream
    structlog.reset_defaults()
    root.removeHandler(handler)
    root.setLevel(level)


@ON_SQLITE
def test_a_search_for_the_id_of_a_call_finds_what_webhooks_and_workers_did_for_it(
    engine: Engine, written: StringIO
) -> None:
    works = Works.over(engine)
    wire = Signed.to(board_over(engine, works.clock))
    call = call_id(CALL_SID)
    wire.post("/voice/incoming", arriving())
    wire.post(f"/voice/menu?call={call}&line=kibo&step=1&menu=main", arriving(CallStatus="in-progress"))
    works.clock.pass_time(5)
    wire.post("/voice/status", arriving(CallStatus="completed", SequenceNumber="3"))
    works.work()
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    about = [line for line in lines if line.get("call") == call]
    addresses = [line["address"] for line in about if line["logger"] == "webhooks.edge"]
    assert addresses == ["/voice/incoming", "/voice/menu", "/voice/status"]
    kinds = {line["kind"] for line in about if line["logger"] == "workers.keeping"}
    assert "follow" in kinds
    # A request or a promise that is about something else says nothing of this call.
    wire.post("/messages/status?message=m-1", {"MessageSid": "SM1", "MessageStatus": "sent"})
    last = json.loads(written.getvalue().splitlines()[-1])
    assert (last["address"], last.get("text"), last.get("call")) == ("/messages/status", "m-1", None)
    assert CALLER not in written.getvalue()
    assert CALLER[3:] not in written.getvalue()


@ON_SQLITE
def test_a_promise_that_fails_names_its_call(engine: Engine, written: StringIO) -> None:
    works = Works.over(engine)
    works.promise("place", offer="c9-1", call="c9")
    works.hand_and_keep()
    failure = next(line for line in map(json.loads, written.getvalue().splitlines()) if line["level"] == "error")
    assert (failure["event"], failure["call"], failure["kind"]) == ("promise not kept", "c9", "place")
