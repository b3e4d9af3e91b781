"""Three months of cases, papers and callbacks in virtual time, by seed: reminders and notices days ahead."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

from carrier.persons import PersonPlan
from commands.day import destination_of
from commands.demo import add_officers, agent_row, read_demo
from commands.fate import Fate
from commands.hour_living import world_of
from commands.world import World
from ivr.base import Refused
from ivr.callbacks.asking import Wish, ask_callback
from ivr.callbacks.closing import kept_otherwise
from ivr.callbacks.rows import Callback, Origin
from ivr.cases.acting import answer, begin_review
from ivr.cases.clocks import Sort
from ivr.cases.institution import Institution, Work, locked_case
from ivr.cases.taking import Customer, Matter, take_case
from ivr.documents.receiving import Arrival, receive
from ivr.documents.rows import Channel
from ivr.identifiers import callback_id, case_id
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.numbers import PhoneNumber
from ivr.store import Store
from tests.hour.seeds import lines
from workers.verdicts import installed_rules

# From both, thirteen weeks lead over long holidays: Chuseok and the days after it, and Seollal.
STARTS = (datetime(2026, 9, 7, 9, tzinfo=SEOUL), datetime(2027, 1, 4, 9, tzinfo=SEOUL))
DAYS = 91
CASES, PAPERS, CALLBACKS = 5, 3, 2
KINDS = ("complaint", "proposal", "praise", "inquiry")
CHANNELS = ("phone", "web", "post", "visit", "fax", "email")
SHARE_ANSWERED_AT_ONCE = 0.4
# Every agent dials, and nobody is at home: callbacks slip, and are given up after their attempts.
AT_THE_DESK = PersonPlan(answer_after=2.0, press_on_answer="1", presses=("1",), linger=3.0)


def live_quarter(store: Store, seed: int, *, fate: Fate | None = None) -> World:
    """Live through three months of one line in an empty store, and return its world as it stands at their end."""
    dice = Random(f"quarter {seed}")
    line, start = dice.choice(list(lines())), dice.choice(STARTS).astimezone(UTC)
    with world_of(store, start, seed=seed, fate=fate) as world:
        _staff(world, line)
        for moment, act in _happens(dice, world, line, start):
            world.carrier.network.at(moment, act)
        world.run_for(DAYS * 86_400)
    return world


def _staff(world: World, line: Line) -> None:
    demo = read_demo()
    staff = [one for one in demo.agents if one.line == line.id]
    with world.store.transaction() as session:
        session.add_all(agent_row(one, line, world.now()) for one in staff)
        session.flush()
        add_officers(session, staff, [one for one in demo.supervisors if one.line == line.id])
    for one in staff:
        world.carrier.network.handset(destination_of(one)).plan = AT_THE_DESK


def _happens(dice: Random, world: World, line: Line, start: datetime) -> Iterator[tuple[datetime, Callable[[], None]]]:
    """Everything that people do in these months; the last weeks are left for what follows from it."""
    for number in range(CASES):
        at = _some_day(dice, start)
        matter = _matter(dice, number, at)
        yield at, partial(_take, world, line, matter)
        days = dice.uniform(0.1, 2) if dice.random() < SHARE_ANSWERED_AT_ONCE else dice.uniform(8, 30)
        yield at + timedelta(days=days), partial(_answer, world, line, matter.reference)
    for number in range(PAPERS):
        at = _some_day(dice, start)
        yield at, partial(_receive, world, line, number, dice.choice(list(Channel)))
    for number in range(CALLBACKS):
        at = _some_day(dice, start)
        yield at, partial(_note_down, world, line, number)
        yield at + timedelta(hours=dice.uniform(0.1, 30)), partial(_keep_otherwise, world, number)


def _some_day(dice: Random, start: datetime) -> datetime:
    return start + timedelta(seconds=dice.uniform(0, (DAYS - 45) * 86_400))


def _number(number: int) -> PhoneNumber:
    return PhoneNumber.parse(f"010-1{number:03d}-7000")


def _matter(dice: Random, number: int, at: datetime) -> Matter:
    sort = Sort(dice.choice(KINDS), dice.choice(CHANNELS))
    customer = Customer("홍길동", _number(number))
    return Matter(f"quarter-{number}", sort, "문의드립니다.", customer, at)


def institution_of(world: World, line: Line) -> Institution:
    return Institution(line, world.board.calendar, installed_rules().charters, world.store.keyring)


def _take(world: World, line: Line, matter: Matter) -> None:
    """As `POST /api/cases` does it."""
    with world.store.transaction() as session:
        take_case(session, matter, institution=institution_of(world, line), at=world.now())
    world.worker.ring()


def _answer(world: World, line: Line, reference: str) -> None:
    """As `charterline cases answer` does it."""
    with suppress(Refused), world.store.transaction() as session:
        work = Work(session, institution_of(world, line), world.now(), "officer")
        case = locked_case(session, case_id(f"{line.id}:{reference}"))
        begin_review(work, case)
        answer(work, case, "처리하였습니다.")
    world.worker.ring()


def _receive(world: World, line: Line, number: int, channel: Channel) -> None:
    """As `POST /api/documents` does it."""
    kind = next(iter(line.documents.kinds))
    arrival = Arrival(channel, f"paper-{number}", kind, world.now(), number=_number(500 + number))
    with world.store.transaction() as session:
        receive(session, line, arrival, at=world.now())
    world.worker.ring()


def _note_down(world: World, line: Line, number: int) -> None:
    """As `charterline callbacks memo` does it."""
    wish = Wish(callback_id(f"quarter {number}"), line, line.team, Origin.MEMO, _number(700 + number))
    with world.store.transaction() as session:
        ask_callback(session, wish, calendar=world.board.calendar, at=world.now())
    world.worker.ring()


def _keep_otherwise(world: World, number: int) -> None:
    """As `charterline callbacks done` does it."""
    with suppress(Refused), world.store.transaction() as session:
        callback = session.get_one(Callback, callback_id(f"quarter {number}"))
        kept_otherwise(session, callback, "e-mail", at=world.now())
    world.worker.ring()
