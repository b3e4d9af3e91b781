"""The blueprint of accounts, and which of them a visitor keeps."""

from flask import Blueprint, abort
from sqlalchemy.orm import Session

from console.visitor import visitor
from ivr.accounts.listing import lines_kept_by
from ivr.accounts.rows import Account

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")


def account_here(session: Session, id: str) -> Account:
    """The account of this name with a role on the visitor's line; anybody else's is as if it were not there."""
    account = session.get(Account, id)
    if account is None or all(one.line != visitor().line.id for one in account.grants):
        abort(404)
    return account


def keeps_whole(session: Session, account: Account) -> bool:
    """Does the visitor keep every line of this account? Who keeps only one must not get at what it may on others."""
    return {one.line for one in account.grants} <= lines_kept_by(session, visitor().account_id)
