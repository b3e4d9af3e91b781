"""The sentences of the table: what somebody does at which moment, and what becomes of the carrier's events."""

import re
from dataclasses import dataclass
from datetime import timedelta

WHO = r"caller|agent [1-9]"
AT_DESK = (
    r"goes away|passes on to [1-9]|consults [1-9]|completes|cancels|holds|resumes|ticks [a-z_,]+"
    r"|warns(?: of harassment)?|ends for (?:abuse|harassment|time-cap)"
)
_DEED = re.compile(
    rf"(?P<who>{WHO}) (?P<does>hangs up|is cut off|goes dead|presses \S+|{AT_DESK}) (?P<after>[\d.]+) s after "
    r"(?P<since>dialling|queueing|(?:dialling to|ring|pick-up|announcement|talk) [1-9])"
)
_FATE = re.compile(
    rf"(?P<event>every event|everything|ringing|answer|end|leaving)(?: of (?P<of>{WHO}))? "
    r"(?:(?P<lost>is lost)|comes (?P<twice>twice)|comes (?P<late>[\d.]+) s late)"
)
_SPAN = re.compile(r"(?P<number>\d+) (?P<unit>minute|hour|day)s?")


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does what so many seconds after a moment.

    Dead is a leg that the network ended as if it were hung up; away is an agent who takes no more calls.
    """

    who: str
    does: str
    after: float
    since: str

    @property
    def is_at_desk(self) -> bool:
        """Whether it is done at the desk, not at the telephone."""
        return re.fullmatch(AT_DESK, self.does) is not None


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of an event on its way: lost, doubled, or late by so many seconds; `of` empty is everybody's."""

    event: str
    of: str
    lost: bool
    twice: bool
    late: float

    def concerns(self, event: str, who: str) -> bool:
        """Whether it is about this event of this leg; a document is only met by what befalls everything."""
        if self.of and self.of != who:
            return False
        return self.event in {event, "everything"} or (self.event == "every event" and event != "document")


def read_deed(sentence: str) -> Deed:
    """Read `agent 1 hangs up 5 s after talk 1`; raises ValueError."""
    found = _DEED.fullmatch(sentence)
    if found is None:
        raise ValueError(f"{sentence!r} is no deed: say who does what, how many s after which moment ({_DEED.pattern})")
    return Deed(found["who"], found["does"], float(found["after"]), found["since"])


def read_fate(sentence: str) -> Fate:
    """Read `ringing of agent 1 comes 2 s late`; raises ValueError."""
    found = _FATE.fullmatch(sentence)
    if found is None:
        raise ValueError(f"{sentence!r} is no fate of an event: say which of whom, and what of it ({_FATE.pattern})")
    late = float(found["late"] or 0)
    return Fate(found["event"], found["of"] or "", bool(found["lost"]), bool(found["twice"]), late)


def read_span(text: str) -> timedelta:
    """Read `6 days 23 hours`; raises ValueError."""
    parts = _SPAN.findall(text)
    if " ".join(f"{number} {unit}" for number, unit in parts) != re.sub(r"s\b", "", text):
        raise ValueError(f"{text!r} is no time: say minutes, hours or days")
    return sum((timedelta(**{f"{unit}s": int(number)}) for number, unit in parts), timedelta())
