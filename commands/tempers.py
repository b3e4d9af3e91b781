"""How the people of a simulated day behave: tempers drawn from a seed, for callers and for agents."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

from carrier.persons import PersonPlan
from ivr.lines.actions import Action, ToCallback, ToCode, ToFirm, ToGroup, ToMenu, ToQueue, ToText
from ivr.lines.firms import Firm
from ivr.lines.made_menus import asks_product, menu_of
from ivr.lines.model import Line

Keys: TypeAlias = tuple[str, ...]
YES = "1"
# Somebody who never hangs up would hold the telephone for ever; within an hour every caller is through.
LONGEST_PATIENCE = 1500.0
# An agent whom a colleague has left waits for the caller to come.
TIME_TO_BE_ALONE = 30.0
# Seconds of ringing on both sides of the limits by which "before the third ring" is read.
NEAR_THE_LIMITS = (5.9, 6.1, 6.9, 7.1, 8.7, 8.9)
_WRONG_KEYS = "78*#"


@dataclass(frozen=True, slots=True)
class Ways:
    """The keys that lead from a menu down to each purpose, in the order of the line's file."""

    to_queue: tuple[Keys, ...]
    to_callback: tuple[Keys, ...]
    to_text: tuple[Keys, ...]


def ways_from(line: Line, top: str, *, firm: Firm | None = None) -> Ways:
    """Find what can be reached from a line's menu, as a client firm's customer or its own caller, by which keys."""
    found: dict[type, list[Keys]] = {ToQueue: [], ToCallback: [], ToText: []}
    seen = {(top, firm and firm.id)}
    waiting: list[tuple[Keys, str, Firm | None]] = [((), top, firm)]
    while waiting:
        keys, menu, known = waiting.pop(0)
        for key, entry in menu_of(line, menu).keys.items():
            on = list(_further(line, entry.action, (*keys, key), known))
            if not on:
                kind = ToQueue if isinstance(entry.action, ToGroup) else type(entry.action)
                found.setdefault(kind, []).append((*keys, key))
            waiting += [way for way in on if (way[1], way[2] and way[2].id) not in seen]
            seen |= {(menu, then and then.id) for _, menu, then in on}
    return Ways(tuple(found[ToQueue]), tuple(found[ToCallback]), tuple(found[ToText]))


def _further(line: Line, action: Action, pressed: Keys, firm: Firm | None) -> Iterator[tuple[Keys, str, Firm | None]]:
    """The menus that follow an action, each with the keys that lead there and the firm that is known by then."""
    of_firms = line.centre.menu if line.centre else line.start
    match action:
        case ToMenu(menu):
            yield pressed, menu, firm
        case ToGroup(skill) if firm and len(line.groups_of(firm)) > 1:
            yield pressed, asks_product(firm, skill), firm
        case ToFirm(id):
            yield pressed, of_firms, line.firms[id]
        case ToCode():
            yield from (((*pressed, one.code), of_firms, one) for one in line.firms.values() if one.code)
        case _:
            return


@dataclass(frozen=True, slots=True)
class Wish:
    """What a caller has before them: the open line's ways, and what to press so that a number is written down."""

    ways: Ways
    number: Keys


def caller_while_open(dice: Random, wish: Wish) -> PersonPlan:
    """Draw a caller who rings while people are there to answer."""
    return _drawn(dice, _OPEN)(dice, wish)


def caller_while_closed(dice: Random, wish: Wish) -> PersonPlan:
    """Draw a caller who rings before or after hours."""
    return _drawn(dice, _CLOSED)(dice, wish)


def agent(dice: Random) -> PersonPlan:
    """Draw how an agent takes the next calls."""
    return _drawn(dice, _AGENTS)(dice)


def customer_called_back(dice: Random) -> PersonPlan:
    """Draw how a customer's telephone is answered when we call back."""
    return dice.choices(*_CALLED_BACK)[0]


_Caller: TypeAlias = Callable[[Random, Wish], PersonPlan]
_Agent: TypeAlias = Callable[[Random], PersonPlan]


def _drawn(dice: Random, table: Mapping[Callable[..., PersonPlan], int]) -> Callable[..., PersonPlan]:
    return dice.choices(list(table), list(table.values()))[0]


def _way(dice: Random, ways: Sequence[Keys]) -> Keys:
    return dice.choice(ways) if ways else ("0",)


def _talk(dice: Random) -> float:
    return min(600.0, max(15.0, dice.lognormvariate(4.7, 0.6)))


def _patient(dice: Random, wish: Wish) -> PersonPlan:
    patience = dice.uniform(700, LONGEST_PATIENCE)
    return PersonPlan(presses=_way(dice, wish.ways.to_queue), talk_seconds=_talk(dice), hang_up_after=patience)


def _gives_up(dice: Random, wish: Wish) -> PersonPlan:
    return PersonPlan(presses=_way(dice, wish.ways.to_queue), talk_seconds=60.0, hang_up_after=dice.uniform(1.5, 60))


