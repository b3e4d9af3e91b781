"""The memo and the code of a talk: kept as written, once, and never over what somebody else wrote meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, LargeBinary, select, type_coerce

from ivr.agents.talks import OwnTalk, Stage, own_talk
from ivr.agents.wrapping import LONGEST_MEMO, ChangedMeanwhile, WrapUp, Written, keep
from ivr.base import Refused
from ivr.calls.rows import Offer, OfferState
from ivr.store import Store
from tests.http.board import MORNING, words
from tests.unit.agents.people import ready, waits

LINE = words()[1].by_id("kibo")


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


@pytest.fixture
def talk(store: Store) -> OwnTalk:
    """A talk that goes on."""
    call, agent = waits(store, "c1", MORNING), ready(store, "kibo-1", MORNING)
    with store.transaction() as session:
        offer = Offer(id="c1-1", call_id=call, ordinal=1, agent_id=agent, made_at=MORNING, state=OfferState.ACCEPTED)
        session.add(offer)
        session.flush()
        found = own_talk(session, agent, offer.id)
        assert own_talk(session, "kibo-2", offer.id) is None
    assert found is not None
    assert (found.stage, found.call_id) == (Stage.TALKING, "c1")
    return found


def kept(store: Store, talk: OwnTalk, memo: str, version: int, code: str | None = None) -> int | None:
    """Keep it, and return its version."""
    with store.transaction() as session:
        row = keep(session, talk, Written("kim", memo, version, code), line=LINE, at=MORNING + timedelta(minutes=1))
        return row.version if row else None


def test_of_two_pages_that_write_the_first_words_at_once_one_is_asked_to_look(store: Store, talk: OwnTalk) -> None:
    together = Barrier(2)

    def write(memo: str) -> str:
        together.wait()
        try:
            kept(store, talk, memo, 0)
        except ChangedMeanwhile as changed:
            return f"after {changed.memo}"
        return "first"

    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(write, ("one", "two")))
    with store.reading() as session:
        memo = session.get_one(WrapUp, talk.id).memo
    assert found == [f"after {memo}", "first"]


def test_the_same_again_changes_nothing_and_a_code_leaves_the_memo_alone(store: Store, talk: OwnTalk) -> None:
    assert kept(store, talk, " ", 0) is None
    assert kept(store, talk, "memo", 0) == kept(store, talk, "memo", 0) == 1
    assert kept(store, talk, "memo", 0, "answered") == kept(store, talk, "memo", 0, "answered") == 2
    assert kept(store, talk, "memo, longer", 2) == 3
    with store.reading() as session:
        row = session.get_one(WrapUp, talk.id)
        raw = session.scalar(select(type_coerce(WrapUp.__table__.c.memo, LargeBinary)))
    assert (row.code, row.memo) == ("answered", "memo, longer")
    assert b"memo" not in (raw or b"")


def test_what_cannot_be_kept_is_refused(store: Store, talk: OwnTalk) -> None:
    for memo, code in (("memo", "made-up"), ("x" * (LONGEST_MEMO + 1), None)):
        with pytest.raises(Refused):
            kept(store, talk, memo, 0, code)
    with store.transaction() as session, pytest.raises(Refused):
        keep(session, talk, Written("kim", "memo", 0), line=LINE, at=MORNING + timedelta(days=1))
