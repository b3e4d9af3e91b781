"""The conversation from the greeting to a choice: notices, menus, wrong keys, silence, closed hours."""

from ivr.addresses import Address
from ivr.calls.firms import answers_no_more, ask_code, firm_greeting, firm_menu, from_firm, to_firm
from ivr.calls.queue import enqueue
from ivr.calls.talk import Talk
from ivr.calls.wishes import to_wish
from ivr.consents.talking import to_consent
from ivr.lines.actions import (
    Action,
    Back,
    Repeat,
    Sought,
    ToCallback,
    ToCode,
    ToConsent,
    ToFirm,
    ToGroup,
    ToMenu,
    ToNumber,
    ToQueue,
    ToRefusal,
    ToSay,
    ToText,
)
from ivr.lines.firms import Firm
from ivr.lines.made_menus import asks_product, menu_of
from ivr.lines.menus import parent, person, present, press
from ivr.messages.texts import Spoken
from ivr.optouts.talking import to_refusal
from ivr.prompts import Ask, Go, HangUp, Prompt, Say, Transfer

SECONDS_FOR_A_KEY = 5


def greet(talk: Talk, closed: Spoken | None, *, before: tuple[Say, ...] = ()) -> tuple[Prompt, ...]:
    """Greeting and notices, then the first menu; `closed` says why and until when nobody answers.

    `before` is said between the greeting and the rest.
    """
    line = talk.line
    parts = [Say(line.greeting, line.language), *before]
    if closed is None:
        parts += [Say(notice.text, line.language) for notice in line.notices]
        return (*parts, Go(talk.to(Address.MENU, menu=line.start)))
    return (*parts, Say(closed.text, closed.language), Go(talk.to(Address.MENU, menu=line.closed)))


def turn_away(talk: Talk) -> tuple[Prompt, ...]:
    """Too many are calling: greeting and apology, and then the way to be called back."""
    greeting = firm_greeting(talk, talk.firm) if talk.firm else Say(talk.line.greeting, talk.line.language)
    return (greeting, talk.say("crowded.sorry"), *to_wish(talk, next(iter(talk.groups), talk.line.team)))


def menu(talk: Talk, menu_id: str, *, misses: int = 0, before: tuple[Say, ...] = ()) -> tuple[Prompt, ...]:
    """Read a menu aloud and listen for one key; silence is an answer too."""
    spoken = present(talk.line, menu_id, talk.texts)
    then = talk.to(Address.KEY, menu=menu_id, misses=misses or None)
    return (Ask((*before, Say(spoken.text, spoken.language)), then, seconds=SECONDS_FOR_A_KEY),)


def key(talk: Talk, menu_id: str, *, digits: str, misses: int) -> tuple[Prompt, ...]:
    """Act on a key; wrong keys and silence are asked again, then go to a person (ARS guideline)."""
    talk = talk.speaking(menu_of(talk.line, menu_id).language)
    if talk.step > talk.line.max_steps:
        return _to_person(talk, menu_id, "input.too_many_steps")
    action = press(talk.line, menu_id, digits) if digits else None
    if action is not None:
        return _act(talk, menu_id, action)
    if misses + 1 >= talk.line.attempts:
        return _to_person(talk, menu_id, "input.to_agent")
    reason = talk.say("input.wrong" if digits else "input.silence")
    return menu(talk, menu_id, misses=misses + 1, before=(reason,))


def wanted_text(talk: Talk, menu_id: str, digits: str) -> str | None:
    """The SMS template that a key asks for, if it is such a key."""
    action = press(talk.line, menu_id, digits) if digits else None
    return action.template if isinstance(action, ToText) else None


def chosen_product(talk: Talk, menu_id: str, digits: str) -> str | None:
    """The kind of product that a key says the call is about, if it says one."""
    entry = menu_of(talk.line, menu_id).keys.get(digits)
    return entry.product if entry else None


