"""Marks on intakes: the newest counts, a share with its interval, and a drawing that nobody can bend."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from ivr.base import Refused
from ivr.calls.record import Outcome
from ivr.calls.rows import Call, Offer, OfferState
from ivr.figures.rows import CallFigure, OfferFigure
from ivr.intake.accuracy import accuracy
from ivr.intake.marking import Finding, mark_intake, marks_of
from ivr.intake.rows import IntakeMark
from ivr.intake.sampling import Draw, sample
from ivr.lines.hours import SEOUL
from ivr.store import Store
from tests.http.board import MORNING, words
from tests.people import add_agents
from tests.unit.figures.rows_by_hand import call as call_row
from tests.unit.figures.rows_by_hand import offer as offer_row

LINE = words()[1].by_id("ascentre")
DAY = MORNING.astimezone(SEOUL).date()
FIRMS = ("hanbit", "nuri", "")


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


def calls(store: Store, count: int = 12) -> list[str]:
    """Ended calls of three firms and two agents in turn; the last one was answered by nobody."""
    agents = add_agents(store, LINE, MORNING)
    ids = [f"c{number:03}" for number in range(count)]
    with store.transaction() as session:
        for number, id in enumerate(ids):
            firm, agent, at = FIRMS[number % 3], agents[number % 2], MORNING + timedelta(minutes=number)
            outcome = Outcome.ANSWERED if number < count - 1 else Outcome.ABANDONED
            session.add(_call(id, firm, at, outcome))
            session.flush()
            row = call_row(
                0, call_id=id, line=LINE.id, day=DAY, arrived_at=at, firm=firm, outcome=outcome, team="appliances"
            )
            session.add(CallFigure(**row))
            for ordinal, who in ((1, agents[(number + 1) % 2]), (2, agent)):
                met = ordinal == 2 and outcome is Outcome.ANSWERED
                session.add(_offer(id, ordinal, who, at))
                session.flush()
                figure = offer_row(row, ordinal, agent=who, is_talk=met, offer_id=f"{id}-{ordinal}")
                session.add(OfferFigure(**figure))
    return ids


def _call(id: str, firm: str, at: object, outcome: Outcome) -> Call:
    return Call(
        id=id,
        line=LINE.id,
        firm=firm,
        carrier_sid=f"CA{id}",
        dialled=LINE.number,
        receipt_number=f"1123-{id}",
        arrived_at=at,
        ended_at=at,
        outcome=outcome.value,
    )


def _offer(id: str, ordinal: int, agent: str, at: object) -> Offer:
    return Offer(id=f"{id}-{ordinal}", call_id=id, ordinal=ordinal, agent_id=agent, state=OfferState.OVER, made_at=at)


def mark(store: Store, id: str, what: IntakeMark, note: str = "다른 그룹의 문의") -> None:
    with store.transaction() as session:
        mark_intake(session, session.get_one(Call, id), Finding(what, note), by="supervisor", at=MORNING)


def test_the_newest_mark_of_a_call_counts_by_firm_and_by_the_agent_who_took_it_in(store: Store) -> None:
    ids = calls(store)
    mark(store, ids[0], IntakeMark.WRONG_GROUP)
    mark(store, ids[0], IntakeMark.RIGHT, "")
    mark(store, ids[1], IntakeMark.WRONG_KIND)
    mark(store, ids[3], IntakeMark.RIGHT, "")
    with store.reading() as session:
        found = accuracy(session, LINE.id, first=DAY, last=DAY)
        assert (found.answered, found.total.right, found.total.marked) == (11, 2, 3)
        assert {firm: (tally.right, tally.marked) for firm, tally in found.by_firm.items()} == {
            "hanbit": (2, 2),
            "nuri": (0, 1),
        }
        assert {who: (one.right, one.marked) for who, one in found.by_agent.items()} == {
            f"{LINE.id}-1": (1, 1),
            f"{LINE.id}-2": (1, 2),
        }
        of_nuri = accuracy(session, LINE.id, first=DAY, last=DAY, firm="nuri")
        assert (of_nuri.answered, of_nuri.total.marks) == (4, {IntakeMark.WRONG_KIND: 1})
        interval = found.total.interval
        # Wilson's interval of 2 in 3, as tables of it have it.
        assert interval is not None
        assert (round(interval.low, 4), round(interval.high, 4)) == (0.2077, 0.9385)
        assert (
            accuracy(session, LINE.id, first=DAY + timedelta(days=1), last=DAY + timedelta(days=9)).total.share is None
        )
        assert [one.mark for one in marks_of(session, ids[0])] == [IntakeMark.RIGHT, IntakeMark.WRONG_GROUP]


def test_calls_are_drawn_by_the_seed_until_they_are_marked(store: Store) -> None:
    ids = calls(store)
    draw = Draw(DAY, DAY, seed=7, size=4)

    def drawn(wish: Draw) -> list[str]:
        with store.reading() as session:
            return [call.id for call in sample(session, LINE.id, wish)]

    first = drawn(draw)
    assert first == drawn(draw)
    assert len(set(first)) == 4
    assert ids[-1] not in drawn(Draw(DAY, DAY, 7, 200))
    assert first != drawn(Draw(DAY, DAY, seed=8, size=4))
    mark(store, first[0], IntakeMark.RIGHT)
    assert drawn(draw)[:3] == first[1:]
    assert set(drawn(Draw(DAY, DAY, 7, 200, "nuri"))) == set(ids[1::3]) - {first[0]}


def test_a_mark_needs_a_talk_and_a_word_of_what_was_wrong(store: Store) -> None:
    ids = calls(store)
    for id, what, note in (
        (ids[-1], IntakeMark.RIGHT, ""),
        (ids[0], IntakeMark.WRONG_ANSWER, " "),
        (ids[0], IntakeMark.WRONG_ANSWER, "가" * 301),
    ):
        with pytest.raises(Refused):
            mark(store, id, what, note)
    with store.transaction() as session:
        session.delete(session.get_one(CallFigure, ids[0]))
    with pytest.raises(Refused, match="not reckoned"):
        mark(store, ids[0], IntakeMark.RIGHT)
