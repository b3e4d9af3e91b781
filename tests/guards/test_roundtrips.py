"""No request of the carrier costs more than three round trips to PostgreSQL, counted on the wire."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from ivr.addresses import Address
from ivr.sealing import Keyring
from ivr.store import make_engine
from tests.guards.wire import CountingProxy
from tests.http.board import Signed
from tests.http.transcript import Row, Transcript
from tests.store_fixtures.databases import empty

MOST_ROUND_TRIPS = 3
CALLS = Path(__file__).parents[1] / "http" / "calls"
# Together these visit every address.
CONVERSATIONS = (
    "greeting-and-queue",
    "withheld-number",
    "callback-out-of-the-queue",
    "caller-gone-before-the-agent",
    "agent-gone-during-the-talk",
    "room-ends-first",
    "warned-and-ended",
    "clip-recording",
    "monitoring-of-nothing",
    "consult-completed",
    "consult-cancelled",
    "transfer-not-answered",
    "menus-of-kibo",
    "text-to-us",
    "opening-heard",
    "dialled-and-reached",
    "dialled-to-somebody-else",
    "dialled-and-cut-off",
    "texts-refused",
    "text-read-out",
    "survey-completed",
    "survey-refused",
    "survey-agent",
    "survey-link",
    "survey-child",
    "survey-after-the-talk",
    "consent-taken",
    "firm-by-code",
)


@dataclass
class Measured:
    """Posts as the carrier does, and notes how many round trips each request took."""

    wire: Signed
    proxy: CountingProxy
    trips: dict[str, list[int]] = field(default_factory=dict)

    def post(self, address: str, form: Mapping[str, str] | None = None, *, attempt: str = "token-1") -> TestResponse:
        before = self.proxy.trips
        answer = self.wire.post(address, form, attempt=attempt)
        path = address.partition("#")[0].partition("?")[0]
        self.trips.setdefault(path, []).append(self.proxy.trips - before)
        return answer


class Counted(Transcript):
    """A transcript that is repeated as any other; that this changes no row is looked at where it is not counted."""

    def kept(self) -> dict[str, list[Row]]:
        return {}


@pytest.fixture
def proxy(postgresql_engine: Engine) -> Iterator[CountingProxy]:
    proxy = CountingProxy.before(postgresql_engine.url.render_as_string(hide_password=False))
    yield proxy
    proxy.close()


@pytest.fixture
def proxied(proxy: CountingProxy, keyring: Keyring) -> Iterator[Engine]:
    engine = make_engine(proxy.url, keyring=keyring)
    # Opening a connection costs round trips of its own, once.
    engine.connect().close()
    yield engine
    engine.dispose()


def test_no_request_of_the_carrier_costs_more_than_three_round_trips(
    proxy: CountingProxy, proxied: Engine, postgresql_engine: Engine
) -> None:
    trips: dict[str, list[int]] = {}
    for name in CONVERSATIONS:
        empty(postgresql_engine)
        transcript = Counted(CALLS / f"{name}.toml", proxied, beside=postgresql_engine)
        measured = Measured(transcript.wire, proxy, trips)
        transcript.wire = measured  # type: ignore[assignment]  # posts in the same way, and counts
        transcript.run()
    assert set(trips) == {entry.value for entry in Address}
    assert {path: max(counts) for path, counts in trips.items() if max(counts) > MOST_ROUND_TRIPS} == {}


def test_a_step_in_the_menu_is_one_round_trip(proxy: CountingProxy, proxied: Engine) -> None:
    transcript = Counted(CALLS / "wrong-keys-and-silence.toml", proxied)
    measured = Measured(transcript.wire, proxy)
    transcript.wire = measured  # type: ignore[assignment]  # posts in the same way, and counts
    transcript.run()
    # The very first use of a pooled connection may set its isolation level.
    assert {path: max(counts[1:]) for path, counts in measured.trips.items() if path != Address.WAIT} == {
        Address.INCOMING.value: 1,
        Address.MENU.value: 1,
        Address.KEY.value: 1,
    }
