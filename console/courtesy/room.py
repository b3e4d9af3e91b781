"""The blueprint of courtesy rounds, the forms and words of the installation, and who does something."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from flask import Blueprint, abort, flash
from sqlalchemy.orm import Session

from config.files import COURTESY, read_file, read_folder
from console.office import office
from console.told import told_or
from console.visitor import visitor
from ivr.base import Refused
from ivr.courtesy.appeals import UnknownAppeal
from ivr.courtesy.form import Forms
from ivr.courtesy.ledger import Deed, Ledger, UnknownRound, read_ledger
from ivr.courtesy.reading import load_forms
from ivr.courtesy.rows import CourtesyRound
from ivr.courtesy.sheets import BadSheet
from ivr.courtesy.wording import FILE, FOLDER, Words, load_words

blueprint = Blueprint("courtesy", __name__, url_prefix="/courtesy")


@lru_cache(maxsize=1)
def forms() -> Forms:
    """The forms of the installation, read once a process."""
    return load_forms(read_folder(COURTESY))


@lru_cache(maxsize=1)
def words() -> Words:
    """The words of suggestions and of agreement."""
    return load_words(read_file(COURTESY / FOLDER / FILE))


def deed(reason: str = "", *, by: str = "") -> Deed:
    """What the visitor does now; agents appeal by the id under which they take calls."""
    return Deed(by or visitor().account_id, office().clock(), reason)


def refuse_strange(session: Session, round_id: str) -> None:
    """End the request with 404 for a round that is not of the visitor's line."""
    row = session.get(CourtesyRound, round_id)
    if row is None or row.institution != visitor().line.id:
        abort(404)


def ledger_of(session: Session, round_id: str) -> Ledger:
    """A round of the visitor's line, read."""
    refuse_strange(session, round_id)
    return read_ledger(session, round_id)


def refuse_own_call(session: Session, round_id: str, call_id: str) -> None:
    """Raise `Refused` where the visitor spoke in the call, under whatever name the account goes; 404 for no call."""
    refuse_strange(session, round_id)
    ledger, agent = read_ledger(session, round_id), visitor().agent_id
    if call_id not in ledger.picks:
        abort(404)
    if agent is not None:
        ledger.refuse_own_call(call_id, agent)


@contextmanager
def acting() -> Iterator[Session]:
    """A transaction; what cannot be done is told, and nothing is changed."""
    try:
        with office().store.transaction() as session:
            yield session
    except (Refused, BadSheet) as refused:
        flash(told_or(refused, "courtesy.refused"), "error")
    except (UnknownRound, UnknownAppeal):
        abort(404)
