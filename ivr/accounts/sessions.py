"""Sessions of the console: begun at sign-in, found by the secret of the cookie, ended idle, late, or by force."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ivr.accounts.rows import Account, ConsoleSession, Grant, Role, SessionEnd
from ivr.agents.rows import Agent, AgentState
from ivr.directory.rows import Officer

# Standard for measures to secure personal data (notice of the PIPC), article 5: a session that is not used ends.
IDLE_AFTER = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
# An agent in a call uses the session, whether or not a key is touched.
AT_WORK = frozenset({AgentState.OFFERED, AgentState.TALKING, AgentState.WRAPPING})


@dataclass(frozen=True, slots=True)
class Visit:
    """A session that holds, its account, what that may do on the session's line, and every line it has a role on.

    `is_at_work` tells that the agent has a call: then a page that asks by itself uses the session, too. `firm` is the
    client firm that the account is of, empty for people of the house.
    """

    session: ConsoleSession
    account: Account
    roles: frozenset[Role]
    officer_id: str | None
    agent_id: str | None
    lines: frozenset[str]
    is_at_work: bool
    firm: str = ""


def digest_of(secret: str) -> str:
    """What is kept of the secret in the cookie."""
    return hashlib.sha256(secret.encode()).hexdigest()


class NoRole(ValueError):
    """Somebody wants to sign in who may do nothing on any line."""


@dataclass(frozen=True, slots=True)
class From:
    """Where a sign-in came from: the address, the browser's own name for itself, and the line that is wanted.

    `is_confirmed` where nothing more is to be shown: the provider of a single sign-on asks for its own second factor.
    """

    address: str = ""
    browser: str = ""
    line: str = ""
    is_confirmed: bool = False


def begin_session(session: Session, secret: str, *, account: Account, came: From, at: datetime) -> ConsoleSession:
    """Begin a session of this account; `secret` goes into the cookie and nowhere else.

    It is on the line that is wanted, else on the one of the last session, else on the first; and confirmed at once
    where the account has no second factor. Raises `NoRole` where it has no role at all.
    """
    lines = sorted({grant.line for grant in account.grants})
    if not lines:
        raise NoRole(f"{account.id} has no role on any line: give one with `charterline accounts grant`")
    latest = select(ConsoleSession.line).where(ConsoleSession.account_id == account.id)
    last = session.scalar(latest.order_by(ConsoleSession.made_at.desc()).limit(1))
    begun = ConsoleSession(
        id=digest_of(secret),
        account_id=account.id,
        line=next((line for line in (came.line, last) if line in lines), lines[0]),
        confirmed=came.is_confirmed or account.second_factor is None,
        made_at=at,
        seen_at=at,
        address=came.address[:45],
        browser=came.browser[:200],
    )
    session.add(begun)
    session.flush()
    return begun


def find_visit(session: Session, secret: str, *, at: datetime) -> Visit | None:
    """The session of a cookie with everything a request needs, in one query; None where there is none that holds."""
    joined = (
        select(ConsoleSession, Account, Grant.role, Officer.id, Agent.id, Agent.state, Grant.line, Grant.firm)
        .join(Account, Account.id == ConsoleSession.account_id)
        .outerjoin(Grant, Grant.account_id == Account.id)
        .outerjoin(Officer, (Officer.id == Account.officer_id) & (Officer.line == ConsoleSession.line))
        .outerjoin(Agent, Agent.id == Officer.agent_id)
        .where(ConsoleSession.id == digest_of(secret))
    )
    rows = session.execute(joined).all()
    if not rows:
        return None
    found, account, _, officer_id, agent_id, agent_state, *_ = rows[0]
    granted = [(row[2], row[7]) for row in rows if row[6] == found.line]
    roles = frozenset(role for role, _ in granted)
    at_work = agent_state in AT_WORK
    if account.disabled_at is not None or why_over(found, at, at_work=at_work) is not None or not roles:
        return None
    lines = frozenset(row[6] for row in rows)
    firm = next((firm for role, firm in granted if role is Role.FIRM), "")
    return Visit(found, account, roles, officer_id, agent_id, lines, at_work, firm)


def why_over(found: ConsoleSession, at: datetime, *, at_work: bool = False) -> SessionEnd | None:
    """Why a session does not hold at this moment; None where it does."""
    if found.ended_at is not None:
        return found.ended_by or SessionEnd.FORCED
    if at - found.made_at > LONGEST and not at_work:
        return SessionEnd.TOO_LONG
    if at - found.seen_at > IDLE_AFTER and not at_work:
        return SessionEnd.IDLE
    return None


def note_seen(session: Session, id: str, at: datetime) -> None:
    """Write that a person used the session at this moment."""
    session.execute(update(ConsoleSession).where(ConsoleSession.id == id).values(seen_at=at))


def remaining(found: ConsoleSession, at: datetime) -> timedelta:
    """How long a session holds from now if nobody touches it; zero where it is over."""
    if found.ended_at is not None:
        return timedelta(0)
    return max(timedelta(0), min(found.seen_at + IDLE_AFTER, found.made_at + LONGEST) - at)


def why_ended(session: Session, secret: str, *, at: datetime) -> SessionEnd | None:
    """Why the session of a cookie is over, None where it holds or there never was one."""
    found = session.get(ConsoleSession, digest_of(secret))
    return why_over(found, at) if found is not None else None


def sessions_of(session: Session, account_id: str, *, at: datetime) -> list[ConsoleSession]:
    """The sessions of an account that hold, the one used last first."""
    held = ConsoleSession.ended_at.is_(None) & (ConsoleSession.account_id == account_id)
    recent = ConsoleSession.made_at > at - 2 * LONGEST
    found = session.scalars(select(ConsoleSession).where(held, recent).order_by(ConsoleSession.seen_at.desc()))
    return [one for one in found if why_over(one, at) is None]


def change_line(session: Session, id: str, line: str) -> bool:
    """Go on with the session on another line; False where its account has no role there."""
    found = session.get_one(ConsoleSession, id)
    may = select(Grant.line).where(Grant.account_id == found.account_id, Grant.line == line).limit(1)
    if session.scalar(may) is None:
        return False
    found.line = line
    return True


def end_session(session: Session, id: str, why: SessionEnd, *, at: datetime) -> None:
    """End a session; one that is over stays as it is."""
    over = update(ConsoleSession).where(ConsoleSession.id == id, ConsoleSession.ended_at.is_(None))
    session.execute(over.values(ended_at=at, ended_by=why))


def end_all(session: Session, account_id: str, why: SessionEnd, *, at: datetime, but: str = "") -> int:
    """End every session of an account, as after a new password, `but` one; returns how many there were."""
    held = ConsoleSession.ended_at.is_(None) & (ConsoleSession.account_id == account_id) & (ConsoleSession.id != but)
    ended = session.scalars(
        update(ConsoleSession).where(held).values(ended_at=at, ended_by=why).returning(ConsoleSession.id)
    )
    return len(ended.all())
