"""Agents with open desks in the database of a benchmark, the cookies of their sessions, and rings for them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import Engine

from benchmarks.signed_steps import DID, LINE, TEAM
from config.clock import system_clock
from console.guard import COOKIE_ENTRY
from ivr.accounts.rows import Account, Grant, Role
from ivr.accounts.sessions import From, begin_session
from ivr.agents.moves import AgentEvent, move_agent
from ivr.agents.rows import Agent, AgentState
from ivr.calls.offers import OfferOutcome
from ivr.calls.rows import Call, Offer, OfferState, Waiting, WaitingState
from ivr.directory.rows import Officer
from ivr.identifiers import call_id, receipt_number
from ivr.sealing import Keyring
from ivr.store import Store

# Far above the calls that the load generator tells of.
FIRST_CALL = 1 << 64
TOKEN = "0123456789abcdef0123456789abcdef01234567"  # noqa: S105 - of a benchmark's own sessions


@dataclass(frozen=True, slots=True)
class Desks:
    """The store, and a cookie for each agent; the agent of the first is desk-0."""

    store: Store
    cookies: Sequence[str]

    def ring(self, desk: int, number: int) -> float:
        """Offer a call to the agent of a desk; returns the moment after the commit, by the monotonic clock."""
        at = system_clock()
        call = _call(number, at)
        with self.store.transaction() as session:
            session.add(call)
            session.flush()
            place = Waiting(call_id=call.id, line=LINE, team=TEAM, since=at, state=WaitingState.OFFERED)
            session.add_all(
                [place, Offer(id=_offer(number), call_id=call.id, ordinal=1, agent_id=_id(desk), made_at=at)]
            )
            move_agent(session.get_one(Agent, _id(desk)), AgentEvent.OFFER, at)
        return time.monotonic()

    def end(self, number: int) -> None:
        """The offer of that ring is over, and the agent ready again."""
        at = system_clock()
        with self.store.transaction() as session:
            offer = session.get_one(Offer, _offer(number))
            offer.state, offer.outcome, offer.closed_at = OfferState.OVER, OfferOutcome.WITHDRAWN.value, at
            move_agent(session.get_one(Agent, offer.agent_id), AgentEvent.SPARE, at)


def set_up(engine: Engine, secret_keys: str, count: int) -> Desks:
    """Put so many agents with softphones and signed-in accounts into the database."""
    keyring = Keyring.from_secrets(secret_keys)
    engine.dialect.charterline_keyring = keyring  # type: ignore[attr-defined]
    store, at = Store(engine), system_clock()
    with store.transaction() as session:
        for number in range(count):
            session.add(_agent(number, at))
            session.flush()
            session.add(_officer(number))
            session.flush()
            account = Account(id=_id(number), name="김민수", officer_id=_id(number), made_at=at)
            account.grants = [Grant(line=LINE, role=Role.AGENT)]
            session.add(account)
            session.flush()
            begin_session(session, _secret(number), account=account, came=From("127.0.0.1"), at=at)
    return Desks(store, [_cookie(keyring, number) for number in range(count)])


def _cookie(keyring: Keyring, number: int) -> str:
    """The cookie as the console signs it."""
    app = Flask("benchmark")
    app.secret_key = keyring.sign("console:cookies")
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    if serializer is None:
        raise RuntimeError("a cookie needs a key")
    return str(serializer.dumps({COOKIE_ENTRY: _secret(number), "csrf": TOKEN, "csrf_token": TOKEN}))


def _agent(number: int, at: datetime) -> Agent:
    return Agent(
        id=_id(number),
        line=LINE,
        name="김민수",
        department="보증사업부",
        title="과장",
        softphone=f"desk_{number}",
        state=AgentState.READY,
        state_since=at,
        idle_since=at,
    )


def _officer(number: int) -> Officer:
    words = {"name": "김민수", "department": "보증사업부", "title": "과장"}
    return Officer(id=_id(number), line=LINE, agent_id=_id(number), **words)


def _call(number: int, at: datetime) -> Call:
    sid = f"CA{FIRST_CALL + number:032x}"
    return Call(
        id=call_id(sid),
        line=LINE,
        carrier_sid=sid,
        dialled=DID,
        receipt_number=receipt_number(call_id(sid), "1123"),
        arrived_at=at,
    )


def _offer(number: int) -> str:
    return f"{call_id(f'CA{FIRST_CALL + number:032x}')}-1"


def _id(number: int) -> str:
    return f"desk-{number}"


def _secret(number: int) -> str:
    return f"secret of desk {number}"