def code(talk: Talk, menu_id: str, *, digits: str, misses: int) -> tuple[Prompt, ...]:
    """Go on to the firm with these digits; unknown ones and silence are asked again, then go to a person."""
    firm = talk.line.firm_by_code(digits)
    if firm is not None:
        return to_firm(talk, firm.id, None)
    if misses + 1 >= talk.line.attempts or talk.step > talk.line.max_steps:
        return _to_person(talk, menu_id, "input.to_agent")
    reason = talk.say("firm.unknown_code" if digits else "input.silence")
    return ask_code(talk, menu_id, misses=misses + 1, before=(reason,))


def greet_found(talk: Talk, firm: Firm, closed: Spoken | None) -> tuple[Prompt, ...]:
    """Greet the customer of a firm that was found; `closed` says why and until when nobody answers for it."""
    greeting = firm_greeting(talk, firm)
    if closed is not None:
        return menu(talk, talk.line.closed, before=(greeting, Say(closed.text, closed.language)))
    return menu(talk, firm_menu(talk), before=(greeting, talk.say("firm.other")))


def without_firm(talk: Talk, firm: Firm | None) -> tuple[Prompt, ...]:
    """Go on as the line's own caller: nobody answers for the firm any more, or it is not known now."""
    own = talk.for_firm("")
    return menu(own, own.line.start, before=(answers_no_more(own, firm),) if firm else ())


def after_text(talk: Talk, menu_id: str, text_id: str) -> tuple[Prompt, ...]:
    """Say what became of the wish for a text (`text.sent` or `text.impossible`), then the menu again."""
    return menu(talk, menu_id, before=(talk.say(text_id),))


def _act(talk: Talk, menu_id: str, action: Action) -> tuple[Prompt, ...]:
    match action:
        case ToQueue(team, skill):
            return enqueue(talk, team, skill)
        case ToCallback(team):
            return to_wish(talk, next(iter(talk.groups), team))
        case ToNumber(number):
            return (talk.say("number.transfer"), Transfer(number), talk.say("failure.after_transfer"), HangUp())
        case ToRefusal():
            return to_refusal(talk, menu_id)
        case ToConsent(purpose):
            return to_consent(talk, menu_id, purpose)
        case ToGroup() | ToCode() | ToFirm():
            return _seek(talk, menu_id, action)
        case ToMenu() | ToSay() | ToText() | Repeat() | Back():
            return _stay(talk, menu_id, action)


def _seek(talk: Talk, menu_id: str, action: Sought) -> tuple[Prompt, ...]:
    """The actions for the customers of client firms."""
    match action:
        case ToCode():
            return ask_code(talk, menu_id)
        case ToFirm(firm, product):
            return to_firm(talk, firm, product)
        case ToGroup(skill):
            if talk.firm and len(talk.groups) > 1:
                return menu(talk, asks_product(talk.firm, skill))
            return enqueue(talk, next(iter(talk.groups), talk.line.team), skill)


def _stay(talk: Talk, menu_id: str, action: ToMenu | ToSay | ToText | Repeat | Back) -> tuple[Prompt, ...]:
    """The actions after which a menu is heard again, or another one."""
    match action:
        case ToMenu(target):
            return menu(talk.speaking(menu_of(talk.line, target).language), target)
        case ToSay(text, then):
            said = Say(text, menu_of(talk.line, menu_id).language)
            return menu(talk, then or menu_id, before=(said,))
        case Back() if talk.found and menu_id == firm_menu(talk):
            return from_firm(talk)
        case Back():
            return menu(talk, parent(talk.line, menu_id, firm=talk.firm))
        case Repeat() | ToText():
            return menu(talk, menu_id)


def _to_person(talk: Talk, menu_id: str, reason: str) -> tuple[Prompt, ...]:
    match person(talk.line, menu_id, group=next(iter(talk.groups), "")):
        case ToQueue(team, skill):
            return (talk.say(reason), *enqueue(talk, team, skill))
        case ToCallback(team):
            return (talk.say(reason), *to_wish(talk, team))
