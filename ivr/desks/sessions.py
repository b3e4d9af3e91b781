"""Which of the sessions that have a desk open are over: asked for all of them at once."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.accounts.rows import Account, ConsoleSession
from ivr.accounts.sessions import AT_WORK, why_over
from ivr.agents.rows import Agent
from ivr.directory.rows import Officer


def sessions_over(session: Session, ids: Collection[str], *, at: datetime) -> set[str]:
    """Those of the sessions that do not hold any more; an agent at work uses one, whether or not a key is touched."""
    joined = (
        select(ConsoleSession, Account.disabled_at, Agent.state)
        .join(Account, Account.id == ConsoleSession.account_id)
        .outerjoin(Officer, Officer.id == Account.officer_id)
        .outerjoin(Agent, Agent.id == Officer.agent_id)
        .where(ConsoleSession.id.in_(ids))
    )
    held = {
        found.id
        for found, disabled_at, state in session.execute(joined)
        if disabled_at is None and why_over(found, at, at_work=state in AT_WORK) is None
    }
    return set(ids) - held
