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
from ivr.lines.calendar import Calendar
from ivr.lines.firm_hours import is_firm_open
from ivr.lines.firms import CODE_DIGITS, Firm
from ivr.lines.hours import SEOUL, Closed, closed_notice, is_open
from ivr.lines.made_menus import asks_product, menu_of
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
    yield from Caller(line, texts, calendar, at, ask).dial(line.number)


@dataclass(slots=True)
class Caller:
    """Somebody on the way through a line, who is a firm's customer once the firm is known."""

    line: Line
    texts: Texts
    calendar: Calendar
    at: datetime
    ask: Ask
    firm: Firm | None = None
    product: str = ""
    found: bool = False
    steps: int = 0

    def dial(self, number: str) -> Iterator[Step]:
        """Play the line as whoever dials this number (E.164) hears it: a client firm may have it for its own."""
        firm = self.line.firm_of(number)
        if firm is not None and not self._is_over(firm):
            yield from self.as_customer(firm)
            return
        yield _heard(self.line.greeting)
        if firm is not None:
            yield _heard(self.texts.say("firm.over", firm=firm.spoken_name).text)
        state = is_open(self.line, self.calendar, self.at)
        if isinstance(state, Closed):
            yield _heard(closed_notice(state, self.at, self.texts).text)
            yield from self.menus(self.line.closed)
            return
        for notice in self.line.notices:
            yield _heard(notice.text)
        yield from self.menus(self.line.start)

    def _is_over(self, firm: Firm) -> bool:
        return firm.is_over(self.at.astimezone(SEOUL).date())

    def as_customer(self, firm: Firm) -> Iterator[Step]:
        """Greeted in the firm's name, open or closed; who found the firm has heard the notices before."""
        self.firm = firm
        institution = self.line.spoken_institution
        yield _heard(
            firm.greeting or self.texts.say("firm.greeting", firm=firm.spoken_name, institution=institution).text
        )
        state = is_firm_open(self.line, firm, self.calendar, at=self.at)
        if isinstance(state, Closed):
            yield _heard(closed_notice(state, self.at, self.texts).text)
            yield from self.menus(self.line.closed)
            return
        for notice in () if self.found else self.line.notices:
            yield _heard(notice.text)
        if self.found:
            yield _heard(self.texts.say("firm.other").text)
        yield from self.menus(self._firm_menu())

    def menus(self, menu_id: str) -> Iterator[Step]:
        """From a menu on."""
        tries = 0
        while self.steps < self.line.max_steps:
            self.steps += 1
            if tries == self.line.attempts:
                yield from self._follow(person(self.line, menu_id, group=next(iter(self._groups()), "")))
                return
            yield _heard(present(self.line, menu_id, self.texts).text, menu_id)
            key = self.ask()
            yield Step(pressed=key, menu=menu_id) if key is not None else Step(end="hung up")
            if key is None:
                return
            action = press(self.line, menu_id, key.strip()) if key.strip() else None
            if action is None:
                tries += 1
                language = menu_of(self.line, menu_id).language
                yield _heard(self.texts.say("input.wrong" if key.strip() else "input.silence", language).text)
                continue
            tries = 0
            yield from self._follow(action)
            following = self._next_menu(menu_id, action)
            if following is None:
                return
            menu_id = following
        yield _heard(self.texts.say("input.too_many_steps").text)

    def _next_menu(self, menu_id: str, action: Action) -> str | None:
        match action:
            case ToMenu(menu):
                return menu
            case ToSay(then=then):
                return then or menu_id
            case ToText() | ToRefusal() | ToConsent() | Repeat():
                return menu_id
            case Back() if self.found and menu_id == self._firm_menu():
                self.firm, self.found, self.product = None, False, ""
                return self.line.start
            case Back():
                return parent(self.line, menu_id, firm=self.firm)
            case ToGroup(skill) if self.firm and len(self._groups()) > 1:
                return asks_product(self.firm, skill)
            case ToQueue() | ToGroup() | ToCallback() | ToNumber() | ToCode() | ToFirm():
                return None

    def _follow(self, action: Action) -> Iterator[Step]:
        match action:
            case ToQueue() | ToGroup() | ToCallback() | ToNumber():
                yield from self._brought(action)
            case ToCode():
                yield from self._code()
            case ToFirm(firm, product):
                self.product = product or ""
                yield from self._found(firm)
            case ToSay(text=text):
                yield _heard(text)
            case ToText() | ToRefusal() | ToConsent():
                yield _heard(_said_to(self.line, action, self.texts))
            case ToMenu() | Repeat() | Back():
                return

    def _brought(self, action: ToQueue | ToGroup | ToCallback | ToNumber) -> Iterator[Step]:
        groups = self._groups()
        match action:
            case ToQueue(team, skill):
                yield _heard(self.texts.say("queue.welcome", team=self.line.teams[team].name).text)
                yield Step(end=f"queue {team}" + (f", skill {skill}" if skill else ""))
            case ToGroup(skill):
                if len(groups) < 2:
                    yield from self._brought(ToQueue(next(iter(groups), self.line.team), skill))
            case ToCallback(team):
                yield Step(end=f"callback by {next(iter(groups), team)}")
            case ToNumber(number):
                yield _heard(self.texts.say("number.transfer").text)
                yield Step(end=f"transfer to {number}")

    def _firm_menu(self) -> str:
        return self.line.centre.menu if self.line.centre else self.line.start

    def _groups(self) -> tuple[str, ...]:
        if self.firm is None:
            return ()
        return (self.line.group_of(self.firm, self.product),) if self.product else self.line.groups_of(self.firm)

    def _code(self) -> Iterator[Step]:
        """Four digits, one by one or together; unknown ones are asked again, then a person answers."""
        for _ in range(self.line.attempts):
            yield _heard(self.texts.say("firm.ask_code").text)
            digits, key = "", self.ask()
            while key and len(digits + key.strip()) < CODE_DIGITS:
                digits, key = digits + key.strip(), self.ask()
            digits += (key or "").strip()
            if digits or key is not None:
                yield Step(pressed=digits)
            if key is None:
                yield Step(end="hung up")
                return
            firm = self.line.firm_by_code(digits)
            if firm is not None:
                yield from self._found(firm.id)
                return
            yield _heard(self.texts.say("firm.unknown_code").text)
        yield from self._follow(person(self.line, self.line.start))

    def _found(self, firm_id: str) -> Iterator[Step]:
        firm, self.found = self.line.firms[firm_id], True
        if not self._is_over(firm):
            yield from self.as_customer(firm)
            return
        self.firm, self.found, self.product = None, False, ""
        yield _heard(self.texts.say("firm.over", firm=firm.spoken_name).text)
        yield from self.menus(self.line.start)


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
