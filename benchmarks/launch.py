"""`launch`: a campaign chooses a million people who agreed, out of two million (goal P5)."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from string import Template

from sqlalchemy import func, insert, select, text

from benchmarks import stores
from benchmarks.launch_rows import AUDIENCE, BARE, LAUNCHED_AT, LINE, WORDS, expected, fill
from benchmarks.measured import Measured, at_most, show
from benchmarks.run import Run
from benchmarks.usage import backends_of, memory_of, processor_seconds
from config.settings import new_secret_keys
from ivr.audiences.rows import Audience, AudienceState, Origin
from ivr.campaigns.choosing import Course, Progress, choose
from ivr.campaigns.plan import Plan, written_plan
from ivr.campaigns.rows import Campaign, CampaignState, Target
from ivr.consents.rows import Purpose
from ivr.sealing import Keyring
from ivr.store import Store, make_engine

PEOPLE, QUICK_PEOPLE = 2_000_000, 20_000
ROUNDS = 5
RATIO, GROWTH, LOCK = at_most(2.0), at_most(50), at_most(2)
PATIENCE = 3600.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What one piece of work took: seconds, and processor seconds of this process and of its database."""

    seconds: float
    processor: float


@dataclass(frozen=True, slots=True)
class Bench:
    """A store full of people, and its URL by which the database's own processes are found."""

    store: Store
    kind: str
    url: str
    people: int

    def timed(self, work: Callable[[], None]) -> Cost:
        """Do it, and say what it took."""
        processes = [os.getpid(), *backends_of(self.url)]
        began, before = time.perf_counter(), processor_seconds(processes)
        work()
        return Cost(time.perf_counter() - began, processor_seconds(processes) - before)


def launch(run: Run) -> None:
    """A campaign's choice of a million of two million people: time against a bare INSERT, memory, longest chunk."""
    for kind in run.databases:
        with _bench(kind, run.many(PEOPLE, when_quick=QUICK_PEOPLE)) as bench:
            fill(bench.store, bench.people)
            _add_audience(bench.store)
            _measure(bench, run.many(ROUNDS, when_quick=2))


def _measure(bench: Bench, rounds: int) -> None:
    bares, choices, growths, longest = [], [], [], 0.0
    for number in range(1, rounds + 1):
        bares.append(_bare(bench))
        before = memory_of(os.getpid()).uss
        cost, slowest, most = _chosen(bench, number)
        choices.append(cost)
        growths.append(most - before)
        longest = max(longest, slowest)
    # On a machine that does other work, too, the processor's time says more than the clock.
    for metric, part in (("launch", "seconds"), ("launch_processor", "processor")):
        floors = [getattr(bare, part) for bare in bares]
        values = [getattr(cost, part) for cost in choices]
        ratios = [value / floor for value, floor in zip(values, floors, strict=True)]
        found = Measured(
            metric, bench.kind, median(values), "s", median(floors), median(ratios), rounds, min(ratios), max(ratios)
        )
        show(replace(found, goal=RATIO))
    show(Measured("launch_memory", bench.kind, max(growths), "MiB grown", rounds=rounds, goal=GROWTH))
    show(Measured("launch_chunk", bench.kind, longest, "s, longest transaction", rounds=rounds, goal=LOCK))


def _bare(bench: Bench) -> Cost:
    store = bench.store
    create, fill_it, drop = (Template(statement).substitute(WORDS[store.dialect]) for statement in BARE)

    def write() -> None:
        with store.transaction() as session:
            session.execute(text(fill_it))

    with store.transaction() as session:
        session.execute(text(create))
    cost = bench.timed(write)
    with store.transaction() as session:
        session.execute(text(drop))
    return cost


def _chosen(bench: Bench, campaign_id: int) -> tuple[Cost, float, float]:
    """What it took, seconds of the longest chunk, and the most memory in MiB."""
    store, wanted = bench.store, expected(bench.people)
    _add_campaign(store, campaign_id)
    memory: list[float] = []
    times: list[float] = []

    def watch(_progress: Progress) -> None:
        times.append(time.perf_counter())
        memory.append(memory_of(os.getpid()).uss)

    def work() -> None:
        choose(store, campaign_id, at=LAUNCHED_AT, course=Course(watch))

    cost = bench.timed(work)
    with store.transaction() as session:
        found = session.scalar(select(func.count()).where(Target.campaign_id == campaign_id))
        if found != wanted:
            raise SystemExit(f"{found} targets were chosen where {wanted} may be contacted")
        session.execute(text("DELETE FROM target" if store.is_sqlite else "TRUNCATE target"))
    chunks = [after - before for before, after in pairwise(times)]
    return cost, max(chunks, default=0.0), max(memory)


def _add_audience(store: Store) -> None:
    row = {
        "id": AUDIENCE,
        "line": LINE,
        "name": "everybody",
        "origin": Origin.IMPORT,
        "source": "a benchmark",
        "state": AudienceState.READY,
        "made_by": "bench",
        "made_at": LAUNCHED_AT,
        "touched_at": LAUNCHED_AT,
        "report": {},
    }
    known = {name: value for name, value in row.items() if name in Audience.__table__.columns}
    with store.transaction() as session:
        session.execute(insert(Audience).values(known))


def _add_campaign(store: Store, campaign_id: int) -> None:
    with store.transaction() as session:
        session.add(
            Campaign(
                id=campaign_id,
                line=LINE,
                name="bench",
                kind="happy_call",
                purpose=Purpose.HAPPY_CALL,
                questionnaire="happy-dcgf",
                audience_id=AUDIENCE,
                state=CampaignState.APPROVED,
                plan=written_plan(Plan()),
                made_by="one",
                made_at=LAUNCHED_AT,
                changed_by="one",
                changed_at=LAUNCHED_AT,
                launched_by="two",
                launched_at=LAUNCHED_AT,
                chosen_up_to=0,
                claimed_up_to=0,
            )
        )


@contextmanager
def _bench(kind: str, people: int) -> Iterator[Bench]:
    with stores.folder() as place, stores.database(kind, place) as bare_url:
        url = stores.called(bare_url, "launch")
        keyring = Keyring.from_secrets(new_secret_keys(bytes(range(64))))
        engine = make_engine(url, keyring=keyring, patience=PATIENCE)
        try:
            yield Bench(Store(engine), kind, url, people)
        finally:
            engine.dispose()
