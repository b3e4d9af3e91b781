"""The conversation by which a caller reaches a client firm: its number or its code, its greeting, and its menu."""

from ivr.addresses import Address
from ivr.calls.talk import Talk
from ivr.lines.firms import CODE_DIGITS, Firm
from ivr.messages.texts import Spoken
from ivr.prompts import Ask, Go, Prompt, Say

SECONDS_FOR_A_CODE = 8
# The step at which a firm was found.
FIRM_FACT = "firm"


def firm_menu(talk: Talk) -> str:
    """The menu of the firm's customers, else the line's own."""
    centre = talk.line.centre
    return centre.menu if talk.firm and centre and centre.menu else talk.line.start


def firm_greeting(talk: Talk, firm: Firm) -> Say:
    """The firm's own greeting, else the words for any firm."""
    if firm.greeting:
        return Say(firm.greeting, talk.line.language)
    return talk.say("firm.greeting", firm=firm.spoken_name, institution=talk.line.spoken_institution)


def answers_no_more(talk: Talk, firm: Firm) -> Say:
    """Say that nobody answers for this firm any more."""
    return talk.say("firm.over", firm=firm.spoken_name)


def greet_customer(talk: Talk, firm: Firm, closed: Spoken | None) -> tuple[Prompt, ...]:
    """Greet whoever dialled a firm's own number; `closed` says why and until when nobody answers."""
    greeting = firm_greeting(talk, firm)
    if closed is not None:
        return (greeting, Say(closed.text, closed.language), Go(talk.to(Address.MENU, menu=talk.line.closed)))
    notices = (Say(notice.text, talk.line.language) for notice in talk.line.notices)
    return (greeting, *notices, Go(talk.to(Address.MENU, menu=firm_menu(talk))))


def ask_code(talk: Talk, menu_id: str, *, misses: int = 0, before: tuple[Say, ...] = ()) -> tuple[Prompt, ...]:
    """Ask for the four digits of a firm; `menu_id` is where the caller came from."""
    then = talk.to(Address.FIRM_CODE, menu=menu_id, misses=misses or None)
    return (Ask((*before, talk.say("firm.ask_code")), then, digits=CODE_DIGITS, seconds=SECONDS_FOR_A_CODE),)


def to_firm(talk: Talk, firm_id: str, product: str | None) -> tuple[Prompt, ...]:
    """The way to the firm that was found; asking for it is told as the firm of the call."""
    return (Go(talk.to(Address.FIRM, firm=firm_id, product=product, found=1)),)


def from_firm(talk: Talk) -> tuple[Prompt, ...]:
    """The way back to the line's own menus for whoever found another firm than was meant."""
    return (Go(talk.for_firm("").to(Address.FIRM)),)
