"""One call as a picture: lanes of the caller, of each agent who was rung, and of the system, drawn from its facts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from ivr.calls.facts import Told
from ivr.calls.holding import HELD, RESUMED
from ivr.calls.rings import Reading, ring_limits
from ivr.calls.rows import OfferPurpose
from ivr.calls.steps import CALLER, CONSULT_OVER, CONSULTING, JOINING, joined
from ivr.charters.view import CallView, OfferView
from ivr.conduct.reading import WARNED, WARNING_HEARD
from ivr.figures.moments import milliseconds, moment
from ivr.figures.readings import ring_readings
from ivr.listening.openings import RECORDED, STARTED, STOPPED
from ivr.transfers.rows import COMPLETED_FACT

SYSTEM = "system"
# Carrier's own bookkeeping that tells people nothing they do not see elsewhere.
UNSEEN = frozenset({"room", "leg-document"})
SHORTEST = 1000


class SpanKind(StrEnum):
    """What went on for a while."""

    GREETING = "greeting"
    MENU = "menu"
    WAITING = "waiting"
    CONNECTING = "connecting"
    TALK = "talk"
    HOLD = "hold"
    TOLD = "told"
    CALLBACK = "callback"
    SURVEY = "survey"
    ENDING = "ending"
    CONSULTING = "consulting"
    WRAP_UP = "wrap_up"
    RECORDING = "recording"
    TRANSCRIBING = "transcribing"
    NOTICE = "notice"


# What begins with a step of the caller; a step that is not named goes on with what was.
BEGINS: dict[str, SpanKind] = {
    "arrived": SpanKind.GREETING,
    "menu": SpanKind.MENU,
    "key": SpanKind.MENU,
    "firm": SpanKind.MENU,
    "firm-code": SpanKind.MENU,
    "wait": SpanKind.WAITING,
    "dequeued": SpanKind.CONNECTING,
    "announced": SpanKind.CONNECTING,
    "joining": SpanKind.TALK,
    "transfer-told": SpanKind.TOLD,
    "transfer-heard": SpanKind.CONNECTING,
    "callback-asked": SpanKind.CALLBACK,
    "callback-number": SpanKind.CALLBACK,
    "ended-for": SpanKind.ENDING,
    "survey-hand-off": SpanKind.SURVEY,
}


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of the picture; `offer` is the ringing that an agent's lane is of."""

    id: str
    offer: OfferView | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Something that lasted; milliseconds from the arrival. `about` is an offer's id where it is of one."""

    lane: str
    kind: SpanKind
    begins: int
    ends: int
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Ringing:
    """An agent's telephone that rang: milliseconds from the arrival, and from the ringing to the pick-up.

    `measured` and `uncertainty` are None where nobody picked up, or where no clock can be trusted. `limit` is the
    one of the line's reading; `readings` has the three others by name.
    """

    lane: str
    begins: int
    ends: int
    measured: int | None
    uncertainty: int | None
    limit: int
    tone_ms: int
    period_ms: int
    reading: Reading
    readings: dict[str, Reading]

    def rings(self) -> Iterator[tuple[int, int]]:
        """Each ring that was begun: from, to, in milliseconds from the arrival."""
        for start in range(self.begins, max(self.ends, self.begins + 1), self.period_ms):
            yield start, min(start + self.tone_ms, self.ends)


@dataclass(frozen=True, slots=True)
class Step:
    """One fact in its place, `milliseconds` from the arrival; `is_after` says that the call was over by then."""

    key: str
    lane: str
    kind: str
    at: datetime
    milliseconds: int
    detail: dict[str, Any]  # Any: as the fact has it
    is_after: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """A call from its arrival on; `length` is in milliseconds. Steps after the end are in the list alone."""

    arrived_at: datetime
    length: int
    lanes: tuple[Lane, ...]
    spans: tuple[Span, ...]
    rings: tuple[Ringing, ...]
    steps: tuple[Step, ...]


def timeline_of(view: CallView, at: datetime) -> Timeline:
    """Draw a call; one that goes on is drawn up to this moment (aware)."""
    axis = _Axis(view, at)
    rings = tuple(_ringing(view, offer, axis) for offer in view.offers if offer.leg.ringing)
    spans = [*_of_caller(view, axis), *_holds(view, axis), *_of_system(view, axis)]
    for offer in view.offers:
        spans += _of_agent(view, offer, axis)
    return Timeline(
        arrived_at=view.arrived_at,
        length=max([SHORTEST, axis.ended, *(span.ends for span in spans), *(ring.ends for ring in rings)]),
        lanes=(Lane(CALLER), *(Lane(offer.id, offer) for offer in view.offers), Lane(SYSTEM)),
        spans=tuple(spans),
        rings=rings,
        steps=tuple(axis.steps(view)),
    )


class _Axis:
    """Milliseconds from the arrival, up to the end of the call or to the present moment."""

    def __init__(self, view: CallView, at: datetime) -> None:
        self._zero = view.arrived_at
        gone = when(view.gone) if view.gone else None
        self.ended = self.of(gone or at)

    def of(self, at: datetime) -> int:
        return milliseconds(at - self._zero)

    def told(self, fact: Told) -> int:
        return self.of(when(fact))

    def steps(self, view: CallView) -> Iterator[Step]:
        ends = max([self.ended, *(self.of(offer.closed_at) for offer in view.offers if offer.closed_at)])
        offers = {offer.id for offer in view.offers}
        for fact in sorted(view.facts, key=lambda fact: (when(fact), fact.key)):
            if fact.kind in UNSEEN:
                continue
            lane = fact.leg if fact.leg in offers or fact.leg == CALLER else SYSTEM
            place = self.told(fact)
            yield Step(fact.key, lane, fact.kind, when(fact), place, fact.detail, place > ends + SHORTEST)


