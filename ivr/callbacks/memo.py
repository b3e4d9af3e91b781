"""An agent's memo (D6): who is to be called, at which number, about what, or for each missing part why."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ivr.numbers import PhoneNumber


class Lacking(StrEnum):
    """Why a part of a memo is missing."""

    DECLINED = "declined"
    HUNG_UP = "hung_up"
    NOT_UNDERSTOOD = "not_understood"
    KNOWN = "known"


class WhyNotNow(StrEnum):
    """Why a question could not be answered at once, as the customer was told (K7, D1)."""

    OFFICER_ABSENT = "officer_absent"
    OFFICER_BUSY = "officer_busy"
    NEEDS_CHECKING = "needs_checking"
    OTHER_DEPARTMENT = "other_department"
    SYSTEM_DOWN = "system_down"


@dataclass(frozen=True, slots=True)
class Memo:
    """The three parts of a memo; what is None needs a code in `lacking`, and a number there must be."""

    name: str | None
    number: PhoneNumber | None
    content: str | None
    lacking: dict[str, Lacking]

    def faults(self) -> Iterator[str]:
        """What is wrong with it, in words."""
        for part, given in (("name", self.name), ("content", self.content)):
            if given is None and part not in self.lacking:
                yield f"the {part} is missing: give it, or a reason: --lacking {part}=CODE"
            if given is not None and part in self.lacking:
                yield f"the {part} is given and said to be missing: leave one out"
        if self.number is None:
            yield "there is no number to call: give --number"
        for part in sorted(self.lacking.keys() - {"name", "content"}):
            yield f"{part!r} is no part that may be missing: use name or content"
