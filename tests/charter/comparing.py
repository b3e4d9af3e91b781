"""What was found of lived calls against the table, and against itself: judged again, and told in another order."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import cast

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from commands.opened import Opened
from commands.record import CallEntry, record_of
from commands.world import World
from config.settings import Settings
from ivr.calls.facts import Told, facts_of, tell
from ivr.calls.rows import Call, Fact
from ivr.charters.rows import Verdict
from ivr.charters.verdicts import Tally, judge_calls
from ivr.charters.verdicts_owed import ROWS, Matters, judge_matters
from ivr.deadlines import WorkingTime
from ivr.lines.model import Line
from tests.charter.living import Lived
from tests.charter.table import Expected, LinePage, expected
from workers.verdicts import installed_rules

Row = tuple[object, ...]
READINGS = ("strict", "literal", "customary")
PART_OF_CALLS = 200
OR = " or "
# What is judged for each offer, or each time that the caller was passed on.
EACH = {"ring": "offer", "told": "transfer", "arrived": "transfer"}


@dataclass(slots=True)
class Compared:
    """A call held against the table. `by_seconds` counts its offers that nothing disturbed on the wire and whose
    ring was yet measured by whole seconds, because an event came just over a second after its stamp.
    """

    outcome: str = "none"
    verdicts: Counter[str] = field(default_factory=Counter)
    offers: int = 0
    by_seconds: int = 0
    differences: list[str] = field(default_factory=list)


def compare(world: World, page: LinePage, lived: Lived) -> Compared:
    """Hold the record of a call against the table."""
    name = lived.case.id if lived.part == 0 else f"{lived.case.id}, call {lived.part + 1}"
    opened = Opened(cast(Settings, None), world.lines, world.texts, world.store, world.board.calendar)
    with world.store.reading() as session:
        record = record_of(session, opened, lived.call)
    wanted, compared = expected(lived.plan), Compared()
    if wanted.outcome == "unknown" or record is None:
        if (wanted.outcome == "unknown") != (record is None):
            compared.differences.append(f"{name}: the call is {'not ' if record is None else ''}on record")
        return compared
    compared.outcome, compared.offers = str(record["outcome"]), len(record["offers"])
    compared.verdicts.update(f"{verdict['promise']} {verdict['verdict']}" for verdict in record["verdicts"])
    rough = [offer["clock"] == "carrier" and not lived.plan.wire for offer in record["offers"]]
    compared.by_seconds = sum(rough)
    wrong = (*_of_record(record, wanted, rough), *_of_verdicts(record, wanted, page, rough))
    compared.differences = [f"{name}: {one}" for one in wrong]
    return compared


def _of_record(record: CallEntry, wanted: Expected, rough: Sequence[bool]) -> Iterator[str]:
    yield from _unlike("the outcome", record["outcome"], wanted.outcome)
    yield from _unlike("who ended it", record["ended_by"], wanted.ended_by)
    outcomes = [str(offer["outcome"]) for offer in record["offers"]]
    yield from _all_unlike("the outcome of offer", outcomes, wanted.offers)
    read = [[offer["readings"][reading] for reading in READINGS] for offer in record["offers"]]
    for number, (found, said) in enumerate(zip(read, wanted.readings or (), strict=False)):
        for reading, one, other in zip(READINGS, found, said.split(), strict=True):
            # `met/indeterminate` allows either.
            allowed = _or_undecided(other.replace("/", OR), rough[number])
            yield from _unlike(f"the {reading} reading of offer {number + 1}", one, allowed)


def _of_verdicts(record: CallEntry, wanted: Expected, page: LinePage, rough: Sequence[bool]) -> Iterator[str]:
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for verdict in record["verdicts"]:
        found[verdict["promise"]][verdict["subject"]] = verdict["verdict"]
    for promise, question in page.promises.items():
        if question not in EACH:
            yield from _unlike(promise, found[promise].get(record["call"], "not judged"), wanted.verdicts.get(question))
            continue
        each = [one for _, one in sorted(found[promise].items(), key=_ordinal)]
        said = {"ring": wanted.rings, "told": wanted.told, "arrived": wanted.arrived}[question]
        # Where the numbers of offers differ, that is what is said of them.
        is_rough = [*rough, *(False for _ in said or ())] if question == "ring" else [False for _ in said or ()]
        allowed = said and [_or_undecided(one, is_rough[place]) for place, one in enumerate(said)]
        yield from _all_unlike(f"{promise} of {EACH[question]}", each, allowed)


def _ordinal(found: tuple[str, str]) -> int:
    return int(found[0].rpartition("-")[2].lstrip("t"))


def _or_undecided(said: str, rough: bool) -> str:
    """Whole seconds may leave undecided what two arrivals would decide; never the other way round."""
    return f"{said}{OR}indeterminate" if rough else str(said)


def _all_unlike(what: str, found: Sequence[str], said: Sequence[str] | None) -> Iterator[str]:
    if said is None:
        return
    if len(found) != len(said):
        yield f"{what}: there are {len(found)} ({', '.join(found)}), the table has {len(said)}"
    for number, (one, other) in enumerate(zip(found, said, strict=False), start=1):
        yield from _unlike(f"{what} {number}", one, other)


def _unlike(what: str, found: str | None, said: str | None) -> Iterator[str]:
    if said is not None and found not in said.split(OR):
        yield f"{what} is {found}, the table says {said}"


# -- the same again ------------------------------------------------------------------------------------------


def rows(world: World) -> list[Row]:
    """Every verdict as it stands."""
    columns = Verdict.__table__.columns
    with world.store.reading() as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(Verdict.standard_id, Verdict.subject))]


def judge_all(world: World, line: Line) -> Tally:
    """Judge every call of a line again, some at a time, and what is owed after them."""
    with world.store.reading() as session:
        calls = list(session.scalars(select(Call.id).where(Call.line == line.id).order_by(Call.id)))
    tally = Tally()
    for first in range(0, len(calls), PART_OF_CALLS):
        with world.store.transaction() as session:
            tally += judge_calls(session, calls[first : first + PART_OF_CALLS], line=line, rules=installed_rules())
    time = WorkingTime(line, world.board.calendar)
    for scope, row in ROWS.items():
        with world.store.transaction() as session:
            ids = list(session.scalars(select(row.id).where(row.line == line.id).order_by(row.id)))
            tally += judge_matters(session, Matters(scope, ids), time=time, rules=installed_rules()).tally
    return tally


def judged_again(world: World, line: Line) -> list[str]:
    """Verdicts judged again change nothing, and thrown away they come back as the same rows."""
    before, again = rows(world), judge_all(world, line)
    wrong = [f"judging again changed {again.changed} of {again.judged} verdicts"] if again.changed else []
    with world.store.transaction() as session:
        session.execute(delete(Verdict).where(Verdict.institution == line.id))
    judge_all(world, line)
    return [*wrong, *_unequal(before, rows(world), "thrown away and judged again")]


def told_otherwise(world: World, line: Line, dice: random.Random) -> list[str]:
    """The facts written down in another order, each told once more later: the same rows."""
    before = rows(world)
    with world.store.transaction() as session:
        _write_in_another_order(session, dice)
        _tell_once_more(session, dice)
        session.execute(delete(Verdict).where(Verdict.institution == line.id))
    judge_all(world, line)
    return _unequal(before, rows(world), "judged from facts in another order, each told twice")


def _write_in_another_order(session: Session, dice: random.Random) -> None:
    table = Fact.__table__
    told: list[Mapping[str, object]] = [dict(row) for row in session.execute(select(*table.columns)).mappings()]
    session.execute(delete(Fact))
    dice.shuffle(told)
    session.execute(insert(Fact), told)


def _tell_once_more(session: Session, dice: random.Random) -> None:
    for subject in session.scalars(select(Call.id)).all():
        facts: list[Told] = facts_of(session, subject)
        for fact in dice.sample(facts, len(facts)):
            late = fact.received_at + timedelta(seconds=dice.uniform(0, 10))
            tell(session.connection(), replace(fact, received_at=late))


def _unequal(before: Sequence[Row], after: Sequence[Row], how: str) -> list[str]:
    gone, new = set(map(repr, before)) - set(map(repr, after)), set(map(repr, after)) - set(map(repr, before))
    return [f"{how}, a verdict is gone: {row}" for row in sorted(gone)] + [
        f"{how}, a verdict is new: {row}" for row in sorted(new)
    ]
