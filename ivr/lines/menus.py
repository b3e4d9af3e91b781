"""What a menu says and what its keys do, with the keys that every menu shares: 0 agent, # back, * repeat.

The shared keys are those of the 2009 guideline on automatic answering for Korean public bodies.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from functools import lru_cache

from ivr.lines.actions import Action, Back, Repeat, ToCallback, ToMenu, ToQueue, ToSay
from ivr.lines.firms import Firm
from ivr.lines.made_menus import all_menus, is_more, menu_of
from ivr.lines.model import Line, Menu
from ivr.messages.texts import Spoken, Texts

AGENT, BACK, REPEAT = "0", "#", "*"
SHARED_TEXTS: Mapping[str, str] = {AGENT: "menu.agent", BACK: "menu.back", REPEAT: "menu.repeat"}


def press(line: Line, menu_id: str, key: str) -> Action | None:
    """What a key does in a menu; None for a wrong key."""
    entry = menu_of(line, menu_id).keys.get(key)
    return entry.action if entry else shared_keys(line, menu_id).get(key)


def shared_keys(line: Line, menu_id: str) -> dict[str, Action]:
    """The keys which every menu has unless it gives them itself."""
    return {AGENT: person(line, menu_id), BACK: Back(), REPEAT: Repeat()}


def person(line: Line, menu_id: str, *, group: str = "") -> ToQueue | ToCallback:
    """Who gets the caller on key 0 or after too many wrong keys; out of hours a person calls back.

    A firm's customer gets the firm's `group`, where the menu has no team of its own.
    """
    menu = menu_of(line, menu_id)
    team = menu.team or group or line.team
    if menu_id in closed_menus(line):
        return ToCallback(team)
    return ToQueue(team, menu.skill)


@lru_cache(maxsize=1024)
def present(line: Line, menu_id: str, texts: Texts) -> Spoken:
    """The spoken menu, composed from the labels of its entries in the order of the file.

    Lines and texts never change once they are read, so that each menu is composed once.
    """
    menu = menu_of(line, menu_id)
    listed = [
        texts.say("menu.entry", menu.language, label=label, key=_spoken_key(key, menu, texts)).text
        for key, label in _labels(line, menu, texts)
    ]
    between = texts.say("menu.between", menu.language).text
    sentence = texts.say("menu.sentence", menu.language, entries=between.join(listed))
    own = [entry.spoken for entry in menu.keys.values() if entry.spoken]
    return Spoken(" ".join([*([menu.intro] if menu.intro else []), sentence.text, *own]), sentence.language)


def _labels(line: Line, menu: Menu, texts: Texts) -> Iterator[tuple[str, str]]:
    """The entries to be listed: the menu's own, then the shared keys that it does not give itself."""
    for key, entry in menu.keys.items():
        if is_more(menu, key):
            yield key, texts.say("menu.more", menu.language).text
        elif not entry.spoken:
            yield key, entry.label
    for key, text_id in SHARED_TEXTS.items():
        if key not in menu.keys and not _is_plain(line, menu, key):
            calls_back = key == AGENT and menu.id in closed_menus(line)
            yield key, texts.say("menu.call_me" if calls_back else text_id, menu.language).text


def _is_plain(line: Line, menu: Menu, key: str) -> bool:
    """A shared key that need not be said: "back" at the top, key 0 where another key does the same."""
    if key == BACK:
        return parent(line, menu.id) == menu.id
    actions = [entry.action for entry in menu.keys.values()]
    return key == AGENT and shared_keys(line, menu.id)[AGENT] in actions and menu.id in closed_menus(line)


def _spoken_key(key: str, menu: Menu, texts: Texts) -> str:
    if key == BACK:
        return texts.say("key.pound", menu.language).text
    if key == REPEAT:
        return texts.say("key.star", menu.language).text
    return texts.say("key.digit", menu.language, key=key).text


def links(menu: Menu) -> list[str]:
    """The menus that the keys of a menu lead to, in the order of its keys."""
    found: list[str] = []
    for entry in menu.keys.values():
        if isinstance(entry.action, ToMenu):
            found.append(entry.action.menu)
        elif isinstance(entry.action, ToSay) and entry.action.then:
            found.append(entry.action.then)
    return found


@lru_cache(maxsize=1024)
def paths(line: Line, top: str) -> Mapping[str, tuple[str, ...]]:
    """The shortest way to every menu below `top`, both ends included (its length is the depth)."""
    menus = all_menus(line)
    found: dict[str, tuple[str, ...]] = {top: (top,)} if top in menus else {}
    waiting = deque(found)
    while waiting:
        menu_id = waiting.popleft()
        for target in links(menus[menu_id]):
            if target in menus and target not in found:
                found[target] = (*found[menu_id], target)
                waiting.append(target)
    return found


@lru_cache(maxsize=256)
def closed_menus(line: Line) -> frozenset[str]:
    """The menus that are heard only out of hours: nobody is there to answer."""
    return frozenset(paths(line, line.closed)) - frozenset(paths(line, line.start))


def parent(line: Line, menu_id: str, *, firm: Firm | None = None) -> str:
    """Where "back" leads: the menu above on the shortest way; top menus lead to themselves.

    For a firm's customer the menu of firms is the first of them.
    """
    of_firms = [line.centre.menu] if line.centre and line.centre.menu else []
    tops = [line.start, line.closed]
    for top in (*of_firms, *tops) if firm else (*tops, *of_firms):
        path = paths(line, top).get(menu_id)
        if path:
            return path[-2] if len(path) > 1 else menu_id
    return of_firms[0] if firm and of_firms else line.start
