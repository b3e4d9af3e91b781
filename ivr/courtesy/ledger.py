"""A round with its sample and all its sheets, as everybody who works on it needs them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.agents.rows import Agent
from ivr.base import ROW_LOCK, Refused
from ivr.calls.rows import Fact, Offer
from ivr.calls.steps import JOINING, UNMET
from ivr.courtesy.form import Form, form_of
from ivr.courtesy.rows import CourtesyPick, CourtesyRound, CourtesySheet, Place

Scores = Mapping[str, int | None]
"""Points by item, None where the item is not applicable."""

NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Deed:
    """Who did something, when, and for what reason where one is asked for. `by` is the name of an account."""

    by: str
    at: datetime
    reason: str = ""

    @property
    def account(self) -> str:
        """The name with its spaces in order; raises `Refused` for none or a long one."""
        name = " ".join(self.by.split())
        if not 0 < len(name) <= NAME_LENGTH:
            raise Refused(f"{self.by!r} is no account name: give 1 to {NAME_LENGTH} characters")
        return name

    @property
    def why(self) -> str:
        """The reason; raises `Refused` where it is empty."""
        if not self.reason.strip():
            raise Refused("the reason is missing: write why")
        return self.reason.strip()


class UnknownRound(LookupError):
    """No round, or no call in a round, has that name."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """One round. Of a sheet every version is there, oldest first; a call without a sheet has no entry.

    `names` has, by call, under which names the agents who spoke in it may have accounts.
    """

    round: CourtesyRound
    form: Form
    picks: Mapping[str, CourtesyPick]
    sheets: dict[tuple[str, Place], list[CourtesySheet]]
    names: Mapping[str, frozenset[str]]

    def pick(self, call_id: str) -> CourtesyPick:
        """A call of the sample; raises `UnknownRound`."""
        if call_id not in self.picks:
            raise UnknownRound(f"{call_id} is not in the sample of {self.round.id}: `courtesy list` names its calls")
        return self.picks[call_id]

    def refuse_own_call(self, call_id: str, name: str) -> None:
        """Raise `Refused` when the account is of an agent who spoke in this call, by id, name or softphone.

        Whoever had another talk of the call than the one that was drawn spoke in it too.
        """
        if plain(name) in self.names[self.pick(call_id).call_id]:
            raise Refused(f"{name} spoke in {call_id}: nobody scores or decides on own calls")

    def latest(self, call_id: str, place: Place) -> CourtesySheet | None:
        """The newest version of a sheet."""
        versions = self.sheets.get((call_id, place))
        return versions[-1] if versions else None

    def blind(self, call_id: str, place: Place) -> CourtesySheet | None:
        """The newest version that was written before the other rater's sheet could be seen."""
        versions = [sheet for sheet in self.sheets.get((call_id, place), ()) if sheet.blind]
        return versions[-1] if versions else None

    def counting(self, call_id: str) -> CourtesySheet | None:
        """The sheet that counts: the reconciled one where there is one, else the first rater's."""
        return self.latest(call_id, Place.AGREED) or self.latest(call_id, Place.FIRST)

    def places_of(self, call_id: str) -> tuple[Place, ...]:
        """The sheets that a call of the sample must have."""
        return (Place.FIRST, Place.SECOND) if self.pick(call_id).second else (Place.FIRST,)

    def open_places(self, call_id: str) -> tuple[Place, ...]:
        """The sheets that are still missing: while there are any, nobody sees those of others."""
        if self.pick(call_id).dropped is not None:
            return ()
        return tuple(place for place in self.places_of(call_id) if self.latest(call_id, place) is None)

    def scored(self) -> list[tuple[CourtesyPick, CourtesySheet]]:
        """The calls with all their sheets, in the order of the sample, each with the sheet that counts."""
        whole = [(pick, self.counting(id)) for id, pick in self.picks.items() if not self.open_places(id)]
        return [(pick, sheet) for pick, sheet in whole if sheet is not None]

    def disputes(self, call_id: str) -> tuple[str, ...]:
        """The items on which two raters were further apart than the form allows, reconciled or not.

        It is the blind scores that count: whoever follows the other rater afterwards settles nothing.
        """
        first, second = (self.blind(call_id, place) for place in (Place.FIRST, Place.SECOND))
        if first is None or second is None:
            return ()
        limit = self.form.heading.limit
        return tuple(
            item.id for item in self.form.items if _apart(first.scores[item.id], second.scores[item.id]) > limit
        )

    def unsettled(self) -> list[str]:
        """The calls whose disputes have not been reconciled."""
        return [id for id in self.picks if self.disputes(id) and self.latest(id, Place.AGREED) is None]


