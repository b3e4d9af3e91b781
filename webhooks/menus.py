"""The steps of a caller through the menus; each is one statement, and its answer follows from what was told."""

from sqlalchemy import Row, select

from ivr.addresses import Address
from ivr.calls import menus
from ivr.calls.facts import tell
from ivr.calls.rows import Call
from ivr.calls.talk import Talk
from ivr.numbers import PhoneNumber
from ivr.optouts.asking import is_refused
from ivr.promises import Promise
from webhooks.answers import Document, Views, talk_of
from webhooks.heard import Heard
from webhooks.switchboard import Switchboard


def menu(heard: Heard, board: Switchboard) -> Document:
    """The first menu; being asked for it proves that greeting and notices were heard to their end."""
    talk = talk_of(heard, board)
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("menu", menu=heard.asked("menu")))
    return Document(menus.menu(talk, heard.asked("menu")), talk.line)


def key(heard: Heard, board: Switchboard) -> Document:
    """A key, or silence."""
    talk, menu_id = talk_of(heard, board), heard.asked("menu")
    if template := menus.wanted_text(talk, menu_id, heard.digits):
        return _text(heard, board, template)
    with board.store.statement() as connection:
        told = tell(connection, heard.step_fact("key", **_pressed(heard, talk)))
    misses = int(heard.query.get("misses", "0"))
    return Document(menus.key(talk, menu_id, digits=str(told.detail["digits"]), misses=misses), talk.line)


def _pressed(heard: Heard, talk: Talk) -> dict[str, str]:
    """What a key tells: the menu and the key, and the kind of product where it stands for one."""
    menu_id = heard.asked("menu")
    product = menus.chosen_product(talk, menu_id, heard.digits)
    return {"menu": menu_id, "digits": heard.digits, **({"product": product} if product else {})}


def _text(heard: Heard, board: Switchboard, template: str) -> Document:
    """A wish for information by SMS: promised where the caller's number can take one."""
    talk, menu_id = talk_of(heard, board), heard.asked("menu")
    with board.store.statement() as connection:
        refused = is_refused(Call.caller_index, talk.line.id, talk.texts.template(template).kind)
        known = connection.execute(select(Call.caller, refused).where(Call.id == heard.call)).one_or_none()
        text_id = _what_becomes_of_it(known)
        possible = text_id == "text.sent"
        args = {"call": heard.call, "template": template}
        promise = Promise("inform", f"inform:{heard.call}:{heard.step}", heard.at, args)
        fact = heard.step_fact("key", **_pressed(heard, talk))
        tell(connection, fact, promises=[promise] if possible else [])
    return Document(menus.after_text(talk, menu_id, text_id), talk.line, promised=possible)


def _what_becomes_of_it(known: Row[PhoneNumber | None, bool] | None) -> str:
    """What the caller is told of a wish for a text: sent, refused before, or impossible to that number."""
    caller, refused = known if known is not None else (None, False)
    if caller is None or not caller.takes_texts:
        return "text.impossible"
    return "text.refused" if refused else "text.sent"


VIEWS: Views = {Address.MENU: menu, Address.KEY: key}
