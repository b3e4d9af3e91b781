"""`charterline doctor` over installations that are really broken: each breakage is named, with what to do."""

import json
import os
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from commands.doctor_database import look_at_database
from commands.doctor_findings import Finding, Verdict
from commands.doctor_ground import look_at_folder, look_at_secrets
from commands.doctor_network import look_at_carrier, look_at_public_url
from commands.doctor_redis import lives_here, look_at_redis
from commands.main import cli
from commands.migrate import migrate
from config.heartbeat import Heartbeat
from config.settings import Settings, new_secret_keys, read_settings
from ivr.promises import Promise, promise_all
from ivr.sealing import Keyring
from ivr.store import Store, make_engine
from tests.http.board import words
from tests.http.unreachable import refusing_port
from tests.unit.agents.people import ready

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@dataclass
class Elsewhere:
    """A web server that answers as a test wants: by path, a status and a JSON body."""

    url: str
    answers: dict[str, tuple[int, object]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = here.answers.get(self.path.partition("?")[0], (404, {}))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        here = Elsewhere(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield here
        server.shutdown()
        thread.join()


@pytest.fixture
def environment(folder: Path, redis_url: str, elsewhere: Elsewhere) -> dict[str, str]:
    """A complete installation whose database has no table yet."""
    elsewhere.answers = {}
    folder.chmod(0o700)
    return {
        "CHARTERLINE_DATA_DIR": str(folder),
        "CHARTERLINE_DATABASE_URL": f"sqlite:///{folder / 'hotline.db'}",
        "CHARTERLINE_REDIS_URL": redis_url,
        "CHARTERLINE_PUBLIC_BASE_URL": elsewhere.url,
        "CHARTERLINE_TWILIO_API_URL": elsewhere.url,
        "CHARTERLINE_TWILIO_ACCOUNT_SID": "AC1",
        "CHARTERLINE_TWILIO_AUTH_TOKEN": "a token that nobody may read",
        "CHARTERLINE_SECRET_KEYS": new_secret_keys(bytes(range(64))),
    }


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    return read_settings(environment)


def doctor(environment: dict[str, str], *arguments: str) -> Result:
    unset = {name: None for name in os.environ if name.startswith("CHARTERLINE_")}
    return CliRunner().invoke(cli, ["doctor", *arguments], env={**unset, **environment})


def opened(settings: Settings, keys: str = "") -> Store:
    keyring = Keyring.from_secrets(keys or settings.secret_keys.get_secret_value())
    return Store(make_engine(settings.database_url, keyring=keyring, patience=1))


def amiss(findings: Iterator[Finding]) -> dict[str, str]:
    """What is not fine, by part; every one of them says where, and what to do."""
    found = [finding for finding in findings if finding.verdict is not Verdict.FINE]
    assert all(finding.where and finding.remedy for finding in found)
    return {finding.part: f"{finding.verdict}: {finding.what}" for finding in found}


def test_missing_settings_are_all_named_and_nothing_else_is_tried(environment: dict[str, str]) -> None:
    del environment["CHARTERLINE_SECRET_KEYS"], environment["CHARTERLINE_PUBLIC_BASE_URL"]
    done = doctor(environment, "--json")
    told = json.loads(done.stdout)
    named = {one["where"] for one in told["findings"] if one["part"] == "settings"}
    assert (done.exit_code, told["ok"]) == (1, False)
    assert named == {"CHARTERLINE_SECRET_KEYS", "CHARTERLINE_PUBLIC_BASE_URL"}
    assert "database" not in {one["part"] for one in told["findings"]}


def test_a_fresh_installation_is_told_what_it_lacks_in_words_without_a_secret(environment: dict[str, str]) -> None:
    done = doctor(environment)
    assert done.exit_code == 1
    for words_ in (
        "wrong  database: its file is not there",
        "charterline migrate",
        "wrong  workers: none for the queue calls",
        "wrong  relay: none is alive",
        "soon   dialler: none is alive; no campaign runs",
        "wrong  carrier: answers 404",
        "wrong  public url: something else answers (404)",
        "soon   redis persistence",
    ):
        assert words_ in done.output
    for secret in ("CHARTERLINE_TWILIO_AUTH_TOKEN", "CHARTERLINE_SECRET_KEYS"):
        assert environment[secret] not in done.output
    # Looking changes nothing: no empty database is left behind.
    assert not (Path(environment["CHARTERLINE_DATA_DIR"]) / "hotline.db").exists()


def test_inside_asks_nobody_outside(environment: dict[str, str]) -> None:
    assert {"carrier", "public url"}.isdisjoint(
        one["part"] for one in json.loads(doctor(environment, "--inside", "--json").stdout)["findings"]
    )


def test_what_is_wrong_in_a_database_that_answers(settings: Settings) -> None:
    store = opened(settings)
    Path(settings.database_url.removeprefix("sqlite:///")).touch()
    assert amiss(look_at_database(settings, store, NOW))["schema"] == "wrong: there are no tables of ours"
    migrate(settings)
    assert amiss(look_at_database(settings, store, NOW)) == {}
    ready(store, "a1", NOW)
    with store.transaction() as session:
        promise_all(session, [Promise("route", "route:1", NOW - timedelta(minutes=10), {"line": "kibo"})])
        session.execute(text("UPDATE promise SET attempts = 3, outcome = 'OperationalError'"))
    found = amiss(look_at_database(settings, store, NOW))
    assert found["relay"] == "wrong: a promise that was due 10 min ago is not handed out"
    assert found["promises"] == "soon: promise 1 (route) failed 3 times: OperationalError"
    other = opened(settings, new_secret_keys(bytes(reversed(range(64)))))
    assert amiss(look_at_database(settings, other, NOW))["secret keys"].startswith("wrong: agent.phone: it was changed")
    with store.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert "wrong: is at 0001, this release needs" in amiss(look_at_database(settings, store, NOW))["schema"]
    store.engine.dispose()
    other.engine.dispose()


def test_a_database_whose_clock_is_not_ours(settings: Settings, new_postgresql: Callable[[str], str]) -> None:
    store = opened(settings.model_copy(update={"database_url": new_postgresql("clock")}))
    # To open a connection takes its time, which is none of the clock's.
    assert store.answers()
    assert "clock" not in amiss(look_at_database(settings, store, datetime.now(UTC)))
    found = amiss(look_at_database(settings, store, datetime.now(UTC) - timedelta(hours=1)))
    assert re.match(r"wrong: the database is \+36\d\d\.\d\d s from", found["clock"])
    store.engine.dispose()


def test_a_database_and_a_redis_that_are_away(settings: Settings) -> None:
    with refusing_port() as port:
        url = f"postgresql://charterline:a-password@127.0.0.1:{port}/none"
        gone = settings.model_copy(update={"database_url": url, "redis_url": f"redis://:a-password@127.0.0.1:{port}"})
        store = opened(gone)
        findings = [*look_at_database(gone, store, NOW), *look_at_redis(gone, is_dialling=False)]
    assert [one.what for one in findings] == ["does not answer (OperationalError)", "does not answer (ConnectionError)"]
    assert "a-password" not in str(findings)
    store.engine.dispose()


def test_processes_live_as_long_as_they_say_so(settings: Settings) -> None:
    assert not lives_here(settings, "relay")
    Heartbeat(settings.redis_url, "relay")()
    assert lives_here(settings, "relay")
    assert not lives_here(settings, "worker-calls")
    found = amiss(look_at_redis(settings, is_dialling=True))
    assert "relay" not in found
    assert found["dialler"] == "wrong: none is alive"


def test_a_carrier_that_does_not_let_us_in_or_sends_calls_elsewhere(settings: Settings, elsewhere: Elsewhere) -> None:
    path = "/2010-04-01/Accounts/AC1/IncomingPhoneNumbers.json"
    _, lines, _ = words()
    elsewhere.answers[path] = (401, {"code": 20003})
    assert amiss(look_at_carrier(settings, lines)) == {"carrier": "wrong: does not let us in (401)"}
    numbers = [number for line in lines for number in line.numbers if line.id != "kotra"]
    ours = f"{elsewhere.url}/voice/incoming#rc=1"
    told = [{"phone_number": number, "voice_url": ours} for number in numbers]
    told[0] = {**told[0], "voice_url": "https://demo.twilio.com/welcome/voice/"}
    elsewhere.answers[path] = (200, {"incoming_phone_numbers": told})
    found = [one for one in look_at_carrier(settings, lines) if one.verdict is not Verdict.FINE]
    assert [(one.verdict, one.where) for one in found] == [
        (Verdict.WRONG, f"line {next(line.id for line in lines)}"),
        (Verdict.SOON, "line kotra"),
    ]
    with refusing_port() as port:
        gone = settings.model_copy(update={"twilio_api_url": f"http://127.0.0.1:{port}"})
        assert amiss(look_at_carrier(gone, lines)) == {"carrier": "wrong: does not answer (ConnectError)"}


def test_a_public_address_that_refuses_our_own_signature(settings: Settings, elsewhere: Elsewhere) -> None:
    elsewhere.answers["/api/openapi.json"] = (200, {"info": {"title": "Charterline"}})
    elsewhere.answers["/voice/status"] = (403, {})
    assert "our own signature is refused" in amiss(look_at_public_url(settings))["public url"]
    elsewhere.answers["/voice/status"] = (204, {})
    assert amiss(look_at_public_url(settings)) == {}


def test_folders_and_files_that_others_can_read(settings: Settings, folder: Path) -> None:
    folder.chmod(0o755)
    assert "soon: is open to other accounts" in amiss(look_at_folder(settings))["data folder"]
    secret = folder / "token"
    secret.write_text("a token", encoding="ascii")
    secret.chmod(0o644)
    assert "secrets" in amiss(look_at_secrets({"CHARTERLINE_TWILIO_AUTH_TOKEN_FILE": str(secret)}))
    secret.chmod(0o600)
    assert amiss(look_at_secrets({"CHARTERLINE_TWILIO_AUTH_TOKEN_FILE": str(secret)})) == {}
    gone = settings.model_copy(update={"data_dir": folder / "nowhere"})
    assert amiss(look_at_folder(gone)) == {"data folder": "wrong: is not there"}
