"""The steps of a caller who refuses text messages: by a key of the menu, or by ringing the free number."""

from ivr.addresses import Address
from ivr.calls.facts import Told, tell
from ivr.calls.menus import menu
from ivr.calls.talk import Talk
from ivr.identifiers import call_id
from ivr.lines.model import Line
from ivr.numbers import PhoneNumber
from ivr.optouts import talking
from ivr.optouts.refusing import Refusal, confirmation_of, refusing
from ivr.optouts.rows import Scope, Way
from webhooks.answers import Document, Views, talk_of
from webhooks.heard import Heard
from webhooks.switchboard import Switchboard


def refusal(heard: Heard, board: Switchboard) -> Document:
    """A key of the menu asked for it: say what it means, or that a withheld number cannot be refused for."""
    talk, menu_id, known = talk_of(heard, board), heard.asked("menu"), _caller(heard)
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("refusal-asked", known=known is not None))
    if known is None:
        return Document(menu(talk, menu_id, before=(talk.say("refusal.withheld"),)), talk.line)
    return Document(talking.ask(talk, menu_id), talk.line)


def refusal_key(heard: Heard, board: Switchboard) -> Document:
    """The answer: 1 refuses, and on a menu 3 refuses every text; anything else changes nothing."""
    talk, menu_id = talk_of(heard, board), heard.query.get("menu")
    scope = talking.SCOPE_OF_KEY.get(heard.digits)
    if menu_id is None:
        return _on_free_number(heard, board, talk, scope if scope is Scope.INFORMATION else None)
    told = _tell(heard, board, talk.line, scope=scope, way=Way.KEY)
    text = talking.outcome_text(str(told.detail["scope"]))
    return Document(menu(talk, menu_id, before=(talk.say(text),)), talk.line, promised=scope is not None)


def refusal_call(heard: Heard, board: Switchboard, line: Line) -> Document:
    """Somebody rings the free number of a line: only one key is asked for."""
    talk, known = Talk(line, board.texts.of(line.id), call_id(heard.sid), 0, line.language), _caller(heard)
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("refusal-asked", known=known is not None))
    return Document(talking.ask_on_free_number(talk, known), line)


def _on_free_number(heard: Heard, board: Switchboard, talk: Talk, scope: Scope | None) -> Document:
    tries = int(heard.asked("tries"))
    told = _tell(heard, board, talk.line, scope=scope, way=Way.CALL)
    done = bool(told.detail["scope"])
    prompts = talking.after_key_on_free_number(talk, _caller(heard), done=done, tries=tries)
    return Document(prompts, talk.line, promised=done)


def _tell(heard: Heard, board: Switchboard, line: Line, *, scope: Scope | None, way: Way) -> Told:
    """Tell the answer and keep the refusal in the same statement; the first telling counts."""
    known, rows, promises = _caller(heard), [], []
    if known is not None and scope is not None:
        asked = Refusal(line.id, known, scope, way, f"{heard.call}:{heard.step}")
        index = board.store.keyring.index(known)
        rows, promises = (
            [refusing(board.store.dialect, asked, index=index, at=heard.at)],
            [confirmation_of(asked, heard.at)],
        )
    fact = heard.step_fact("refusal-answered", scope=scope.value if scope and known else "")
    with board.store.statement() as connection:
        return tell(connection, fact, promises=promises, rows=rows)


def _caller(heard: Heard) -> PhoneNumber | None:
    return heard.caller if isinstance(heard.caller, PhoneNumber) else None


VIEWS: Views = {Address.REFUSAL: refusal, Address.REFUSAL_KEY: refusal_key}
