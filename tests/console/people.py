"""Signed-in people of the tests: clients with a real session and a real token against forged requests."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from config.files import CHARTERS, SURVEYS, read_folder
from console.guard import COOKIE_ENTRY
from console.office import Office
from console.words import Wording, load_wording
from ivr.accounts.passwords import Passwords
from ivr.accounts.rows import Account, Grant, Role
from ivr.accounts.sessions import From, begin_session
from ivr.charters.model import Charters
from ivr.charters.reading import load_charters
from ivr.directory.rows import Officer, OfficerRole
from ivr.store import Store
from tests.http.board import BASE_URL, Moment, installed_surveys, no_bell, words

LINE = "kibo"
# A hash as costly as in use would make the tests slow and show nothing more.
CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1), frozenset({"1234567890"}))
RAW_TOKEN = "0123456789abcdef0123456789abcdef01234567"


@cache
def installed_charters() -> Charters:
    """The charters as installed, read once."""
    return load_charters(read_folder(CHARTERS))


@cache
def installed_wordings() -> dict[str, Wording]:
    """The texts of the console, read once."""
    return load_wording()


def office_over(engine: Engine, clock: Moment, **changes: object) -> Office:
    """The office of the tests; `changes` replace its parts."""
    texts, lines, calendar = words()
    made = Office(
        lines=lines,
        texts=texts,
        calendar=calendar,
        charters=installed_charters(),
        surveys=installed_surveys(),
        store=Store(engine),
        clock=clock,
        ring_bell=no_bell,
        wordings=installed_wordings(),
        public_base_url=BASE_URL,
        passwords=CHEAP,
        questionnaire_files=read_folder(SURVEYS),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Person:
    """Somebody signed in, as a browser without scripts: `get` and `post` as forms do it."""

    client: FlaskClient
    account_id: str
    token: str

    def get(self, address: str, **headers: str) -> TestResponse:
        """Open a page."""
        return self.client.get(address, headers=headers)

    # Any: the values of a form, files among them.
    def post(self, address: str, form: dict[str, Any] | None = None, **headers: str) -> TestResponse:
        """Send a form with its token."""
        # Buffered: a file that is sent is closed, whether or not the test reads it.
        return self.client.post(address, data={"csrf": self.token, **(form or {})}, headers=headers, buffered=True)

    @property
    def cookie(self) -> str:
        """The value of the session's cookie, for a real browser."""
        kept = self.client.get_cookie(self.client.application.config["SESSION_COOKIE_NAME"])
        assert kept is not None
        return kept.value


def add_account(
    session: Session, role: Role, *, name: str, line: str = LINE, at: datetime, officer: str = ""
) -> Account:
    """An account with one role; `officer` links it to somebody of the directory, who is made where missing."""
    if officer and session.get(Officer, officer) is None:
        kind = OfficerRole.SUPERVISOR if role is Role.SUPERVISOR else OfficerRole.OFFICER
        session.add(Officer(id=officer, line=line, name=name, department="고객센터", title="상담사", role=kind))
        session.flush()
    account = Account(id=f"{role.value}-{line}-{name}", name=name, officer_id=officer or None, made_at=at)
    account.grants = [Grant(line=line, role=role)]
    session.add(account)
    session.flush()
    return account


def sign_in(app: Flask, account: str) -> Person:
    """A person of this account with a session of now."""
    here: Office = app.extensions["office"]
    secret = f"secret of {account} at {here.clock().isoformat()}"
    with here.store.transaction() as session:
        begin_session(
            session, secret, account=session.get_one(Account, account), came=From("127.0.0.1"), at=here.clock()
        )
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[COOKIE_ENTRY] = secret
        cookie["csrf"] = cookie["csrf_token"] = RAW_TOKEN
    token = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(RAW_TOKEN)
    return Person(client, account, token)
