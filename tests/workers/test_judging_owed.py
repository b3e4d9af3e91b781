"""The promise to judge what is owed: at once, when a limit passes without a word, and once a text has arrived."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from ivr.calls.facts import facts_of
from ivr.charters.owing import judge_text, promise_judging
from ivr.charters.verdicts import verdicts_of
from ivr.messages.delivery import advance
from ivr.messages.states import MessageState
from ivr.promises import PromiseRow
from tests.charter.owed_table import ID, OwedCase, owed_cases, write
from tests.workers.kept import Works


@pytest.fixture
def works(engine: Engine) -> Works:
    return Works.over(engine)


def case(id: str) -> OwedCase:
    return next(case for case in owed_cases() if case.id == id)


def kept(works: Works, id: str) -> OwedCase:
    """A case of the table at the moment at which it came in, with its judging promised."""
    chosen = case(id)
    works.clock.at = chosen.came_at
    with works.store.transaction() as session:
        write(session, chosen)
        promise_judging(session, chosen.scope, ID, at=chosen.came_at)
    return chosen


def finding(works: Works, promise: str) -> str | None:
    with works.store.reading() as session:
        return next((one.verdict.value for one in verdicts_of(session, ID) if one.key == promise), None)


def test_it_is_judged_at_once_and_again_when_the_limit_passes(works: Works) -> None:
    kept(works, "documents/open")
    works.work()
    assert finding(works, "D11") == "indeterminate"
    works.clock.pass_time(3 * 3600 - 1)
    works.work()
    assert finding(works, "D11") == "indeterminate"
    works.clock.pass_time(1)
    works.work()
    assert (finding(works, "D11"), finding(works, "D2")) == ("missed", "missed")
    with works.store.reading() as session:
        told = [fact.received_at for fact in facts_of(session, ID) if fact.kind == "limit-passed"]
    assert told == [works.clock.at]


def test_nothing_is_promised_once_everything_is_decided(works: Works) -> None:
    kept(works, "documents/at-once")
    works.work()
    assert (finding(works, "D11"), finding(works, "D12")) == ("met", "not_applicable")
    with works.store.reading() as session:
        assert [row.done_at is not None for row in session.scalars(select(PromiseRow))] == [True]


def test_a_text_on_its_way_is_looked_at_after_a_minute_and_at_once_when_it_is_told_of(works: Works) -> None:
    chosen = kept(works, "documents/on-its-way")
    works.clock.pass_time(6)
    works.work()
    assert finding(works, "D2") == "indeterminate"
    with works.store.transaction() as session:
        session.execute(advance(f"{ID}-2", MessageState.SENT))
    works.clock.pass_time(60)
    works.work()
    assert (finding(works, "D2"), finding(works, "D11")) == ("met", "indeterminate")
    with works.store.transaction() as session:
        session.execute(advance(f"{ID}-1", MessageState.UNDELIVERED))
        judge_text(session, f"document:{ID}", at=works.clock.at)
        judge_text(session, "call:c1", at=works.clock.at)
    works.work()
    assert finding(works, "D11") == "indeterminate"
    works.clock.at = chosen.came_at + timedelta(hours=3)
    works.work()
    assert finding(works, "D11") == "missed"


def test_what_is_gone_is_let_be(works: Works) -> None:
    works.promise("judge-owed", scope="case", id="nothing")
    assert works.work() == []
    assert works.row("judge-owed").done_at is not None


def test_changes_of_one_moment_are_each_judged(works: Works) -> None:
    chosen = kept(works, "documents/open")
    works.work()
    with works.store.transaction() as session:
        session.execute(advance("none", MessageState.SENT))
        promise_judging(session, chosen.scope, ID, at=works.clock.at)
    works.work()
    assert finding(works, "D11") == "indeterminate"
