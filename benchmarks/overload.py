"""`overload`: what two processors carry, then twice that for five minutes; nobody is lost, and memory stays level."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import func, select

from benchmarks.calls import LONGEST_CALL_SECONDS, Product, running_product
from benchmarks.measured import Measured, at_least, at_most, percentile, show
from benchmarks.people import caller_phone
from benchmarks.probing import Probe
from benchmarks.run import Run
from benchmarks.signed_steps import LINE
from benchmarks.usage import backends_of, children_of, memory_of, processor_seconds
from config.clock import system_clock
from ivr.calls.rows import Call, Fact
from ivr.charters.rows import Verdict
from ivr.identifiers import call_id
from ivr.promises import PromiseRow

RATES = (0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10)
LONGEST_WAIT_MS = 1000.0
TALK_SECONDS = 3.0
SECONDS_TO_DRAIN = 960.0
WEB_MIB, LEVEL_MIB = 80.0, 10.0


@dataclass(frozen=True, slots=True)
class Offered:
    """What became of the calls that were offered at a rate."""

    rate: float
    achieved: float
    waits: Sequence[float]
    unanswered: int
    outcomes: Mapping[str, int]
    turned_away: int
    without_end: int
    without_verdict: int
    alerts: int
    seconds_to_end: float
    seconds_to_drain: float
    processor_ms: Mapping[str, float]

    @property
    def calls(self) -> int:
        """How many."""
        return sum(self.outcomes.values())

    @property
    def late(self) -> float:
        """How long one document in a hundred was waited for, in ms."""
        return percentile(self.waits, 0.99)

    @property
    def is_carried(self) -> bool:
        """Whether everybody was taken on, nobody waited long for a document, and nothing is open."""
        is_whole = not (self.turned_away or self.without_end or self.unanswered or self.alerts)
        return is_whole and self.late < LONGEST_WAIT_MS


@dataclass
class Offering:
    """Callers of a product, each with a number of its own."""

    product: Product
    talk_seconds: float = TALK_SECONDS
    called: int = 0

    def offer(self, rate: float, seconds: int) -> Offered:
        """Short calls at a steady rate for so long; then wait until all is over and look what became of them."""
        alerts, before = self._alerts(), _used(self.product)
        with Probe(self.product.opened.settings) as probe:
            sids, took = self._call(rate, seconds)
        ended_after = self._wait(lambda: self._without_end(sids) == 0, LONGEST_CALL_SECONDS)
        drained_after = self._wait(lambda: self._owed() == 0, SECONDS_TO_DRAIN)
        outcomes, turned_away, without_verdict = self._read(sids)
        used = _used(self.product)
        return Offered(
            rate=rate,
            achieved=len(sids) / took,
            waits=probe.waits,
            unanswered=probe.failed,
            outcomes=outcomes,
            turned_away=turned_away,
            without_end=self._without_end(sids),
            without_verdict=without_verdict,
            alerts=self._alerts() - alerts,
            seconds_to_end=ended_after,
            seconds_to_drain=drained_after,
            processor_ms={name: (used[name] - before.get(name, 0.0)) / len(sids) * 1000 for name in used},
        )

    def _call(self, rate: float, seconds: int) -> tuple[list[str], float]:
        line = self.product.opened.lines.by_id(LINE)
        person = {"presses": ["1"], "talk_seconds": self.talk_seconds, "hang_up_after": LONGEST_CALL_SECONDS}
        sids = []
        began = time.monotonic()
        for number in range(int(rate * seconds)):
            time.sleep(max(0.0, began + number / rate - time.monotonic()))
            path = f"/handsets/{quote(caller_phone(self.called))}/calls"
            answer = self.product.carrier.post(path, json={"to": line.numbers[0], "person": person})
            answer.raise_for_status()
            sids.append(str(answer.json()["call"]))
            self.called += 1
        return sids, max(time.monotonic() - began, 0.001)

    def _wait(self, condition: Callable[[], bool], longest: float) -> float:
        """How long until it is true; at most so long."""
        began = time.monotonic()
        while not condition() and time.monotonic() - began < longest:
            time.sleep(1.0)
        return time.monotonic() - began

    def _without_end(self, sids: Sequence[str]) -> int:
        """Calls that the carrier placed and we do not know, or know no end or outcome of."""
        ids = [call_id(sid) for sid in sids]
        over = select(func.count()).where(Call.id.in_(ids), Call.ended_at.is_not(None), Call.outcome.is_not(None))
        with self.product.opened.store.reading() as session:
            return len(ids) - (session.scalar(over) or 0)

    def _owed(self) -> int:
        """Promises that are due and not kept."""
        due = select(func.count()).where(PromiseRow.done_at.is_(None), PromiseRow.due_at <= system_clock())
        with self.product.opened.store.reading() as session:
            return session.scalar(due) or 0

    def _read(self, sids: Sequence[str]) -> tuple[Mapping[str, int], int, int]:
        ids = [call_id(sid) for sid in sids]
        with self.product.opened.store.reading() as session:
            outcomes = dict.fromkeys(ids, "unknown")
            found = session.execute(select(Call.id, Call.outcome).where(Call.id.in_(ids))).all()
            outcomes |= {id: outcome or "unknown" for id, outcome in found}
            arrived = session.scalars(select(Fact.detail).where(Fact.subject.in_(ids), Fact.kind == "arrived")).all()
            judged = set(session.scalars(select(Verdict.call_id).where(Verdict.call_id.in_(ids)).distinct()))
        turned_away = sum(bool(detail.get("turned_away")) for detail in arrived)
        return Counter(outcomes.values()), turned_away, len(set(ids) - judged)

    def _alerts(self) -> int:
        """Documents and events that the carrier asked for in vain, by its own record."""
        told = self.product.carrier.get("/debug/alerts").json()["alerts"]
        return sum(alert["level"] == "error" for alert in told)


def overload(run: Run) -> None:
    """Rising rates until callers wait or are turned away, then twice the last good one for 5 minutes."""
    for kind in run.databases:
        with running_product(kind) as product:
            offering, carried = Offering(product), None
            for rate in RATES[: run.many(len(RATES), when_quick=1)]:
                stage = offering.offer(rate, run.many(30, when_quick=5))
                _show_stage(("carried", kind), stage)
                if not stage.is_carried:
                    break
                carried = stage
            highest = carried.rate if carried else RATES[0]
            show(Measured("overload_carried", kind, highest, "calls/s"))
            before = _memory(product)
            crowd = offering.offer(2 * highest, run.many(300, when_quick=10))
            _show_stage(("overload", kind), crowd)
            _show_crowd(kind, crowd, (before, _memory(product)))


def _show_stage(name: tuple[str, str], stage: Offered) -> None:
    what, kind = name
    show(Measured(f"{what}_offered", kind, stage.achieved, "calls/s", rounds=stage.calls, max=stage.rate))
    show(Measured(f"{what}_document_p99", kind, stage.late, "ms", rounds=len(stage.waits), max=max(stage.waits)))
    show(Measured(f"{what}_document_p50", kind, percentile(stage.waits, 0.5), "ms", rounds=len(stage.waits)))
    for room, spent in sorted(stage.processor_ms.items()):
        show(Measured(f"{what}_processor_{room}", kind, spent, "ms/call", rounds=stage.calls))
    show(Measured(f"{what}_turned_away", kind, stage.turned_away / max(stage.calls, 1), "share"))


def _show_crowd(kind: str, crowd: Offered, memory: tuple[Mapping[str, float], Mapping[str, float]]) -> None:
    for outcome, count in sorted(crowd.outcomes.items()):
        show(Measured(f"overload_{outcome}", kind, count, "calls", rounds=crowd.calls))
    for name, value in (
        ("without_end", crowd.without_end),
        ("without_verdict", crowd.without_verdict),
        ("unanswered_documents", crowd.unanswered),
        ("carrier_alerts", crowd.alerts),
    ):
        show(Measured(f"overload_{name}", kind, value, "of all", rounds=crowd.calls, goal=at_most(0)))
    share = (crowd.calls - crowd.turned_away) / max(crowd.calls, 1)
    show(Measured("overload_taken_on", kind, share, "share", goal=at_least(0.25)))
    show(Measured("overload_seconds_to_end", kind, crowd.seconds_to_end, "s"))
    show(Measured("overload_seconds_to_drain", kind, crowd.seconds_to_drain, "s"))
    before, after = memory
    for name in sorted(before.keys() & after.keys()):
        # A web process makes its own what it shared with the one it was forked from; the others are level.
        goal = at_most(WEB_MIB if name == "web" else before[name] + LEVEL_MIB)
        show(Measured(f"overload_memory_{name}", kind, after[name], "MiB USS", min=before[name], goal=goal))


def _memory(product: Product) -> Mapping[str, float]:
    """Own memory of the largest process of each room, in MiB."""
    found: dict[str, float] = {}
    for process, name in _processes(product):
        found[name] = max(found.get(name, 0.0), memory_of(process).uss)
    return found


def _used(product: Product) -> dict[str, float]:
    """Processor seconds of each room so far, and of the database; the local carrier is no part of an installation."""
    found: dict[str, float] = {}
    for process, name in _processes(product):
        found[name] = found.get(name, 0.0) + processor_seconds([process])
    url = product.opened.settings.database_url
    return {**found, "database": processor_seconds(backends_of(url))}


def _processes(product: Product) -> Iterator[tuple[int, str]]:
    """Our processes with the names of their rooms, each below the one that started it."""
    waiting = list(children_of(product.process)) if product.process else []
    while waiting:
        process = waiting.pop()
        waiting += children_of(process)
        if name := _room(process):
            yield process, name


def _room(process: int) -> str:
    words = Path(f"/proc/{process}/cmdline").read_bytes().decode(errors="replace").split("\0")
    if any("webhooks.app" in word for word in words):
        return "web"
    place = words.index("run") if "run" in words else len(words)
    return "-".join(word for word in words[place + 1 :] if word)
