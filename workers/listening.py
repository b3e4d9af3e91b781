"""Promises about openings: record the agent's first seconds, stop in time, read what was heard, keep no more."""

from datetime import datetime, timedelta
from functools import lru_cache

from config.files import LISTENING, read_folder
from ivr.addresses import Address
from ivr.calls.facts import tell
from ivr.calls.known import Followed
from ivr.calls.legs import LegState
from ivr.calls.offers import promise_of
from ivr.calls.rows import Offer, OfferState
from ivr.calls.steps import joined
from ivr.conduct.incidents import is_held
from ivr.listening.keeping import expected_of, forget, keep, recorded, recording_of, trim, utterances_of
from ivr.listening.openings import STARTED, Talked, listen
from ivr.listening.phrases import Phrases, load_phrases
from ivr.listening.recordings import fetch_promise
from ivr.orders import Accepted, FindRecording, Found, Order, Receipt, Rejected, StartRecording, StopRecording, Unknown
from ivr.promises import Promise, promise_all
from workers.job import Job, Later, back_off, known_offer

# The carrier stamps in whole seconds, by its own clock.
CLOCK_TOLERANCE = timedelta(seconds=5)
# A recording that is done is mostly told of within a second or two.
TOLD_WITHIN = timedelta(seconds=45)
LOOKS = 8
UNTIL_OVER = timedelta(seconds=60)
COMPLETED = "completed"
DONE = frozenset({COMPLETED, "absent"})


@lru_cache(maxsize=1)
def installed_phrases() -> Phrases:
    """The words that are listened for, read once a process; raises `BadData`."""
    return load_phrases(read_folder(LISTENING)["ko.toml"])


def record(job: Job) -> Order | Later | None:
    """Record the opening of a talk that has just begun. An order without an answer is looked for, never repeated."""
    known, offer = known_offer(job)
    begun, sid = _joined_at(known, offer), _leg_sid(known, offer)
    if begun is None or sid is None:
        return None
    if job.in_doubt:
        return FindRecording(sid, begun - CLOCK_TOLERANCE)
    line = job.line(known.call.line)
    if _is_over(known, offer) or job.at >= begun + timedelta(seconds=line.opening.seconds):
        return None
    ids = {"call": known.call.id, "line": known.call.line, "offer": offer.id}
    return StartRecording(sid, job.house.url(Address.RECORDED, **ids))


def recording(job: Job, receipt: Receipt) -> Later | None:
    """It records: promise its end. It is started anew only when it surely was not, and while it is an opening."""
    match receipt:
        case Accepted(sid) | Found(sid):
            _promise_end(job, sid)
            return None
        case Rejected() if job.in_doubt and receipt.gone:
            return Later(job.at)
        case Rejected(permanent=True):
            return None
        case Rejected():
            return Later(job.at + back_off(job), in_doubt=job.in_doubt)
        case Unknown():
            return Later(job.at + back_off(job), in_doubt=True)


def _promise_end(job: Job, sid: str) -> None:
    known, offer = known_offer(job)
    begun = _joined_at(known, offer) or job.at
    ends = max(job.at, begun + timedelta(seconds=job.line(known.call.line).opening.seconds))
    args = {"offer": offer.id, "call": offer.call_id, "recording": sid}
    promises = [
        Promise("stop-recording", f"stop-recording:{offer.id}", ends, args),
        Promise("find-recording", f"find-recording:{offer.id}", ends + TOLD_WITHIN, args),
    ]
    promise_all(job.session, promises)


def stop(job: Job) -> Order | None:
    """End the recording of an opening, unless its leg has ended."""
    known, offer = known_offer(job)
    sid = _leg_sid(known, offer)
    if sid is None or known.leg_of(offer).state is LegState.ENDED:
        return None
    return StopRecording(sid, job.text("recording"))


def find(job: Job) -> Order | None:
    """Ask after a recording of whose end nothing was told."""
    known, offer = known_offer(job)
    # Also of a talk that turned out to be none.
    begun, sid = _joined_at(known, offer) or offer.made_at, _leg_sid(known, offer)
    if sid is None or recording_of(known.facts, offer.id) is not None:
        return None
    return FindRecording(sid, begun - CLOCK_TOLERANCE)


