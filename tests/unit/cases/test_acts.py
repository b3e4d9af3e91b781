"""Whatever officers and customers do in whatever order: the record of a case stays true, and nobody is told twice."""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from ivr.base import Refused
from ivr.cases.acting import (
    answer,
    answer_first,
    ask_customer,
    begin_review,
    choose_later,
    confirm_fault,
    customer_replied,
    direct,
    withdraw,
)
from ivr.cases.assigning import give_to
from ivr.cases.lateness import Slip, late
from ivr.cases.moves import OPEN
from ivr.cases.objecting import object_to
from ivr.cases.rating import Rating, rate
from ivr.cases.rows import Case, CaseState
from tests.sizes import examples
from tests.store_fixtures.databases import empty
from tests.unit.cases.desk import Desk

Act = Callable[[Desk, str], object]


def ahead(desk: Desk, days: int) -> datetime:
    return desk.works.clock.at + timedelta(days=days)


ACTS: Mapping[str, Act] = {
    "review": lambda desk, id: desk.do(begin_review, id),
    "direct": lambda desk, id: desk.do(direct, id, "확인하겠습니다.", until=ahead(desk, 6)),
    "first": lambda desk, id: desk.do(answer_first, id, "확인 중입니다.", until=ahead(desk, 5)),
    "answer": lambda desk, id: desk.do(answer, id, "조치하였습니다."),
    "late": lambda desk, id: desk.do(late, id, Slip("workload", ahead(desk, 8))),
    "fault": lambda desk, id: desk.do(confirm_fault, id),
    "ask": lambda desk, id: desk.do(ask_customer, id, "계약서"),
    "came": lambda desk, id: desk.do(customer_replied, id),
    "wait": lambda desk, id: desk.do(choose_later, id, ahead(desk, 12)),
    "give": lambda desk, id: desk.do(give_to, id, "o2"),
    "object": lambda desk, id: desk.do(object_to, id, "받아들일 수 없습니다.", channel="phone"),
    "rate": lambda desk, id: desk.do(rate, id, Rating(3, "phone")),
    "withdraw": lambda desk, id: desk.do(withdraw, id),
}
STEPS = st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(1, 60)), min_size=1, max_size=8)


@settings(max_examples=examples(12), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=st.sampled_from(["kibo", "kotra", "dcgf"]), steps=STEPS)
def test_the_record_stays_true(sqlite_engine: Engine, line: str, steps: list[tuple[str, int]]) -> None:
    empty(sqlite_engine)
    desk = Desk.over(sqlite_engine, line)
    id = desk.take("complaint", "web", "unkindness")
    for act, hours in steps:
        with suppress(Refused):
            ACTS[act](desk, id)
        desk.pass_time(hours=hours)
    desk.pass_time(days=21)
    with desk.works.store.reading() as session:
        cases = session.scalars(select(Case)).all()
    for case in cases:
        check(desk, case)


def check(desk: Desk, case: Case) -> None:
    story = desk.story(case.id)
    assert [fact for fact in story if fact.kind == "slipped" and not fact.detail["told"]] == []
    for fact in story:
        if fact.kind == "late-told":
            assert fact.received_at < datetime.fromisoformat(fact.detail["before"])
    told = Counter(
        str(fact.detail["message"]) for fact in story if fact.kind in {"late-told", "directed", "moved-told"}
    )
    assert not [message for message, count in told.items() if count > 1]
    reminded = Counter(
        (fact.detail["step"], fact.detail["due"]) for fact in story if fact.kind == "reminded" and "due" in fact.detail
    )
    assert not [step for step, count in reminded.items() if count > 1]
    if case.state is CaseState.CLOSED:
        assert case.closed_at is not None
    over = case.answered_at or case.closed_at
    assert (case.state in OPEN) == (over is None)
    assert over is None or not [fact for fact in story if fact.kind == "late-decided" and fact.received_at > over]
