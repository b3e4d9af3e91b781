"""The steps in which a caller leaves the wish to be called back, and is told by when."""

from datetime import datetime

from sqlalchemy import Insert, ScalarSelect, Select, Update, select, update
from sqlalchemy.orm import InstrumentedAttribute

from ivr.addresses import Address
from ivr.callbacks.ladder import promised_by
from ivr.callbacks.rows import Callback, Origin
from ivr.calls import wishes
from ivr.calls.facts import Told, tell
from ivr.calls.rows import Call, CallbackWish
from ivr.calls.steps import CALLER
from ivr.deadlines import WorkingTime
from ivr.lines.hours import Closed, is_open
from ivr.numbers import PhoneNumber
from ivr.promises import Promise, insert_for
from webhooks.answers import Document, Views, talk_of
from webhooks.heard import Heard
from webhooks.switchboard import Switchboard


def callback(heard: Heard, board: Switchboard) -> Document:
    """Read back the number the call came from, or ask for one; a promise that is open already is told."""
    talk = talk_of(heard, board)
    with board.store.statement() as connection:
        caller, standing = connection.execute(_caller(heard)).one_or_none() or (None, None)
        known = caller if caller is not None and caller.may_be_called else None
        rows = [_draft(heard, board, known)] if known else []
        due = standing.isoformat() if standing and known else None
        told = tell(connection, heard.step_fact("callback-asked", known=known is not None, standing=due), rows=rows)
    if told.detail["standing"] is None:
        return Document(wishes.offer_number(talk, heard.asked("team"), known), talk.line)
    due_at = datetime.fromisoformat(told.detail["standing"])
    return Document(wishes.offer_standing(talk, heard.asked("team"), due_at, at=told.received_at), talk.line)


def number(heard: Heard, board: Switchboard) -> Document:
    """A number was typed: kept sealed with the wish, read back, never put into an address or a fact."""
    talk, team = talk_of(heard, board), heard.asked("team")
    typed = wishes.typed_number(heard.digits)
    tries = int(heard.asked("tries"))
    ends = typed is None and tries >= wishes.TRIES_FOR_A_NUMBER
    with board.store.statement() as connection:
        rows = [_draft(heard, board, typed)] if typed else []
        fact = heard.step_fact("callback-number", CALLER, readable=typed is not None, ends=ends)
        tell(connection, fact, rows=rows)
    if typed is None:
        return Document(wishes.after_bad_number(talk, team, tries), talk.line)
    return Document(wishes.check_number(talk, team, typed), talk.line)


def confirm(heard: Heard, board: Switchboard) -> Document:
    """1 confirms what was read back, 3 cancels a promise that was told; anything else asks for another number."""
    talk, team = talk_of(heard, board), heard.asked("team")
    if heard.digits == wishes.CANCEL and heard.query.get("standing"):
        return _cancel(heard, board)
    if heard.digits != wishes.YES:
        with board.store.statement() as connection:
            tell(connection, heard.step_fact("callback-changed"))
        return Document(wishes.ask_number(talk, team, tries=1), talk.line)
    promise = Promise("ask-callback", f"ask-callback:{heard.call}", heard.at, {"call": heard.call})
    with board.store.statement() as connection:
        wish = connection.execute(_drafted(heard)).one_or_none()
        if wish is None:
            return Document(wishes.ask_number(talk, team, tries=1), talk.line)
        fact = _wished(heard, board, wish.standing)
        told = tell(connection, fact, promises=[promise], rows=[_confirming(heard)])
    due_at = datetime.fromisoformat(told.detail["due"])
    prompts = wishes.confirmed(talk, told.detail["answer"], due_at, at=told.received_at)
    return Document(prompts, talk.line, promised=True)


def _cancel(heard: Heard, board: Switchboard) -> Document:
    talk = talk_of(heard, board)
    promise = Promise("withdraw-callback", f"withdraw-callback:{heard.call}", heard.at, {"call": heard.call})
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("callback-cancelled", CALLER, ends=True), promises=[promise])
    return Document(wishes.cancelled(talk), talk.line, promised=True)


def _wished(heard: Heard, board: Switchboard, standing: datetime | None) -> Told:
    """The confirmed wish with the time that is told: the worker promises the same, whatever it is by then."""
    line = board.line(heard.asked("line"))
    due_at, answer = promised_by(WorkingTime(line, board.calendar), heard.at), wishes.OPEN
    if standing is not None and standing <= due_at:
        due_at, answer = standing, wishes.STANDING
    elif isinstance(is_open(line, board.calendar, heard.at), Closed):
        answer = wishes.CLOSED
    return heard.step_fact("callback-wished", CALLER, ends=True, due=due_at.isoformat(), answer=answer)


def _caller(heard: Heard) -> Select[PhoneNumber | None, datetime | None]:
    return select(Call.caller, _standing(heard, Call.caller_index)).where(Call.id == heard.call)


def _drafted(heard: Heard) -> Select[PhoneNumber, datetime | None]:
    standing = _standing(heard, CallbackWish.number_index).label("standing")
    return select(CallbackWish.number, standing).where(CallbackWish.call_id == heard.call)


def _standing(
    heard: Heard, number_index: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
) -> ScalarSelect[datetime]:
    """The time told for the promise that is open for a number of this line."""
    is_open_promise = Callback.closed_at.is_(None) & (Callback.origin != Origin.BOOKING)
    return (
        select(Callback.due_at)
        .where(Callback.line == heard.asked("line"), Callback.number_index == number_index, is_open_promise)
        .scalar_subquery()
    )


def _draft(heard: Heard, board: Switchboard, number: PhoneNumber) -> Insert:
    """The wish with the number that is about to be read back; a confirmed one is never changed."""
    numbered = {"number": number, "number_index": board.store.keyring.index(number), "step": heard.step}
    is_older = CallbackWish.confirmed_at.is_(None) & (CallbackWish.step < heard.step)
    return (
        insert_for(board.store.dialect, CallbackWish)
        .values(call_id=heard.call, line=heard.asked("line"), team=heard.asked("team"), **numbered)
        .on_conflict_do_update(index_elements=["call_id"], set_=numbered, where=is_older)
    )


def _confirming(heard: Heard) -> Update:
    return (
        update(CallbackWish)
        .where(CallbackWish.call_id == heard.call, CallbackWish.confirmed_at.is_(None))
        .values(confirmed_at=heard.at)
    )


VIEWS: Views = {Address.CALLBACK: callback, Address.CALLBACK_NUMBER: number, Address.CALLBACK_KEY: confirm}
