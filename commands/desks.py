"""The agents of a simulated day at their desks: what they do in their talks, by seed, as the commands do it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random
from typing import TypeAlias
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from sqlalchemy import select
from sqlalchemy.orm import Session

from carrier.network import Network
from commands.speech import reviewer
from commands.world import World
from ivr.addresses import Address
from ivr.agents.rows import Agent, AgentState
from ivr.calls.holding import HOLD, RESUME, hold_promise
from ivr.calls.known import Followed, load
from ivr.calls.rows import Offer
from ivr.conduct.protecting import ask_ending, ask_warning, talk_now
from ivr.conduct.reading import Cause
from ivr.conduct.refusals import NotNow, Refusal
from ivr.conduct.ticking import Tick, review_closing, tick
from ivr.conduct.ticks import CLOSING_PARTS, SETTLED, UNSETTLED, ticked_parts
from ivr.lines.model import Line
from ivr.listening.reviews import Statement, review
from ivr.listening.rows import Opening, OpeningFinding, ReviewFinding
from ivr.promises import promise_all
from ivr.transfers.asking import NoTransfer, WhyNot, Wish, ask, cancel, complete
from ivr.transfers.rows import Manner

# Longer than a warning takes to be said.
BETWEEN_WARNINGS = 20.0
SHARE_LISTENED_TO = 0.25
# What a supervisor listens for was said, after all, in this share of the talks in which it was open.
SHARE_SAID = 0.5


@dataclass(frozen=True, slots=True)
class Now:
    """The moment in which an agent does something: the locked call, and the offer of the agent's own talk."""

    session: Session
    known: Followed
    offer: str
    line: Line
    at: datetime
    network: Network


Act: TypeAlias = Callable[[Now], object]
# Each act with the seconds from the beginning of the talk.
Deed: TypeAlias = Callable[[Random], Sequence[tuple[float, Act]]]