def when(fact: Told) -> datetime:
    """When it happened, as well as the record can tell."""
    return moment(fact) or fact.said_at or fact.received_at


def _of_caller(view: CallView, axis: _Axis) -> Iterator[Span]:
    """What the caller heard, step after step."""
    kind, since, about = SpanKind.GREETING, 0, None
    for fact in view.facts:
        if fact.leg != CALLER or fact.kind not in BEGINS:
            continue
        offer = fact.detail.get("offer")
        following = SpanKind.WAITING if fact.kind == JOINING and not joined(fact) else BEGINS[fact.kind]
        place = axis.told(fact)
        if (following, offer) != (kind, about) and place > since:
            yield Span(CALLER, kind, since, min(place, axis.ended), about)
            since = place
        kind, about = following, offer
    if axis.ended > since:
        yield Span(CALLER, kind, since, axis.ended, about)


def _holds(view: CallView, axis: _Axis) -> Iterator[Span]:
    """When the caller heard music in a talk; the end of the call ends it, and so does being passed on."""
    ends = {RESUMED, JOINING, "transfer-told", "ended-for"}
    since: Told | None = None
    for fact in view.facts:
        if fact.kind == HELD:
            since = since or fact
        elif since is not None and fact.kind in ends:
            yield Span(CALLER, SpanKind.HOLD, axis.told(since), axis.told(fact), since.detail.get("offer"))
            since = None
    if since is not None and axis.ended > axis.told(since):
        yield Span(CALLER, SpanKind.HOLD, axis.told(since), axis.ended, since.detail.get("offer"))


def _of_agent(view: CallView, offer: OfferView, axis: _Axis) -> Iterator[Span]:
    """From the pick-up to the end of the wrap-up."""
    ended = axis.told(offer.leg.ended) if offer.leg.ended else axis.ended
    met = next((axis.told(fact) for fact in view.told(JOINING) if joined(fact, offer.id)), None)
    if offer.leg.pick_up is not None:
        first = SpanKind.CONSULTING if offer.purpose is OfferPurpose.CONSULT else SpanKind.CONNECTING
        yield Span(offer.id, first, axis.told(offer.leg.pick_up), ended if met is None else met, offer.id)
    if met is not None and ended > met:
        yield Span(offer.id, SpanKind.TALK, met, ended, offer.id)
    yield from _asking(view, offer, axis, ended)
    if offer.closed_at and offer.wrapped_at and offer.met:
        yield Span(offer.id, SpanKind.WRAP_UP, axis.of(offer.closed_at), axis.of(offer.wrapped_at), offer.id)


def _asking(view: CallView, offer: OfferView, axis: _Axis, ended: int) -> Iterator[Span]:
    """When this agent asked a colleague."""
    over = [axis.told(fact) for fact in view.facts if fact.kind in {CONSULT_OVER, COMPLETED_FACT}]
    for fact in view.told(CONSULTING):
        if fact.leg == offer.id:
            begins = axis.told(fact)
            yield Span(
                offer.id, SpanKind.CONSULTING, begins, min([ended, *(end for end in over if end > begins)]), offer.id
            )


def _of_system(view: CallView, axis: _Axis) -> Iterator[Span]:
    """Recordings, transcriptions and notices, each from its beginning to its end."""
    for fact in view.told(RECORDED):
        entered = next((told for told in view.told(JOINING) if joined(told, fact.leg)), None)
        seconds = fact.detail.get("seconds") or 0
        if entered is not None and seconds:
            begins = axis.told(entered)
            yield Span(SYSTEM, SpanKind.RECORDING, begins, begins + 1000 * int(seconds), fact.leg)
    for kind, start, stop, name in (
        (SpanKind.TRANSCRIBING, STARTED, STOPPED, "transcription"),
        (SpanKind.NOTICE, WARNED, WARNING_HEARD, "turn"),
    ):
        for fact in view.told(start):
            same = [told for told in view.told(stop) if told.leg == fact.leg and _same(told, fact, name)]
            yield Span(SYSTEM, kind, axis.told(fact), axis.told(same[0]) if same else axis.ended, fact.leg)


def _same(one: Told, other: Told, name: str) -> bool:
    return one.detail.get(name) == other.detail.get(name)


def _ringing(view: CallView, offer: OfferView, axis: _Axis) -> Ringing:
    rule, ringing = view.line.ring, offer.leg.ringing
    limits = ring_limits(rings=rule.rings, tone_ms=rule.tone_ms, pause_ms=rule.pause_ms)
    begins = axis.told(ringing) if ringing else 0
    found = {name: Reading(str(word)) for name, word in ring_readings(view.of(offer)).items()}
    return Ringing(
        lane=offer.id,
        begins=begins,
        ends=max(begins, min(_stops(offer, axis), default=axis.ended)),
        measured=offer.ring.milliseconds if offer.ring else None,
        uncertainty=offer.ring.uncertainty if offer.ring else None,
        limit={"strict": limits.strict, "literal": limits.literal, "customary": limits.customary}[rule.reading],
        tone_ms=rule.tone_ms,
        period_ms=rule.tone_ms + rule.pause_ms,
        reading=found.pop("rings"),
        readings=found,
    )


def _stops(offer: OfferView, axis: _Axis) -> list[int]:
    """What may have ended the ringing."""
    told = [axis.told(fact) for fact in (offer.leg.pick_up, offer.leg.ended) if fact is not None]
    return [*told, *([axis.of(offer.closed_at)] if offer.closed_at else [])]
