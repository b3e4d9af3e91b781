"""How often a number was dialled: each wording finds the same, and no wording walks through a campaign's dials."""

from datetime import timedelta

from sqlalchemy import ColumnElement, insert, select, text
from sqlalchemy.orm import Session

from ivr.campaigns.rows import Dial, DialState
from ivr.consents.counting import dialled_often
from ivr.people.rows import Person
from ivr.store import Store
from tests.http.board import MORNING
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.campaigns.campaigning import person

OF_CAMPAIGN = Dial.campaign_id == 1


def _dials(session: Session, *times: int) -> None:
    """People 1, 2, 3 ..., dialled so many times in the campaign."""
    session.add_all([person(session.info["keyring"], ordinal) for ordinal in range(1, len(times) + 1)])
    session.flush()
    numbers = {id: index for id, index in session.execute(select(Person.id, Person.number_index))}
    for ordinal, count in enumerate(times, start=1):
        for number in range(count):
            session.execute(insert(Dial), [_dial(ordinal, number, numbers[ordinal])])


def _dial(person_id: int, number: int, number_index: str | None) -> dict[str, object]:
    at = MORNING + timedelta(hours=number)
    of = {"campaign_id": 1, "person_id": person_id, "ordinal": number + 1, "line": "dcgf", "number_index": number_index}
    return {**of, "id": f"d{person_id}-{number}", "state": DialState.OVER, "dialled_at": at, "ended_at": at}


def test_who_was_dialled_so_often_is_found(store: Store) -> None:
    with store.transaction() as session:
        session.info["keyring"] = store.keyring
        _dials(session, 0, 1, 2, 3)
        found = {
            times: list(session.scalars(select(Person.id).where(_often(times)).order_by(Person.id)))
            for times in (1, 2, 3)
        }
    assert found == {1: [2, 3, 4], 2: [3, 4], 3: [4]}


@ON_SQLITE
def test_a_count_begins_with_the_number_not_with_the_campaign(store: Store) -> None:
    asked = str(select(Person.id).where(_often(2)).compile(store.engine, compile_kwargs={"literal_binds": True}))
    with store.reading() as session:
        plan = [str(row[3]) for row in session.execute(text(f"EXPLAIN QUERY PLAN {asked}"))]
    assert [step for step in plan if "dial" in step and "number_index=?" not in step] == []
    assert any("dial" in step for step in plan)


def _often(times: int) -> ColumnElement[bool]:
    return dialled_often([OF_CAMPAIGN], times)
