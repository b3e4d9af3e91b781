"""The blueprint that the pages of a line's settings stand in, who may change things there, and names of groups."""

from collections.abc import Iterable
from typing import Final

from flask import Blueprint, g

from console.lines.scope import may_all, may_withdraw
from console.office import office
from console.visitor import wording
from ivr.accounts.rows import Account, Role

blueprint = Blueprint("lines", __name__, url_prefix="/lines")
EDITORS: Final = (Role.SUPERVISOR, Role.ADMINISTRATOR)


@blueprint.context_processor
def names() -> dict[str, object]:
    """What every template of these pages knows beside the names of the shell."""
    return {"editors": EDITORS, "named_groups": named_groups, "name_of_group": name_of_group, "who": who} | {
        "may_all": may_all,
        "may_withdraw": may_withdraw,
    }


def named_groups(groups: Iterable[str]) -> list[tuple[str, str]]:
    """The groups of words with their names; one that has none stands by its own."""
    return [(group, name_of_group(group)) for group in groups]


def name_of_group(group: str) -> str:
    """The name of a group of words."""
    id = f"lines.group.{group}"
    return wording().say(id) if wording().has(id) else group


def who(account_id: str) -> str:
    """The name of an account, asked for once a request; what is no account, such as who used a command, as it is."""
    known: dict[str, str] = g.setdefault("makers", {})
    if account_id not in known:
        with office().store.reading() as session:
            account = session.get(Account, account_id)
        known[account_id] = account.name if account is not None else account_id
    return known[account_id]
