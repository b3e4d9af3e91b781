"""Repairs handed over: to whom, under which number, and what their customers are told of them by day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from ivr.base import Refused
from ivr.messages.rows import Message
from ivr.numbers import PhoneNumber
from ivr.repairs.asking import NotHandedOver, Wanted, hand_over
from ivr.repairs.changing import Acting, accept, cancel, delay, finish
from ivr.repairs.reading import Sought, Standing, find_repair, is_overdue, repairs_of, standing_of, story_of
from ivr.repairs.rows import Repair, RepairState, RepairWay
from tests.store_fixtures.databases import ON_SQLITE
from tests.workers.kept import Works

TODAY = date(2026, 11, 23)
NUMBER = PhoneNumber.parse("010-1000-0001")


@pytest.fixture
def works(engine: Engine) -> Works:
    return Works.over(engine)


def wanted(**changed: object) -> Wanted:
    usual: dict[str, object] = {
        "reference": "form-1",
        "firm": "hanbit",
        "way": RepairWay.DISPATCH,
        "partner": "nationwide",
        "fault": "전원이 켜지지 않습니다.",
        "product": "kitchen",
        "customer": "홍길동",
        "number": NUMBER,
        "place": "대전 서구 둔산로 1",
    }
    return Wanted(**{**usual, **changed})  # type: ignore[arg-type]  # the fields of the class, changed by name


def ask(works: Works, **changed: object) -> str:
    with works.store.transaction() as session:
        line = works.keeper.house.lines.by_id("ascentre")
        return hand_over(session, line, wanted(**changed), by="agent", at=works.clock.at).id


def texts(works: Works, id: str) -> list[str]:
    with works.store.reading() as session:
        query = select(Message.body).where(Message.subject == f"repair:{id}").order_by(Message.written_at, Message.id)
        return list(session.scalars(query))


def acting(works: Works) -> Acting:
    return Acting("supervisor", works.clock.at)


def test_a_repair_goes_its_way_and_the_customer_is_told_each_step_once(works: Works) -> None:
    id = ask(works)
    assert id == ask(works), "the same form twice is the same repair"
    works.work()
    assert texts(works, id) == []
    with works.store.transaction() as session:
        accept(session, session.get_one(Repair, id), " N-77 ", due_on=TODAY + timedelta(days=7), acting=acting(works))
    works.work()
    works.work()
    (told,) = texts(works, id)
    for part in ("한빛가전", "접수번호 N-77", "전국수리망", "2026-11-30", "1811-0004"):
        assert part in told
    works.clock.pass_time(60)
    with works.store.transaction() as session:
        delay(session, session.get_one(Repair, id), due_on=date(2026, 12, 3), acting=acting(works))
    works.work()
    works.clock.pass_time(60)
    with works.store.transaction() as session:
        finish(session, session.get_one(Repair, id), "전원부 교체", acting=acting(works))
    works.work()
    assert ["예정일이 바뀌었습니다" in text for text in texts(works, id)] == [False, True, False]
    assert "마쳤습니다" in texts(works, id)[2]
    with works.store.reading() as session:
        repair = session.get_one(Repair, id)
        assert (repair.state, repair.outcome, repair.reference) == (RepairState.DONE, "전원부 교체", "N-77")
        facts, messages = story_of(session, repair)
        assert [fact.kind for fact in facts] == ["repair-asked", "repair-accepted", "repair-delayed", "repair-done"]
        assert len(messages) == 3


@ON_SQLITE
def test_by_night_the_customer_is_told_in_the_morning_and_only_what_still_holds(works: Works) -> None:
    works.clock.pass_time(13 * 3600)
    id = ask(works)
    with works.store.transaction() as session:
        accept(session, session.get_one(Repair, id), "N-1", due_on=TODAY + timedelta(days=7), acting=acting(works))
    works.work()
    assert texts(works, id) == []
    with works.store.transaction() as session:
        cancel(session, session.get_one(Repair, id), "고객이 취소", acting=acting(works))
    works.clock.pass_time(9.5 * 3600)
    works.work()
    (told,) = texts(works, id)
    assert "취소하였습니다" in told


def test_a_partners_number_stands_for_one_repair_and_moves_follow_the_table(works: Works) -> None:
    first, second, third = (ask(works, reference=f"form-{number}") for number in (1, 2, 3))
    other = ask(works, reference="parcel", partner="parcel", way=RepairWay.PARCEL)
    due = TODAY + timedelta(days=3)
    with works.store.transaction() as session:
        rows = {id: session.get_one(Repair, id) for id in (first, second, third, other)}
        accept(session, rows[first], "N-1", due_on=due, acting=acting(works))
        # Another partner may well count by the same numbers.
        accept(session, rows[other], "N-1", due_on=TODAY, acting=acting(works))
        for refused in (
            lambda: accept(session, rows[second], "N-1", due_on=due, acting=acting(works)),
            lambda: accept(session, rows[second], " ", due_on=due, acting=acting(works)),
            lambda: accept(session, rows[second], "N-2", due_on=TODAY - timedelta(days=1), acting=acting(works)),
            lambda: accept(session, rows[first], "N-3", due_on=due, acting=acting(works)),
            lambda: delay(session, rows[first], due_on=due, acting=acting(works)),
            lambda: finish(session, rows[second], "수리함", acting=acting(works)),
            lambda: cancel(session, rows[second], "", acting=acting(works)),
        ):
            with pytest.raises(Refused):
                refused()
    with works.store.reading() as session:
        assert standing_of(session, "ascentre", today=TODAY + timedelta(days=1)) == Standing(4, 2, 1)
        late = repairs_of(session, "ascentre", sought=Sought(overdue_on=TODAY + timedelta(days=1)))
        assert [repair.id for repair in late] == [other]
        assert is_overdue(late[0], TODAY + timedelta(days=1))
        assert not is_overdue(late[0], TODAY)
        assert find_repair(session, "ascentre", "N-1") is None, "two partners have that number"
        assert {repair.id for repair in repairs_of(session, "ascentre", firm="hanbit")} == {first, second, third, other}
        assert repairs_of(session, "ascentre", firm="nuri") == []


def test_of_two_repairs_that_are_given_one_number_at_once_one_is_refused(works: Works) -> None:
    ids = [ask(works, reference=f"form-{number}") for number in (1, 2)]
    told: list[str] = []

    def accepting(id: str) -> None:
        try:
            with works.store.transaction() as session:
                due = TODAY + timedelta(days=3)
                accept(session, session.get_one(Repair, id), "N-1", due_on=due, acting=acting(works))
        except Refused as refused:
            told.append(str(refused))

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(accepting, ids))
    with works.store.reading() as session:
        assert sorted(session.get_one(Repair, id).reference or "" for id in ids) == ["", "N-1"]
    assert ["has the number N-1" in one for one in told] == [True]


@ON_SQLITE
@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("firm", {"firm": "nobody"}),
        ("product", {"product": "clothes"}),
        ("partner", {"partner": ""}),
        ("way", {"way": RepairWay.PARCEL}),
        ("fault", {"fault": " "}),
        ("number", {"number": None}),
        ("place", {"place": None}),
        ("customer", {"customer": "가" * 41}),
    ],
)
def test_what_a_partner_could_not_work_with_is_refused_at_its_field(
    works: Works, field: str, changed: dict[str, object]
) -> None:
    with pytest.raises(NotHandedOver) as refused:
        ask(works, **changed)
    assert refused.value.field == field
    # To a shop the customer comes: no place is needed.
    assert ask(works, way=RepairWay.SHOP, place=None)


@ON_SQLITE
def test_nothing_of_the_customer_lies_open_in_the_database(works: Works) -> None:
    id = ask(works)
    with works.store.statement() as connection:
        row = connection.exec_driver_sql(f"SELECT * FROM repair WHERE id = '{id}'").one()
    kept = " ".join(str(bytes(value) if isinstance(value, memoryview) else value) for value in row)
    assert not any(part in kept for part in ("길동", "둔산", "켜지지", "1000"))
