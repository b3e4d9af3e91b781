"""A call arrives: the row of the call is written, and the caller is greeted."""

from datetime import datetime, timedelta

from sqlalchemy import Insert

from ivr.addresses import Address
from ivr.calls.facts import Told, tell
from ivr.calls.firms import answers_no_more, greet_customer
from ivr.calls.menus import greet, turn_away
from ivr.calls.rows import Call
from ivr.calls.steps import CALLER
from ivr.calls.talk import Talk
from ivr.identifiers import call_id, receipt_number
from ivr.lines.firm_hours import is_firm_open
from ivr.lines.firms import Firm
from ivr.lines.hours import SEOUL, Closed, Open, closed_notice, is_open
from ivr.lines.model import Line
from ivr.numbers import PhoneNumber
from ivr.promises import Promise, insert_for
from ivr.prompts import HangUp, Prompt, Say
from webhooks.answers import Document, Views
from webhooks.heard import Heard
from webhooks.measuring import TURNED_AWAY
from webhooks.optouts import refusal_call
from webhooks.switchboard import Switchboard

# A lost end of call is noticed by asking the carrier, first after this long.
FIRST_CHECK = timedelta(seconds=45)


def incoming(heard: Heard, board: Switchboard) -> Document:
    """Greet the caller; outside the hours, say until when and offer what is possible then.

    While too much is waiting already, a call that could be answered later only is turned to a callback at once.
    """
    dialled = heard.form.get("To", "")
    line, refusing = board.lines.by_number(dialled), board.lines.by_refusal_number(dialled)
    if refusing is not None:
        return refusal_call(heard, board, refusing)
    if line is None:
        spoken = board.texts.say("line.unknown")
        return Document((Say(spoken.text, spoken.language), HangUp()))
    call = call_id(heard.sid)
    ids = {"call": call, "leg": CALLER}
    check = Promise("check-leg", f"check-leg:{call}:{CALLER}", heard.at + FIRST_CHECK, ids)
    fact, row = _arrived(heard, board, line), _call_row(heard, board, line, call)
    with board.store.statement() as connection:
        told = tell(connection, fact, promises=[check], rows=[row])
    talk = Talk(line, board.texts.of(line.id), call, step=0, language=line.language)
    # A repeated request is answered for the moment of the first.
    if told.detail.get("turned_away"):
        firm = _firm(line, dialled, told.received_at)
        return Document(turn_away(talk.for_firm(firm.id) if firm else talk), line)
    return Document(_greeting(talk, board, dialled, told.received_at), line)


def _greeting(talk: Talk, board: Switchboard, dialled: str, at: datetime) -> tuple[Prompt, ...]:
    """In the name of the firm whose number was dialled, else in the line's own."""
    owner, firm = talk.line.firm_of(dialled), _firm(talk.line, dialled, at)
    state = _state(talk.line, board, firm, at)
    closed = closed_notice(state, at, talk.texts) if isinstance(state, Closed) else None
    if firm is not None:
        return greet_customer(talk.for_firm(firm.id), firm, closed)
    return greet(talk, closed, before=(answers_no_more(talk, owner),) if owner else ())


def _firm(line: Line, dialled: str, at: datetime) -> Firm | None:
    """The firm whose customer calls by the number that was dialled, if somebody answers for it still."""
    owner = line.firm_of(dialled)
    return owner if owner is not None and not owner.is_over(at.astimezone(SEOUL).date()) else None


def _state(line: Line, board: Switchboard, firm: Firm | None, at: datetime) -> Open | Closed:
    return is_firm_open(line, firm, board.calendar, at=at) if firm else is_open(line, board.calendar, at)


def _arrived(heard: Heard, board: Switchboard, line: Line) -> Told:
    """The arrival: whether somebody is there to answer, which notices are heard, and whose customer it is."""
    firm = _firm(line, heard.form.get("To", ""), heard.at)
    closed = isinstance(_state(line, board, firm, heard.at), Closed)
    notices = "" if closed else ",".join(f"{notice.id}/{notice.version}" for notice in line.notices)
    more: dict[str, str | bool] = {}
    if heard.form.get("From", "").removeprefix("+82") in line.conduct.relay_numbers:
        more["relay"] = True
    if not closed and board.is_shut():
        TURNED_AWAY.labels(line.id).inc()
        more["turned_away"] = True
    if line.firms:
        more["firm"] = firm.id if firm else ""
    if firm and firm.sole_product:
        more["product"] = firm.sole_product
    return heard.step_fact("arrived", CALLER, closed=closed, notices=notices, **more)


def _call_row(heard: Heard, board: Switchboard, line: Line, call: str) -> Insert:
    caller = heard.caller if isinstance(heard.caller, PhoneNumber) else None
    firm = _firm(line, heard.form.get("To", ""), heard.at)
    return (
        insert_for(board.store.dialect, Call)
        .values(
            id=call,
            line=line.id,
            carrier_sid=heard.sid,
            caller=caller,
            caller_index=board.store.keyring.index(caller) if caller else None,
            dialled=heard.form.get("To", "")[:20],
            firm=firm.id if firm else "",
            receipt_number=receipt_number(call, heard.at.astimezone(SEOUL).strftime("%m%d")),
            arrived_at=heard.at,
        )
        .on_conflict_do_nothing()
    )


VIEWS: Views = {Address.INCOMING: incoming}
