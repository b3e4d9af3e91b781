"""The steps of a caller who is asked for consent by a key of the menu: read out, and confirmed by a key."""

from ivr.addresses import Address
from ivr.calls.facts import tell
from ivr.calls.menus import menu
from ivr.calls.talk import Talk
from ivr.consents import talking
from ivr.consents.rows import Purpose
from ivr.numbers import PhoneNumber
from ivr.promises import Promise
from webhooks.answers import Document, Views, talk_of
from webhooks.heard import Heard, NotOurs
from webhooks.switchboard import Switchboard


def consent(heard: Heard, board: Switchboard) -> Document:
    """A key of the menu asked for it: read the wording, or say that a withheld number cannot agree."""
    talk, menu_id, purpose = talk_of(heard, board), heard.asked("menu"), _purpose(heard)
    known = isinstance(heard.caller, PhoneNumber)
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("consent-asked", purpose=purpose.value, known=known, wording=_wording(talk)))
    if not known:
        return Document(menu(talk, menu_id, before=(talk.say("consent.withheld"),)), talk.line)
    return Document(talking.ask(talk, menu_id, purpose), talk.line)


def consent_key(heard: Heard, board: Switchboard) -> Document:
    """The answer: 1 agrees, which is entered by a worker; anything else, and silence, is no consent."""
    talk, menu_id, purpose = talk_of(heard, board), heard.asked("menu"), _purpose(heard)
    agreed = heard.digits == talking.AGREES and isinstance(heard.caller, PhoneNumber)
    # Agreed is to what was read out, even if the words were changed since.
    wording = heard.query.get("wording") or _wording(talk)
    fact = heard.step_fact("consent-answered", purpose=purpose.value, agreed=agreed, wording=wording)
    promises = [_taking(heard, purpose, wording)] if agreed else []
    with board.store.statement() as connection:
        told = tell(connection, fact, promises=promises)
    said = talk.say(talking.outcome_text(agreed=bool(told.detail["agreed"])))
    return Document(menu(talk, menu_id, before=(said,)), talk.line, promised=agreed)


def _taking(heard: Heard, purpose: Purpose, wording: str) -> Promise:
    args: dict[str, str | int] = {
        "call": heard.call,
        "step": heard.step,
        "purpose": purpose.value,
        "wording": wording,
        "given_at": heard.at.isoformat(),
    }
    return Promise("take-consent", f"take-consent:{heard.call}:{heard.step}", heard.at, args)


def _wording(talk: Talk) -> str:
    return talk.texts.say("consent.version").text


def _purpose(heard: Heard) -> Purpose:
    try:
        return Purpose(heard.asked("purpose"))
    except ValueError:
        raise NotOurs("the address has a purpose that is none of ours") from None


VIEWS: Views = {Address.CONSENT: consent, Address.CONSENT_KEY: consent_key}
