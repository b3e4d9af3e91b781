"""The dialler as a process: orders that would leave too late do not leave, and nothing at the carrier costs a hand."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from commands.world import World
from ivr.campaigns.beginning import Begun
from ivr.campaigns.claiming import Booked
from ivr.campaigns.pacing import Sighting
from ivr.orders import Order, PlaceCall, Receipt, Unknown
from tests.http.scripted import ScriptedCarrier
from tests.store_fixtures.databases import ON_SQLITE
from tests.workers import campaign as made
from workers import dialler_steps
from workers.dialler_hands import TOO_LATE, Given, Hands, Places, Span
from workers.dialler_process import DiallerLoop, _Due
from workers.dialler_steps import Ready, Steps

ORDER = PlaceCall("+821020000001", "+82215881234", "http://a", None, 28)
# The last second of an evening's hours, in Seoul.
EVENING = datetime(2026, 11, 23, 19, 59, 59, 900_000, tzinfo=UTC) - timedelta(hours=9)


def answers(hands: Hands, count: int) -> dict[str, Receipt]:
    """Wait for so many receipts."""
    told: dict[str, Receipt] = {}
    while len(told) < count:
        told |= hands.receipts()
        time.sleep(0.005)
    return told


def test_an_order_whose_moment_has_passed_does_not_leave() -> None:
    carrier = ScriptedCarrier()
    hands = Hands(lambda: carrier, 1, patience=60.0)
    now = time.monotonic()
    hands.give(Given("late", ORDER, Span(now - 3, now - 1)), place=now - 2)
    hands.give(Given("in time", ORDER, Span(now - 3, now + 60)), place=now)
    told = answers(hands, 2)
    hands.stop()
    assert told["late"] is TOO_LATE
    assert len(carrier.given) == 1
    assert (hands.given_up, len(hands.late), hands.in_flight) == (1, 1, 0)


def test_an_order_that_missed_its_place_takes_the_next_and_the_last_one_waits_for_another_turn() -> None:
    now = time.monotonic()
    places = Places(60.0)
    for place in (now - 200, now - 100, now - 1):
        places.add(place)
    assert places.take(now + 500) == now - 1, "two were missed"
    assert places.take(now + 500) is None
    assert places.make_up([now + 1, now + 2, now + 3]) == 2
    assert [places.take(now + 500) for _ in range(3)] == [now + 2, now + 3, None]
    assert places.make_up([now + 4]) == 0
    places.add(now + 9)
    assert places.take(now + 8) is None, "it lies too far ahead"


class Babble:
    """A carrier port whose answers nobody can read."""

    def do(self, _order: Order) -> Receipt:
        """What a proxy's page of HTML makes of a library that expects JSON."""
        raise ValueError("Expecting value: line 1 column 1 (char 0)")


def test_an_answer_that_cannot_be_read_costs_no_hand_and_is_no_answer() -> None:
    hands = Hands(Babble, 1, patience=60.0)
    now = time.monotonic()
    for dial in ("first", "second"):
        hands.give(Given(dial, ORDER, Span(now, now + 60)), place=now)
    assert answers(hands, 2) == {"first": Unknown("ValueError"), "second": Unknown("ValueError")}
    hands.stop()


class WithoutDatabase(Steps):
    """Steps that begin whatever is booked, without a database."""

    def __init__(self) -> None:
        """Nothing is needed."""

    def begin(self, booked: Sequence[Booked], at: datetime) -> list[Ready]:
        """All of it."""
        return [Ready((one.campaign_id, one.person_id), f"d{one.person_id}", ORDER) for one in booked]


class Noted(Hands):
    """Hands that only note until when they may give what."""

    def __init__(self) -> None:
        super().__init__(ScriptedCarrier, 0, patience=0.5)
        self.spans: dict[str, Span] = {}

    @property
    def capacity(self) -> int:
        """Many."""
        return 100

    def give(self, given: Given, *, place: float) -> None:
        """Note it."""
        self.spans[given.dial] = given.span


def test_no_order_leaves_in_another_minute_than_it_was_allowed_for() -> None:
    hands = Noted()
    loop = DiallerLoop(WithoutDatabase(), hands, cps=2.0, clock=lambda: EVENING)
    now = Sighting(EVENING, 1000.0)
    booked = [Booked(EVENING + timedelta(milliseconds=20 * number), 1, number) for number in range(8)]
    loop._due = [_Due(now.deadline(one.moment), one, now) for one in booked]
    loop._begin(now)
    # Those of the next minute are asked for by themselves; a place at 20:00 is not 19:59.
    assert set(hands.spans) == {f"d{number}" for number in range(5)}
    for span in hands.spans.values():
        assert span.earliest == pytest.approx(1000.1 - 60)
        assert span.latest == pytest.approx(1000.1)


@ON_SQLITE
def test_a_campaign_that_cannot_be_begun_does_not_keep_the_orders_of_another(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begin(_session: object, campaign: int, people: Sequence[int], **_: object) -> list[Begun]:
        if campaign == 2:
            raise OperationalError("INSERT", {}, Exception("deadlock detected"))
        return [Begun("d", people[0], "dcgf", made.number_of(1))]

    monkeypatch.setattr(dialler_steps, "begin", begin)
    world = World(engine)
    steps = Steps(world.store, world.worker.keeper.house, lambda: None)  # type: ignore[attr-defined]  # as elsewhere
    both = [Booked(EVENING, 1, 1), Booked(EVENING, 2, 2)]
    assert [ready.dial for ready in steps.begin(both, EVENING)] == ["d"]
    with pytest.raises(OperationalError):
        steps.begin(both[1:], EVENING)


def test_a_place_that_an_order_gave_up_on_is_owed_to_nobody() -> None:
    places, now = Places(0.01), time.monotonic()
    places.add(now - 1.0)
    assert places.take(now) is None
    assert places.make_up([now + 0.1]) == 1
    places.give_up()
    time.sleep(0.15)
    assert places.take(now + 9.0) is None
    assert places.make_up([now + 9.0]) == 0
