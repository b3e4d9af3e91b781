"""The steps by which a caller on the shared number reaches a client firm, and the firm of the call is written down."""

from datetime import datetime

from sqlalchemy import Update, select, update
from sqlalchemy.orm import aliased

from ivr.addresses import Address
from ivr.calls import menus
from ivr.calls.facts import tell
from ivr.calls.firms import FIRM_FACT
from ivr.calls.rows import Call, Fact
from ivr.lines.firm_hours import is_firm_open
from ivr.lines.firms import Firm
from ivr.lines.hours import SEOUL, Closed, closed_notice
from ivr.lines.model import Line
from ivr.messages.texts import Spoken
from webhooks.answers import Document, Views, talk_of
from webhooks.heard import Heard
from webhooks.switchboard import Switchboard


def code(heard: Heard, board: Switchboard) -> Document:
    """Four digits, or silence."""
    talk, menu_id = talk_of(heard, board), heard.asked("menu")
    with board.store.statement() as connection:
        told = tell(connection, heard.step_fact("firm-code", menu=menu_id, digits=heard.digits))
    misses = int(heard.query.get("misses", "0"))
    return Document(menus.code(talk, menu_id, digits=str(told.detail["digits"]), misses=misses), talk.line)


def firm(heard: Heard, board: Switchboard) -> Document:
    """A firm was found: the call is its customer's from now on, unless nobody answers for it any more.

    Without a firm it is the line's own again.
    """
    talk = talk_of(heard, board)
    found = talk.firm
    if found is None or found.is_over(heard.at.astimezone(SEOUL).date()):
        with board.store.statement() as connection:
            tell(connection, heard.step_fact(FIRM_FACT, firm=""), rows=[_of_firm(heard, "")])
        return Document(menus.without_firm(talk, found), talk.line)
    product = heard.query.get("product") or found.sole_product
    fact = heard.step_fact(FIRM_FACT, firm=found.id, **({"product": product} if product else {}))
    with board.store.statement() as connection:
        told = tell(connection, fact, rows=[_of_firm(heard, found.id)])
    closed = closed_for(talk.line, found, board, at=told.received_at)
    return Document(menus.greet_found(talk, found, closed), talk.line)


def closed_for(line: Line, firm: Firm, board: Switchboard, *, at: datetime) -> Spoken | None:
    """Why and until when nobody answers for a firm at `at`; None where somebody does."""
    state = is_firm_open(line, firm, board.calendar, at=at)
    return closed_notice(state, at, board.texts.of(line.id)) if isinstance(state, Closed) else None


def _of_firm(heard: Heard, firm_id: str) -> Update:
    """Write the firm to the call, unless a later step, or this one before, has done so."""
    told = aliased(Fact)
    same = (told.subject == heard.call) & (told.kind == FIRM_FACT) & (told.sequence >= heard.step)
    return update(Call).where(Call.id == heard.call, ~select(told.key).where(same).exists()).values(firm=firm_id)


VIEWS: Views = {Address.FIRM: firm, Address.FIRM_CODE: code}
