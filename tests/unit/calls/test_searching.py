"""A search finds what a look at every call would find, in the same order, however it is cut into pages."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from ivr.calls.found import found_calls
from ivr.calls.searching import GAVE_UP_WAITING, GOING_ON, Place, Sought, all_calls, find_calls
from ivr.charters.judges.judgement import Finding
from ivr.figures.asking import Period
from ivr.numbers import PhoneNumber
from ivr.store import Store
from tests.people import caller_phone
from tests.store_fixtures.prepared import prepared
from tests.unit.calls.many import FIRST, Made, made_calls, write_calls

CALLS = made_calls()
SECOND_DAY = Period(CALLS[-1].day.replace(day=17), CALLS[-1].day.replace(day=18))
WANTED: list[tuple[Sought, Callable[[Made], bool]]] = [
    (Sought("kibo"), lambda made: True),
    (Sought("kibo", SECOND_DAY), lambda made: made.day.day in {17, 18}),
    (Sought("kibo", outcome="closed"), lambda made: made.outcome == "closed"),
    (Sought("kibo", outcome=GAVE_UP_WAITING), lambda made: made.gave_up_waiting),
    (
        Sought("kibo", outcome=GAVE_UP_WAITING, team="guarantee"),
        lambda made: made.gave_up_waiting and made.team == "guarantee",
    ),
    (Sought("kibo", outcome=GOING_ON), lambda made: made.outcome is None),
    (Sought("kibo", team="guide"), lambda made: made.team == "guide"),
    (Sought("kibo", agent="kibo-1"), lambda made: "kibo-1" in made.agents),
    (Sought("kibo", agent="kibo-3", outcome="answered"), lambda made: "kibo-3" in made.agents),
    (
        Sought("kibo", SECOND_DAY, agent="kibo-3", team="guide"),
        lambda m: m.day.day in {17, 18} and m.team == "guide" and "kibo-3" in m.agents,
    ),
    (Sought("kibo", finding=Finding.MISSED), lambda made: Finding.MISSED in made.faults.values()),
    (Sought("kibo", finding=Finding.MISSED, promise="K4"), lambda made: made.faults.get("K4") is Finding.MISSED),
    (Sought("kibo", finding=Finding.MISSED, promise="K"), lambda made: False),
    (Sought("kibo", SECOND_DAY, finding=Finding.INDETERMINATE), lambda m: m.day.day in {17, 18} and "K5" in m.faults),
    (
        Sought("kibo", finding=Finding.MISSED, agent="kibo-1", team="guarantee"),
        lambda m: "K4" in m.faults and "kibo-1" in m.agents and m.team == "guarantee",
    ),
    (Sought("dcgf", finding=Finding.MISSED), lambda made: "K4" in made.faults),
    (Sought("dcgf", receipt="1116-C005"), lambda made: made.id == "c005"),
    (Sought("dcgf", receipt="1116-C004"), lambda made: False),
    (Sought("ksure"), lambda made: False),
]


@pytest.fixture
def store(engine: Engine) -> Store:
    store = Store(engine)
    prepared(engine, "searched calls", lambda: write_calls(store, CALLS))
    return store


def pages(store: Store, sought: Sought, limit: int) -> list[str]:
    """Every page after the other."""
    found: list[str] = []
    after: Place | None = None
    with store.reading() as session:
        while True:
            page = find_calls(session, sought, after=after, limit=limit)
            found += [place.id for place in page.calls]
            if page.after is None:
                return found
            assert len(page.calls) == limit
            after = page.after


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_every_search_finds_what_every_call_tells(store: Store, limit: int) -> None:
    for sought, fits in WANTED:
        expected = [made.id for made in CALLS if made.line == sought.line and fits(made)]
        assert pages(store, sought, limit) == expected, sought


def test_a_number_is_found_by_its_index_on_the_own_line_alone(store: Store) -> None:
    index = store.keyring.index(PhoneNumber.parse(caller_phone(1)))
    expected = [made.id for made in CALLS if made.line == "kibo" and made.number == 1]
    assert pages(store, Sought("kibo", number=index), 5) == expected
    assert pages(store, Sought("kibo", number="0" * 64), 5) == []


def test_as_many_are_taken_as_are_allowed(store: Store) -> None:
    with store.reading() as session:
        taken = [place.id for page in all_calls(session, Sought("kibo"), most=11) for place in page]
        assert taken == [made.id for made in CALLS if made.line == "kibo"][:11]
        assert [page for page in all_calls(session, Sought("kibo", Period(FIRST, FIRST)), most=0)] == []


def test_a_word_that_is_no_outcome_is_refused(store: Store) -> None:
    with store.reading() as session, pytest.raises(ValueError, match="lost"):
        find_calls(session, Sought("kibo", outcome="lost"))


def test_a_list_shows_who_was_rung_and_which_promises_were_not_kept(store: Store) -> None:
    shown = next(made for made in CALLS if made.agents and "K4" in made.faults)
    with store.reading() as session:
        found, other = found_calls(session, [shown.id, "c071"])
    met = found.answered_by
    assert met is not None
    assert (met.agent, met.ring_ms) == (sorted(shown.agents)[0], 2400)
    assert (found.outcome, found.team, found.missed) == ("answered", shown.team, ("K4",))
    assert (other.id, other.outcome, other.rung, other.missed) == ("c071", None, (), ())
