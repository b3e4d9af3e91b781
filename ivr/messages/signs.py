"""Which signs a text message can carry, and what is written in place of those it cannot."""

import unicodedata
from dataclasses import dataclass
from typing import Literal, assert_never

from ivr.messages.size import clean

# CP949 has every Hangul syllable, KS X 1001 (EUC-KR) only the 2,350 common ones: no 똠, no 뷁.
Carriage = Literal["cp949", "ks_x_1001"]
# What a name loses rather than its whole message: Koreans write a circle where a sign is left out.
STAND_IN = "○"
LONGEST_NOTE = 60
_DROPPED = ("So", "Sk", "Mn", "Me", "Cf", "Co", "Cn", "Cs", "Cc")


@dataclass(frozen=True, slots=True)
class Mended:
    """A text that can be sent, and each sign that had to be replaced or left out, once."""

    text: str
    replaced: tuple[str, ...]

    @property
    def note(self) -> str | None:
        """What was replaced, for the message's row; None where nothing was."""
        return " ".join(self.replaced)[:LONGEST_NOTE] or None


def is_carried(sign: str, carriage: Carriage) -> bool:
    """Whether a route carries the sign.

    Python's `euc_kr` writes syllables outside KS X 1001 as eight bytes, so two bytes are asked for.
    """
    if sign.isascii():
        return sign == "\n" or sign.isprintable()
    match carriage:
        case "cp949":
            codec = "cp949"
        case "ks_x_1001":
            codec = "euc_kr"
        case _:
            assert_never(carriage)
    try:
        return len(sign.encode(codec)) == 2
    except UnicodeEncodeError:
        return False


def not_carried(text: str, carriage: Carriage) -> tuple[str, ...]:
    """Each sign of the text that the route does not carry, once."""
    return tuple(dict.fromkeys(sign for sign in text if not is_carried(sign, carriage)))


def mend(text: str, carriage: Carriage = "cp949") -> Mended:
    """Compose the text and replace what the route does not carry: é by e, 똠 by ○; emoji are left out."""
    whole = clean(text)
    replaced = not_carried(whole, carriage)
    if not replaced:
        return Mended(whole, ())
    found = {sign: _instead_of(sign, carriage) for sign in replaced}
    mended = "".join(found.get(sign, sign) for sign in whole)
    return Mended("\n".join(" ".join(line.split()) for line in mended.split("\n")), replaced)


def _instead_of(sign: str, carriage: Carriage) -> str:
    if unicodedata.category(sign) in _DROPPED:
        return ""
    plain = "".join(part for part in unicodedata.normalize("NFKD", sign) if unicodedata.category(part) != "Mn")
    composed = unicodedata.normalize("NFC", plain)
    return composed if composed and all(is_carried(part, carriage) for part in composed) else STAND_IN
