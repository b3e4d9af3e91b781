"""What the core says of a draft, put into the language of the visitor."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from console.visitor import wording
from ivr.faults import Fault

# How the core words a fault, and the id of the same in the visitor's language; named parts are filled in there.
WORDED: Final[Sequence[tuple[re.Pattern[str], str]]] = [
    (re.compile(pattern), id)
    for pattern, id in (
        (r"\{(?P<name>\w+)\} is not (filled in|a registered field)", "field"),
        (r"(?P<name>\S.*) is not known here: use (?P<known>.+)", "field"),
        (r"\{(?P<name>\w+)\} must stand", "needed"),
        (r"braces that do not match", "braces"),
        (r"is written wrongly", "reading"),
        (r"takes about (?P<seconds>[\d.]+) s to say, over (?P<limit>\d+) s", "long"),
        (r"is longer than 2,000 bytes", "large"),
        (r"'(?P<sign>.+?)' cannot be sent", "sign"),
        (r"holds (?P<mark>\S+): it is put around", "mark"),
        (r"has (?P<particle>\S+) after a value.*\{field:(?P<pair>[^}]+)\}", "particle"),
        (r"leaves out \{(?P<name>\w+)\}, which callers", "left_out"),
        (r"leaves out \{(?P<name>\w+)\}, which this institution requires", "required"),
        (r"must be written like \"09:00-18:00\"", "span"),
        (r"must end after it begins", "order"),
        (r"has spans that overlap", "overlap"),
        (r"never opens", "never"),
        (r"is in the past", "past"),
        (r"takes the place of version (?P<version>\d+)", "instead"),
        (r"not (be )?empty", "empty"),
        (r"hours cannot begin on|cannot begin in the past", "begun"),
        (r"is over: what was true", "over"),
        (r"is withdrawn already", "withdrawn"),
        (r"^(?P<value>\S+) is already used in", "taken"),
        (r"nobody could reach the firm", "unreached"),
    )
]


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence about a draft; errors keep it from being made."""

    text: str
    is_error: bool = True


def told(fault: Fault | Exception) -> Told:
    """The sentence in the visitor's language; where there is none, what the core says stands behind a general one."""
    message = fault.message if isinstance(fault, Fault) else str(fault)
    is_error = not isinstance(fault, Fault) or fault.severity == "error"
    for pattern, id in WORDED:
        if found := pattern.search(message):
            return Told(wording().say(f"lines.fault.{id}", **found.groupdict("")), is_error)
    return Told(wording().say("lines.fault.other", said=message), is_error)


def told_all(faults: Sequence[Fault]) -> list[Told]:
    """Every different sentence, errors first."""
    found = dict.fromkeys(told(fault) for fault in faults)
    return sorted(found, key=lambda one: not one.is_error)
