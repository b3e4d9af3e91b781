"""The menus of a line as trees: each key with what it is called, what it does, and what follows."""

from dataclasses import dataclass, replace

from ivr.lines.actions import (
    Action,
    Back,
    Entry,
    Repeat,
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
from ivr.lines.made_menus import is_more, menu_of
from ivr.lines.menus import AGENT, person
from ivr.lines.model import Line, Menu
from ivr.messages.texts import Texts

NAMES: dict[type[Action], str] = {
    ToQueue: "queue",
    ToMenu: "menu",
    ToCallback: "callback",
    ToSay: "say",
    ToText: "text",
    ToNumber: "number",
    ToRefusal: "refusal",
    ToConsent: "consent",
    ToGroup: "group",
    ToCode: "code",
    ToFirm: "firm",
    Repeat: "repeat",
    Back: "back",
}


@dataclass(frozen=True, slots=True)
class Branch:
    """A key of a menu. `what` is the kind of its action, `target` what it leads to, `detail` a skill or a text.

    `menu` is the id of a menu that is drawn elsewhere already, empty otherwise; `own` tells that the menu's file
    has the key, and its label can be worded anew.
    """

    key: str
    label: str
    what: str
    target: str = ""
    detail: str = ""
    menu: str = ""
    own: bool = True
    below: "Tree | None" = None


@dataclass(frozen=True, slots=True)
class Tree:
    """A menu with its branches in the order of its keys; key 0 stands last where the menu gives none itself."""

    menu: str
    language: str
    branches: tuple[Branch, ...]


def trees_of(line: Line, texts: Texts) -> dict[str, Tree]:
    """The tree in hours and the tree out of hours, `open` and `closed`, and of a centre that of its firms, `firm`."""
    tops = {"open": line.start, "firm": line.centre.menu if line.centre else "", "closed": line.closed}
    return {name: _tree(line, texts, top, frozenset()) for name, top in tops.items() if top}


def _tree(line: Line, texts: Texts, menu_id: str, above: frozenset[str]) -> Tree:
    menu, above = menu_of(line, menu_id), above | {menu_id}
    branches = [_branch(line, texts, key, _labelled(menu, key, texts), above) for key in menu.keys]
    if menu_id not in line.menus:
        branches = [replace(branch, own=False) for branch in branches]
    if AGENT not in menu.keys:
        action = person(line, menu_id)
        called = texts.say("menu.agent" if isinstance(action, ToQueue) else "menu.call_me", menu.language).text
        branches.append(replace(_branch(line, texts, AGENT, Entry(called, action), above), own=False))
    return Tree(menu_id, menu.language, tuple(branches))


def _labelled(menu: Menu, key: str, texts: Texts) -> Entry:
    """The entry of a key; that which leads on in a menu made of the firms has the words of every such key."""
    entry = menu.keys[key]
    return replace(entry, label=texts.say("menu.more", menu.language).text) if is_more(menu, key) else entry


def _branch(line: Line, texts: Texts, key: str, entry: Entry, above: frozenset[str]) -> Branch:
    what, following = NAMES[type(entry.action)], _following(entry.action)
    target, detail = _target(line, entry.action)
    known = following if following in above else ""
    below = _tree(line, texts, following, above) if following and not known else None
    return Branch(key, entry.label, what, target, detail, known, bool(entry.label), below)


def _following(action: Action) -> str:
    match action:
        case ToMenu(menu):
            return menu
        case ToSay(then=then):
            return then or ""
        case _:
            return ""


def _target(line: Line, action: Action) -> tuple[str, str]:
    match action:
        case ToQueue(team, skill):
            return line.teams[team].name, skill or ""
        case ToCallback(team):
            return line.teams[team].name, ""
        case ToGroup(skill):
            return "", skill or ""
        case ToFirm(firm):
            return line.firms[firm].name, ""
        case _:
            return _served(action)


def _served(action: Action) -> tuple[str, str]:
    match action:
        case ToNumber(number):
            return number, ""
        case ToSay(text=text):
            return "", text
        case ToText(template):
            return template, ""
        case ToConsent(purpose):
            return purpose.value, ""
        case _:
            return "", ""
