"""Telephone numbers as one value: the Korean numbering plan, callers who show none, and masking of log text.

The digits leave a `PhoneNumber` only by `.e164`; wherever else it turns up, it shows itself masked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple, NoReturn, Self, TypeAlias

import phonenumbers


class NumberKind(StrEnum):
    """What a number is for, after the Korean numbering plan; every number abroad is `FOREIGN`."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    VOIP = "voip"
    REPRESENTATIVE = "representative"
    PERSONAL = "personal"
    TOLL_FREE = "toll_free"
    PREMIUM = "premium"
    TELEMARKETING = "telemarketing"
    SPECIAL = "special"
    FOREIGN = "foreign"


_OF_ORGANISATIONS: Final = frozenset(
    {
        NumberKind.REPRESENTATIVE,
        NumberKind.TOLL_FREE,
        NumberKind.PREMIUM,
        NumberKind.TELEMARKETING,
        NumberKind.SPECIAL,
    }
)


class BadNumber(ValueError):
    """A text that is no telephone number; `what` shows only its shape, so that it may be logged."""

    def __init__(self, text: str, *, why: str, remedy: str) -> None:
        self.what = _shape(text)
        self.why = why
        self.remedy = remedy
        super().__init__(f"{self.what!r} is not a telephone number: {why}; {remedy}")


class PhoneNumber:
    """One telephone number, unchangeable, equal to another by its E.164 form."""

    __slots__ = ("_e164", "_kind")
    _e164: str
    _kind: NumberKind

    def __init__(self, e164: str, kind: NumberKind) -> None:
        """Take digits that were already judged; everyone else calls `parse`."""
        object.__setattr__(self, "_e164", e164)
        object.__setattr__(self, "_kind", kind)

    @classmethod
    def parse(cls, text: str, region: str = "KR") -> Self:
        """Read a number as people write it in `region`, with or without spaces, dashes, dots and brackets.

        Raises `BadNumber`. A number abroad need only be possible (ranges open every month), a Korean one
        must fit the plan. 110 and the like are kept as +82110, although nobody abroad can dial that.
        """
        quick = _USUAL.fullmatch(text)
        if quick is not None:
            return cls(f"+8210{quick[1]}{quick[2]}", NumberKind.MOBILE)
        plain = text.translate(_PLAIN).strip()
        groups = _DIGITS.findall(plain)
        if not _WRITTEN.fullmatch(plain) or len(plain) > _LONGEST_TEXT or len(groups) > _MOST_GROUPS:
            raise _unreadable(text, plain)
        digits = "".join(groups)
        judged = _judge(f"+{digits}" if plain.startswith("+") else digits, region.upper())
        if judged is None:
            raise _outside_the_plan(text, digits)
        return cls(*judged)

    @property
    def e164(self) -> str:
        """All digits in the international form, such as `+821012345678`: for dialling and sealing only."""
        return self._e164

    @property
    def kind(self) -> NumberKind:
        """The use of the number in the numbering plan."""
        return self._kind

    @property
    def national(self) -> str:
        """All digits as Koreans write them (`0507-1234-5678`); a foreign number in its international form."""
        found = _place(self._e164)
        if found is None:
            return phonenumbers.format_number(
                phonenumbers.parse(self._e164), phonenumbers.PhoneNumberFormat.INTERNATIONAL
            )
        series, prefix, rest = found
        groups = [rest] if len(rest) <= _TAIL else [rest[:-_TAIL], rest[-_TAIL:]]
        return "-".join([f"{series.trunk}{prefix}", *filter(None, groups)])

    @property
    def masked(self) -> str:
        """The number as it may be shown: `010-****-5678`; an organisation's public number stays whole."""
        national = self.national
        digits = [found.start() for found in _DIGIT.finditer(national)]
        return _starred(national, _hidden_of(self, digits))

    @property
    def takes_texts(self) -> bool:
        """Whether a Korean text message can arrive: mobile only (Twilio refuses landlines with 21614)."""
        return self._kind is NumberKind.MOBILE

    @property
    def may_be_called(self) -> bool:
        """Whether a person can be rung there: no premium, short, representative or other public number."""
        if self._kind is not NumberKind.FOREIGN:
            return self._kind not in _OF_ORGANISATIONS
        charge = phonenumbers.number_type(phonenumbers.parse(self._e164))
        return charge not in _CHARGED_ABROAD

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a PhoneNumber never changes: parse a new one instead of setting {name}")

    def __eq__(self, other: object) -> bool:
        return self._e164 == other._e164 if isinstance(other, PhoneNumber) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._e164)

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"<PhoneNumber {self.masked}>"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        # A pickle would carry the bare digits into queues and caches.
        raise TypeError("a PhoneNumber is not pickled: hand on the id of its row, or seal it")


class WithheldReason(StrEnum):
    """Why a caller's number is not there."""

    HIDDEN = "hidden"
    UNAVAILABLE = "unavailable"
    ADDRESS = "address"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Withheld:
    """A caller without a telephone number: hidden by choice, lost on the way, or calling from an address."""

    reason: WithheldReason

    @property
    def masked(self) -> str:
        """The word that stands for the number in logs."""
        return "withheld"


