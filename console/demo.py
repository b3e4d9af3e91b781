"""The demo on this machine: people to enter as by one click, and colleagues who step aside for who sits at a desk."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.office import office
from ivr.accounts.rows import Account, AccountChange, AccountEntry, Grant, Role
from ivr.agents.aside import step_aside
from ivr.agents.rows import Agent
from ivr.directory.rows import Officer

__all__ = ["DemoPerson", "demo_people", "first_line", "is_demo_account", "is_demo_here", "step_aside"]
# Accounts of the demo are told by who made them: nobody else's can be entered without a password.
MADE_BY: Final = "demo"
ORDER: Final = (Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR, Role.AGENT, Role.FIRM)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the demo; `is_softphone` talks in the browser, other agents at a telephone."""

    account_id: str
    name: str
    role: Role
    is_softphone: bool


def is_demo_here() -> bool:
    """Does this request come from the very machine that runs the demo, under a name that no other site can take?"""
    host = urlsplit(f"//{request.host}").hostname or ""
    return office().is_demo and _is_loopback(request.remote_addr or "") and (host == "localhost" or _is_loopback(host))


def demo_people(session: Session, line: str) -> list[DemoPerson]:
    """Who can be entered as on a line: the agent with a softphone first, agents at telephones last."""
    chosen = (
        select(Account.id, Account.name, Grant.role, Agent.softphone)
        .join(Grant, Grant.account_id == Account.id)
        .outerjoin(Officer, Officer.id == Account.officer_id)
        .outerjoin(Agent, Agent.id == Officer.agent_id)
        .where(Account.made_by == MADE_BY, Account.disabled_at.is_(None), Grant.line == line)
        .order_by(Account.id)
    )
    people = [DemoPerson(id, name, role, bool(softphone)) for id, name, role, softphone in session.execute(chosen)]
    return sorted(people, key=lambda one: (not one.is_softphone, ORDER.index(one.role)))


def first_line(session: Session) -> str | None:
    """The line that the demo begins with: that of its first account."""
    granted = (AccountEntry.done_by == MADE_BY) & (AccountEntry.change == AccountChange.GRANTED)
    return session.scalar(select(AccountEntry.line).where(granted).order_by(AccountEntry.id).limit(1))


def is_demo_account(session: Session, account_id: str) -> bool:
    """Was this account made by the demo?"""
    account = session.get(Account, account_id)
    return account is not None and account.made_by == MADE_BY


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
