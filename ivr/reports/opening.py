"""Opening a number: the verdicts that it counts, each with its call, its reason and the records that prove it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from ivr.calls.facts import Told
from ivr.calls.rows import Call, Fact, Offer
from ivr.calls.steps import CALLER
from ivr.charters.judges.judgement import Finding
from ivr.charters.judges.surveying import CONSENT
from ivr.charters.rows import Verdict
from ivr.charters.written import TOLD
from ivr.lines.hours import SEOUL
from ivr.reports.matters import CAME_AT, MATTER, attempts_of, with_matters
from ivr.reports.quarters import Quarter
from ivr.reports.tallies import Days
from ivr.reports.words import Words
from ivr.transfers.rows import Transfer

VERDICTS_AT_A_TIME = 200
COLUMNS = (
    *(MATTER.label("matter"), Verdict.subject, Verdict.standard_id, Verdict.verdict),
    *(Verdict.reason, Verdict.evidence, Verdict.measured, CAME_AT.label("came_at")),
)


@dataclass(frozen=True, slots=True)
class Proof:
    """One record on which a verdict rests, in words; `at` is when it arrived, None where nothing is stored of it."""

    key: str
    words: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Opened:
    """One verdict with its evidence; nothing in it is about a person.

    `call` is the id of the call, or of the callback, papers, case, attempt or dial that it is about.
    """

    call: str
    subject: str
    standard: str
    arrived_at: datetime
    finding: Finding
    reason: str
    measured: int | None
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class _Rung:
    """One offer of a call."""

    ordinal: int
    made_at: datetime
    leg_sid: str | None


@dataclass(frozen=True, slots=True)
class _Known:
    """What is stored of the evidence of a batch."""

    facts: Mapping[tuple[str, str], Told]
    offers: Mapping[str, _Rung]
    transfers: Mapping[str, tuple[int, datetime]]
    calls: Mapping[str, tuple[datetime, str]]


@dataclass(frozen=True, slots=True)
class _Found:
    """One verdict and when its call or matter came in."""

    call: str
    subject: str
    standard: str
    finding: Finding
    reason: str
    evidence: list[str]
    measured: int | None
    arrived_at: datetime


def opened(
    session: Session, condition: ColumnElement[bool], days: Days, *, finding: Finding, words: Words
) -> Iterator[Opened]:
    """The verdicts of one finding under a condition, in order of arrival, a few at a time.

    `days` tells on which days there are any, so that each day is one short query.
    """
    for day in (day for day, counts in days.items() if counts.of(finding)):
        found = _of_day(session, day, condition & (Verdict.verdict == finding))
        for start in range(0, len(found), VERDICTS_AT_A_TIME):
            batch = found[start : start + VERDICTS_AT_A_TIME]
            known = _known(session, batch)
            for one in batch:
                yield _opened(one, tuple(_proof(one.call, key, known, words) for key in one.evidence))


def every_verdict(session: Session, condition: ColumnElement[bool], quarter: Quarter) -> Iterator[Opened]:
    """Every verdict under a condition, day by day in order of arrival; its proofs have their keys only."""
    for day in quarter.days():
        for one in _of_day(session, day, condition):
            yield _opened(one, tuple(Proof(key, key, None) for key in one.evidence))


def _of_day(session: Session, day: date, condition: ColumnElement[bool]) -> list[_Found]:
    rows = session.execute(
        with_matters(select(*COLUMNS).select_from(Verdict))
        .where(condition, Verdict.day == day)
        .order_by(CAME_AT, MATTER, Verdict.standard_id, Verdict.subject)
    )
    return [_Found(*row) for row in rows]


def _opened(found: _Found, proofs: tuple[Proof, ...]) -> Opened:
    return Opened(
        call=found.call,
        subject=found.subject,
        standard=found.standard,
        arrived_at=found.arrived_at,
        finding=found.finding,
        reason=found.reason,
        measured=found.measured,
        proofs=proofs,
    )


def _known(session: Session, batch: Sequence[_Found]) -> _Known:
    calls = sorted({one.call for one in batch})
    keys = sorted({key for one in batch for key in one.evidence})
    attempts = attempts_of(session, calls)
    about = Fact.subject.in_([*calls, *attempts]) & Fact.key.in_(keys)
    facts = [Told(*row) for row in session.execute(select(*TOLD).where(about))]
    offers = session.execute(
        select(Offer.id, Offer.ordinal, Offer.made_at, Offer.leg_sid).where(Offer.call_id.in_(calls))
    )
    transfers = session.execute(
        select(Transfer.id, Transfer.ordinal, Transfer.asked_at).where(Transfer.call_id.in_(calls))
    )
    named = session.execute(select(Call.id, Call.arrived_at, Call.carrier_sid).where(Call.id.in_([*calls, *keys])))
    return _Known(
        facts={(attempts.get(fact.subject, fact.subject), fact.key): fact for fact in facts},
        offers={row.id: _Rung(row.ordinal, row.made_at, row.leg_sid) for row in offers},
        transfers={id: (ordinal, asked_at) for id, ordinal, asked_at in transfers},
        calls={id: (arrived_at, sid) for id, arrived_at, sid in named},
    )


def _proof(call: str, key: str, known: _Known, words: Words) -> Proof:
    if key == call and key not in known.calls:
        return Proof(key, words.say("proof.matter", id=key), None)
    if key.startswith(CONSENT):
        return Proof(key, words.say("proof.consent", id=key.removeprefix(CONSENT)), None)
    if (call, key) in known.facts:
        fact = known.facts[call, key]
        return Proof(key, _of_fact(fact, known, words), fact.received_at)
    if key in known.offers:
        return Proof(key, words.say("proof.offer", ordinal=known.offers[key].ordinal), known.offers[key].made_at)
    if key in known.transfers:
        ordinal, asked_at = known.transfers[key]
        return Proof(key, words.say("proof.transfer", ordinal=ordinal), asked_at)
    if key in known.calls:
        return Proof(key, words.say("proof.call", id=key), known.calls[key][0])
    return Proof(key, words.say("proof.gone", key=key), None)


def _of_fact(fact: Told, known: _Known, words: Words) -> str:
    id = next((id for id in _ids(fact, known) if words.has(id)), None)
    what = words.say(id) if id else words.say("proof.other", kind=fact.kind)
    if fact.kind == "room" and fact.sequence is not None:
        return words.say("proof.in_order", what=what, sequence=fact.sequence)
    if fact.said_at is None:
        return what
    return words.say("proof.stamped", what=what, stamp=f"{fact.said_at.astimezone(SEOUL):%H:%M:%S}")


def _ids(fact: Told, known: _Known) -> Iterator[str]:
    """Where the words for a fact may stand, the closest first."""
    party = "caller" if fact.leg == CALLER else "agent"
    if fact.kind == "room":
        yield f"proof.room.{_moved(fact, known)}"
        yield "proof.room.other"
    elif fact.kind == "leg-ended":
        if party == "agent":
            yield f"proof.ended.{fact.detail.get('status')}"
        yield f"proof.ended.{party}"
    else:
        yield f"proof.{party}.{fact.kind}"
        yield f"proof.any.{fact.kind}"


def _moved(fact: Told, known: _Known) -> str:
    """Who came or went in a room; the two legs are told apart by the carrier's ids."""
    event = {"participant-join": "joined", "participant-leave": "left"}.get(str(fact.detail.get("event")))
    offer = known.offers.get(str(fact.detail.get("offer")))
    sids = {known.calls[fact.subject][1]: "caller"} if fact.subject in known.calls else {}
    if offer is not None and offer.leg_sid:
        sids[offer.leg_sid] = "agent"
    return f"{sids.get(fact.sid or '', '')}_{event}"
