"""The pace: however many diallers share it, and however their clock is set, no second holds more orders than it may."""

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from ivr.campaigns.pacing import LEAD, Sighting, opens_at, patience, reserve
from ivr.store import Store
from tests.sizes import examples

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@dataclass
class House:
    """Diallers of one machine: one wall clock that is set now and then, one steady clock, one row of places."""

    store: Store
    cps: float
    steady: float = 0.0
    offset: float = 0.0
    waiting: list[list[tuple[float, Sighting]]] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)
    held_up: set[int] = field(default_factory=set)

    def sight(self) -> Sighting:
        return Sighting(START + timedelta(seconds=self.steady + self.offset), self.steady)

    def reserve(self, who: int, count: int) -> None:
        now = self.sight()
        with self.store.transaction() as session:
            places = reserve(session, "carrier", cps=self.cps, count=count, at=now.at)
        self.waiting[who] += [(now.deadline(place), now) for place in places]

    def pass_time(self, seconds: float) -> None:
        """Everybody who is not held up sends what falls due, as long as its place still holds."""
        self.steady += seconds
        now = self.sight()
        for who in set(range(len(self.waiting))) - self.held_up:
            self.waiting[who] = [one for one in self.waiting[who] if one[1].still_holds(now)]
            self.sent += [deadline for deadline, _ in self.waiting[who] if deadline <= self.steady]
            self.waiting[who] = [one for one in self.waiting[who] if one[0] > self.steady]

    def hold_up(self, who: int) -> None:
        """One gets no processor time, or waits for the database."""
        self.held_up.add(who)

    def go_on(self, who: int) -> None:
        """It comes back: what is not too late leaves now, the rest never."""
        if who in self.held_up:
            self.held_up.remove(who)
            now = self.sight()
            overdue = [deadline for deadline, seen in self.waiting[who] if deadline <= now.steady]
            still = [one for one in self.waiting[who] if one[1].still_holds(now)]
            in_time = [deadline for deadline, _ in still if now.steady - patience(self.cps) <= deadline <= now.steady]
            self.sent += [now.steady] * len(in_time)
            self.waiting[who] = [one for one in still if one[0] not in overdue]


def most_in_a_second(moments: list[float]) -> int:
    ordered = sorted(moments)
    return max((bisect_left(ordered, first + 1.0) - i for i, first in enumerate(ordered)), default=0)


deeds = st.lists(
    st.one_of(
        st.tuples(st.just("reserve"), st.integers(0, 3), st.integers(1, 60)),
        st.tuples(st.just("pass"), st.floats(0.01, 3.0), st.just(0)),
        st.tuples(st.sampled_from(["hold up", "go on"]), st.integers(0, 3), st.just(0)),
        st.tuples(st.just("set"), st.sampled_from([-7200.0, -1.2, -0.4, 0.3, 1.1, 7200.0]), st.just(0)),
    ),
    min_size=5,
    max_size=40,
)


def lived(store: Store, cps: float, done: list[tuple[str, float, int]]) -> House:
    house = House(store, cps, waiting=[[] for _ in range(4)])
    for deed, first, second in done:
        match deed:
            case "reserve":
                house.reserve(int(first), second)
            case "pass":
                house.pass_time(first)
            case "hold up":
                house.hold_up(int(first))
            case "go on":
                house.go_on(int(first))
            case _:
                house.offset += first
                house.pass_time(0.0)
    house.pass_time(10.0)
    return house


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cps=st.sampled_from([1.0, 3.0, 10.0, 50.0]), done=deeds)
def test_no_second_holds_more_than_the_pace_and_one_whoever_is_held_up_and_whatever_is_done_to_the_clock(
    sqlite_engine: Engine, cps: float, done: list[tuple[str, float, int]]
) -> None:
    with sqlite_engine.begin() as connection:
        connection.execute(text("DELETE FROM pace"))
    house = lived(Store(sqlite_engine), cps, done)
    times_set = sum(deed == "set" for deed, _, _ in done)
    # Each time the clock is set, what was reserved by it is given up, and the pace begins anew: one early at most.
    assert most_in_a_second(house.sent) <= cps + 1 + times_set


def test_four_diallers_that_come_back_at_once_send_no_burst(engine: Engine) -> None:
    house = House(Store(engine), 50, waiting=[[] for _ in range(4)])
    for who in range(4):
        house.reserve(who, 18)
        house.hold_up(who)
    house.pass_time(0.7)
    for who in range(4):
        house.go_on(who)
    house.pass_time(2.0)
    assert len(house.sent) >= 35
    assert most_in_a_second(house.sent) <= 51


def test_places_are_the_callers_alone_and_evenly_spaced(engine: Engine) -> None:
    store = Store(engine)
    places: list[datetime] = []
    for _ in range(3):
        with store.transaction() as session:
            places += reserve(session, "carrier", cps=10, count=4, at=START)
    assert len(set(places)) == 12
    assert {later - earlier for earlier, later in pairwise(places)} == {timedelta(milliseconds=100)}


def test_no_place_lies_further_ahead_than_the_lead(engine: Engine) -> None:
    with Store(engine).transaction() as session:
        places = reserve(session, "carrier", cps=10, count=1000, at=START)
        assert reserve(session, "carrier", cps=10, count=1, at=START) == []
    assert places[-1] <= START + LEAD


def test_time_that_passed_unused_is_not_made_up_for(engine: Engine) -> None:
    with Store(engine).transaction() as session:
        reserve(session, "carrier", cps=10, count=1, at=START)
        later = START + timedelta(hours=1)
        assert reserve(session, "carrier", cps=10, count=2, at=later) == [later, later + timedelta(milliseconds=100)]


def test_a_clock_set_back_by_an_hour_does_not_stall_for_one(engine: Engine) -> None:
    with Store(engine).transaction() as session:
        reserve(session, "carrier", cps=10, count=5, at=START + timedelta(hours=1))
        assert reserve(session, "carrier", cps=10, count=1, at=START) == [START]


def test_room_opens_as_soon_as_the_next_place_lies_within_the_lead(engine: Engine) -> None:
    store = Store(engine)

    def opens(at: datetime) -> datetime:
        with store.reading() as session:
            return opens_at(session, "slow", cps=0.05, at=at)

    assert opens(START) == START
    with store.transaction() as session:
        assert reserve(session, "slow", cps=0.05, count=2, at=START) == [START]
    room_at = START + timedelta(seconds=20) - LEAD
    assert [opens(START), opens(room_at), opens(room_at + LEAD)] == [room_at, room_at, room_at + LEAD]
    with store.transaction() as session:
        assert reserve(session, "slow", cps=0.05, count=2, at=room_at) == [START + timedelta(seconds=20)]
    # A row that was written before the clock was set back holds nobody up.
    assert opens(START - timedelta(hours=1)) == START - timedelta(hours=1)
