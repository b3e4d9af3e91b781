"""The page of figures: what the processes of this host counted, and how the lines stand in the database."""

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector
from sqlalchemy.exc import SQLAlchemyError

from config.metrics import shared_files
from ivr.health.backlog import Backlog, backlog_of
from ivr.health.standing import Standing, standing_of
from webhooks.switchboard import Switchboard

Values = Iterable[tuple[tuple[str, ...], float]]


def figures_page(board: Switchboard) -> bytes:
    """Everything in Prometheus' form; with a database that is away, what the processes know, and that it is."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Counted())
    registry.register(_Standing(board))
    return generate_latest(registry)


class _Counted(Collector):
    """Counters and histograms: of all processes of this host where they share files, else of this process."""

    def collect(self) -> Iterable[Metric]:
        for _ in range(3):
            files = shared_files()
            if files is None:
                return REGISTRY.collect()
            try:
                return list(MultiProcessCollector.merge(files))  # type: ignore[no-untyped-call]
            except FileNotFoundError:
                # A process began anew between the look into the folder and the reading.
                continue
        return []


class _Standing(Collector):
    """Gauges read from the database at this moment, in a handful of bounded questions."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def collect(self) -> Iterator[Metric]:
        board = self._board
        at = board.clock()
        try:
            with board.store.reading() as session:
                standing = standing_of(session, [line.id for line in board.lines], at=at)
                backlog = backlog_of(session, at=at)
        except SQLAlchemyError:
            yield _gauge("charterline_database_up", _UP, (), [((), 0)])
            return
        yield _gauge("charterline_database_up", _UP, (), [((), 1)])
        yield from _of_lines(standing)
        yield from _of_promises(backlog)


_UP = "Whether the database answered when these figures were asked for"


def _of_lines(lines: list[Standing]) -> Iterator[Metric]:
    by_line = ("line",)
    yield _gauge(
        "charterline_calls_in_progress", "Calls without an end", by_line, [((x.line,), x.calls) for x in lines]
    )
    oldest = [((x.line,), x.longest_call.total_seconds()) for x in lines]
    yield _gauge(
        "charterline_longest_call_seconds", "How long ago the oldest call without an end came", by_line, oldest
    )
    waiting = [((x.line,), x.waiting) for x in lines]
    yield _gauge("charterline_callers_waiting", "Callers in the queue for a person", by_line, waiting)
    longest = [((x.line,), x.longest_wait.total_seconds()) for x in lines]
    yield _gauge("charterline_longest_wait_seconds", "The longest wait of a caller in the queue", by_line, longest)
    agents = [((x.line, state.value), count) for x in lines for state, count in x.agents.items()]
    yield _gauge("charterline_agents", "Agents by state; offered: rung at this moment", ("line", "state"), agents)
    owed = [((x.line,), x.callbacks) for x in lines]
    yield _gauge("charterline_callbacks_open", "Callbacks that are owed", by_line, owed)
    late = [((x.line,), x.callbacks_late) for x in lines]
    yield _gauge("charterline_callbacks_late", "Callbacks owed whose time has passed", by_line, late)
    texts = [((x.line, state.value), count) for x in lines for state, count in x.texts.items()]
    yield _gauge("charterline_texts_last_hour", "Texts written in the last hour, by state", ("line", "state"), texts)
    dials = [((x.line,), x.dials) for x in lines]
    yield _gauge("charterline_dials_open", "Rings of campaigns under way", by_line, dials)


def _of_promises(backlog: Backlog) -> Iterator[Metric]:
    due = [((one.kind,), one.count) for one in backlog.owed]
    yield _gauge("charterline_promises_due", "Promises that are due and not kept, at most 5,000", ("kind",), due)
    oldest = [((one.kind,), one.oldest.total_seconds()) for one in backlog.owed]
    text = "For how long the oldest of them has been due"
    yield _gauge("charterline_promises_oldest_due_seconds", text, ("kind",), oldest)
    behind = backlog.not_handed_out.total_seconds()
    text = "For how long the oldest due promise waits that no relay has handed out"
    yield _gauge("charterline_relay_behind_seconds", text, (), [((), behind)])


def _gauge(name: str, text: str, labels: tuple[str, ...], values: Values) -> Metric:
    family = GaugeMetricFamily(name, text, labels=labels)
    for names, value in values:
        family.add_metric(list(names), value)
    return family
