"""A database or a Redis that is away: the caller hears an apology and is handed on, an event is told again later."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import OperationalError

from config.bell import bell_at
from ivr.addresses import STEP_TRIES, Address
from ivr.calls.rows import Call
from ivr.sealing import Keyring
from ivr.store import Store, make_engine
from tests.http.board import Moment, Signed, arriving, board_over
from tests.http.hearing import hears
from tests.http.unreachable import refusing_port, silent_port
from webhooks.app import PATIENCE_SECONDS
from webhooks.health import EXTENSION
from webhooks.outage import LONGEST_RETRY_SECONDS, MOST_EVENTS_WAITING

INCOMING = Address.INCOMING.value
APOLOGY = [
    "say: 죄송합니다. 일시적인 장애로 안내를 계속할 수 없습니다.",
    "say: 대표 직통번호로 연결해 드리겠습니다.",
    "transfer +825110000001, then the end",
    "say: 통화를 마칩니다. 연결이 되지 않았다면 잠시 후 다시 전화해 주시기 바랍니다.",
    "hang up",
]
KIBO_MENU = "/voice/key?call=c1&line=kibo&step=2&menu=main"
# Twilio gives up on a document after 15 s.
CARRIER_PATIENCE_SECONDS = 15


@pytest.fixture
def refused(keyring: Keyring) -> Iterator[Signed]:
    with refusing_port() as port:
        engine = make_engine(f"postgresql://nobody@127.0.0.1:{port}/none", keyring=keyring)
        yield Signed.to(board_over(engine, Moment()))
        engine.dispose()


@pytest.mark.parametrize("address", [INCOMING, KIBO_MENU])
def test_without_a_database_a_caller_hears_an_apology_and_is_transferred(refused: Signed, address: str) -> None:
    answer = refused.post(address, arriving(Digits="1"))
    assert (answer.status_code, hears(answer.text)) == (200, APOLOGY)


def test_without_a_database_a_waiting_caller_hears_only_what_a_queue_may_say(refused: Signed) -> None:
    answer = refused.post("/voice/wait?call=c1&line=kibo&step=3&team=guarantee&turn=1", arriving())
    told = hears(answer.text)
    assert told[0].startswith("say")
    assert not any(line.startswith("transfer") for line in told)


def test_without_a_database_every_event_is_refused_so_that_it_comes_again(refused: Signed) -> None:
    form = arriving(
        CallStatus="completed",
        StatusCallbackEvent="participant-leave",
        MessageStatus="sent",
        MessageSid="SM1",
        RecordingSid="RE1",
        RecordingStatus="completed",
        TranscriptionSid="GT1",
        TranscriptionEvent="transcription-stopped",
        SequenceId="1",
    )

    def status(entry: Address) -> int:
        wire = replace(refused, client=refused.client.application.test_client())
        return wire.post(f"{entry.value}?call=c1&line=kibo&message=m-1&offer=c1-1", form).status_code

    # Each is tried for seconds, so all of them come at once.
    events = [entry for entry in Address if entry.is_event]
    with ThreadPoolExecutor(len(events)) as carrier:
        assert dict(zip(events, carrier.map(status, events), strict=True)) == dict.fromkeys(events, 503)


def test_a_database_that_never_answers_leaves_nobody_in_silence(keyring: Keyring) -> None:
    with silent_port() as port:
        engine = make_engine(f"postgresql://nobody@127.0.0.1:{port}/none", keyring=keyring, patience=PATIENCE_SECONDS)
        wire = Signed.to(board_over(engine, Moment()))
        heard: list[str] = []
        asking = threading.Thread(target=lambda: heard.extend(hears(wire.post(INCOMING, arriving()).text)), daemon=True)
        asking.start()
        asking.join(CARRIER_PATIENCE_SECONDS)
        assert heard == APOLOGY
        engine.dispose()


def test_the_carrier_waits_longer_than_we_try() -> None:
    # twilio.com/docs/usage/webhooks/webhooks-connection-overrides: ct and rt in milliseconds, rc more tries.
    given = dict(part.split("=") for part in STEP_TRIES.removeprefix("#").split("&"))
    connect, read, more = (int(given[name]) for name in ("ct", "rt", "rc"))
    assert read > (LONGEST_RETRY_SECONDS + 0.5) * 1000
    assert (connect + read) * (1 + more) <= CARRIER_PATIENCE_SECONDS * 1000


@contextmanager
def failing(engine: Engine, attempts: int) -> Iterator[list[int]]:
    """The first `attempts` connections taken from the pool turn out to be lost, as after a restart of the server."""
    lost: list[int] = []

    def lose(*_arguments: object) -> None:
        if len(lost) < attempts:
            lost.append(1)
            raise OperationalError("", {}, Exception("the connection was lost"), connection_invalidated=True)

    event.listen(engine, "before_cursor_execute", lose)
    yield lost
    event.remove(engine, "before_cursor_execute", lose)


def test_a_database_that_is_back_within_the_request_gives_the_usual_answer(engine: Engine) -> None:
    board = board_over(engine, Moment())
    wire = Signed.to(board)
    with failing(engine, 3) as lost:
        answer = wire.post(INCOMING, arriving())
    assert len(lost) == 3
    assert hears(answer.text)[-1] == "go /voice/menu?menu=main"
    with board.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Call)) == 1


def test_connections_that_the_server_closed_meanwhile_are_replaced(postgresql_engine: Engine) -> None:
    board = board_over(postgresql_engine, Moment())
    wire = Signed.to(board)
    wire.post(INCOMING, arriving())
    with postgresql_engine.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.rollback()
        answer = wire.post("/voice/menu?call=c1&line=kibo&step=1&menu=main", arriving(CallStatus="in-progress"))
    assert hears(answer.text)[-1] == "ask -> /voice/key?menu=main"


def test_a_locked_sqlite_file_is_waited_for_no_longer_than_a_caller_can_wait(
    sqlite_engine: Engine, keyring: Keyring
) -> None:
    engine = make_engine(str(sqlite_engine.url), keyring=keyring, patience=PATIENCE_SECONDS)
    wire = Signed.to(board_over(engine, Moment()))
    other = make_engine(str(sqlite_engine.url), keyring=None)
    with other.connect() as lock:
        lock.exec_driver_sql("SELECT 1")
        heard: list[str] = []
        asking = threading.Thread(target=lambda: heard.extend(hears(wire.post(INCOMING, arriving()).text)))
        asking.start()
        asking.join(CARRIER_PATIENCE_SECONDS)
        assert heard == APOLOGY
        lock.rollback()
        asking.join()
    other.dispose()
    engine.dispose()


def test_of_many_who_ask_for_a_locked_file_each_is_answered_in_time(sqlite_engine: Engine, keyring: Keyring) -> None:
    engine = make_engine(str(sqlite_engine.url), keyring=keyring, patience=PATIENCE_SECONDS)
    board, other = board_over(engine, Moment()), make_engine(str(sqlite_engine.url), keyring=None)
    with other.connect() as lock, ThreadPoolExecutor(12) as threads:
        lock.exec_driver_sql("SELECT 1")
        asked = [threads.submit(lambda: hears(Signed.to(board).post(INCOMING, arriving()).text)) for _ in range(12)]
        done, late = wait_for(asked, timeout=CARRIER_PATIENCE_SECONDS)
        lock.rollback()
    assert not late
    assert [one.result() for one in done] == [APOLOGY] * 12
    other.dispose()
    engine.dispose()


def test_in_a_known_outage_one_asks_for_all_and_the_others_hear_the_apology_meanwhile(
    sqlite_engine: Engine, keyring: Keyring
) -> None:
    engine = make_engine(str(sqlite_engine.url), keyring=keyring, patience=60)
    board = board_over(engine, Moment())
    board.outage.noted(time.monotonic() - 2 * LONGEST_RETRY_SECONDS)
    wire, heard = Signed.to(board), list[str]()
    other = make_engine(str(sqlite_engine.url), keyring=None)
    with other.connect() as lock:
        lock.exec_driver_sql("SELECT 1")
        asking = threading.Thread(target=lambda: heard.extend(hears(wire.post(INCOMING, arriving()).text)))
        asking.start()
        while not board.outage.is_asked:
            time.sleep(0.01)
        assert hears(Signed.to(board).post(INCOMING, arriving()).text) == APOLOGY
        assert asking.is_alive()
        lock.rollback()
        asking.join()
    assert heard[-1] == "go /voice/menu?menu=main"
    other.dispose()
    engine.dispose()


def test_once_a_database_is_known_to_be_away_nobody_waits_for_it_in_turn(refused: Signed) -> None:
    # Else the few threads of a process are all taken by waiting, and who comes next hears nothing in time.
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        time.sleep(seconds)

    board = refused.client.application.extensions[EXTENSION]
    wire = Signed.to(replace(board, wait=wait))
    assert hears(wire.post(INCOMING, arriving()).text) == APOLOGY
    assert waited
    waited.clear()
    assert hears(wire.post(INCOMING, arriving(CallSid="CA2")).text) == APOLOGY
    assert not waited


def test_a_database_that_is_back_is_waited_for_again(engine: Engine) -> None:
    board = board_over(engine, Moment())
    wire = Signed.to(board)
    board.outage.noted(time.monotonic() - 60)
    with failing(engine, 1):
        assert hears(wire.post(INCOMING, arriving()).text) == APOLOGY
        # It answers the next one: the outage is over.
        assert hears(wire.post(INCOMING, arriving()).text)[-1] == "go /voice/menu?menu=main"
    with failing(engine, 3) as lost:
        assert hears(wire.post(INCOMING, arriving(CallSid="CA2")).text)[-1] == "go /voice/menu?menu=main"
    assert len(lost) == 3


def test_of_many_events_in_an_outage_a_few_wait_and_no_more(refused: Signed) -> None:
    waiting, most = set[int](), 0

    def wait(seconds: float) -> None:
        nonlocal most
        waiting.add(threading.get_ident())
        most = max(most, len(waiting))
        time.sleep(seconds)
        waiting.discard(threading.get_ident())

    board = replace(refused.client.application.extensions[EXTENSION], wait=wait)
    board.outage.noted(time.monotonic() - 60)
    app = Signed.to(board).client.application

    def status(number: int) -> int:
        wire = replace(Signed.to(board), client=app.test_client())
        return wire.post("/voice/status?line=kibo", arriving(CallSid=f"CA{number}", CallStatus="completed")).status_code

    with ThreadPoolExecutor(8) as carrier:
        assert set(carrier.map(status, range(8))) == {503}
    assert 1 <= most <= MOST_EVENTS_WAITING


@pytest.mark.parametrize("where", ["redis://127.0.0.1:1/0", "unix:///nowhere/valkey.sock"])
def test_without_redis_every_webhook_answers_as_always(engine: Engine, where: str) -> None:
    wire = Signed.to(replace(board_over(engine, Moment()), ring_bell=bell_at(where)))
    wire.post(INCOMING, arriving())
    answer = wire.post("/voice/left?call=c1&line=kibo&step=5&team=guarantee", arriving(QueueResult="leave"))
    assert hears(answer.text) == ["go /voice/callback?team=guarantee"]


def test_a_redis_that_never_answers_holds_nobody_up(sqlite_engine: Engine) -> None:
    with silent_port() as port:
        wire = Signed.to(replace(board_over(sqlite_engine, Moment()), ring_bell=bell_at(f"redis://127.0.0.1:{port}/0")))
        answer = wire.post("/voice/left?call=c1&line=kibo&step=5&team=guarantee", arriving(QueueResult="leave"))
    assert hears(answer.text) == ["go /voice/callback?team=guarantee"]


def test_a_failing_bell_never_reaches_the_caller(sqlite_engine: Engine) -> None:
    def broken() -> None:
        raise RuntimeError("the bell is broken")

    bell: Callable[[], None] = broken
    wire = Signed.to(replace(board_over(sqlite_engine, Moment()), ring_bell=bell))
    answer = wire.post("/voice/left?call=c1&line=kibo&step=5&team=guarantee", arriving(QueueResult="leave"))
    assert answer.status_code == 200


def test_readiness_tells_that_the_database_is_away_and_health_does_not(refused: Signed) -> None:
    assert refused.client.get("/healthz").status_code == 200
    assert refused.client.get("/readyz").status_code == 503


def test_readiness_is_told_while_the_database_answers(engine: Engine) -> None:
    board = replace(board_over(engine, Moment()), store=Store(engine))
    assert Signed.to(board).client.get("/readyz").status_code == 200
