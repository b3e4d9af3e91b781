"""Forgetting somebody on whom a legal hold stands waits for its end, and nobody rings her meanwhile."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from ivr.consents.forgetting import is_owed
from ivr.consents.recording import erase
from ivr.consents.rows import Means
from ivr.keeping.erasing import next_night
from ivr.keeping.holds import HoldKind, hold, release
from ivr.keeping.record import entries, first_broken_entry
from ivr.people.rows import Person
from ivr.store import Store
from tests.unit.consents.people import add_person, agree, why
from tests.workers.kept import Works


def set_up(engine: Engine, kind: HoldKind) -> tuple[Works, int, int]:
    """Somebody who agreed, held; asked to be forgotten. The person's id and the hold's."""
    works = Works.over(engine)
    with works.store.transaction() as session:
        person = add_person(session)
        agree(session, person)
        subject = {HoldKind.LINE: "kibo", HoldKind.NUMBER: person.number_index or ""}[kind]
        held = hold(session, kind, subject, why=("2026가합1", "legal"), at=works.clock.at)
    with works.store.transaction() as session:
        assert not erase(session, person.id, by="lead", at=works.clock.at)
    return works, person.id, held.id


def known(store: Store, id: int) -> Person:
    with store.reading() as session:
        return session.get_one(Person, id)


def night(works: Works) -> None:
    works.clock.at = next_night(works.clock.at)
    works.work()


def log(store: Store) -> list[tuple[str, str, str]]:
    with store.reading() as session:
        assert first_broken_entry(session) is None
        return [(one.name, one.deed, one.by) for one in entries(session) if not one.deed.startswith("hold")]


@pytest.mark.parametrize("kind", [HoldKind.LINE, HoldKind.NUMBER])
def test_who_is_held_is_rung_no_more_and_forgotten_in_the_night_after_the_release(
    engine: Engine, kind: HoldKind
) -> None:
    works, id, held = set_up(engine, kind)
    person = known(works.store, id)
    assert why(works.store, person, at=works.clock.at) is not None
    for _ in range(2):
        night(works)
        assert known(works.store, id).number is not None
    with works.store.transaction() as session:
        assert is_owed(session, id)
        release(session, held, by="legal", at=works.clock.at)
    night(works)
    person = known(works.store, id)
    assert (person.number, person.number_index, person.name) == (None, None, None)
    assert person.erased_at == works.clock.at
    name = f"person:{id}"
    assert log(works.store) == [
        (name, f"held:{held}", "lead"),
        (f"hold:{held}", "release", "legal"),
        (name, "forget", "lead"),
    ]
    with works.store.reading() as session:
        assert not is_owed(session, id)


def test_who_agreed_again_herself_before_the_hold_ended_is_not_forgotten(engine: Engine) -> None:
    works, id, held = set_up(engine, HoldKind.NUMBER)
    later = works.clock.at + timedelta(hours=1)
    with works.store.transaction() as session:
        agree(session, session.get_one(Person, id), given_at=later, how=Means.WEB)
        release(session, held, by="legal", at=later)
    night(works)
    assert known(works.store, id).number is not None
    assert log(works.store)[-1] == (f"person:{id}", "came-back", "lead")
    with works.store.reading() as session:
        assert not is_owed(session, id)
