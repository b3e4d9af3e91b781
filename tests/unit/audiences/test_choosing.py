"""Everybody served within some days, by way of their calls, callbacks, cases and papers."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from ivr.audiences.choosing import Choice, Days, choose_served
from ivr.audiences.lists import find_audience
from ivr.audiences.making import NothingToTake, Watch
from ivr.audiences.rows import AudienceState, Member, Origin
from ivr.calls.rows import Call
from ivr.consents.rows import Consent
from ivr.documents.rows import Channel, Contact, Document, DocumentState
from ivr.numbers import PhoneNumber
from ivr.people.rows import Person
from ivr.store import Store

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
YESTERDAY = Days(date(2026, 11, 21), date(2026, 11, 21))


def call(store: Store, number: str | None, *, at: datetime, outcome: str = "answered", line: str = "kibo") -> None:
    """A call of somebody that ended so."""
    caller = PhoneNumber.parse(number) if number else None
    with store.transaction() as session:
        id = f"c{len(session.scalars(select(Call.id)).all())}"
        session.add(
            Call(
                id=id,
                line=line,
                carrier_sid=id,
                caller=caller,
                caller_index=store.keyring.index(caller) if caller else None,
                dialled="1544-1120",
                receipt_number=id,
                arrived_at=at,
                outcome=outcome,
            )
        )


def chosen(store: Store, origin: Origin = Origin.CALLS) -> tuple[int, dict[str, object]]:
    """The list of those served yesterday and its report."""
    choice = Choice("kibo", origin, YESTERDAY)
    id, tally = choose_served(store, choice, name="served", by="kim", watch=Watch(lambda: AT))
    return id, dict(tally.report())


def numbers_on(store: Store, id: int) -> list[str]:
    """The numbers of a list."""
    with store.reading() as session:
        query = select(Person).join(Member, Member.person_id == Person.id).where(Member.audience_id == id)
        return sorted(person.number.e164 for person in session.scalars(query) if person.number)


def test_everybody_answered_yesterday_in_seoul_is_on_the_list_once(engine: Engine) -> None:
    store = Store(engine)
    midnight = datetime(2026, 11, 20, 15, tzinfo=UTC)
    for number, at in (
        ("010-1100-0001", midnight),
        ("010-1100-0001", midnight + timedelta(hours=5)),
        ("010-1100-0002", midnight + timedelta(days=1) - timedelta(seconds=1)),
        ("010-1100-0003", midnight - timedelta(seconds=1)),
        ("010-1100-0004", midnight + timedelta(days=1)),
        (None, midnight + timedelta(hours=1)),
    ):
        call(store, number, at=at)
    call(store, "010-1100-0005", at=midnight, outcome="abandoned")
    call(store, "010-1100-0006", at=midnight, line="dcgf")
    id, report = chosen(store)
    assert numbers_on(store, id) == ["+821011000001", "+821011000002"]
    assert (report["rows"], report["taken"], report["doubled"], report["refused"]) == (4, 2, 1, {"no_number": 1})
    with store.reading() as session:
        audience = find_audience(session, id)
        assert (audience.state, audience.origin, audience.source) == (
            AudienceState.READY,
            Origin.CALLS,
            "calls of 2026-11-21",
        )
        assert session.scalars(select(Consent)).all() == []


def test_papers_give_a_name(engine: Engine) -> None:
    store = Store(engine)
    number = PhoneNumber.parse("010-1100-0001")
    with store.transaction() as session:
        for id, is_test in (("d1", False), ("d2", True)):
            session.add(
                Document(
                    id=id,
                    receipt=id,
                    line="kibo",
                    channel=Channel.FAX,
                    reference=id,
                    kind="guarantee",
                    sender="김민수",
                    number=number,
                    number_index=store.keyring.index(number),
                    contact=Contact.MOBILE,
                    received_at=AT - timedelta(days=1),
                    noted_at=AT - timedelta(days=1),
                    state=DocumentState.RECEIVED,
                    missing=[],
                    rounds=0,
                    is_test=is_test,
                )
            )
    _, report = chosen(store, Origin.DOCUMENTS)
    assert report["rows"] == 1
    with store.reading() as session:
        assert [(person.name, person.takes_texts) for person in session.scalars(select(Person))] == [("김민수", True)]


@pytest.mark.parametrize("origin", [Origin.CALLS, Origin.CALLBACKS, Origin.CASES, Origin.DOCUMENTS])
def test_where_nobody_was_served_no_list_is_made(engine: Engine, origin: Origin) -> None:
    with pytest.raises(NothingToTake, match="no rows"):
        chosen(Store(engine), origin)


def test_days_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(ValueError, match="give the earlier first"):
        Days(date(2026, 11, 2), date(2026, 11, 1))
