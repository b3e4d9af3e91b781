"""What the rules of judges say of an offer where no charter names exemptions: figures and verdicts never disagree."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from ivr.calls.facts import Told
from ivr.calls.record import Party
from ivr.calls.rings import Reading
from ivr.charters.judges.answering import first_answerer_answers
from ivr.charters.judges.judgement import Finding
from ivr.charters.judges.ringing import ring_to_answer
from ivr.charters.measures.calls import FirstAnswererAnswers, RingToAnswer
from ivr.charters.model import Standard
from ivr.charters.view import CallView, OfferView
from ivr.conduct.ticks import settled
from ivr.lines.model import Line

READING_OF: Mapping[Finding, Reading] = {
    Finding.MET: Reading.MET,
    Finding.MISSED: Reading.MISSED,
    Finding.INDETERMINATE: Reading.INDETERMINATE,
    Finding.EXEMPT: Reading.NOT_APPLICABLE,
    Finding.NOT_APPLICABLE: Reading.NOT_APPLICABLE,
}
RingReading = Literal["strict", "literal", "customary"]
RING_READINGS: tuple[RingReading, ...] = ("strict", "literal", "customary")
# Whoever left while it rang in time, and a leg that failed, say nothing of the agent.
EXCUSING = Standard.model_construct(exemptions=("caller_gone", "network_failure"))


def ring_readings(view: CallView) -> dict[str, object]:
    """The offer of this view by each reading of "before 3 rings", and as `rings` by that of its line."""
    measure = RingToAnswer(name="ring_to_answer", rings=view.line.ring.rings)
    found = {
        name: READING_OF[ring_to_answer(EXCUSING, measure, replace(view, line=_read_by(view.line, name))).finding]
        for name in RING_READINGS
    }
    return {"rings": found[view.line.ring.reading], **{str(name): reading for name, reading in found.items()}}


@lru_cache(maxsize=256)
def _read_by(line: Line, reading: RingReading) -> Line:
    return line.model_copy(update={"ring": line.ring.model_copy(update={"reading": reading})})


def who_hung_up(offer: OfferView) -> Reading:
    """Met where the customer hung up first; of a talk that we ended, or that was passed on, nobody did."""
    if not offer.met or offer.transferred or offer.hung_up_first is Party.SYSTEM:
        return Reading.NOT_APPLICABLE
    return {Party.CUSTOMER: Reading.MET, Party.AGENT: Reading.MISSED}.get(offer.hung_up_first, Reading.INDETERMINATE)


def settled_at_once(view: CallView, offer: OfferView) -> Reading:
    """Whether the first talk settled the call, by the rule of promise T9; it stands at that talk's offer alone."""
    if not view.talks or view.talks[0].id != offer.id:
        return Reading.NOT_APPLICABLE
    measure = FirstAnswererAnswers(name="first_answerer_answers", repeat_days=view.line.figures.repeat_days)
    return READING_OF[first_answerer_answers(measure, view).finding]


def marked(facts: Iterable[Told], offer: OfferView) -> Reading:
    """What the agent said of it: settled or not."""
    word = settled(facts, offer.id) if offer.met else None
    return Reading.NOT_APPLICABLE if word is None else (Reading.MET if word else Reading.MISSED)
