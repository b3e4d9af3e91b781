"""What must hold of every hour, whatever was killed in it: by the rows kept and by the carrier's own record."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.world import World
from ivr.callbacks.rows import Callback
from ivr.callbacks.telling import ASKED_AGAIN, LATE, MISSED, PROMISED, REMINDED
from ivr.calls.facts import Told, facts_of
from ivr.calls.rows import Call
from ivr.lines.model import Line
from ivr.messages.rows import Message
from ivr.promises import PromiseRow
from workers.job import nothing_to_settle
from workers.kinds import KINDS

# How far off its minute a reminder may be, whatever dies at that moment.
SLACK = timedelta(seconds=5)
LATE_FOR_GOOD = timedelta(seconds=60)
# What a provider that was looked up, or a try that was taken up again, leaves on a promise; anything else is an error.
OUTCOMES = {None, "Accepted", "Found", "Rejected", "Unknown"}


# Nobody waits for these: several kills in a row may make them later.
FOR_NOBODY = ("judge", "judge-owed", "figure", "tally")


@dataclass(frozen=True, slots=True)
class Standing:
    """A time that was told to a customer, and from when until when it stood."""

    due: datetime
    since: datetime
    until: datetime | None


def violations_of(world: World) -> list[str]:
    """Everything that is wrong with an hour at its end."""
    with world.store.reading() as session:
        return wrong_in(session, world)


def wrong_in(session: Session, world: World) -> list[str]:
    """Everything that is wrong with an hour, as it stands in this session."""
    return [
        *nothing_is_left_to_do(session, world),
        *what_is_timed_is_kept_in_time(session),
        *_every_wish_is_a_promise(session),
        *no_text_is_doubled(session, world),
        *(
            wrong
            for callback in session.scalars(select(Callback).order_by(Callback.id))
            for wrong in _wrong_about(session, callback, world)
        ),
    ]


def _wrong_about(session: Session, callback: Callback, world: World) -> Iterator[str]:
    facts, line = facts_of(session, callback.id), world.lines.by_id(callback.line)
    yield from _reminders_at_their_minute(callback, facts, line, world.now())
    yield from _told_before_it_slips(callback, facts, session, world)
    yield from _missed_is_noted(callback, facts)
    texts = [one for one in _texts(session, callback) if one.template.startswith("callback-promised/")]
    if not texts and callback.number.takes_texts:
        yield f"the customer of callback {callback.id} was never written the time"


def times_told(callback: Callback, facts: Sequence[Told]) -> list[Standing]:
    """Every time that was told, in order, each until the next one or the end."""
    moments: list[tuple[datetime, datetime]] = []
    for fact in facts:
        if fact.kind in {PROMISED, ASKED_AGAIN, LATE}:
            due = datetime.fromisoformat(fact.detail["until" if fact.kind == LATE else "due"])
            if not moments or moments[-1][0] != due:
                moments.append((due, fact.received_at))
    ends = [*(since for _, since in moments[1:]), callback.closed_at]
    return [Standing(due, since, until) for (due, since), until in zip(moments, ends, strict=True)]


def _reminders_at_their_minute(callback: Callback, facts: Sequence[Told], line: Line, now: datetime) -> Iterator[str]:
    """Each step of each time that stood then, at its minute and once for each person; none when it was over."""
    given = [fact for fact in facts if fact.kind == REMINDED and fact.detail["minutes"]]
    for (due, minutes), at in _steps(callback, facts, line=line, now=now).items():
        found = [fact.received_at for fact in given if _step(fact) == (due, minutes)]
        if not found:
            yield f"callback {callback.id}: no reminder {minutes} minutes before {due}"
        elif abs(min(found) - at) > SLACK:
            yield f"callback {callback.id}: the reminder of {at} came {min(found) - at} late"
    for fact in given:
        due, minutes = _step(fact)
        if abs(fact.received_at - (due - timedelta(minutes=minutes))) > SLACK:
            yield f"callback {callback.id}: a reminder at {fact.received_at} off its minute"
        if callback.closed_at is not None and fact.received_at > callback.closed_at:
            yield f"callback {callback.id}: a reminder when it was over"
    twice = Counter((*_step(fact), fact.detail["officer"]) for fact in given)
    yield from (f"callback {callback.id}: reminded twice: {step}" for step, times in twice.items() if times > 1)


def _steps(
    callback: Callback, facts: Sequence[Told], *, line: Line, now: datetime
) -> dict[tuple[datetime, int], datetime]:
    """Every reminder that has to be there by now, by time told and minutes."""
    steps = {}
    for told in times_told(callback, facts):
        for minutes in line.callbacks.remind_before:
            at = told.due - timedelta(minutes=minutes)
            if told.since < at < (told.until or now) - SLACK:
                steps[told.due, minutes] = at
    return steps


def _step(fact: Told) -> tuple[datetime, int]:
    return datetime.fromisoformat(fact.detail["due"]), int(fact.detail["minutes"])


def _told_before_it_slips(callback: Callback, facts: Sequence[Told], session: Session, world: World) -> Iterator[str]:
    """No time told ever passes over an open callback: a new one was told before, and the text was out before."""
    texts = {one.id: one for one in _texts(session, callback)}
    for told in times_told(callback, facts):
        if told.due < world.now() and (told.until is None or told.until > told.due):
            yield f"callback {callback.id}: {told.due} passed without kept or told otherwise"
    slips = [fact for fact in facts if fact.kind == LATE]
    for number, fact in enumerate(slips, start=1):
        text = texts.get(f"{callback.id}-late-{number}")
        if text is None:
            yield f"callback {callback.id}: no text for the notice at {fact.received_at}"
        elif text.recipient.takes_texts and not _was_out_before(fact, text, world):
            yield f"callback {callback.id}: the notice was not out before {fact.detail['due']}"


def _was_out_before(fact: Told, text: Message, world: World) -> bool:
    sent = sent_at(text, world)
    return sent is not None and sent < datetime.fromisoformat(fact.detail["due"])


def sent_at(text: Message, world: World) -> datetime | None:
    """When the carrier was given a text; we may never have learnt under which id."""
    sent = (one.created for one in world.carrier.network.messages.values() if one.body == text.body)
    return min(sent, default=None)


def _missed_is_noted(callback: Callback, facts: Sequence[Told]) -> Iterator[str]:
    noted = [fact.received_at for fact in facts if fact.kind == MISSED]
    ended = callback.closed_at
    if ended is not None and ended < callback.first_due_at - SLACK:
        if noted:
            yield f"callback {callback.id} was over at {ended} and is noted as missed"
    elif not noted and (ended is None or ended > callback.first_due_at + SLACK):
        yield f"callback {callback.id} was not over at {callback.first_due_at}, and nothing is noted"
    elif noted and not callback.first_due_at <= noted[0] <= callback.first_due_at + SLACK:
        yield f"callback {callback.id} is noted as missed at {noted[0]} for {callback.first_due_at}"


def _every_wish_is_a_promise(session: Session) -> Iterator[str]:
    """Who confirmed a wish on the telephone has a promise, or joined one."""
    for call in session.scalars(select(Call)):
        if any(fact.kind == "callback-wished" for fact in facts_of(session, call.id)) and not _promised(session, call):
            yield f"the wish of call {call.id} became no promise"


def _promised(session: Session, call: Call) -> bool:
    own = session.scalars(select(Callback.id).where(Callback.number_index.is_not(None))).all()
    return any(
        fact.detail.get("call") == call.id
        for callback in own
        for fact in facts_of(session, callback)
        if fact.kind in {PROMISED, ASKED_AGAIN}
    )


def no_text_is_doubled(session: Session, world: World) -> Iterator[str]:
    """Each message that was written was sent once at the most, and nothing else was sent."""
    sent = Counter((one.to, one.body) for one in world.carrier.network.messages.values())
    written = Counter((one.recipient.e164, one.body) for one in session.scalars(select(Message)))
    for text, times in (sent - written).items():
        yield f"a text was sent {written[text] + times} times, and written {written[text]} times: {text[1]}"


def nothing_is_left_to_do(session: Session, world: World) -> Iterator[str]:
    """No promise is overdue or failed with an error, and no leg lives."""
    for promise in session.scalars(select(PromiseRow)):
        if promise.done_at is None and promise.due_at < world.now() - LATE_FOR_GOOD:
            yield f"promise {promise.key} is overdue since {promise.due_at}"
        if promise.outcome not in OUTCOMES:
            yield f"promise {promise.key} failed with {promise.outcome}"
    yield from (f"the leg {leg.sid} never ended" for leg in world.carrier.network.calls.values() if not leg.ended)


def what_is_timed_is_kept_in_time(session: Session) -> Iterator[str]:
    """Whatever needs no answer of the carrier is kept at its moment, or at the one it was put off to."""
    timed = [name for name, kind in KINDS.items() if kind.settle is nothing_to_settle and name not in FOR_NOBODY]
    for promise in session.scalars(select(PromiseRow).where(PromiseRow.kind.in_(timed))):
        if promise.done_at is not None and promise.done_at - promise.due_at > SLACK:
            yield f"promise {promise.key} of {promise.due_at} was kept {promise.done_at - promise.due_at} late"


def _texts(session: Session, callback: Callback) -> Sequence[Message]:
    return session.scalars(select(Message).where(Message.subject == f"callback:{callback.id}")).all()