def _apart(first: int | None, second: int | None) -> float:
    """Points between two scores; whether an item applies at all is always a dispute."""
    if first is None or second is None:
        return 0 if first is second else float("inf")
    return abs(first - second)


def read_ledger(session: Session, round_id: str) -> Ledger:
    """Read a round; raises `UnknownRound`."""
    return _ledger(session, session.get(CourtesyRound, round_id), round_id)


def locked_ledger(session: Session, round_id: str) -> Ledger:
    """Read a round to write to it: whoever else wants to waits for the end of the transaction."""
    return _ledger(session, session.get(CourtesyRound, round_id, with_for_update=ROW_LOCK), round_id)


def _ledger(session: Session, kept: CourtesyRound | None, round_id: str) -> Ledger:
    if kept is None:
        raise UnknownRound(f"there is no courtesy round {round_id}: `courtesy list` shows them")
    picks = session.scalars(
        select(CourtesyPick).where(CourtesyPick.round_id == round_id).order_by(CourtesyPick.ordinal)
    )
    sheets: defaultdict[tuple[str, Place], list[CourtesySheet]] = defaultdict(list)
    for sheet in session.scalars(
        select(CourtesySheet).where(CourtesySheet.round_id == round_id).order_by(CourtesySheet.version)
    ):
        sheets[sheet.call_id, sheet.place].append(sheet)
    by_call = {pick.call_id: pick for pick in picks}
    return Ledger(kept, form_of(kept.form), by_call, dict(sheets), _names_of(session, round_id, by_call))


def _names_of(session: Session, round_id: str, picks: Mapping[str, CourtesyPick]) -> dict[str, frozenset[str]]:
    spoke = {call_id: {pick.agent_id} for call_id, pick in picks.items()}
    of_round = CourtesyPick.round_id == round_id
    facts = session.execute(
        select(Fact.kind, Fact.detail)
        .join(CourtesyPick, CourtesyPick.call_id == Fact.subject)
        .where(of_round, Fact.kind.in_([JOINING, UNMET]))
    ).all()
    unmet = {detail.get("offer") for kind, detail in facts if kind == UNMET}
    met = {detail.get("offer") for kind, detail in facts if not detail.get("agent_gone")} - unmet
    offers = session.execute(
        select(Offer.id, Offer.call_id, Offer.agent_id)
        .join(CourtesyPick, CourtesyPick.call_id == Offer.call_id)
        .where(of_round)
    )
    for offer_id, call_id, agent_id in offers:
        if offer_id in met:
            spoke[call_id].add(agent_id)
    names = _names(session, {agent for agents in spoke.values() for agent in agents})
    return {call_id: frozenset().union(*(names[agent] for agent in agents)) for call_id, agents in spoke.items()}


def _names(session: Session, agents: set[str]) -> Mapping[str, frozenset[str]]:
    found = {agent: {plain(agent)} for agent in agents}
    query = select(Agent.id, Agent.name, Agent.softphone).where(Agent.id.in_(agents))
    for agent, *names in session.execute(query):
        found[agent] |= {plain(name) for name in names if name}
    return {agent: frozenset(names) for agent, names in found.items()}


def same(one: str, other: str) -> bool:
    """Whether two names are of one account: capitals make no difference."""
    return plain(one) == plain(other)


def plain(name: str) -> str:
    """A name as names are compared: without capitals and needless spaces."""
    return " ".join(name.split()).casefold()
