"""Which talks are scored: drawn by a seed from the talks themselves, so that anybody can draw them again."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil


@dataclass(frozen=True, slots=True)
class Candidate:
    """One talk between a caller and an agent; `team` is the one that the caller had asked for."""

    call_id: str
    offer_id: str
    agent_id: str
    team: str


@dataclass(frozen=True, slots=True)
class Picked:
    """A talk of the sample; `second` says that a second rater scores it blind."""

    candidate: Candidate
    second: bool


def lot(seed: int, purpose: str, subject: str) -> str:
    """The place of a subject in the drawing of a seed: no order of rows, no clock and no generator has a part in it."""
    return hashlib.sha256(f"courtesy:{seed}:{purpose}:{subject}".encode()).hexdigest()


def draw(
    candidates: Iterable[Candidate], *, size: int, seed: int, per_agent: int | None, second_share: int
) -> list[Picked]:
    """Draw up to `size` calls, as evenly over teams, then over the agents of a team, as there are calls.

    One call of some agent of every team comes first, then one of every other agent, then second ones and so on, up
    to `per_agent` of each agent. Within each of these the lot decides. Of a call with several talks one is taken.
    `second_share` percent of the sample, rounded up, are scored twice.
    """
    places = sorted(_places(_one_talk_of_each_call(candidates, seed), seed), key=lambda place: place.order)
    sample = list(islice(_capped((place.candidate for place in places), per_agent), size))
    twice = ceil(len(sample) * second_share / 100)
    second = sorted((candidate.call_id for candidate in sample), key=lambda call: lot(seed, "second", call))[:twice]
    return [Picked(candidate, candidate.call_id in second) for candidate in sample]


@dataclass(frozen=True, slots=True)
class _Place:
    order: tuple[int, int, str]
    candidate: Candidate


def _one_talk_of_each_call(candidates: Iterable[Candidate], seed: int) -> list[Candidate]:
    chosen: dict[str, Candidate] = {}
    for candidate in sorted(set(candidates), key=lambda talk: lot(seed, "talk", talk.offer_id)):
        chosen.setdefault(candidate.call_id, candidate)
    return list(chosen.values())


def _places(chosen: Sequence[Candidate], seed: int) -> Iterator[_Place]:
    """Every call with its place: the how manieth of its agent in its team, then the how manieth of those."""
    of_agent: defaultdict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for candidate in sorted(chosen, key=lambda call: lot(seed, "call", call.call_id)):
        of_agent[candidate.team, candidate.agent_id].append(candidate)
    turns: defaultdict[tuple[str, int], list[Candidate]] = defaultdict(list)
    for (team, _), calls in of_agent.items():
        for rank, candidate in enumerate(calls):
            turns[team, rank].append(candidate)
    for (_, rank), calls in turns.items():
        for turn, candidate in enumerate(sorted(calls, key=lambda call: lot(seed, "turn", call.call_id))):
            yield _Place((rank, turn, lot(seed, "call", candidate.call_id)), candidate)


def _capped(candidates: Iterable[Candidate], per_agent: int | None) -> Iterator[Candidate]:
    """Leave out what is more than so many calls of one agent."""
    taken: Counter[str] = Counter()
    for candidate in candidates:
        if per_agent is None or taken[candidate.agent_id] < per_agent:
            taken[candidate.agent_id] += 1
            yield candidate
