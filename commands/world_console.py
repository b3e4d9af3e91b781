"""The agents of a world at the console: they press the buttons of its real pages, and again where no answer came."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from commands.demo import DemoAgent
from commands.fate import Death, Place
from commands.world import BASE_URL, World
from commands.world_faults import Troubles
from commands.world_plan import WorldFault
from commands.world_presses import Press, pressed_in_a_talk
from config.files import CHARTERS, SURVEYS, read_folder
from console.app import create_app
from console.guard import COOKIE_ENTRY
from console.office import EXTENSION, Office
from console.words import load_wording
from ivr.accounts.keeping import Hand, NewAccount, grant, make_account
from ivr.accounts.rows import Account, Role
from ivr.accounts.sessions import From, begin_session
from ivr.addresses import Address
from ivr.agents.wrapping import WrapUp
from ivr.calls.rows import Offer
from ivr.charters.reading import load_charters
from ivr.lines.model import Line

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Flask
    from flask.testing import FlaskClient

PIECE = {"HX-Request": "true"}
TOKEN = re.compile(r'<meta name="csrf" content="([^"]+)">')
# Whoever gets no answer presses again; an outage is over long before the last time.
AGAIN_SECONDS, MOST_TRIES = 2.0, 20
# An agent in a talk cannot leave, and tries again later.
LATER_SECONDS = 20.0
OK, SIGNED_OUT, CONFLICT, FAILED, DATABASE_AWAY = 200, 401, 409, 500, 503
# Whether it was already so, or is too late: what can be told to an agent without anything being wrong.
TOLD = frozenset({OK, CONFLICT})


@cache
def _installed() -> Mapping[str, Any]:
    """What the console of every world is made of, read once in a process; any: parts of an office."""
    return {
        "charters": load_charters(read_folder(CHARTERS)),
        "wordings": load_wording(),
        "questionnaire_files": read_folder(SURVEYS),
    }


def _app_over(here: Office) -> "Flask":
    """The app over this office; one for all worlds of the same keys, whose pages are compiled at their first use."""
    key = here.store.keyring.sign("console:cookies")
    if key not in _apps:
        _apps[key] = create_app(here)
    _apps[key].extensions[EXTENSION] = here
    return _apps[key]


_apps: "dict[str, Flask]" = {}


@dataclass(slots=True)
class WorldConsole:
    """The console of one world; `wrong` is what it answered that no agent should ever see."""

    troubles: Troubles
    wrong: list[str] = field(default_factory=list)
    pressed: int = 0
    _world: World | None = None
    _app: "Flask | None" = None
    _line: Line | None = None
    _staff: Mapping[str, DemoAgent] = field(default_factory=dict)
    _people: dict[str, tuple["FlaskClient", str]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)
    # What the console said it has kept, by talk.
    _memos: dict[str, str] = field(default_factory=dict)
    _codes: dict[str, str] = field(default_factory=dict)

    def open(self, world: World, line: Line, staff: Iterable[DemoAgent]) -> None:
        """Begin the console's process, with an account for each agent."""
        self._world, self._line, self._staff = world, line, {one.id: one for one in staff}
        board, at = world.board, world.now()
        self._app = _app_over(
            Office(
                lines=world.lines,
                texts=world.texts,
                calendar=board.calendar,
                surveys=world.surveys,
                store=world.store,
                clock=world.clock,
                ring_bell=board.ring_bell,
                public_base_url=BASE_URL,
                **_installed(),
            )
        )
        with world.store.transaction() as session:
            for one in self._staff.values():
                new = NewAccount(one.id, one.name, officer_id=one.id, is_temporary=False)
                account = make_account(session, new, Hand("world", at))
                grant(session, account, (line.id, Role.AGENT), hand=Hand("world", at))

    def watch(self, app: "WSGIApplication") -> "WSGIApplication":
        """The same webhooks; an agent whose caller enters the room presses what is drawn for the talk."""

        def watched(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            answer = app(environ, start_response)
            if environ["PATH_INFO"] == Address.JOIN:
                self._begin(parse_qs(environ["QUERY_STRING"])["offer"][0])
            return answer

        return watched

    def leave_and_come(self, agent: str, absence: tuple[float, float]) -> None:
        """Let an agent be away in these seconds of the world."""
        leaves, comes = absence
        network = self._there.carrier.network
        network.after(leaves, partial(self.press, Press(agent, "/desk/leave", {"reason": "lunch"}, until=comes - 1.0)))
        network.after(comes, partial(self.press, Press(agent, "/desk/come")))

    def press(self, press: Press) -> None:
        """Press a button unless it is too late; where no answer comes, or an agent is held by a talk, again later."""
        if press.until is not None and self._seconds > press.until:
            return
        self.pressed += 1
        try:
            with self.troubles.within(Place.WEB_WRITING):
                status = self._send(press)
            self.troubles.strike(Place.WEB_COMMITTED)
        except Death:
            status = None
        except SQLAlchemyError:
            status = DATABASE_AWAY
        if status is None or self._passes(status):
            self._again(press, AGAIN_SECONDS)
        elif status == CONFLICT and press.until is not None:
            self._again(press, LATER_SECONDS)
        elif status not in TOLD or (status != OK and press.is_writing):
            self.wrong.append(f"the console answered {press.path} of {press.agent} with {status}")
        elif press.is_writing:
            self._note_kept(press)

    def _passes(self, status: int) -> bool:
        """Whether it is answered otherwise a moment later: an idle session that ended, a database away."""
        return status == SIGNED_OUT or (status == DATABASE_AWAY and WorldFault.DATABASE in self.troubles.plan.faults)

    def what_was_kept_is_there(self) -> list[str]:
        """Every memo and every code that the console said it has kept."""
        with self._there.store.reading() as session:
            rows = {row.id: row for row in session.scalars(select(WrapUp))}
        wrong = [f"the memo of {id} is not kept" for id, memo in self._memos.items() if _memo(rows.get(id)) != memo]
        codes = {id: row.code for id, row in rows.items()}
        return [*self.wrong, *wrong, *(f"the code of {id} is not kept" for id in self._codes if codes.get(id) is None)]

    @property
    def _there(self) -> World:
        if self._world is None:
            raise RuntimeError("the console is not open yet")
        return self._world

    def _begin(self, offer: str) -> None:
        if self._world is None or self._line is None or offer in self._begun:
            return
        self._begun.add(offer)
        with self._world.store.reading() as session:
            agent = session.get_one(Offer, offer).agent_id
        dice = Random(f"console {self.troubles.plan.seed} {offer}")  # noqa: S311 - a world can be repeated
        others = sorted(self._staff.keys() - {agent})
        for after, press in pressed_in_a_talk(dice, Press(agent, offer), others, codes=list(self._line.wrap_up.codes)):
            self._world.carrier.network.after(after, partial(self.press, press))

    def _send(self, press: Press) -> int:
        if press.agent not in self._people and (status := self._sign_in(press.agent)) != OK:
            return status
        client, token = self._people[press.agent]
        answer = client.post(press.path, data={"csrf": token, **press.form}, headers=PIECE, buffered=True)
        if answer.status_code == SIGNED_OUT:
            del self._people[press.agent]
        return answer.status_code

    def _sign_in(self, agent: str) -> int:
        """Begin a session, and open the page of the desk, which carries the token of all its forms."""
        world, secret = self._there, f"{agent} {self.pressed}"
        with world.store.transaction() as session:
            account = session.get_one(Account, agent)
            begin_session(session, secret, account=account, came=From("127.0.0.1"), at=world.clock())
        client = self._opened.test_client()
        with client.session_transaction() as cookie:
            cookie[COOKIE_ENTRY] = secret
        page = client.get("/desk/")
        found = TOKEN.search(page.text)
        if found is not None:
            self._people[agent] = client, found.group(1)
        return page.status_code if page.status_code != OK or found is not None else FAILED

    @property
    def _opened(self) -> "Flask":
        if self._app is None:
            raise RuntimeError("the console is not open yet")
        return self._app

    @property
    def _seconds(self) -> float:
        """How old the world is."""
        return (self._there.now() - self.troubles.plan.begins).total_seconds()

    def _again(self, press: Press, seconds: float) -> None:
        if press.tries < MOST_TRIES:
            once_more = replace(press, tries=press.tries + 1)
            self._there.carrier.network.after(seconds, partial(self.press, once_more))

    def _note_kept(self, press: Press) -> None:
        self._memos[press.subject] = press.form["memo"]
        if "code" in press.form:
            self._codes[press.subject] = press.form["code"]


def _memo(row: WrapUp | None) -> str | None:
    return row.memo if row is not None else None
