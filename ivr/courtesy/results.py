"""Results of courtesy rounds: 100-point scores of calls, stages, items and teams, and the rounds held in a period."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.courtesy.agreement import Agreement, Pair, agreement
from ivr.courtesy.form import Item, Stage
from ivr.courtesy.ledger import Ledger, read_ledger
from ivr.courtesy.rows import CourtesyPick, CourtesyRound, CourtesySheet, Place, RoundState
from ivr.courtesy.scores import HUNDRED, hundred, mean
from ivr.lines.hours import SEOUL

FEWEST_AGENTS = 3
"""How many people of a team must have been scored for its score to stand in a report."""


@dataclass(frozen=True, slots=True)
class Score:
    """`value` of 100 points, the mean over `n` calls; None where no call was scored on it.

    `id` is a stage, an item, a team (empty where unknown) or an agent; `name` is its name where the form has one.
    """

    id: str
    name: str
    n: int
    value: Fraction | None


@dataclass(frozen=True, slots=True)
class HeldRound:
    """One published round. Days are local, both included; `calls` were scored, `dropped` had to be left out."""

    id: str
    first_day: date
    last_day: date
    published_on: date
    held_by: str
    calls: int
    dropped: int


@dataclass(frozen=True, slots=True)
class CourtesySummary:
    """The published rounds of an institution whose days end in a period, taken together; agents are not named.

    Nor is there a team so small that its score would be a person's: see `large_teams_of`.

    `formula` says in the public's language how the 100 points come about.
    """

    institution: str
    first_day: date
    last_day: date
    rounds: tuple[HeldRound, ...]
    whole: Score
    stages: tuple[Score, ...]
    items: tuple[Score, ...]
    teams: tuple[Score, ...]
    agreement: Agreement
    formula: str


@dataclass(frozen=True, slots=True)
class Scored:
    """A call of a sample with the sheet that counts, and the items of the form that it was scored by."""

    pick: CourtesyPick
    sheet: CourtesySheet
    items: tuple[Item, ...]

    def value(self, chosen: Callable[[Item], bool] = lambda _: True) -> Fraction | None:
        """The 100-point score over the chosen items."""
        return hundred((item for item in self.items if chosen(item)), self.sheet.scores)

    def worth(self, id: str) -> Fraction | None:
        """The 100-point score on one item; None where the form has no such item or it was not applicable."""
        points = self.sheet.scores.get(id)
        item = next((item for item in self.items if item.id == id), None)
        return None if points is None or item is None else HUNDRED * item.share(points)


def summary(session: Session, institution: str, *, first_day: date, last_day: date) -> CourtesySummary | None:
    """What the rounds of a period found; None where none was held."""
    ledgers = _published(session, institution, first_day, last_day)
    if not ledgers:
        return None
    calls = [call for ledger in ledgers for call in calls_of(ledger)]
    newest = ledgers[-1].form.heading
    return CourtesySummary(
        institution=institution,
        first_day=first_day,
        last_day=last_day,
        rounds=tuple(_held(ledger) for ledger in ledgers),
        whole=whole_of(calls),
        stages=stages_of(calls, newest.stages),
        items=items_of(calls),
        teams=large_teams_of(calls),
        agreement=agreement_of(ledgers),
        formula=newest.formula,
    )


def calls_of(ledger: Ledger) -> list[Scored]:
    """The calls of a round that have all their sheets, in the order of the sample."""
    return [Scored(pick, sheet, ledger.form.items) for pick, sheet in ledger.scored()]


def whole_of(calls: Sequence[Scored], id: str = "", name: str = "") -> Score:
    """The score over all items."""
    return _score(id, name, (call.value() for call in calls))


def stages_of(calls: Sequence[Scored], names: Mapping[Stage, str]) -> tuple[Score, ...]:
    """The score of each stage, in the order of a call."""
    ordered = [(stage, names[stage]) for stage in get_args(Stage)]
    return tuple(_score(stage, name, (call.value(_in(stage)) for call in calls)) for stage, name in ordered)


def items_of(calls: Sequence[Scored]) -> tuple[Score, ...]:
    """The score of each item, in the order of the form; the same item of two versions counts as one."""
    known = {item.id: item for call in calls for item in call.items}
    return tuple(_score(id, item.text, (call.worth(id) for call in calls)) for id, item in known.items())


def teams_of(calls: Sequence[Scored]) -> tuple[Score, ...]:
    """The score of each team, by its id."""
    teams = sorted({call.pick.team for call in calls})
    return tuple(whole_of([call for call in calls if call.pick.team == team], team) for team in teams)


def large_teams_of(calls: Sequence[Scored]) -> tuple[Score, ...]:
    """The teams of which `FEWEST_AGENTS` or more were scored; none at all where too few people are left out by that.

    A team that is left out alone could be reckoned from the score of all and those of the others.
    """
    agents: defaultdict[str, set[str]] = defaultdict(set)
    for call in calls:
        agents[call.pick.team].add(call.pick.agent_id)
    small = {team for team, people in agents.items() if len(people) < FEWEST_AGENTS}
    hidden = {agent for team in small for agent in agents[team]}
    if small and len(hidden) < FEWEST_AGENTS:
        return ()
    return tuple(score for score in teams_of(calls) if score.id not in small)


def agreement_of(ledgers: Sequence[Ledger], item: str | None = None) -> Agreement:
    """How far the raters agree, on one item or on all of them taken together."""
    pairs: list[Pair] = []
    unlike = 0
    for ledger in ledgers:
        for call_id in ledger.picks:
            found, differ = _compared(ledger, call_id, item)
            pairs += found
            unlike += differ
    return agreement(pairs, unlike=unlike)


def _compared(ledger: Ledger, call_id: str, item: str | None) -> tuple[list[Pair], int]:
    first, second = (ledger.blind(call_id, place) for place in (Place.FIRST, Place.SECOND))
    if first is None or second is None:
        return [], 0
    both = [(first.scores[one.id], second.scores[one.id]) for one in ledger.form.items if item in {None, one.id}]
    pairs = [(one, other) for one, other in both if one is not None and other is not None]
    return pairs, sum((one is None) is not (other is None) for one, other in both)


def _published(session: Session, institution: str, first_day: date, last_day: date) -> list[Ledger]:
    query = (
        select(CourtesyRound.id)
        .where(CourtesyRound.institution == institution, CourtesyRound.state == RoundState.PUBLISHED)
        .where(CourtesyRound.last_day >= first_day, CourtesyRound.last_day <= last_day)
        .order_by(CourtesyRound.last_day, CourtesyRound.id)
    )
    return [read_ledger(session, id) for id in session.scalars(query)]


def _held(ledger: Ledger) -> HeldRound:
    published_at = ledger.round.published_at
    if published_at is None:
        raise ValueError(f"{ledger.round.id} has not been published")
    return HeldRound(
        id=ledger.round.id,
        first_day=ledger.round.first_day,
        last_day=ledger.round.last_day,
        published_on=published_at.astimezone(SEOUL).date(),
        held_by=ledger.round.held_by,
        calls=len(ledger.scored()),
        dropped=sum(pick.dropped is not None for pick in ledger.picks.values()),
    )


def _in(stage: Stage) -> Callable[[Item], bool]:
    return lambda item: item.stage == stage


def _score(id: str, name: str, values: Iterable[Fraction | None]) -> Score:
    known = [value for value in values if value is not None]
    return Score(id, name, len(known), mean(known))
