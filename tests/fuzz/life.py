"""A life in which everything is used, and all of it is watched: what it wrote, asked for and kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pyotp
from sqlalchemy import Engine, select

from commands.world import ACCOUNT, Watchers, World
from config.settings import new_secret_keys
from ivr.accounts.rows import Account, ConsoleSession
from tests.console.asking import FORM, Place, addresses
from tests.console.other_lines import STRANGE, fill
from tests.console.people import RAW_TOKEN
from tests.console.strangers import PASSWORD, known, stranger
from tests.fuzz.leaks import Piece, Sought, in_database, in_files, seek_what_is_sealed
from tests.http.api import Client
from tests.http.board import CALLER
from tests.people import agent_of, agent_phone, agents_behave, customer, picks_up
from webhooks.switchboard import Switchboard

CALLING = "+821023456789"
WISHING = "+821034567890"


@dataclass
class Addresses:
    """Notes every address that is asked for, with what stands in its query."""

    asked: list[str] = field(default_factory=list)

    def __call__(self, app: WSGIApplication) -> WSGIApplication:
        """The same app, listened to."""

        def noting(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            self.asked.append(f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}")
            return app(environ, start_response)

        return noting


@dataclass
class Life:
    """What was lived through."""

    engine: Engine
    folder: Path
    addresses: Addresses
    sought: Sought
    figures: bytes = b""

    @classmethod
    def over(cls, engine: Engine, folder: Path) -> "Life":
        """Live through everything, in an empty database."""
        life = cls(engine, folder, Addresses(), Sought())
        board = life._telephone()
        life._console()
        life._api(board)
        life._seek_what_is_sealed()
        return life

    def pieces(self) -> Iterator[Piece]:
        """Everything that is kept or was asked for, but the log."""
        yield from ((f"address {one.partition('?')[0]}", one.encode()) for one in self.addresses.asked)
        yield from in_database(self.engine)
        # A list that was sent lies there until it is read; whoever sent it may read it, nobody else.
        yield from in_files(self.folder, but=[self.folder / "uploads"])
        yield "metrics", self.figures

    def _telephone(self) -> Switchboard:
        """People ring, are answered and written to; somebody forges a request, and something fails."""
        world = World(self.engine, watchers=Watchers(webhooks=self.addresses))
        line = world.lines.by_id(STRANGE)
        with world.store.transaction() as session:
            session.add_all([agent_of(line, world.now(), number=number) for number in (3, 4)])
        for number in (3, 4):
            world.carrier.network.handset(agent_phone(number)).plan = picks_up(2.4)
        agents_behave(world, picks_up(12.0), picks_up(2.4))
        for caller, keys in ((CALLING, "1"), (WISHING, "2")):
            world.carrier.network.handset(caller).dial(line.number, plan=customer(keys))
            world.run_until_quiet()
        browser = world.webhooks.test_client()
        browser.post(f"/voice/incoming?From={CALLING}", data={"From": CALLING})
        self.figures = browser.get("/metrics").get_data()
        self.sought.secret(ACCOUNT.auth_token, "the auth token of the carrier")
        self.sought.secret(ACCOUNT.aggregator_secret, "the secret of the aggregator")
        return world.board

    def _console(self) -> None:
        """People of every line see everything there is, ask for numbers in full, and one signs in with all she has."""
        place = Place(self.engine, self.folder)
        place.app.wsgi_app = self.addresses(place.app.wsgi_app)  # type: ignore[method-assign, assignment]
        filled = fill(place.office, place.enter)
        owner = filled.owners[0]
        for _, method, address in addresses(place, filled.ids):
            with owner.get(address) if method == "GET" else owner.post(address, FORM | {"number": CALLER}) as answer:
                assert answer.status_code < 500, address
        for one in filled.owners:
            self.sought.secret(one.cookie, "the cookie of a session")
        name = known(place.office)
        browser = stranger(place.app)
        browser.sign_in(name)
        browser.post("/account/factor/begin", {}, seen="/account/factor")
        with place.office.store.reading() as session:
            factor = session.get_one(Account, name).next_factor or ""
        code = pyotp.TOTP(factor).at(place.office.clock())
        shown = browser.post("/account/factor", {"code": code}, seen="/account/factor").text
        codes = [word for word in shown.replace("<", " ").replace(">", " ").split() if _is_code(word)]
        assert codes, "no recovery codes were shown"
        stranger(place.app).sign_in(name, "a password that is wrong")
        stranger(place.app).sign_in(PASSWORD, name)
        for code in codes:
            self.sought.secret(code, "a recovery code")
        self.sought.secret(factor, "the secret of a second factor")
        self.sought.secret(PASSWORD, "a password")
        self.sought.secret("a password that is wrong", "a password typed wrongly")
        self.sought.secret(RAW_TOKEN, "a token against forged forms")
        self.sought.secret(str(place.app.config["SECRET_KEY"]), "the key of cookies")
        with place.office.store.reading() as session:
            sessions = len(session.scalars(select(ConsoleSession.id)).all())
        assert sessions > len(filled.owners)

    def _api(self, board: Switchboard) -> None:
        """Another system asks for calls, and sends nonsense, without a token too."""
        client = Client(board, line=None)
        matter = {"number": WISHING, "customer": "홍길동", "content": "보증 기한 연장을 문의드립니다."}
        assert client.post("/api/callbacks", {"line": "dcgf", **matter}).status_code == 201
        assert client.get("/api/callbacks").status_code == 200
        client.post("/api/callbacks", {"line": "dcgf", "numbre": WISHING})
        client.send("/api/callbacks", f'{{"number": "{WISHING}"'.encode())
        client.http.get("/api/callbacks", headers={"Authorization": f"Bearer {client.token}x"})
        self.sought.secret(client.token, "a token of the API")
        self.sought.secret(client.token.split("_", 2)[2], "the secret of a token of the API")

    def _seek_what_is_sealed(self) -> None:
        """Every number and every longer text that the database holds sealed, and the keys themselves."""
        for number in (CALLING, WISHING, CALLER):
            self.sought.number(number)
        seek_what_is_sealed(self.sought, self.engine)
        raw = bytes(range(64))
        for key in (raw[:32], raw[32:]):
            self.sought.secret(key, "a sealing key")
        for entry in new_secret_keys(raw).split(","):
            self.sought.secret(entry.partition(":")[2], "a sealing key as it is set")


def _is_code(word: str) -> bool:
    return len(word) >= 8 and "-" in word and word.replace("-", "").isalnum() and any(sign.isdigit() for sign in word)