def _presses_wrong_keys(dice: Random, wish: Wish) -> PersonPlan:
    wrong = tuple(dice.choice(_WRONG_KEYS) for _ in range(dice.randint(1, 3)))
    keys = (*wrong, *_way(dice, wish.ways.to_queue))
    return PersonPlan(presses=keys, talk_seconds=_talk(dice), hang_up_after=dice.uniform(400, LONGEST_PATIENCE))


def _stays_silent(dice: Random, _wish: Wish) -> PersonPlan:
    return PersonPlan(talk_seconds=_talk(dice), hang_up_after=dice.uniform(120, 900))


def _wants_a_callback(dice: Random, wish: Wish) -> PersonPlan:
    keys = (*_way(dice, wish.ways.to_callback), *wish.number)
    return PersonPlan(presses=keys, talk_seconds=60.0, hang_up_after=dice.uniform(200, 400))


def _leaves_the_queue(dice: Random, wish: Wish) -> PersonPlan:
    """Presses 1 in the queue; where an agent is found at once, that key changes nothing."""
    keys = (*_way(dice, wish.ways.to_queue), YES, *wish.number)
    return PersonPlan(presses=keys, talk_seconds=_talk(dice), hang_up_after=dice.uniform(300, 900))


def _wants_a_text(dice: Random, wish: Wish) -> PersonPlan:
    then = dice.choice([(), ("0",)])
    keys = (*_way(dice, wish.ways.to_text), *then)
    return PersonPlan(presses=keys, talk_seconds=_talk(dice), hang_up_after=dice.uniform(70, 500))


def _lets_the_agent_end(dice: Random, wish: Wish) -> PersonPlan:
    keys = _way(dice, wish.ways.to_queue)
    linger = dice.uniform(0.5, 20)
    return PersonPlan(presses=keys, hang_up_first=False, linger=linger, hang_up_after=LONGEST_PATIENCE)


def _hears_and_leaves(dice: Random, _wish: Wish) -> PersonPlan:
    return PersonPlan(hang_up_after=dice.uniform(2, 25))


_OPEN: Mapping[_Caller, int] = {
    _patient: 54,
    _gives_up: 14,
    _lets_the_agent_end: 8,
    _presses_wrong_keys: 6,
    _leaves_the_queue: 6,
    _wants_a_text: 5,
    _stays_silent: 4,
    _wants_a_callback: 3,
}
_CLOSED: Mapping[_Caller, int] = {_wants_a_callback: 40, _hears_and_leaves: 35, _wants_a_text: 15, _stays_silent: 10}


def _prompt(dice: Random) -> PersonPlan:
    return _picks_up(dice, dice.uniform(1.0, 5.5))


def _near_a_limit(dice: Random) -> PersonPlan:
    return _picks_up(dice, dice.choice(NEAR_THE_LIMITS))


def _late(dice: Random) -> PersonPlan:
    return _picks_up(dice, dice.uniform(7.0, 11.0))


def _picks_up(dice: Random, after: float) -> PersonPlan:
    # The caller usually ends the talk before the agent would.
    talk = _talk(dice) + 240
    return PersonPlan(answer_after=after, press_on_answer="1", talk_seconds=talk, linger=TIME_TO_BE_ALONE)


def _hangs_up_first(dice: Random) -> PersonPlan:
    return PersonPlan(answer_after=dice.uniform(1, 6), press_on_answer="1", talk_seconds=dice.uniform(10, 60))


def _declines(dice: Random) -> PersonPlan:
    return PersonPlan(answer_after=dice.uniform(1, 5), press_on_answer="2")


def _refuses_the_ring(dice: Random) -> PersonPlan:
    return PersonPlan(answer_after=None, reject_after=dice.uniform(1, 6))


def _is_a_voicemail(dice: Random) -> PersonPlan:
    return PersonPlan(answer_after=dice.uniform(3, 8), linger=None)


def _is_missing(_dice: Random) -> PersonPlan:
    return PersonPlan(answer_after=None)


_AGENTS: Mapping[_Agent, int] = {
    _prompt: 66,
    _near_a_limit: 12,
    _late: 6,
    _hangs_up_first: 4,
    _is_missing: 4,
    _declines: 3,
    _refuses_the_ring: 3,
    _is_a_voicemail: 2,
}


# The right person, nobody, busy, a machine, somebody else; each with its weight.
_CALLED_BACK = (
    [
        PersonPlan(answer_after=4.0, press_on_answer="1", presses=("1",), talk_seconds=40.0),
        PersonPlan(answer_after=None),
        PersonPlan(answer_after=None, reject_after=2.0),
        PersonPlan(answer_after=6.0, linger=None, hang_up_after=90.0),
        PersonPlan(answer_after=5.0, press_on_answer="2", hang_up_after=60.0),
    ],
    [60, 14, 10, 8, 8],
)
