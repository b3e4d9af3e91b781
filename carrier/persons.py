"""Scripted people: when they answer, what they press and when they hang up, all in engine time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from functools import partial
from typing import TYPE_CHECKING

from carrier.verbs.prompts import spoken_seconds

if TYPE_CHECKING:
    from carrier.calls import Call
    from carrier.handsets import Handset
    from carrier.schedule import Timer


BREATH_SECONDS = 0.4


NO_KEY = "-"


class BadPerson(ValueError):
    """A person's description does not fit; says which field and what it takes."""


@dataclass(frozen=True)
class PersonPlan:
    """How somebody behaves in every call. Durations in seconds; None means never.

    `answer_after` and `reject_after` count from the first ring, `press_after` from the start of a prompt,
    `talk_seconds` from being connected with another person, `hang_up_after` from the start of the call.
    `press_on_answer` is pressed at the first Gather, then `presses` one per Gather, "-" standing for no key at that
    one; `says` likewise for speech.
    `greets` is said to every person met, `greet_after` seconds on, one sentence after another; `closes` likewise,
    `close_after` seconds on.
    With `hang_up_first` false the person waits for the other to leave and hangs up `linger` seconds later.
    """

    answer_after: float | None = 2.0
    reject_after: float | None = None
    press_on_answer: str = ""
    press_after: float = 1.0
    presses: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    speak_seconds: float = 3.0
    talk_seconds: float | None = None
    hang_up_after: float | None = None
    hang_up_first: bool = True
    linger: float | None = 1.0
    greets: tuple[str, ...] = ()
    greet_after: float = 1.0
    closes: tuple[str, ...] = ()
    close_after: float = 8.0

    def as_json(self) -> dict[str, object]:
        """Return the plan as the handset API shows it."""
        return asdict(self)


_TEXTS = {"press_on_answer"}
_LISTS = {"presses", "says", "greets", "closes"}
_FLAGS = {"hang_up_first"}
_NEVER = {"answer_after", "reject_after", "talk_seconds", "hang_up_after", "linger"}


def read_plan(given: Mapping[str, object]) -> PersonPlan:
    """Build a plan from JSON; raises `BadPerson` naming the first field that does not fit."""
    known = {f.name for f in fields(PersonPlan)}
    values: dict[str, object] = {}
    for name, value in given.items():
        if name not in known:
            raise BadPerson(f"{name} is not known: use one of {', '.join(sorted(known))}")
        values[name] = _read(name, value)
    return PersonPlan(**values)  # type: ignore[arg-type]  # each value was checked by _read


def _read(name: str, value: object) -> object:
    if name in _LISTS:
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise BadPerson(f"{name} takes a list of texts")
    if name in _TEXTS and isinstance(value, str):
        return value
    if name in _FLAGS and isinstance(value, bool):
        return value
    if value is None and name in _NEVER:
        return None
    if name not in _TEXTS | _FLAGS and isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return float(value)
    raise BadPerson(f"{name} does not take {value!r}: see the handset API")


class Person:
    """A plan at work in one call."""

    def __init__(self, handset: Handset, call: Call, plan: PersonPlan) -> None:
        self._handset, self._call, self._plan = handset, call, plan
        self._keys = [key for key in (plan.press_on_answer, *plan.presses) if key]
        self._says = list(plan.says)
        self._timers: list[Timer] = []
        self._has_met = False

    @property
    def speak_seconds(self) -> float:
        """How long this person talks into a recording, in seconds."""
        return self._plan.speak_seconds

    def begin(self) -> None:
        """Start with the first ring, or with dialling."""
        plan = self._plan
        if self._handset.state == "ringing":
            self._later(plan.answer_after, self._handset.answer, state="ringing")
            self._later(plan.reject_after, self._handset.reject, state="ringing")
        self._later(plan.hang_up_after, self._handset.hang_up)

    def stop(self) -> None:
        """Do nothing more in this call."""
        for timer in self._timers:
            timer.cancel()

    def gather_began(self) -> None:
        """Press the next key, or say the next sentence, a while after the prompt has begun."""
        if self._keys:
            keys = self._keys.pop(0)
            if keys == NO_KEY:
                return
            self._later(self._plan.press_after, lambda: self._handset.press(keys), state="talking")
        elif self._says:
            text = self._says.pop(0)
            self._later(self._plan.press_after, lambda: self._handset.speak(text), state="talking")

    def met(self) -> None:
        """Hang up some time after having been connected with another person."""
        if self._plan.hang_up_first and not self._has_met:
            self._later(self._plan.talk_seconds, self._handset.hang_up, state="talking")
        self._has_met = True
        self._speak(self._plan.greets, self._plan.greet_after)
        self._speak(self._plan.closes, self._plan.close_after)

    def _speak(self, sentences: tuple[str, ...], after: float) -> None:
        """Say these one after another, from so many seconds on."""
        for sentence in sentences:
            self._later(after, partial(self._handset.speak, sentence), state="talking")
            after += spoken_seconds(sentence, self._handset.network.options) + BREATH_SECONDS

    def left_alone(self) -> None:
        """Hang up some time after the other person has gone, unless somebody comes meanwhile."""
        self._later(self._plan.linger, self._leave_alone, state="talking")

    def _leave_alone(self) -> None:
        if not self._call.talks or self._call.talks[-1].until is not None:
            self._handset.hang_up()

    def _later(self, seconds: float | None, action: Callable[[], None], *, state: str = "") -> None:
        if seconds is None:
            return

        def act() -> None:
            if not self._call.ended and (not state or self._handset.state == state):
                action()

        self._timers.append(self._handset.network.after(seconds, act))
