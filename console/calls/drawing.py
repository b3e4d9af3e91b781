"""The timeline of a call as shapes: where each bar, ring, limit and key stands, in pixels."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from console.visitor import wording
from ivr.calls.steps import CALLER
from ivr.calls.timeline import Ringing, Span, SpanKind, Timeline

LANE, BAR, TOP, FOOT = 76, 30, 8, 26
NARROWEST, WIDEST = 880.0, 12_000.0
# Three rings must stay apart to the eye, however long the call.
PIXELS_A_SECOND = 3.0
MARGIN = 8.0
TICKS = (5, 10, 15, 30, 60, 120, 300, 600)
APART = 70.0
# What lies upon something else is drawn lower and thinner.
UPON = frozenset({SpanKind.HOLD, SpanKind.CONSULTING, SpanKind.TRANSCRIBING, SpanKind.NOTICE})
SECOND = 1000


@dataclass(frozen=True, slots=True)
class Bar:
    """Something that lasted."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class Ring:
    """One telephone that rang: its rings, where the limit lies, and where the pick-up may have been."""

    x: float
    y: float
    width: float
    strokes: tuple[tuple[float, float], ...]
    limit: float
    sure_from: float | None
    sure_to: float | None
    reading: str
    label: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key that the caller pressed."""

    x: float
    y: float
    digits: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All shapes of a timeline; `lanes` are the names of its rows, `ticks` where the axis has which second."""

    width: float
    height: float
    lanes: tuple[tuple[str, str, float], ...]
    bars: tuple[Bar, ...]
    rings: tuple[Ring, ...]
    keys: tuple[Key, ...]
    ticks: tuple[tuple[float, str], ...] = field(default=())


class _Scale:
    def __init__(self, timeline: Timeline) -> None:
        seconds = timeline.length / SECOND
        self.width = min(max(NARROWEST, seconds * PIXELS_A_SECOND), WIDEST)
        self.pixels = (self.width - 2 * MARGIN) / timeline.length
        self._rows = {lane.id: TOP + number * LANE for number, lane in enumerate(timeline.lanes)}

    def x(self, milliseconds: float) -> float:
        return round(MARGIN + milliseconds * self.pixels, 1)

    def y(self, lane: str) -> float:
        return self._rows[lane]


def draw(timeline: Timeline) -> Drawing:
    """Draw a timeline; its words are those of the visitor's language."""
    scale = _Scale(timeline)
    return Drawing(
        width=round(scale.width),
        height=TOP + LANE * len(timeline.lanes) + FOOT,
        lanes=tuple(_named(timeline, scale)),
        bars=tuple(_bar(span, scale) for span in timeline.spans),
        rings=tuple(_ring(ringing, scale) for ringing in timeline.rings),
        keys=tuple(_keys(timeline, scale)),
        ticks=tuple(_ticks(timeline, scale)),
    )


def _named(timeline: Timeline, scale: _Scale) -> Iterator[tuple[str, str, float]]:
    say = wording().say
    for lane in timeline.lanes:
        if lane.offer is not None:
            place = f"{lane.offer.agent.department} {lane.offer.agent.title}"
            yield lane.offer.agent.name, place, scale.y(lane.id)
        else:
            kind = "caller" if lane.id == CALLER else "system"
            yield say(f"calls.lane.{kind}"), say(f"calls.lane.{kind}_is"), scale.y(lane.id)


def _bar(span: Span, scale: _Scale) -> Bar:
    x, end = scale.x(span.begins), scale.x(max(span.ends, span.begins))
    name = wording().say(f"calls.span.{span.kind}")
    seconds = f"{(span.ends - span.begins) / SECOND:.1f}"
    upon = span.kind in UPON
    return Bar(
        x=x,
        y=scale.y(span.lane) + (BAR + 4 if upon else 2),
        width=max(round(end - x, 1), 2.0),
        height=18 if upon else BAR,
        kind=span.kind.value,
        label=name,
        title=wording().say("calls.lasted", what=name, seconds=seconds),
    )


def _ring(ringing: Ringing, scale: _Scale) -> Ring:
    say = wording().say
    measured, uncertainty = ringing.measured, ringing.uncertainty
    label = say("calls.rang_unanswered", seconds=f"{(ringing.ends - ringing.begins) / SECOND:.1f}")
    sure: tuple[float | None, float | None] = (None, None)
    if measured is not None and uncertainty is not None:
        label = say("calls.rang", seconds=f"{measured / SECOND:.2f}", uncertainty=f"{uncertainty / SECOND:.2f}")
        around = ringing.begins + measured
        sure = (scale.x(around - uncertainty), scale.x(around + uncertainty))
    return Ring(
        x=scale.x(ringing.begins),
        y=scale.y(ringing.lane) + 2,
        width=max(round(scale.x(ringing.ends) - scale.x(ringing.begins), 1), 2.0),
        strokes=tuple((scale.x(start), round(scale.x(end) - scale.x(start), 1)) for start, end in ringing.rings()),
        limit=scale.x(ringing.begins + ringing.limit),
        sure_from=sure[0],
        sure_to=sure[1],
        reading=ringing.reading.value,
        label=label,
    )


def _keys(timeline: Timeline, scale: _Scale) -> Iterator[Key]:
    for step in timeline.steps:
        digits = str(step.detail.get("digits") or "")
        if step.kind == "key" and digits:
            yield Key(scale.x(step.milliseconds), scale.y(CALLER) + BAR + 16, digits)


def _ticks(timeline: Timeline, scale: _Scale) -> Iterator[tuple[float, str]]:
    step = next((tick for tick in TICKS if tick * SECOND * scale.pixels >= APART), TICKS[-1])
    for second in range(0, timeline.length // SECOND + 1, step):
        yield scale.x(second * SECOND), f"{second // 60}:{second % 60:02}"
