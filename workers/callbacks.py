"""Promises about callbacks: take down the wish, tell, remind, give notice before it slips, note what was missed."""

from datetime import datetime, timedelta

from sqlalchemy import select

from ivr.base import ROW_LOCK
from ivr.callbacks.asking import Wish, ask_callback, open_callback
from ivr.callbacks.assigning import reminded
from ivr.callbacks.closing import withdraw
from ivr.callbacks.ladder import LATEST_NOTICE
from ivr.callbacks.rows import Callback, CallbackState, Origin
from ivr.callbacks.slipping import Slip, likely_reason, note_missed, slip
from ivr.callbacks.telling import LATE, REMINDED, Detail, event, tell_of
from ivr.callbacks.words import late_notice, to_customer, to_officer
from ivr.calls.facts import Told, facts_of
from ivr.calls.rows import Call, CallbackWish, Waiting
from ivr.dialling.engaged import is_with_us
from ivr.identifiers import callback_id
from ivr.messages.writing import write_message
from workers.job import Job, Later

# While a telephone rings for the callback or the customer rang us, the notice that it slips waits for what comes of it.
LOOK_AGAIN = timedelta(seconds=20)


def ask(job: Job) -> None:
    """A caller confirmed the wish to be called back: promise it, by the time the caller was told."""
    call = job.session.get_one(Call, job.text("call"))
    draft = job.session.get_one(CallbackWish, call.id)
    facts = facts_of(job.session, call.id)
    wished = next(fact for fact in facts if fact.kind == "callback-wished")
    place = job.session.get(Waiting, call.id)
    told = wished.detail.get("due")
    wish = Wish(
        id=callback_id(call.id),
        line=job.line(call.line),
        team=draft.team,
        origin=_origin(facts, place),
        number=draft.number,
        skill=place.skill if place else None,
        call_id=call.id,
        since=place.since if place else None,
        # Wishes of the first version were confirmed without a time.
        due_at=datetime.fromisoformat(told) if told else None,
    )
    ask_callback(job.session, wish, calendar=job.house.calendar, at=wished.received_at)


def _origin(facts: list[Told], place: Waiting | None) -> Origin:
    if place is not None:
        return Origin.WAITING
    closed = any(fact.kind == "arrived" and fact.detail.get("closed") for fact in facts)
    return Origin.CLOSED if closed else Origin.MENU


def withdraw_asked(job: Job) -> None:
    """A caller with an open promise rang and does not wish it any more."""
    call = job.session.get_one(Call, job.text("call"))
    callback = None if call.caller is None else open_callback(job.session, job.line(call.line), call.caller)
    if callback is not None:
        withdraw(job.session, callback, f"call:{call.id}", at=job.at)


def tell(job: Job) -> None:
    """The customer is written what was promised, that it will be later, or how it ended."""
    callback = job.session.get_one(Callback, job.text("callback"))
    line, about, message_id = job.line(callback.line), job.text("about"), job.text("message")
    if about == "late":
        fact = _late_fact(job, callback)
        outgoing = late_notice(callback, fact, message_id, line=line, texts=job.house.texts.of(line.id))
    else:
        outgoing = to_customer(callback, about, message_id, line=line)
    write_message(job.session, job.house.texts, outgoing, at=job.at)


def _late_fact(job: Job, callback: Callback) -> Told:
    key = f"{LATE}:{job.text('slip')}"
    return next(fact for fact in facts_of(job.session, callback.id) if fact.key == key)


def remind(job: Job) -> None:
    """Remind whoever is in charge, and from step to step the deputy and the supervisor as well."""
    callback, minutes = _open(job), int(job.args["minutes"])
    if callback is None:
        return
    line = job.line(callback.line)
    # Of several that a standstill has held up the last one says it all.
    following = max((step for step in line.callbacks.remind_before if step < minutes), default=0)
    if minutes and job.at >= callback.due_at - timedelta(minutes=following):
        return
    for role, officer in reminded(job.session, callback, minutes, line=line, at=job.at):
        detail: Detail = {"due": job.text("due"), "minutes": minutes, "officer": officer.id, "role": role}
        about = f"{job.text('due')}:{minutes}:{role}"
        tell_of(job.session, callback, event(callback, REMINDED, about, at=job.at, detail=detail))
        outgoing = to_officer(callback, officer, minutes, role=role, line=line)
        if outgoing is not None:
            write_message(job.session, job.house.texts, outgoing, at=job.at)


def give_notice(job: Job) -> Later | None:
    """Nobody got through: the customer is told of a new time before the old one is over (K20)."""
    callback = _open(job)
    if callback is None:
        return None
    last_moment = callback.due_at - LATEST_NOTICE
    if job.at < last_moment and _is_being_talked_with(job, callback):
        return Later(min(job.at + LOOK_AGAIN, last_moment))
    reason = likely_reason(job.session, callback, at=job.at)
    slip(job.session, callback, Slip(reason), working_time=job.working_time(callback.line), at=job.at)
    return None


def _is_being_talked_with(job: Job, callback: Callback) -> bool:
    """Whether a telephone rings for it, or its customer is in a call with us that may end it."""
    if callback.state is CallbackState.DIALLING:
        return True
    return job.session.scalar(select(is_with_us(callback.number_index))) is True


def note_due(job: Job) -> None:
    """The time told first is over: note it where the customer was neither reached nor served."""
    callback = _locked(job)
    if callback.closed_at is None:
        note_missed(job.session, callback, at=job.at)


def _open(job: Job) -> Callback | None:
    """The callback, locked, if it is open and still due at the time that this step is for."""
    callback = _locked(job)
    is_meant = callback.closed_at is None and callback.due_at == datetime.fromisoformat(job.text("due"))
    return callback if is_meant else None


def _locked(job: Job) -> Callback:
    return job.session.get_one(Callback, job.text("callback"), with_for_update=ROW_LOCK)
