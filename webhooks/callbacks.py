"""The steps in which a caller leaves the wish to be called back."""

from sqlalchemy import Insert, Update, select, update

from ivr.addresses import Address
from ivr.calls import wishes
from ivr.calls.facts import tell
from ivr.calls.rows import Call, CallbackWish
from ivr.calls.steps import CALLER
from ivr.numbers import PhoneNumber
from ivr.promises import Promise, insert_for
from webhooks.answers import Document, Views, talk_of
from webhooks.heard import Heard
from webhooks.switchboard import Switchboard


def callback(heard: Heard, board: Switchboard) -> Document:
    """Read back the number the call came from, or ask for one."""
    talk = talk_of(heard, board)
    with board.store.statement() as connection:
        caller = connection.scalar(select(Call.caller).where(Call.id == heard.call))
        known = caller if caller is not None and caller.may_be_called else None
        rows = [_draft(heard, board, known)] if known else []
        tell(connection, heard.step_fact("callback-asked", known=known is not None), rows=rows)
    return Document(wishes.offer_number(talk, heard.asked("team"), known), talk.line)


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
    """1 confirms what was read back; anything else asks for another number."""
    talk, team = talk_of(heard, board), heard.asked("team")
    if heard.digits != wishes.YES:
        with board.store.statement() as connection:
            tell(connection, heard.step_fact("callback-changed"))
        return Document(wishes.ask_number(talk, team, tries=1), talk.line)
    promise = Promise("confirm-wish", f"confirm-wish:{heard.call}", heard.at, {"call": heard.call})
    with board.store.statement() as connection:
        wish = connection.scalar(select(CallbackWish.number).where(CallbackWish.call_id == heard.call))
        if wish is None:
            return Document(wishes.ask_number(talk, team, tries=1), talk.line)
        tell(
            connection,
            heard.step_fact("callback-wished", CALLER, ends=True),
            promises=[promise],
            rows=[_confirming(heard)],
        )
    return Document(wishes.confirmed(talk, wish), talk.line, promised=True)


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