Caller: TypeAlias = PhoneNumber | Withheld


def caller_of(text: str | None) -> Caller:
    """Read the carrier's `From`, whatever it holds; never raises.

    Twilio writes words or their keypad digits (+266696687 is ANONYMOUS) for callers who show no number, and
    `sip:` or `client:` addresses for those who call without one; the number in a SIP address is taken.
    """
    said = (text or "").strip()
    reason = _NO_NUMBER.get(said.removeprefix("+").lower())
    if reason is not None:
        return Withheld(reason)
    address = _ADDRESS.match(said)
    if address is not None and not _DIALLED.match(address["user"]):
        return Withheld(WithheldReason.ADDRESS)
    try:
        return PhoneNumber.parse(address["user"] if address else said)
    except BadNumber:
        return Withheld(WithheldReason.ADDRESS if address else WithheldReason.UNREADABLE)


def mask_numbers(text: str) -> str:
    """Star the private digits of every telephone number in a log text; its length and the rest stay.

    Call ids, UUIDs and dates are left alone, and so are the public numbers of organisations.
    """
    plain = text if text.isascii() else text.translate(_PLAIN)
    hidden = [position for found in _SCAN.finditer(plain) for position in _private_digits(plain, found)]
    # What is left beside new stars can read as a number again, hence the second look.
    return mask_numbers(_starred(text, hidden)) if hidden else text


class _Series(NamedTuple):
    """A part of the Korean plan: the digit dialled before it at home, and prefix and rest as two groups."""

    kind: NumberKind
    trunk: str
    pattern: re.Pattern[str]


_AREA: Final = "2|3[1-3]|4[1-4]|5[1-5]|6[1-4]"
_PLAN: Final = tuple(
    _Series(kind, trunk, re.compile(pattern))
    for kind, trunk, pattern in (
        (NumberKind.MOBILE, "0", "(1[0-26-9])([0-9]{7,8})"),
        (NumberKind.LANDLINE, "0", f"({_AREA})([1-9][0-9]{{6,7}})"),
        (NumberKind.REPRESENTATIVE, "", "(1[568][0-9]{2})([0-9]{4})"),
        (NumberKind.VOIP, "0", "(70)([0-9]{8})"),
        (NumberKind.PERSONAL, "0", "(50[0-9])([0-9]{7,8})"),
        (NumberKind.TOLL_FREE, "0", "(80)([0-9]{7,8})"),
        (NumberKind.TELEMARKETING, "0", "(303)([0-9]{7,8})"),
        (NumberKind.PERSONAL, "0", "(30[0-24-9])([0-9]{7,8})"),
        (NumberKind.PREMIUM, "0", "(60)([0-9]{7,8})"),
        (NumberKind.SPECIAL, "", "(1[0-9]{2}|13[0-9]{2})()"),
        (NumberKind.SPECIAL, "0", f"({_AREA})(1[0-9]{{2,3}})"),
    )
)
_KOREA: Final = 82
_TAIL: Final = 4
_SHORT_ABROAD: Final = 8
_LONGEST_TEXT: Final = 40
_LONGEST_NUMBER: Final = 19
_MOST_GROUPS: Final = 8
_SHORTEST_AT_HOME: Final = len("021234567")
_BEGINNINGS: Final = ("0", "82", "10")
_CHARGED_ABROAD: Final = frozenset(
    {phonenumbers.PhoneNumberType.PREMIUM_RATE, phonenumbers.PhoneNumberType.SHARED_COST}
)

_DIGIT: Final = re.compile("[0-9]")
_DIGITS: Final = re.compile("[0-9]+")
_SEPARATED: Final = r"[0-9](?:[ ().-]{0,3}[0-9])"
_USUAL: Final = re.compile(r"(?:\+82[- ]?|0)10[- ]?([0-9]{4})[- ]?([0-9]{4})")
_WRITTEN: Final = re.compile(rf"\+?[ (]{{0,2}}{_SEPARATED}*[ )]?")
# One character for one, so that a position in the plain text is the same position in the text as written:
# full-width forms, the dashes of word processors, and the invisible marks that come with a copied number.
_PLAIN: Final = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0x00AD], ord("-"))
    | dict.fromkeys([0x00A0, 0x3000, 0x2060, 0xFEFF, *range(0x2000, 0x2010), *range(0x202A, 0x2030)], ord(" "))
)
_SCAN: Final = re.compile(
    r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"
    r"|\b[A-Za-z]{0,2}[0-9a-fA-F]{32,64}\b"
    r"|(?<![0-9])(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?![0-9])"
    rf"|(?P<abroad>\+|%2[Bb])?[ (]{{0,2}}(?P<digits>{_SEPARATED}{{6,}})"
)

