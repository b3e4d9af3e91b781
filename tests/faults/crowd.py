"""Who rings and who answers while faults happen: callers of many tempers at a steady rate, texts, willing agents."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from random import Random

from carrier import messages
from carrier.network import Network
from carrier.persons import PersonPlan
from commands.day import destination_of
from commands.demo import DemoAgent, add_officers, agent_row, read_demo
from commands.tempers import Wish, agent, caller_while_open, ways_from
from config.clock import system_clock
from ivr.lines.model import Line
from tests.faults.house import House

CALLER, AGENT = "+82101{:07d}", "+82701{:07d}"
FIRST_CALLER, FIRST_AGENT = 5_000_000, 5_000_000
AGENTS = 40
TALK_SECONDS, LONGEST_PATIENCE = (3.0, 9.0), 90.0
SHARE_WITHHELD, SHARE_WISHING, SHARE_WRITING, SHARE_UNWILLING = 0.05, 0.15, 0.1, 0.15
AT_HOME = PersonPlan(answer_after=1.5, press_on_answer="1", presses=("1",), talk_seconds=5.0)
WILLING = PersonPlan(answer_after=1.5, press_on_answer="1", presses=("1",), talk_seconds=120.0, linger=3.0)
# Nobody is at the institution's own switchboard, which is where an apology leads.
BUSY = PersonPlan(answer_after=None, reject_after=0.5)
TEXT = "hello"


@dataclass
class Crowd:
    """The callers of one line in one run; `first` is the ordinal of the first, `rang` how many there were."""

    house: House
    line: Line
    first: int = 0
    rang: int = 0

    @contextmanager
    def ringing(self, rate: float) -> Iterator[None]:
        """Callers at this rate, as long as the block lasts."""
        over = threading.Event()
        thread = threading.Thread(target=self._ring, args=(rate, over), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _ring(self, rate: float, over: threading.Event) -> None:
        while not over.wait(1 / rate):
            with self.house.exchange.carrier.gate.entered() as network:
                self._await(network, self.first + self.rang)
                self.rang += 1

    def _await(self, network: Network, ordinal: int) -> None:
        dice = Random(f"caller {self.house.seed} {ordinal}")
        number = CALLER.format(FIRST_CALLER + ordinal)
        network.handset(number).plan = AT_HOME
        withheld = "anonymous" if dice.random() < SHARE_WITHHELD else ""
        person = self._person(dice, number, withheld)
        at = dice.random()
        network.after(at, partial(_dial, network, number, self.line.number, (person, withheld)))
        if dice.random() < SHARE_WRITING:
            network.after(at + dice.uniform(0, 20), partial(_write, network, number, self.line.number))

    def _person(self, dice: Random, number: str, withheld: str) -> PersonPlan:
        # Somebody without a number keys one in, and says that it is right.
        keys = (*f"0{number.removeprefix('+82')}", "#", "1") if withheld else ("1",)
        ways = ways_from(self.line, self.line.start)
        wishing = dice.random() < SHARE_WISHING
        if wishing:
            person = PersonPlan(presses=(*dice.choice(ways.to_queue), "1", *keys), hang_up_after=60.0)
        else:
            person = caller_while_open(dice, Wish(ways, keys))
        return _briefly(person, dice)


def staff(house: House, line: Line, count: int = AGENTS) -> None:
    """Put so many agents of the line to work; a few of them are slow, decline, or are not there."""
    colleagues = _colleagues(line, count)
    with house.opened.store.transaction() as session:
        session.add_all(agent_row(one, line, system_clock()) for one in colleagues)
        session.flush()
        add_officers(session, colleagues, [one for one in read_demo().supervisors if one.line == line.id])
    with house.exchange.carrier.gate.entered() as network:
        for ordinal, one in enumerate(colleagues):
            dice = Random(f"agent {house.seed} {line.id} {ordinal}")
            mood = replace(agent(dice), talk_seconds=60.0) if dice.random() < SHARE_UNWILLING else WILLING
            network.handset(destination_of(one)).plan = mood
        network.handset(line.fallback_number).plan = BUSY


def everybody_willing(house: House) -> None:
    """From now on every agent takes calls, so that what is left can be done."""
    with house.exchange.carrier.gate.entered() as network:
        for number, handset in network.handsets.items():
            if number.startswith(AGENT[:6]):
                handset.plan = WILLING


def _colleagues(line: Line, count: int) -> Sequence[DemoAgent]:
    model = next(one for one in read_demo().agents if one.line == line.id)
    offset = FIRST_AGENT + 1000 * sorted(("ascentre", "dcgf", "kibo", "kotra", "ksure")).index(line.id)
    return [
        DemoAgent(
            line=line.id,
            id=f"{line.id}-f{ordinal}",
            name=model.name,
            department=model.department,
            title=model.title,
            phone=AGENT.format(offset + ordinal),
        )
        for ordinal in range(count)
    ]


def _briefly(person: PersonPlan, dice: Random) -> PersonPlan:
    patience = person.hang_up_after
    return replace(
        person,
        talk_seconds=dice.uniform(*TALK_SECONDS),
        press_after=0.3,
        hang_up_after=LONGEST_PATIENCE if patience is None else min(patience, LONGEST_PATIENCE),
    )


def _dial(network: Network, number: str, to: str, how: tuple[PersonPlan, str]) -> None:
    person, withheld = how
    # Who is in a call with us does not ring us.
    if not network.handset(number).busy:
        network.handset(number).dial(to, withheld=withheld, plan=person)


def _write(network: Network, number: str, to: str) -> None:
    line = network.lines.get(network.aliases.get(to, to))
    if line is not None:
        messages.receive(network, line, sender=number, body=TEXT)
