"""A caller's way through a line, without a telephone: what is heard at each step, and where it ends."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from ivr.korean import spoken_seconds
from ivr.lines.actions import (
    Action,
    Back,
    Repeat,
    ToCallback,
    ToConsent,
    ToMenu,
    ToNumber,
    ToQueue,
    ToRefusal,
    ToSay,
    ToText,
)
from ivr.lines.calendar import Calendar
from ivr.lines.hours import Closed, closed_notice, is_open
from ivr.lines.menus import parent, person, present, press
from ivr.lines.model import Line
from ivr.messages.texts import Texts

Ask = Callable[[], str | None]
"""The next key; empty for silence, None when the caller hangs up."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens: words heard (with their estimated seconds), a key pressed, or the end."""

    heard: str | None = None
    seconds: float | None = None
    menu: str | None = None
    pressed: str | None = None
    end: str | None = None


def walk(line: Line, *, at: datetime, calendar: Calendar, texts: Texts, ask: Ask) -> Iterator[Step]:
    """Play the line from its greeting until the caller reaches a person or hangs up."""
    yield _heard(line.greeting)
    state = is_open(line, calendar, at)
    if isinstance(state, Closed):
        yield _heard(closed_notice(state, at, texts).text)
        yield from _menus(line, line.closed, texts, ask)
        return
    for notice in line.notices:
        yield _heard(notice.text)
    yield from _menus(line, line.start, texts, ask)


def _menus(line: Line, menu_id: str, texts: Texts, ask: Ask) -> Iterator[Step]:
    tries = 0
    for _ in range(line.max_steps):
        if tries == line.attempts:
            yield from _follow(line, person(line, menu_id), texts)
            return
        language = line.menus[menu_id].language
        yield _heard(present(line, menu_id, texts).text, menu_id)
        key = ask()
        yield Step(pressed=key, menu=menu_id) if key is not None else Step(end="hung up")
        if key is None:
            return
        action = press(line, menu_id, key.strip()) if key.strip() else None
        if action is None:
            tries += 1
            yield _heard(texts.say("input.wrong" if key.strip() else "input.silence", language).text)
            continue
        tries = 0
        yield from _follow(line, action, texts)
        following = _next_menu(line, menu_id, action)
        if following is None:
            return
        menu_id = following
    yield _heard(texts.say("input.too_many_steps").text)


def _next_menu(line: Line, menu_id: str, action: Action) -> str | None:
    match action:
        case ToMenu(menu):
            return menu
        case ToSay(then=then):
            return then or menu_id
        case ToText() | ToRefusal() | ToConsent() | Repeat():
            return menu_id
        case Back():
            return parent(line, menu_id)
        case ToQueue() | ToCallback() | ToNumber():
            return None


def _follow(line: Line, action: Action, texts: Texts) -> Iterator[Step]:
    match action:
        case ToQueue(team, skill):
            yield _heard(texts.say("queue.welcome", team=line.teams[team].name).text)
            yield Step(end=f"queue {team}" + (f", skill {skill}" if skill else ""))
        case ToCallback(team):
            yield Step(end=f"callback by {team}")
        case ToNumber(number):
            yield _heard(texts.say("number.transfer").text)
            yield Step(end=f"transfer to {number}")
        case ToSay(text=text):
            yield _heard(text)
        case ToText() | ToRefusal() | ToConsent():
            yield _heard(_said_to(line, action, texts))
        case ToMenu() | Repeat() | Back():
            return


def _said_to(line: Line, action: ToText | ToRefusal | ToConsent, texts: Texts) -> str:
    match action:
        case ToText():
            return texts.say("text.sent").text
        case ToRefusal():
            return texts.say("refusal.ask").text
        case ToConsent(purpose):
            return texts.say(f"consent.ask.{purpose.value}", institution=line.spoken_institution).text


def _heard(text: str, menu: str | None = None) -> Step:
    return Step(heard=text, seconds=spoken_seconds(text), menu=menu)
