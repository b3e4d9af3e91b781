"""What a key of a menu leads to: a closed set, and how each is written in a line's file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ivr.consents.rows import Purpose
from ivr.numbers import BadNumber, PhoneNumber


@dataclass(frozen=True, slots=True)
class ToQueue:
    """Wait for an agent of a team, one who has the skill if one is asked for."""

    team: str
    skill: str | None = None


@dataclass(frozen=True, slots=True)
class ToMenu:
    """Go on to another menu."""

    menu: str


@dataclass(frozen=True, slots=True)
class ToCallback:
    """Ask to be called back by a team."""

    team: str


@dataclass(frozen=True, slots=True)
class ToSay:
    """Hear an information, then the menu `then` (the same menu where it is None)."""

    text: str
    then: str | None = None


@dataclass(frozen=True, slots=True)
class ToText:
    """Get an information as a text message, then hear the same menu again."""

    template: str


@dataclass(frozen=True, slots=True)
class ToNumber:
    """Be transferred to a number outside the house (E.164)."""

    number: str


@dataclass(frozen=True, slots=True)
class ToRefusal:
    """Refuse text messages, then hear the same menu again."""


@dataclass(frozen=True, slots=True)
class ToConsent:
    """Be asked for consent to be rung for one purpose, then hear the same menu again."""

    purpose: Purpose


@dataclass(frozen=True, slots=True)
class ToGroup:
    """Wait for an agent of the group that knows the firm's product, one who has the skill if one is asked for.

    A firm whose products are of several groups is asked for the product first; without a firm it is the line's team.
    """

    skill: str | None = None


@dataclass(frozen=True, slots=True)
class ToCode:
    """Be asked for the four digits of a client firm."""


@dataclass(frozen=True, slots=True)
class ToFirm:
    """Be greeted as the customer of a client firm, who calls about a kind of its products where that is known."""

    firm: str
    product: str | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """Hear the menu again."""


@dataclass(frozen=True, slots=True)
class Back:
    """Return to the menu above."""


Served: TypeAlias = ToSay | ToText | ToNumber | ToRefusal | ToConsent
"""What gives a caller something without an agent."""
Sought: TypeAlias = ToGroup | ToCode | ToFirm
"""What is done for the customers of client firms."""
Action: TypeAlias = ToQueue | ToMenu | ToCallback | Served | Sought | Repeat | Back

# The menu that is made of the groups of products: `find = true` leads to it.
FIND = "find.all"


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a menu: its label, what it does, and a sentence of its own where the label is not enough.

    `product` is the kind of product that the call is about once this key was pressed.
    """

    label: str
    action: Action
    spoken: str | None = None
    product: str | None = None


def e164(text: object) -> str:
    """Read a telephone number as it is written in Korea; raises ValueError with what to do."""
    if not isinstance(text, str):
        raise ValueError("must be a telephone number in quotation marks, like 1544-1120")
    try:
        return PhoneNumber.parse(text).e164
    except BadNumber as error:
        raise ValueError(str(error)) from None


def _to_queue(table: Mapping[str, str]) -> Action:
    return ToQueue(table["queue"], table.get("skill"))


def _to_say(table: Mapping[str, str]) -> Action:
    return ToSay(table["say"], table.get("then"))


def _to_consent(table: Mapping[str, str]) -> Action:
    try:
        return ToConsent(Purpose(table["consent"]))
    except ValueError:
        known = ", ".join(purpose.value for purpose in Purpose)
        raise ValueError(f"consent = {table['consent']!r} is no purpose: use one of {known}") from None


VERBS: Mapping[str, Callable[[Mapping[str, str]], Action]] = {
    "queue": _to_queue,
    "menu": lambda table: ToMenu(table["menu"]),
    "callback": lambda table: ToCallback(table["callback"]),
    "say": _to_say,
    "text": lambda table: ToText(table["text"]),
    "number": lambda table: ToNumber(e164(table["number"])),
    "refuse_texts": lambda table: ToRefusal(),
    "consent": _to_consent,
    "group": lambda table: ToGroup(table.get("skill")),
    "code": lambda table: ToCode(),
    "find": lambda table: ToMenu(FIND),
    "firm": lambda table: ToFirm(table["firm"]),
    "repeat": lambda table: Repeat(),
    "back": lambda table: Back(),
}
EXTRAS: Mapping[str, frozenset[str]] = {
    "queue": frozenset({"skill"}),
    "group": frozenset({"skill"}),
    "say": frozenset({"then"}),
}
ANYWHERE = frozenset({"label", "spoken", "product"})
# Written as `NAME = true`: there is nothing to say but that.
ALONE = frozenset({"refuse_texts", "group", "code", "find", "repeat", "back"})


def read_entry(table: object) -> object:
    """Read one key's table, `{ label = "...", queue = "..." }`; raises ValueError in plain words."""
    if isinstance(table, Entry):
        return table
    if not isinstance(table, Mapping):
        raise ValueError('must be a table like { label = "보증 상담", queue = "guarantee" }')
    verbs = [verb for verb in VERBS if verb in table]
    if len(verbs) != 1:
        raise ValueError(f"must have exactly one of {', '.join(VERBS)}; it has {', '.join(verbs) or 'none'}")
    strange = sorted(table.keys() - {verbs[0]} - ANYWHERE - EXTRAS.get(verbs[0], frozenset()))
    if strange:
        raise ValueError(f"{', '.join(strange)} does not go with {verbs[0]}: remove it")
    if verbs[0] in {"repeat", "back"}:
        return Entry(str(table.get("label", "")), VERBS[verbs[0]]({}), table.get("spoken"), table.get("product"))
    if verbs[0] in ALONE and table[verbs[0]] is not True:
        raise ValueError(f"{verbs[0]} must be true")
    texts = {name: value for name, value in table.items() if name not in ALONE}
    wrong = [name for name, value in texts.items() if not isinstance(value, str) or not value.strip()]
    if wrong or "label" not in table:
        raise ValueError(f"{', '.join(wrong) or 'label'} must be a text in quotation marks, not empty")
    return Entry(table["label"], VERBS[verbs[0]](table), table.get("spoken"), table.get("product"))
