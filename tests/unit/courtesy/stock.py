"""A stock of answered calls in a store, a round drawn from them, and sheets to hand in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from config.files import COURTESY, read_file, read_folder
from ivr.agents.rows import Agent
from ivr.calls.facts import tell
from ivr.calls.rows import Call
from ivr.courtesy.form import Form
from ivr.courtesy.ledger import Deed, Ledger, read_ledger
from ivr.courtesy.reading import load_forms
from ivr.courtesy.rounds import Plan, draw_sample, keep_round
from ivr.courtesy.rows import Place
from ivr.courtesy.sheets import Filled, submit
from ivr.courtesy.wording import Words, load_words
from ivr.store import Store
from tests.people import agent_of
from tests.unit.charters.tales import Tale, line_of, talk

LINE = "kotra"
FIRST, LAST = date(2026, 11, 23), date(2026, 11, 27)
ARRIVED = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DRAWN = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
RATERS = {Place.FIRST: "one", Place.SECOND: "two"}
PLAN = Plan(LINE, FIRST, LAST, size=6, seed=7, second_share=50)


@cache
def form() -> Form:
    """The delivered common form."""
    return load_forms(read_folder(COURTESY)).of(LINE, FIRST)


@cache
def words() -> Words:
    return load_words(read_file(COURTESY / "words" / "ko.toml"))


def by(name: str, reason: str = "", *, at: datetime = DRAWN) -> Deed:
    """Somebody does something."""
    return Deed(name, at, reason)


def scores(points: int | None = 5, /, **other: int | None) -> dict[str, int | None]:
    """The same points for every item, and others for some; `pick_up` stands for pick-up."""
    return {item.id: points for item in form().items} | {id.replace("_", "-"): value for id, value in other.items()}


@dataclass
class Stock:
    """Calls of one line in a store, and the round drawn from them."""

    store: Store
    round_id: str = PLAN.id

    def agents(self, count: int = 2) -> list[str]:
        """Agents 김민수, 이서연 and so on."""
        with self.store.transaction() as session:
            people: list[Agent] = [agent_of(line_of(LINE), ARRIVED, number=number) for number in range(1, count + 1)]
            session.add_all(people)
            return [person.id for person in people]

    def call(
        self, name: str, agent: str, *, team: str = "support", at: datetime = ARRIVED, tale: Tale | None = None
    ) -> str:
        """An ended call with a talk, unless another tale is told of it."""
        tale = tale or talk(line_of(LINE))
        with self.store.transaction() as session:
            row = {"carrier_sid": name, "dialled": tale.line.numbers[0], "receipt_number": name, "ended_at": at}
            session.add(Call(id=name, line=LINE, arrived_at=at, **row))
            session.flush()
            for offer in tale.offers:
                offer.id, offer.call_id, offer.agent_id = f"{name}-{offer.ordinal}", name, agent
                offer.team = team
                session.add(offer)
            session.flush()
            for fact in tale.facts:
                detail = {key: _renamed(value, name) for key, value in fact.detail.items()}
                told = replace(fact, subject=name, key=_of(fact.key, name), leg=_of(fact.leg, name), detail=detail)
                tell(session.connection(), told)
        return name

    def calls(self, agents: Sequence[str], each: int, *, at: datetime = ARRIVED) -> list[str]:
        """So many calls of each agent, an hour apart."""
        return [
            self.call(f"{agent}-call{number}", agent, at=at + timedelta(hours=number))
            for number in range(each)
            for agent in agents
        ]

    def draw(self, plan: Plan = PLAN) -> Ledger:
        """Draw a round by the lead of the survey."""
        with self.store.transaction() as session:
            return keep_round(session, plan, sample=draw_sample(session, plan, form()), form=form(), deed=by("lead"))

    def ledger(self) -> Ledger:
        """The round as it is now."""
        with self.store.reading() as session:
            return read_ledger(session, self.round_id)

    def submit(self, call: str, rater: str, given: dict[str, int | None], *, at: datetime = DRAWN) -> None:
        """Hand in a sheet."""
        with self.store.transaction() as session:
            submit(session, self.round_id, call_id=call, filled=Filled(given), deed=by(rater, at=at))

    def score_all(self, given: dict[str, int | None] | None = None) -> None:
        """Hand in every sheet that is missing: raters one and two give the same."""
        ledger = self.ledger()
        for call in ledger.picks:
            for place in ledger.open_places(call):
                self.submit(call, RATERS[place], given or scores())


def _of(text: str, name: str) -> str:
    return text.replace("c1-", f"{name}-")


def _renamed(value: object, name: str) -> object:
    return _of(value, name) if isinstance(value, str) else value
