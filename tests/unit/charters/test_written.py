"""What was told of several matters at once, also of one of which nothing was."""

from sqlalchemy import Engine

from commands.world import START
from ivr.calls.facts import TAKES_BACK, Told, tell
from ivr.calls.steps import CALLER, JOINING, UNMET, joined
from ivr.charters.written import facts_by_subject
from ivr.store import Store


def test_of_what_nothing_was_told_there_is_nothing_and_what_was_taken_back_is_marked(engine: Engine) -> None:
    store, detail = Store(engine), {"offer": "call-1"}
    joining = Told("call", "joining:3", JOINING, CALLER, START, sequence=3, detail=detail)
    with store.transaction() as session:
        tell(session.connection(), joining)
    with store.reading() as session:
        told = facts_by_subject(session, ["call", "attempt"])
        assert told["attempt"] == []
        assert joined(told["call"][0], "call-1")
    with store.transaction() as session:
        unmet = Told("call", "unmet:call-1", UNMET, CALLER, START, detail=detail | {TAKES_BACK: joining.key})
        tell(session.connection(), unmet)
    with store.reading() as session:
        told = facts_by_subject(session, ["call", "attempt"])
        assert not any(joined(fact, "call-1") for fact in told["call"])