class Desks:
    """Sees talks begin at the webhooks, and has their agents do what is drawn for them; `refused` counts in vain."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._begun: set[str] = set()
        self.world: World | None = None
        self.refused: Counter[str] = Counter()

    def watch(self, app: WSGIApplication) -> WSGIApplication:
        """The same webhooks; a caller who enters a room begins a talk."""

        def watched(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            answer = app(environ, start_response)
            if environ["PATH_INFO"] == Address.JOIN:
                asked = parse_qs(environ["QUERY_STRING"])
                self._begin(asked["call"][0], asked["offer"][0])
            return answer

        return watched

    def _begin(self, call: str, offer: str) -> None:
        if self.world is None or offer in self._begun:
            return
        self._begun.add(offer)
        dice = Random(f"desk {self._seed} {offer}")  # noqa: S311 - a day can be repeated
        for after, act in (*_drawn(dice)(dice), *_is_listened_to(dice)):
            self.world.carrier.network.after(after, partial(self._do, self.world, call, offer, act))

    def _do(self, world: World, call: str, offer: str, act: Act) -> None:
        try:
            with world.store.transaction() as session:
                known = load(session, call)
                line = world.lines.by_id(known.call.line)
                act(Now(session, known, offer, line, world.now(), world.carrier.network))
        except NotNow as refused:
            self.refused[refused.reason.value] += 1
        except NoTransfer as refused:
            self.refused[refused.why.name.lower().replace("_", "-")] += 1
        world.worker.ring()


def _drawn(dice: Random) -> Deed:
    return dice.choices(list(DEEDS), list(DEEDS.values()))[0]


def _does_nothing(_dice: Random) -> Sequence[tuple[float, Act]]:
    return ()


def _ticks(dice: Random) -> Sequence[tuple[float, Act]]:
    """Most tick all closing words and that the matter is settled; some only a part, some not in time."""
    parts = dice.choice([CLOSING_PARTS, CLOSING_PARTS, CLOSING_PARTS, CLOSING_PARTS[:1], CLOSING_PARTS[1:]])
    settled = dice.choices([(SETTLED,), (UNSETTLED,), ()], [70, 12, 18])[0]
    return ((dice.uniform(8, 50), partial(_tick, (*parts, *settled))),)


def _holds(dice: Random) -> Sequence[tuple[float, Act]]:
    begin = dice.uniform(6, 20)
    again = begin + dice.uniform(8, 70)
    return ((begin, partial(_hold, HOLD)), (again, partial(_hold, RESUME)), *_ticks(dice))


def _is_abused(dice: Random) -> Sequence[tuple[float, Act]]:
    """Three warnings and the end; some agents want to end it before the last one, which is refused."""
    warnings = dice.choice([3, 3, 3, 2])
    begin = dice.uniform(3, 8)
    acts = [(begin + number * BETWEEN_WARNINGS, partial(_warn, Cause.ABUSE)) for number in range(warnings)]
    return (*acts, (begin + warnings * BETWEEN_WARNINGS, partial(_end, Cause.ABUSE)))


def _is_harassed(dice: Random) -> Sequence[tuple[float, Act]]:
    begin = dice.uniform(3, 10)
    return ((begin, partial(_warn, Cause.HARASSMENT)), (begin + BETWEEN_WARNINGS, partial(_end, Cause.HARASSMENT)))


def _passes_on(dice: Random) -> Sequence[tuple[float, Act]]:
    return ((dice.uniform(6, 25), partial(_ask, dice, Manner.BLIND)),)


def _consults(dice: Random) -> Sequence[tuple[float, Act]]:
    """Asks a colleague, and then brings the caller there, comes back, or simply hangs up."""
    begin = dice.uniform(6, 15)
    then: Act = dice.choices([_complete, _cancel, _leave], [60, 20, 20])[0]
    return ((begin, partial(_ask, dice, Manner.CONSULT)), (begin + dice.uniform(22, 45), then))


def _is_listened_to(dice: Random) -> Sequence[tuple[float, Act]]:
    """A supervisor listens to some talks later, and says what was heard where that is open."""
    if dice.random() > SHARE_LISTENED_TO:
        return ()
    after = dice.uniform(900, 1800)
    return ((after, partial(_review_opening, dice.random())), (after + 60, partial(_review_closing, dice.random())))


# What may be done in a talk, each with its weight.
DEEDS: Mapping[Deed, int] = {
    _ticks: 45,
    _does_nothing: 22,
    _holds: 12,
    _passes_on: 7,
    _consults: 8,
    _is_abused: 4,
    _is_harassed: 2,
}


def _tick(parts: tuple[str, ...], now: Now) -> None:
    tick(now.session, now.known, Tick(parts, offer=now.offer), line=now.line, at=now.at)


def _hold(kind: str, now: Now) -> None:
    _own_talk(now)
    promise_all(now.session, [hold_promise(kind, now.known.call.id, now.at)])


def _warn(cause: Cause, now: Now) -> None:
    _own_talk(now)
    ask_warning(now.session, now.known, cause, line=now.line, at=now.at)


def _end(cause: Cause, now: Now) -> None:
    _own_talk(now)
    ask_ending(now.session, now.known, cause, line=now.line, at=now.at)


def _ask(dice: Random, manner: Manner, now: Now) -> None:
    offer = _own_talk(now)
    ready = select(Agent.id).where(Agent.line == now.line.id, Agent.state == AgentState.READY)
    colleagues = now.session.scalars(ready.where(Agent.id != offer.agent_id).order_by(Agent.id)).all()
    if not colleagues:
        raise NoTransfer(WhyNot.BUSY)
    ask(now.session, now.known.call.id, Wish(dice.choice(colleagues), manner), line=now.line, at=now.at)


def _complete(now: Now) -> None:
    complete(now.session, now.known.call.id, line=now.line, at=now.at)


def _cancel(now: Now) -> None:
    cancel(now.session, now.known.call.id, line=now.line, at=now.at)


def _leave(now: Now) -> None:
    """The agent hangs up in the middle of it."""
    sid = next((offer.leg_sid for offer in now.known.offers if offer.id == now.offer), None)
    leg = now.network.calls.get(sid or "")
    if leg is None or leg.ended:
        raise NotNow(Refusal.NO_TALK)
    now.network.handset(leg.route.to).hang_up()


def _review_opening(chance: float, now: Now) -> None:
    opening = now.session.get(Opening, now.offer)
    if opening is not None and opening.finding is not OpeningFinding.HEARD:
        finding = ReviewFinding.HEARD if chance < SHARE_SAID else ReviewFinding.MISSING
        review(now.session, now.offer, Statement(finding, reviewer()), at=now.at)


def _review_closing(chance: float, now: Now) -> None:
    open_parts = tuple(part for part in CLOSING_PARTS if part not in ticked_parts(now.known.facts, now.offer))
    if open_parts:
        found = Tick(open_parts, chance < SHARE_SAID, now.offer, reviewer())
        review_closing(now.session, now.known, found, at=now.at)


def _own_talk(now: Now) -> Offer:
    """The talk of this agent; the caller may be with another one by now."""
    offer = talk_now(now.known)
    if offer.id != now.offer:
        raise NotNow(Refusal.NO_TALK)
    return offer
