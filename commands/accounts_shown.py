"""`charterline accounts`: accounts and their sessions as printed."""

from datetime import datetime

from ivr.accounts.listing import Listed
from ivr.accounts.rows import ConsoleSession
from ivr.lines.hours import SEOUL


def account_entry(one: Listed) -> dict[str, object]:
    """An account; times in ISO 8601, no hash and no secret."""
    account = one.account
    return {
        "account": account.id,
        "name": account.name,
        "standing": one.standing.value,
        "roles": [f"{grant.role.value}@{grant.line}" for grant in sorted(account.grants, key=lambda it: it.line)],
        "officer": account.officer_id,
        "second_factor": account.second_factor is not None,
        "single_sign_on": account.subject is not None,
        "signed_in_at": _local(one.signed_in_at),
        "locked_until": _local(account.locked_until),
    }


def session_entry(one: ConsoleSession) -> dict[str, object]:
    """A session, without anything that would open it."""
    return {
        "line": one.line,
        "address": one.address,
        "browser": one.browser,
        "began_at": _local(one.made_at),
        "used_at": _local(one.seen_at),
    }


def told(entry: dict[str, object]) -> str:
    """An account or a session in a line."""
    if "account" in entry:
        roles = entry["roles"]
        held = ", ".join(str(role) for role in roles) if isinstance(roles, list) else ""
        return f"{entry['account']:<20} {entry['standing']:<10} {entry['name']}  {held}"
    return f"{entry['used_at']}  {entry['address']:<15} {entry['line']:<12} {entry['browser']}"


def _local(at: datetime | None) -> str | None:
    return at.astimezone(SEOUL).isoformat(timespec="seconds") if at is not None else None