_ADDRESS: Final = re.compile(r"(?P<scheme>sips?|client|tel):(?P<user>[^@;]*)", re.IGNORECASE)
_DIALLED: Final = re.compile(r"[+0]")
_KEYPAD: Final = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
_NO_NUMBER: Final = {
    spelling: reason
    for reason, words in (
        (WithheldReason.HIDDEN, ("anonymous", "restricted", "private", "blocked", "withheld")),
        (WithheldReason.UNAVAILABLE, ("", "unavailable", "unknown", "none")),
    )
    for word in words
    for spelling in (word, word.translate(_KEYPAD))
}


def _judge(digits: str, region: str) -> tuple[str, NumberKind] | None:
    """Find the E.164 form and kind of bare digits (after `+` when international), or None if none fits."""
    if region != "KR" or (digits[0] == "+" and not digits.startswith("+82")) or digits.startswith("00"):
        return _judge_abroad(digits, region)
    if digits[0] == "+":
        return _judge_korean(digits[3:])
    if digits[0] == "0":
        return _judge_korean(digits)
    if digits.startswith("82") and len(digits) >= len("82") + 8:
        return _judge_korean(digits[2:])
    if re.fullmatch("10[0-9]{8}", digits):
        # Spreadsheets drop the first zero of 010.
        return _judge_korean(f"0{digits}")
    judged = _judge_korean(digits)
    return judged if judged and judged[1] in _OF_ORGANISATIONS else None


def _judge_korean(digits: str) -> tuple[str, NumberKind] | None:
    significant = digits.removeprefix("0")
    found = _place(f"+82{significant}")
    if found is None or (significant != digits and not found[0].trunk):
        return None
    return f"+82{significant}", found[0].kind


def _judge_abroad(digits: str, region: str) -> tuple[str, NumberKind] | None:
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
    if number.country_code == _KOREA:
        return _judge_korean(str(number.national_number))
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), NumberKind.FOREIGN


def _place(e164: str) -> tuple[_Series, str, str] | None:
    """Find a Korean number's series, prefix and rest; None for a number abroad or outside the plan."""
    if not e164.startswith("+82"):
        return None
    for series in _PLAN:
        found = series.pattern.fullmatch(e164, 3)
        if found is not None:
            return series, found[1], found[2]
    return None


def _private_digits(plain: str, found: re.Match[str]) -> Iterator[int]:
    """Give the positions to star: of every number that whole groups of a run of digits can be read as."""
    if found["digits"] is None:
        return
    groups = [range(*group.span()) for group in _DIGITS.finditer(plain, *found.span("digits"))]
    for first in range(len(groups)):
        positions: list[int] = []
        for group in groups[first : first + _MOST_GROUPS]:
            positions += group
            if len(positions) > _LONGEST_NUMBER:
                break
            digits = "".join(plain[position] for position in positions)
            if len(digits) >= _SHORTEST_AT_HOME and digits.startswith(_BEGINNINGS):
                yield from _private_part(digits, positions)
            if found["abroad"] and first == 0:
                yield from _private_part(f"+{digits}", positions)


def _private_part(digits: str, positions: list[int]) -> list[int]:
    judged = _judge(digits, "KR")
    return [] if judged is None else _hidden_of(PhoneNumber(*judged), positions)


def _hidden_of(number: PhoneNumber, positions: list[int]) -> list[int]:
    """Pick those of the number's digit positions that stay hidden: all between its prefix and its tail."""
    if number.kind in _OF_ORGANISATIONS:
        return []
    found = _place(number.e164)
    if found is not None:
        rest, tail = len(found[2]), _TAIL
    else:
        rest = len(phonenumbers.national_significant_number(phonenumbers.parse(number.e164)))
        tail = _TAIL if rest >= _SHORT_ABROAD else _TAIL // 2
    return positions[len(positions) - rest : len(positions) - tail]


def _starred(text: str, positions: list[int]) -> str:
    shown = list(text)
    for position in positions:
        shown[position] = "*"
    return "".join(shown)


def _shape(text: str) -> str:
    cut = text.strip()[:_LONGEST_TEXT]
    return cut[:3] + "".join("*" if sign.isalnum() else sign for sign in cut[3:])


def _unreadable(text: str, plain: str) -> BadNumber:
    if not plain:
        return BadNumber(text, why="it is empty", remedy="give the digits, such as 010-1234-5678")
    if len(plain) > _LONGEST_TEXT:
        why = f"it has {len(plain)} characters"
        return BadNumber(text, why=why, remedy=f"give one number, at most {_LONGEST_TEXT} long")
    return BadNumber(
        text,
        why="it holds more than digits in a few groups, a leading +, spaces, dots, dashes and brackets",
        remedy="leave out names and extensions",
    )


def _outside_the_plan(text: str, digits: str) -> BadNumber:
    if len(digits) in {7, 8} and not digits.startswith("0"):
        return BadNumber(text, why="it has no area code", remedy="write it with 02, 031 and so on in front")
    return BadNumber(
        text,
        why="no series of the numbering plan has this beginning and length",
        remedy="check the digits; a number abroad begins with + and its country code",
    )
