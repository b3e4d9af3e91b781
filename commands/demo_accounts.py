"""The accounts of the demo: one for each agent, supervisor and auditor of `config/demo.toml`, with one password."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from config.settings import Settings
from ivr.accounts.keeping import Hand, NewAccount, grant, make_account
from ivr.accounts.passwords import Passwords
from ivr.accounts.rows import Account, Role
from ivr.store import Store

if TYPE_CHECKING:
    from commands.demo import Demo

PASSWORD_FILE: Final = "demo_password"  # noqa: S105 - the name of a file
MADE_BY: Final = "demo"


def demo_password(settings: Settings) -> str:
    """The password of everybody in the demo, made at the first start."""
    return (settings.data_dir / "secrets" / PASSWORD_FILE).read_text(encoding="ascii").strip()


def add_accounts(store: Store, demo: "Demo", password: str, *, at: datetime) -> None:
    """Make the accounts that are not there yet; officers must be in the directory already."""
    with store.reading() as session:
        missing = [one for one in _accounts(demo) if session.get(Account, one[0].id) is None]
    if not missing:
        return
    # One hash for all: each costs as much time as a start can bear.
    hashed, hand = Passwords().hashed(password), Hand(MADE_BY, at)
    with store.transaction() as session:
        for new, roles in missing:
            made = NewAccount(new.id, new.name, hashed, new.officer_id, is_temporary=False)
            account = make_account(session, made, hand)
            for line, role, firm in roles:
                grant(session, account, (line, role), hand=hand, firm=firm)


def _accounts(demo: "Demo") -> Iterator[tuple[NewAccount, list[tuple[str, Role, str]]]]:
    for agent in demo.agents:
        yield NewAccount(agent.id, agent.name, officer_id=agent.id), [(agent.line, Role.AGENT, "")]
    for one in demo.accounts:
        yield NewAccount(one.id, one.name, officer_id=one.officer), [(line, one.role, one.firm) for line in one.lines]
