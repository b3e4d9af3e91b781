"""A call arrives: the row of the call is written, and the caller is greeted."""

from datetime import datetime, timedelta

from sqlalchemy import Insert

from ivr.addresses import Address
from ivr.calls.facts import tell
from ivr.calls.menus import greet
from ivr.calls.rows import Call
from ivr.calls.steps import CALLER
from ivr.calls.talk import Talk
from ivr.identifiers import call_id, receipt_number
from ivr.lines.hours import SEOUL, Closed, closed_notice, is_open
from ivr.lines.model import Line
from ivr.numbers import PhoneNumber
from ivr.promises import Promise, insert_for
from ivr.prompts import HangUp, Say
from webhooks.answers import Document, Views
from webhooks.heard import Heard
from webhooks.optouts import refusal_call
from webhooks.switchboard import Switchboard

# A lost end of call is noticed by asking the carrier, first after this long.
FIRST_CHECK = timedelta(seconds=45)


def incoming(heard: Heard, board: Switchboard) -> Document:
    """Greet the caller; outside the hours, say until when and offer what is possible then."""
    dialled = heard.form.get("To", "")
    line, refusing = board.lines.by_number(dialled), board.lines.by_refusal_number(dialled)
    if refusing is not None:
        return refusal_call(heard, board, refusing)
    if line is None:
        spoken = board.texts.say("line.unknown")
        return Document((Say(spoken.text, spoken.language), HangUp()))
    call = call_id(heard.sid)
    notices = ",".join(f"{notice.id}/{notice.version}" for notice in line.notices)
    closed = _closed(line, board, heard.at)
    relay = {"relay": True} if heard.form.get("From", "").removeprefix("+82") in line.conduct.relay_numbers else {}
    fact = heard.step_fact("arrived", CALLER, closed=closed is not None, notices="" if closed else notices, **relay)
    ids = {"call": call, "leg": CALLER}
    check = Promise("check-leg", f"check-leg:{call}:{CALLER}", heard.at + FIRST_CHECK, ids)
    with board.store.statement() as connection:
        told = tell(connection, fact, promises=[check], rows=[_call_row(heard, board, line, call)])
    # A repeated request is answered for the moment of the first.
    closed = _closed(line, board, told.received_at)
    notice = closed_notice(closed, told.received_at, board.texts.of(line.id)) if closed else None
    talk = Talk(line, board.texts.of(line.id), call, step=0, language=line.language)
    return Document(greet(talk, notice), line)


def _closed(line: Line, board: Switchboard, at: datetime) -> Closed | None:
    hours = is_open(line, board.calendar, at)
    return hours if isinstance(hours, Closed) else None


def _call_row(heard: Heard, board: Switchboard, line: Line, call: str) -> Insert:
    caller = heard.caller if isinstance(heard.caller, PhoneNumber) else None
    return (
        insert_for(board.store.dialect, Call)
        .values(
            id=call,
            line=line.id,
            carrier_sid=heard.sid,
            caller=caller,
            caller_index=board.store.keyring.index(caller) if caller else None,
            dialled=heard.form.get("To", "")[:20],
            receipt_number=receipt_number(call, heard.at.astimezone(SEOUL).strftime("%m%d")),
            arrived_at=heard.at,
        )
        .on_conflict_do_nothing()
    )


VIEWS: Views = {Address.INCOMING: incoming}
