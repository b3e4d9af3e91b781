"""The hand-made table: cases in TOML that a person can read and hold against the promises, checked as they are read."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

FOLDER = Path(__file__).parent / "cases"
NOT_CASES = {"lines.toml", "usual.toml"}

Question = Literal["ring", "identity", "closing", "last", "skilled", "first", "kind", "told", "arrived"]
Seconds = Annotated[float, Field(ge=0)]


class Page(BaseModel):
    """What stands in a file of the table; a word that nobody knows is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Way(Page):
    """Keys that lead to a team, and whom of it the caller then asks for."""

    keys: tuple[str, ...] = ()
    team: str
    skill: str = ""


class LinePage(Page):
    """What an institution promised about calls, by the question that each promise puts, and the ways to its teams."""

    promises: Mapping[str, Question] = {}
    ways: Mapping[str, Way]


class AgentPlan(Page):
    """How one agent of a case behaves; seconds of ringing, and `decides_after` from the pick-up on."""

    picks_up: Seconds | None = None
    refuses: Seconds | None = None
    declines: Seconds | None = None
    voicemail: Seconds | None = None
    hangs_up_at_question: Seconds | None = None
    lets_it_ring: bool = False
    on_the_telephone: bool = False
    cannot_be_rung: bool = False
    softphone: bool = False
    decides_after: Seconds = 1.0
    lingers: Seconds | None = 1.0
    greets: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    close_after: Seconds = 10.0
    title: str = "대리"


class Expected(Page):
    """What the promises say of a call. `a or b` allows either; what is left out is not looked at.

    `rings` and `readings` have one entry for each offer; a reading is strict, literal and customary in this order.
    `told` and `arrived` have one entry for each time that the caller was passed on.
    """

    outcome: str | None = None
    ended_by: str | None = None
    offers: tuple[str, ...] | None = None
    rings: tuple[str, ...] | None = None
    readings: tuple[str, ...] | None = None
    told: tuple[str, ...] = ()
    arrived: tuple[str, ...] = ()
    verdicts: Mapping[Question, str] = {}


class CallPlan(Expected):
    """One call: who behaves how, what happens on the wire, and what must be found; `like` names the usual findings."""

    like: str = "answered"
    way: str = ""
    presses: tuple[str, ...] | None = None
    agents: tuple[AgentPlan, ...] = (AgentPlan(picks_up=2.4),)
    talks: Seconds | None = 8.0
    lingers: Seconds | None = 1.0
    withheld: bool = False
    closed: bool = False
    queue_full: bool = False
    then: tuple[str, ...] = ()
    wire: tuple[str, ...] = ()


class Again(CallPlan):
    """A later call of the same number: so long after the first, by the same way, another, or without choosing."""

    after: str
    by: Literal["same", "other", "none"] = "same"


class Case(CallPlan):
    """One case of the table; `lines` empty is for every institution."""

    id: str
    says: str
    lines: tuple[str, ...] = ()
    again: tuple[Again, ...] = ()
    kind: str = ""
    asks: tuple[Question, ...] = ()

    @property
    def calls(self) -> tuple[CallPlan, ...]:
        """The first call and the later ones."""
        return (self, *self.again)


class Cases(Page):
    """A file of cases, and the questions that they are about."""

    asks: tuple[Question, ...] = ()
    cases: tuple[Case, ...]


def _read(name: str) -> dict[str, object]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


@cache
def lines() -> Mapping[str, LinePage]:
    """The institutions by id."""
    return TypeAdapter(dict[str, LinePage]).validate_python(_read("lines.toml"))


@cache
def usual() -> Mapping[str, Expected]:
    """The findings that most calls of a kind have."""
    return TypeAdapter(dict[str, Expected]).validate_python(_read("usual.toml"))


@cache
def cases() -> tuple[Case, ...]:
    """Every case in the order of the files; raises ValueError for an id that is used twice."""
    found: dict[str, Case] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        if path.name in NOT_CASES:
            continue
        page = Cases.model_validate(_read(path.name))
        for case in page.cases:
            if case.id in found:
                raise ValueError(f"{path.name}: the case {case.id} is already there, give it another id")
            found[case.id] = case.model_copy(update={"kind": path.stem, "asks": page.asks})
    return tuple(found.values())


def cases_of(line: str) -> Iterator[Case]:
    """The cases that apply to an institution."""
    return (case for case in cases() if not case.lines or line in case.lines)


def expected(plan: CallPlan) -> Expected:
    """What must be found of a call: what it says itself, else what is usual for its kind.

    A call that says something of its offers or rings is not held to what is usual of them.
    """
    common = usual()[plan.like]
    own = plan.rings is not None or plan.offers is not None
    return Expected(
        outcome=plan.outcome or common.outcome,
        ended_by=plan.ended_by or common.ended_by,
        offers=plan.offers if own else common.offers,
        rings=plan.rings if own else common.rings,
        readings=plan.readings if own or plan.readings is not None else common.readings,
        told=plan.told,
        arrived=plan.arrived,
        verdicts={**common.verdicts, **plan.verdicts},
    )
