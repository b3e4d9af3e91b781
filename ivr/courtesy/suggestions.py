"""What the record of a talk suggests for an item, with its evidence; the rater decides."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.calls.facts import Told, as_corrected
from ivr.calls.legs import read_leg
from ivr.calls.record import Party, announcement_of, ended_by, read_offer
from ivr.calls.rings import Reading, ring_limits
from ivr.calls.rows import Fact, Offer
from ivr.calls.steps import CALLER, TRANSFER_TOLD, passed_on
from ivr.courtesy.form import Form, Source
from ivr.courtesy.rows import CourtesyPick
from ivr.courtesy.wording import Words
from ivr.lines.model import RingRule

# So many calls are read at a time: a sample may have 5,000, and a call some dozens of facts.
AT_ONCE = 500
TOLD = tuple(getattr(Fact, field.name) for field in fields(Told))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`points` is None where the record cannot tell; `evidence` names facts by key, and the offer by its id."""

    item: str
    points: int | None
    words: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Finding:
    """The tier that the record proves, None where it proves none, with what fills the words of its source."""

    tier: str | None
    values: dict[str, str]
    evidence: tuple[str, ...]
    why_none: str = "unknown"


@dataclass(frozen=True, slots=True)
class _Talk:
    """One talk of a call: its offer, the offers up to it, and everything told of the call."""

    offers: Sequence[Offer]
    facts: Sequence[Told]
    rule: RingRule

    @property
    def offer(self) -> Offer:
        return self.offers[-1]


def suggestions(session: Session, pick: CourtesyPick, *, form: Form, rule: RingRule, words: Words) -> list[Suggestion]:
    """What the record says about the items that ask for it; nothing where the call's record is gone."""
    return suggestions_of(session, [pick], form=form, rule=rule, words=words)[pick.call_id]


def suggestions_of(
    session: Session, picks: Sequence[CourtesyPick], *, form: Form, rule: RingRule, words: Words
) -> dict[str, list[Suggestion]]:
    """The suggestions of several calls of a sample, by call and in its order."""
    found: dict[str, list[Suggestion]] = {}
    for begin in range(0, len(picks), AT_ONCE):
        chunk = picks[begin : begin + AT_ONCE]
        talks = _talks(session, chunk, rule)
        found |= {pick.call_id: _suggested(talks.get(pick.call_id), form, words) for pick in chunk}
    return found


def _talks(session: Session, picks: Sequence[CourtesyPick], rule: RingRule) -> dict[str, _Talk]:
    """The talks whose record is still there, by call."""
    calls = [pick.call_id for pick in picks]
    offers: defaultdict[str, list[Offer]] = defaultdict(list)
    for offer in session.scalars(select(Offer).where(Offer.call_id.in_(calls)).order_by(Offer.ordinal)):
        offers[offer.call_id].append(offer)
    facts: defaultdict[str, list[Told]] = defaultdict(list)
    told = select(*TOLD).where(Fact.subject.in_(calls)).order_by(Fact.received_at, Fact.key)
    for row in session.execute(told):
        facts[row.subject].append(Told(*row))
    talks: dict[str, _Talk] = {}
    for pick in picks:
        made = offers[pick.call_id]
        for place, offer in enumerate(made):
            if offer.id == pick.offer_id:
                talks[pick.call_id] = _Talk(made[: place + 1], as_corrected(facts[pick.call_id]), rule)
    return talks


def _suggested(talk: _Talk | None, form: Form, words: Words) -> list[Suggestion]:
    found: list[Suggestion] = []
    for item in form.items:
        if talk is not None and item.suggest is not None:
            finding = _find(item.suggest.source, talk)
            points = item.suggest.points[finding.tier] if finding.tier else None
            told = words.say(f"{item.suggest.source}.{finding.tier or finding.why_none}", **finding.values)
            found.append(Suggestion(item.id, points, told, finding.evidence))
    return found


def _find(source: Source, talk: _Talk) -> _Finding:
    match source:
        case "ring":
            return _ring(talk)
        case "announcement":
            return _announcement(talk)
        case "ended_by":
            return _ended_by(talk)


def _ring(talk: _Talk) -> _Finding:
    """The first reading of the line's cadence that is met; none where the uncertainty straddles a limit before that."""
    rule, leg = talk.rule, read_leg(talk.offer.id, talk.facts)
    limits = ring_limits(rings=rule.rings, tone_ms=rule.tone_ms, pause_ms=rule.pause_ms)
    record = read_offer(talk.offer, talk.facts, limits)
    evidence = (talk.offer.id, *(fact.key for fact in (leg.ringing, leg.pick_up) if fact is not None))
    if record.ring is None:
        return _Finding(None, {}, evidence)
    tier: str | None = "late"
    for name in ("strict", "literal", "customary"):
        reading = record.readings[name]
        if reading is not Reading.MISSED:
            tier = name if reading is Reading.MET else None
            break
    values = {"seconds": _seconds(record.ring.milliseconds), "uncertainty": _seconds(record.ring.uncertainty)}
    return _Finding(tier, values if tier else {}, evidence)


def _announcement(talk: _Talk) -> _Finding:
    facts = [fact for fact in talk.facts if fact.detail.get("offer") == talk.offer.id]
    made = announcement_of(facts)
    evidence = tuple(fact.key for fact in facts if fact.kind in {"announced", "joining"})
    if made is None:
        return _Finding("none", {}, (talk.offer.id,))
    # Its words have the agent's name, which whoever has still to score the call is not told.
    return _Finding("complete" if made.complete else "cut", {}, evidence)


def _ended_by(talk: _Talk) -> _Finding:
    """Who left this talk first; of a talk that the agent passed on, nobody did."""
    offer = talk.offer.id
    if passed_on(talk.facts, offer):
        orders = (fact.key for fact in talk.facts if fact.kind == TRANSFER_TOLD and fact.detail.get("from") == offer)
        return _Finding(None, {}, (offer, *orders), "passed_on")
    party = ended_by(talk.offers, talk.facts)
    ends = (fact.key for fact in talk.facts if _is_end(fact, offer))
    tier = party.value if party in {Party.CUSTOMER, Party.AGENT} else None
    return _Finding(tier, {}, (offer, *dict.fromkeys(ends)))


def _is_end(fact: Told, offer: str) -> bool:
    if fact.kind == "room":
        return fact.detail.get("event") == "participant-leave" and fact.detail.get("offer") == offer
    return fact.kind == "leg-ended" and fact.leg in {CALLER, offer}


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.2f}"