def found(job: Job, receipt: Receipt) -> Later | None:
    """What was lost is told now; a recording that still runs is asked after again."""
    match receipt:
        case Found(sid, state) if state in DONE:
            known, offer = known_offer(job)
            detail = {"seconds": receipt.seconds, "state": state, "asked": True}
            tell(job.session.connection(), recorded(known.call.id, offer.id, job.at, recording=sid, detail=detail))
            fetch = fetch_promise(call=known.call.id, offer=offer.id, recording=sid, at=job.at)
            look = promise_of("hear-opening", offer, job.at, about=f"recorded:{sid}")
            promise_all(job.session, [look, fetch] if state == COMPLETED else [look])
            return None
        case Rejected(permanent=True):
            return None
        case _:
            return Later(job.at + TOLD_WITHIN) if job.attempts < LOOKS else None


def stop_transcribing(job: Job) -> Order | Later | None:
    """End the transcription of a leg that goes on."""
    known, offer = known_offer(job)
    sid = _leg_sid(known, offer)
    if sid is None or known.leg_of(offer).state is LegState.ENDED:
        return None
    return job.house.transcriber.end(sid)


def hear(job: Job) -> Later | None:
    """Read what was said in an opening and a closing; a talk that goes on is looked at again when it is over."""
    known, offer = known_offer(job)
    talk = _talked(job, known, offer)
    if talk is None:
        if known.unmet(offer):
            forget(job.session, offer.id)
        return None
    facts, uttered = known.facts, utterances_of(job.session, offer.id)
    line = job.line(known.call.line)
    is_transcribed = bool(uttered) or any(fact.kind == STARTED and fact.leg == offer.id for fact in facts)
    if not (is_transcribed or line.opening.record):
        return None
    expected = expected_of(job.session, offer, line)
    result = listen(talk, facts, uttered, expected=expected, phrases=installed_phrases())
    revision = keep(job.session, offer, result, talk=talk, facts=facts)
    if revision is not None and _is_judged(known):
        key = f"judge:{offer.call_id}:opening:{offer.id}:{revision}"
        promise_all(job.session, [Promise("judge", key, job.at, {"call": offer.call_id})])
    if not is_held(job.session, known.call.id):
        trim(job.session, talk, uttered)
    if "watch" not in job.args:
        return None
    if is_transcribed and not line.opening.closing and talk.ended_at is None:
        promise_all(job.session, [promise_of("stop-transcribing", offer, job.at)])
    return Later(job.at + UNTIL_OVER) if talk.ended_at is None else None


def _is_judged(known: Followed) -> bool:
    """Whether the call has had its verdicts promised; until then they will see what was heard anyway."""
    return known.call.ended_at is not None and all(offer.state is OfferState.OVER for offer in known.offers)


def _talked(job: Job, known: Followed, offer: Offer) -> Talked | None:
    begun = _joined_at(known, offer)
    if begun is None:
        return None
    line = job.line(known.call.line)
    return Talked(
        offer=offer.id,
        line=line.id,
        joined_at=begun,
        ended_at=_ended_at(known, offer),
        seconds=line.opening.seconds,
        requires=line.announcement.requires,
    )


def _joined_at(known: Followed, offer: Offer) -> datetime | None:
    """When the caller joined the agent's room."""
    return min((fact.received_at for fact in known.facts if joined(fact, offer.id)), default=None)


def _ended_at(known: Followed, offer: Offer) -> datetime | None:
    """When the talk ended, by whichever was first; None while it goes on."""
    if not _is_over(known, offer):
        return None
    ends = [known.leg_of(offer).ended_at, known.gone_at, offer.closed_at]
    return min((end for end in ends if end is not None), default=None)


def _is_over(known: Followed, offer: Offer) -> bool:
    return known.caller_gone or offer.state is OfferState.OVER or known.leg_of(offer).state is LegState.ENDED


def _leg_sid(known: Followed, offer: Offer) -> str | None:
    return offer.leg_sid or known.leg_of(offer).sid
